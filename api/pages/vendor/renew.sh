#!/usr/bin/env bash
# Renews the vendored libraries: `make vendor` installs what package-lock.json says and bundles it; `make vendor
# LATEST=1` takes the current version of each first.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$here"/*.js "$here"/*.mjs "$here"/package*.json "$work"
cd "$work"
npm config set --location project omit-lockfile-registry-resolved true
npm config set --location project save-exact true
if [ -n "${LATEST:-}" ]; then
  npm install --no-audit --no-fund $(node -p 'Object.keys(require("./package.json").dependencies).map((one) => one + "@latest").join(" ")')
  npm install --no-audit --no-fund --save-dev esbuild@latest
elif [ -f package-lock.json ]; then
  npm ci --no-audit --no-fund
else
  npm install --no-audit --no-fund
fi
node build.mjs "$here/../static/vendor" "$here/../../../tests/vendor"
cp package.json package-lock.json "$here"
