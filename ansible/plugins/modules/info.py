#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
module: info
short_description: Tell what mdevctl says of a host
version_added: 2.0.0
description:
  - Returns what commands of mdevctl print as JSON on the managed host. It changes nothing.
author:
  - mdevctl maintainers (@mdevctl)
requirements:
  - mdevctl 2.0 or newer on the managed host
attributes:
  check_mode:
    support: full
    description: Does the same in check mode.
  diff_mode:
    support: none
    description: It changes nothing.
  platform:
    platforms: linux
    support: full
    description: The systems on which it runs.
options:
  gather:
    description:
      - What to ask for; each is returned by the same name.
    type: list
    elements: str
    choices: [config, defined, running, status, problems]
    default: [config, defined, running, status, problems]
  facts:
    description:
      - Also keep all that as the fact C(ansible_facts.mdevctl) of the host.
    type: bool
    default: false
seealso:
  - module: mdevctl.host.host
"""

EXAMPLES = r"""
- name: Look at the host
  mdevctl.host.info:
  register: mdevctl

- name: Hold up the roll-out where something is wrong
  ansible.builtin.assert:
    that: mdevctl.problems | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ mdevctl.problems | map(attribute='message') | join('; ') }}"

- name: Keep the host file of this host with the inventory
  ansible.builtin.copy:
    content: "{{ mdevctl.config | to_nice_json }}\n"
    dest: "host_files/{{ inventory_hostname }}.json"
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
config:
  description: The host as a host file, of C(mdevctl export); O(mdevctl.host.host#module:config) takes it.
  returned: when asked for
  type: dict
defined:
  description: The definitions by parent, of C(mdevctl list --defined --json).
  returned: when asked for
  type: list
  elements: dict
running:
  description: The running devices by parent, of C(mdevctl list --json).
  returned: when asked for
  type: list
  elements: dict
status:
  description: All devices and cards with their states, of C(mdevctl status --json).
  returned: when asked for
  type: list
  elements: dict
problems:
  description: Conflicts and mistakes on the host, of C(mdevctl check --json).
  returned: when asked for
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mdevctl.host.plugins.module_utils.program import call

# What is called for each; 'check' ends with 1 when it finds something.
COMMANDS = {
    'config': (['export'], [0]),
    'defined': (['list', '--defined', '--json'], [0]),
    'running': (['list', '--json'], [0]),
    'status': (['status', '--json'], [0]),
    'problems': (['check', '--json'], [0, 1]),
}


def main():
    module = AnsibleModule(
        argument_spec=dict(
            gather=dict(type='list', elements='str', choices=list(COMMANDS), default=list(COMMANDS)),
            facts=dict(type='bool', default=False),
        ),
        supports_check_mode=True,
    )
    result = {name: said(module, *COMMANDS[name]) for name in module.params['gather']}
    if module.params['facts']:
        result['ansible_facts'] = {'mdevctl': dict(result)}
    module.exit_json(**result)


def said(module, arguments, statuses):
    """The JSON that a command prints."""
    answer = call(module, arguments)
    value = answer.value()
    if answer.status not in statuses or value is None:
        module.fail_json(msg=answer.message() or 'mdevctl %s printed no JSON' % arguments[0], rc=answer.status)
    return value


if __name__ == '__main__':
    main()
