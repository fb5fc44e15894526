#!/usr/bin/env bash
# Presses TAB in real shells: bash with bash-completion, zsh and fish. Where one is missing and this is root on
# a Debian system, it is installed; elsewhere the check says what is missing and counts as not run (75).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
GO=${GO:-go}

missing() {
	[ -r /usr/share/bash-completion/bash_completion ] || echo bash-completion
	command -v zsh >/dev/null || echo zsh
	command -v fish >/dev/null || echo fish
}
packages=$(missing)
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "   installing" $packages
	(apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages) >/dev/null 2>&1 || true
fi
packages=$(missing)
if [ -n "$packages" ]; then
	echo "   missing:" $packages >&2
	exit 75
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
$GO build -o "$scratch/btadmin" ./cmd/btadmin
BTADMIN_BIN=$scratch/btadmin $GO test -count 1 -tags shells ./test/shells
