#!/bin/sh
# Installs the mail servers that the integration tests start by themselves, and what weasyprint draws letters with
# (Debian 12, as root). Safe to run twice.
# Nothing of them runs afterwards: the tests start their own copies, on free loopback ports, and end them again.
# A server that was there before is left as it is.
set -eu

PACKAGES="dovecot-imapd dovecot-lmtpd postfix openssl libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

say() { echo "make servers: $*" >&2; }
installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = "installed" ]; }

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "knows Debian only; the tests need: $PACKAGES"
    exit 1
fi
missing=""
for package in $PACKAGES; do
    installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
    say "already there: $PACKAGES"
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    say "must be run as root, because it installs:$missing"
    exit 1
fi
new=""
installed dovecot-core || new="$new dovecot"
installed postfix || new="$new postfix"

# Debian starts a server as soon as it is installed, unless this file says no (101: forbidden by policy).
# A policy that is there already is put back afterwards, also when something fails.
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
echo "postfix postfix/main_mailer_type select Local only" | debconf-set-selections
apt-get update -q
# shellcheck disable=SC2086  # the names are separate words
apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold $missing </dev/null

# They would start at the next boot.
for name in $new; do
    update-rc.d "$name" disable
    if [ -d /run/systemd/system ]; then systemctl disable --now "$name"; fi
done
say "installed:$missing"
