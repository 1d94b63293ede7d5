# SPDX-License-Identifier: Apache-2.0
"""The program on the managed host: JSON to it and back, and its messages."""

from __future__ import annotations

import json


class Answer:
    """What one call of the program said."""

    def __init__(self, status, stdout, stderr):
        self.status = status
        self.stdout = stdout
        lines = stderr.splitlines()
        self.warnings = [line[len('Warning: '):] for line in lines if line.startswith('Warning: ')]
        self.errors = [line for line in lines if line and not line.startswith('Warning: ')]

    def value(self):
        """What it printed; None where that is no JSON, as when it failed."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            return None

    def message(self):
        """Its errors as one text."""
        return '\n'.join(line[len('Error: '):] if line.startswith('Error: ') else line for line in self.errors)


def call(module, arguments, stdin=None):
    """Runs the program, and passes its warnings on."""
    program = module.get_bin_path('mdevctl')
    if program is None:
        module.fail_json(msg="mdevctl is not installed on this host; the role 'mdevctl.host.mdevctl' installs it")
    answer = Answer(*module.run_command([program] + arguments, data=stdin))
    for warning in answer.warnings:
        module.warn(warning)
    return answer
