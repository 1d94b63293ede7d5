# SPDX-License-Identifier: Apache-2.0
# What the guest's scripts check with. Each check prints one line; "finish" counts them.

passed=0
failed=0

pass() {
  passed=$((passed + 1))
  echo "ok: $1"
}

fail() {
  failed=$((failed + 1))
  echo "FAILED: $1"
  shift
  printf '  %s\n' "$@"
}

# is WHAT EXPECTED ACTUAL: the two texts are the same.
is() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2" "actual:   $3"; fi
}

# holds WHAT COMMAND...: the command succeeds.
holds() {
  local what=$1
  shift
  # No subshell: the command may be "wait".
  if "$@" >/tmp/output 2>&1; then
    pass "$what"
  else
    fail "$what" "command: $*" "output: $(cat /tmp/output)"
  fi
}

# prints WHAT EXPECTED COMMAND...: the command succeeds with exactly this stdout and no stderr.
prints() {
  local what=$1 expected=$2 output status=0
  shift 2
  output=$("$@" 2>/tmp/stderr) || status=$?
  if [ "$status" = 0 ] && [ "$output" = "$expected" ] && [ ! -s /tmp/stderr ]; then
    pass "$what"
  else
    fail "$what" "command: $*" "status: $status" "expected: $expected" "stdout: $output" \
      "stderr: $(cat /tmp/stderr)"
  fi
}

# refuses WHAT MESSAGE COMMAND...: the command exits 1 with exactly this on stderr.
refuses() {
  local what=$1 expected=$2 status=0
  shift 2
  "$@" >/tmp/stdout 2>/tmp/stderr || status=$?
  if [ "$status" = 1 ] && [ "$(cat /tmp/stderr)" = "$expected" ] && [ ! -s /tmp/stdout ]; then
    pass "$what"
  else
    fail "$what" "command: $*" "status: $status" "expected: $expected" \
      "stderr: $(cat /tmp/stderr)" "stdout: $(cat /tmp/stdout)"
  fi
}

# within COMMAND...: the command succeeds at last. What is waited for comes long before, on any
# machine.
within() {
  local end=$((SECONDS + 300))
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# loads_rules NAME...: udev has each of these files of rules, and no fault to find with any.
#
# "udevadm verify" is there since systemd 254; before that the program that udevd is itself says
# "NAME:LINE ..." of a fault when it is tested with a device that none of our rules is about.
loads_rules() {
  local name path log faults
  log=$(udevadm test --action=add /sys/devices/virtual/mem/null 2>&1)
  for name; do
    path=$(grep -o "Reading rules file: .*/$name\$" <<<"$log" | cut -d' ' -f4)
    if udevadm verify --help >/dev/null 2>&1; then
      faults=$(udevadm verify --no-summary "$path" 2>&1)
    else
      faults=$(grep -E "(^|/)$name:[0-9]+[: ]" <<<"$log")
    fi
    if [ -n "$path" ] && [ -z "$faults" ]; then
      pass "udev takes $name"
    else
      fail "udev takes $name" "file:   $path" "faults: $faults"
    fi
  done
}

# finds_fault NAME: the opposite, so that the check itself is known to check.
finds_fault() {
  # Not by a pipe: grep leaves at the first hit, and who writes on is ended by a signal.
  if grep -q '^FAILED' <<<"$(loads_rules "$1")"; then
    pass "udev finds the fault in $1"
  else
    fail "udev finds the fault in $1"
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
