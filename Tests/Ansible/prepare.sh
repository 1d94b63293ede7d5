# SPDX-License-Identifier: Apache-2.0
# Ansible and the collection in .build/ansible, for a shell that goes on with them; nothing of either
# is anywhere else.
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$project/Tests/Ansible
build=$project/.build/ansible

"$project/Tests/install-packages" python3 python3-venv python3-apt openssh-server openssh-client \
  iproute2 util-linux kmod udev libjansson4 libudev1
mkdir -p "$build/home"
if ! cmp -s "$here/requirements.txt" "$build/requirements.txt"; then
  /usr/bin/python3 -m venv --clear "$build/venv"
  "$build/venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$build/requirements.txt"
fi
# Not those of an administrator; and Ansible wants UTF-8.
export HOME=$build/home ANSIBLE_HOME=$build/home/.ansible LC_ALL=C.UTF-8 ANSIBLE_NOCOLOR=1
export PATH=$build/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export ANSIBLE_COLLECTIONS_PATH=$build/collections

# The collection as it is installed from its archive.
rm -rf "$build/collections" "$build"/*.tar.gz
ansible-galaxy collection build "$project/ansible" --output-path "$build" >/dev/null
ansible-galaxy collection install --offline -p "$build/collections" "$build"/*.tar.gz >/dev/null
