#!/usr/bin/env bash
# Install the Debian packages that the tests need and the product does not, as root or by sudo
# without a password; else print the one line to type and end with 1.
set -eu

missing=()
have() { command -v "$1" >/dev/null; }
lies() { compgen -G "$1" >/dev/null; }

have initdb || lies '/usr/lib/postgresql/*/bin/initdb' || missing+=(postgresql)
have "${CHROMIUM:-chromium}" || missing+=(chromium)
have pdftotext || missing+=(poppler-utils)
have strace || missing+=(strace)
have npm || missing+=(npm)
# The verifiers that others wrote, and what compiles them.
have go || missing+=(golang-go)
lies '/usr/share/gocode/src/golang.org/x/mod/sumdb/note' || missing+=(golang-golang-x-mod-dev)
# Playwright's own node needs it; Debian installs it with a compiler only.
lies '/usr/lib*/libatomic.so.1' || lies '/usr/lib/*/libatomic.so.1' || missing+=(libatomic1)

[ ${#missing[@]} -gt 0 ] || exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if have apt-get; then
  if [ "$(id -u)" = 0 ]; then
    as_root=(env DEBIAN_FRONTEND=noninteractive)
  elif have sudo && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
  fi
fi
if [ -z "${as_root+set}" ]; then
  printf '\nThe tests need %s. Install it once with:\n\n  sudo %s\n\n' "${missing[*]}" "$install" >&2
  exit 1
fi

printf '• Debian packages for the tests: %s (a minute or two)\n' "${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # one word per package
{ "${as_root[@]}" apt-get update -qq && "${as_root[@]}" $install -qq; } >"$log" 2>&1 || {
  tail -n 5 "$log" >&2
  printf '\nThat did not work. Try it by hand:\n\n  sudo %s\n\n' "$install" >&2
  exit 1
}
