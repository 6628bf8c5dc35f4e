#!/bin/sh
# Installs the MongoDB stand-in that the tests drive over its real protocol, in an environment of its
# own: it is GPL-2.0, so it is never imported and no dependency of the project. Where it cannot be
# installed, or CAREFLOW_TEST_MONGODB_URL names a server, the tests go on without it.
set -eu
cd "$(dirname "$0")/.."
[ -z "${CAREFLOW_TEST_MONGODB_URL:-}" ] || exit 0
lock=requirements/test-servers.txt
home=.test-servers/secantus
if [ -f "$home/.installed" ] && cmp -s "$lock" "$home/.installed"; then exit 0; fi
rm -rf "$home"
if .venv/bin/python -m venv "$home" &&
    "$home/bin/python" -m pip install --disable-pip-version-check --quiet --require-hashes -r "$lock"; then
    cp "$lock" "$home/.installed"
else
    rm -rf "$home"
    echo "The MongoDB stand-in cannot be installed here, so its tests are skipped by name."
fi
