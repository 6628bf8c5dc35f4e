#!/bin/sh
# Installs what the tests drive from outside, each in an environment of its own: the MongoDB stand-in,
# which is GPL-2.0, so it is never imported and no dependency of the project; the FHIR clients of
# others, whose libraries are not ours; MiniStack, which plays AWS; and the AWS CDK, half a gigabyte
# that nothing but infra/ needs. Where one cannot be installed, its tests say so and are
# skipped by name. CAREFLOW_TEST_MONGODB_URL names a server in the stand-in's place.
set -eu
cd "$(dirname "$0")/.."

install() { # name, lock, what it is
    home=.test-servers/$1
    if [ -f "$home/.installed" ] && cmp -s "$2" "$home/.installed"; then return; fi
    rm -rf "$home"
    if .venv/bin/python -m venv "$home" &&
        "$home/bin/python" -m pip install --disable-pip-version-check --quiet --require-hashes -r "$2"; then
        cp "$2" "$home/.installed"
    else
        rm -rf "$home"
        echo "$3 cannot be installed here, so its tests are skipped by name."
    fi
}

[ -n "${CAREFLOW_TEST_MONGODB_URL:-}" ] ||
    install secantus requirements/test-servers.txt "The MongoDB stand-in"
install clients requirements/test-clients.txt "What the FHIR clients need"
install ministack requirements/test-ministack.txt "MiniStack"
install infra requirements/test-infra.txt "The AWS CDK"
[ -x infra/node_modules/.bin/cdk ] || npm ci --prefix infra --silent --no-audit --no-fund ||
    echo "The CDK's command line cannot be installed here, so its tests are skipped by name."
