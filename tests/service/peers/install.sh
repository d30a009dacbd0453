#!/usr/bin/env bash
# Installs the programs from outside that tests/service tries the service with. What is there already stays.
#   tests/service/peers/install.sh            all of them
#   tests/service/peers/install.sh sekmet     only those named
# Each gets an environment of its own in .peers/NAME, as their dependencies do not agree with ours or with each other.
set -euo pipefail
cd "$(dirname "$0")/../../.."
wanted=" ${*:-all} "

# new NAME WHAT: whether NAME is wanted and not yet there as WHAT
new() {
  [[ $wanted == *" all "* || $wanted == *" $1 "* ]] || return 1
  [ "$(cat ".peers/$1/.installed" 2>/dev/null)" != "$2" ] || return 1
  echo "Installing $2 in .peers/$1 ..."
  rm -rf ".peers/$1"
  mkdir -p ".peers/$1"
}

# python_peer NAME REQUIREMENT: a package from PyPI; its commands are in .peers/NAME/bin
python_peer() {
  if new "$1" "$2"; then
    "${PYTHON:-python3}" -m venv ".peers/$1"
    ".peers/$1/bin/pip" install --quiet --disable-pip-version-check "$2"
    echo "$2" >".peers/$1/.installed"
  fi
}

# npm_peer NAME FOLDER: what FOLDER/package.json asks for, in FOLDER/node_modules; its install scripts are not run.
# Without npm it is left out with a warning, and the tests that need it are skipped (not in CI).
npm_peer() {
  [[ $wanted == *" all "* || $wanted == *" $1 "* ]] || return 0
  if ! command -v npm >/dev/null; then
    echo "npm is needed for $1: install Node.js 20 or newer" >&2
    return 0
  fi
  (
    cd "$2"
    npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
  )
}

python_peer sekmet sekmet-fhir==0.1.1 # a FHIR R4 server
python_peer healthchain healthchain==0.16.1 # a CDS Hooks client
npm_peer medplum tests/service/clients/medplum # a CDS Hooks client, for Node.js
