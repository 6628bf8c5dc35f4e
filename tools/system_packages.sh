#!/bin/sh
# Installs the programs that some tests drive, where this machine lets us; otherwise names them.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v tesseract >/dev/null 2>&1 || missing="$missing tesseract-ocr"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
command -v cloud-init >/dev/null 2>&1 || missing="$missing cloud-init"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    # RUNLEVEL keeps Debian from starting what it installs.
    # shellcheck disable=SC2086 # a list of words
    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "Not installed, so the tests that need them are skipped by name:$missing"
