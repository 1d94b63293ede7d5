#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
module: host
short_description: Make a host as its host file says
version_added: 2.0.0
description:
  - Hands a host file to C(mdevctl apply) on the managed host, and returns what that did.
  - The file says which drivers devices have, which crypto queues are for guests, which vGPUs a card has, and which
    mediated devices there are. The program decides what is to be done for that, and whether it can be; this module
    decides nothing.
author:
  - mdevctl maintainers (@mdevctl)
requirements:
  - mdevctl 2.0 or newer on the managed host
attributes:
  check_mode:
    support: full
    description: Can run in check mode, as C(mdevctl apply --dry-run).
  diff_mode:
    support: full
    description: Returns what each change is from and to.
  platform:
    platforms: linux
    support: full
    description: The systems on which it runs.
options:
  config:
    description:
      - The content of the host file.
      - Quote addresses and numbers. YAML takes C(0000:03:00.0) without quotes for a number of minutes.
      - Either this or O(path) is needed.
    type: dict
  path:
    description:
      - A host file on the managed host.
    type: path
  start:
    description:
      - Also bring into force all that is stored, start what is to start by itself, and change or renew what runs
        otherwise than defined.
    type: bool
    default: false
  prune:
    description:
      - Also take away what the owner of the file had applied and the file does not have any more.
    type: bool
    default: false
  adopt:
    description:
      - Take over what a person or another owner has made.
    type: bool
    default: false
  force:
    description:
      - Go on although a script refuses, there is a conflict, or the host uses a device.
    type: bool
    default: false
seealso:
  - module: mdevctl.host.info
"""

EXAMPLES = r"""
- name: Two slices of a GPU for guests
  mdevctl.host.host:
    config:
      version: 1
      owner: web
      devices:
        - name: web-gpu
          count: 2
          parent: "0000:3b:00.0"
          mdev_type: GRID T4-2Q
          start: auto
    start: true

- name: What the file says and nothing else of the same owner
  mdevctl.host.host:
    path: /etc/mdevctl.d/.host.json
    prune: true
"""

RETURN = r"""
changes:
  description: What was done, in its order; in check mode what would be done. Empty if the host is right.
  returned: success, and failure after the file was understood
  type: list
  elements: dict
  contains:
    kind:
      description: V(device), V(driver), V(ap) or V(vgpu).
      type: str
    subject:
      description: The uuid of a mediated device, a device on its bus, the masks, or the address of a card.
      type: str
    parent:
      description: The parent of a mediated device.
      type: str
    name:
      description: The name of a mediated device that has one, with its number if there are several.
      type: str
    action:
      description: A word for the change, such as V(define), V(modify), V(undefine), V(start), V(set) or V(unset).
      type: str
    from:
      description: What was there before, if something was.
      type: raw
    to:
      description: What is there afterwards, if something is.
      type: raw
    result:
      description: V(done), V(pending), V(failed) or V(skipped). Not in check mode.
      type: str
    reason:
      description: Why it is not done.
      type: str
  sample:
    - kind: device
      subject: 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
      parent: "0000:3b:00.0"
      name: web-gpu/1
      action: start
      result: done
pending:
  description: Those of the changes that the host is not ready for yet.
  returned: as RV(changes)
  type: list
  elements: dict
left:
  description: What stays though the file does not have it any more, or has it and another owner looks after it.
  returned: as RV(changes)
  type: list
  elements: dict
faults:
  description: What stands in the way of the file.
  returned: as RV(changes)
  type: list
  elements: str
rc:
  description: The exit status of the program.
  returned: always
  type: int
"""

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mdevctl.host.plugins.module_utils.program import call


def main():
    flags = ['start', 'prune', 'adopt', 'force']
    module = AnsibleModule(
        argument_spec=dict(
            config=dict(type='dict'),
            path=dict(type='path'),
            start=dict(type='bool', default=False),
            prune=dict(type='bool', default=False),
            adopt=dict(type='bool', default=False),
            force=dict(type='bool', default=False),
        ),
        mutually_exclusive=[('config', 'path')],
        required_one_of=[('config', 'path')],
        supports_check_mode=True,
    )
    arguments = ['apply', '--json'] + ['--' + flag for flag in flags if module.params[flag]]
    if module.check_mode:
        arguments.append('--dry-run')
    config = module.params['config']
    if config is None:
        answer = call(module, arguments + ['--', module.params['path']])
    else:
        answer = call(module, arguments + ['-'], json.dumps(config))
    report(module, answer)


def report(module, answer):
    """Ends the module with what the program said."""
    value = answer.value()
    result = {'changed': False, 'rc': answer.status}
    if isinstance(value, dict):
        changes = value.get('changes', [])
        result.update(
            changed=any(module.check_mode or change.get('result') == 'done' for change in changes),
            changes=changes,
            pending=[change for change in changes if change.get('result') == 'pending'],
            left=value.get('left', []),
            faults=value.get('faults', []),
            diff=dict(before=sides(changes, 'from'), after=sides(changes, 'to')),
        )
    elif answer.status == 0:
        module.fail_json(msg='mdevctl apply ended well and printed no JSON', stdout=answer.stdout, **result)
    if answer.status != 0:
        module.fail_json(msg=answer.message(), **result)
    module.exit_json(**result)


def sides(changes, side):
    """One side of all changes, by what each is about; one that has no sides, as a start, is on the new one alone."""
    return {
        ' '.join(change[word] for word in ('action', 'kind', 'subject', 'name') if change.get(word)): change.get(side)
        for change in changes if side in change or (side == 'to' and 'from' not in change)
    }


if __name__ == '__main__':
    main()
