#!/bin/bash
# Installs the Debian packages given as arguments. Needs root; asks nothing; starts no daemon.
set -euo pipefail

readonly policy=/usr/sbin/policy-rc.d
readonly lock=/run/lock/ringcache-packages
export DEBIAN_FRONTEND=noninteractive

# One installation at a time, as the policy file is moved aside meanwhile.
mkdir -p "${lock%/*}"
exec 9>"$lock"
flock 9

restore_policy() {
  rm -f "$policy"
  if [[ -e $policy.ringcache-saved || -L $policy.ringcache-saved ]]; then
    mv -f "$policy.ringcache-saved" "$policy"
  fi
}

# Packages such as memcached would start a daemon on its well-known port. A saved file that is still
# there is the machine's own, left by an installation that was killed.
trap restore_policy EXIT
trap 'exit 1' HUP INT TERM
if [[ ! -e $policy.ringcache-saved && ( -e $policy || -L $policy ) ]]; then
  mv "$policy" "$policy.ringcache-saved"
fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

install() {
  apt-get -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install "$@"
}

# The machine's package lists may be absent or out of date: then they are fetched, once.
if ! install "$@"; then
  apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 update
  install "$@"
fi

# Nor should one start with the machine's next boot.
for package in "$@"; do
  if [[ -d /run/systemd/system && $package =~ ^(memcached|nsd|prometheus)$ ]]; then
    systemctl disable --quiet "$package.service"
  fi
done
