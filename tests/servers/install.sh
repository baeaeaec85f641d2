#!/bin/sh
# Installs the mail servers that the integration tests start by themselves (Debian 12, as root). Safe to run twice.
# Nothing of them runs afterwards: the tests start their own copies, on free loopback ports, and end them again.
set -eu

PACKAGES="dovecot-imapd dovecot-lmtpd postfix openssl"
UNITS="dovecot.service dovecot.socket postfix.service postfix@-.service"

if [ "$(id -u)" -ne 0 ]; then
    echo "make servers: must be run as root, because it installs packages: $PACKAGES" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "make servers: knows Debian only; the tests need: $PACKAGES" >&2
    exit 1
fi

missing=""
for package in $PACKAGES; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != "installed" ]; then
        missing="$missing $package"
    fi
done
if [ -z "$missing" ]; then
    echo "make servers: already there: $PACKAGES"
    exit 0
fi

# Debian starts a server as soon as it is installed, unless this file says no (101: forbidden by policy).
# A policy that is already there is put back afterwards, also when something fails.
policy=/usr/sbin/policy-rc.d
kept=""
restore() {
    rm -f "$policy"
    if [ -n "$kept" ]; then mv -f "$kept" "$policy"; fi
}
if [ -e "$policy" ]; then
    kept="$policy.before-mailflow"
    mv -f "$policy" "$kept"
fi
trap restore EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
apt-get update -q
# shellcheck disable=SC2086  # the names are separate words
apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold $missing

# They would also start at the next boot.
if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
    # shellcheck disable=SC2086
    systemctl disable --now $UNITS 2>/dev/null || true
elif command -v update-rc.d >/dev/null; then
    for name in dovecot postfix; do update-rc.d "$name" disable 2>/dev/null || true; done
fi
echo "make servers: installed:$missing"
