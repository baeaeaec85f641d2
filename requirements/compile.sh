#!/bin/sh
# Pin everything anew, with hashes, for every Python from 3.11 on. Needs uv. Usage: requirements/compile.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."
pin() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "$@"; }
pin "$@" requirements/build.in --output-file requirements/build.txt
pin "$@" pyproject.toml --output-file requirements/runtime.txt
pin "$@" pyproject.toml --extra charts --constraint requirements/build.txt --constraint requirements/runtime.txt --output-file requirements/charts.txt
pin "$@" pyproject.toml --extra demo --constraint requirements/runtime.txt --output-file requirements/demo.txt
for extra in report site web names; do
    pin "$@" pyproject.toml --extra "$extra" --constraint requirements/build.txt --constraint requirements/charts.txt --output-file "requirements/$extra.txt"
done
pin "$@" pyproject.toml --extra test --constraint requirements/demo.txt --constraint requirements/report.txt --constraint requirements/site.txt --constraint requirements/web.txt --output-file requirements/test.txt
