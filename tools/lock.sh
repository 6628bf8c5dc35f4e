#!/bin/sh
# Pins every dependency with hashes and without index addresses.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header pyproject.toml "$@"
}
compile -o requirements/runtime.txt
compile --extra mongo --extra celery --extra gemini --extra openai --extra aws --extra dicom \
    -o requirements/host.txt
printf 'editables\nhatchling\n' | cat > requirements/.build.in
.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-annotate --no-header pyproject.toml requirements/.build.in \
    --extra demo -o requirements/demo.txt
compile --extra dev -o requirements/dev.txt
rm requirements/.build.in
for lock in test-servers test-clients test-ministack test-infra; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header "requirements/$lock.in" \
        -o "requirements/$lock.txt"
done
