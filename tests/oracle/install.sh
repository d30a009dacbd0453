#!/usr/bin/env bash
# Installs what tests/oracle needs: Chromium from Debian, LForms, axe-core and Playwright from npm. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Chromium is needed as the command chromium: install it, on Debian with apt-get install chromium" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
if ! command -v npm >/dev/null; then
  echo "npm is needed: install Node.js 20 or newer" >&2
  exit 1
fi
for folder in lforms axe; do
  npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
done
