#!/usr/bin/env bash
# Make the virtualenv .venv with uv in it. Says in plain words what is missing.
set -eu

python=${PYTHON:-python3}
stop() { printf '\n%s\n' "$@" >&2; exit 1; }

command -v "$python" >/dev/null || stop \
  "Python is needed and was not found." \
  "On Debian or Ubuntu: sudo apt-get install python3 python3-venv"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop \
  "Python 3.11 or newer is needed; $python is $("$python" -c 'import platform; print(platform.python_version())')." \
  "With another Python beside it: make run PYTHON=python3.12"

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  "$python" -c 'import venv, ensurepip' 2>/dev/null || stop \
    "Python's own module for virtualenvs is not installed." \
    "On Debian or Ubuntu: sudo apt-get install python3-venv"
  printf '• %s\n' 'Virtualenv in .venv'
  "$python" -m venv --clear .venv
fi

printf '• %s\n' 'uv, which installs the packages'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
  --require-hashes -r requirements/uv.txt
