#!/usr/bin/env bash
# Opens pages of `btadmin access report` in a real Chromium, without a window. Everything happens in a scratch folder.
#
#   test/browser/run.sh             BTADMIN=path uses a program that is built already
#   SHOTS=folder test/browser/run.sh    keeps pictures of the pages there, for somebody to look at
#
# Exit status 75: node, npm or Chromium is missing, or the packages could not be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
root=$(cd ../.. && pwd)
GO=${GO:-go}
UNAVAILABLE=75

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each is one apt-get away for root on Debian; everybody else is told.
need() {
	local program=$1
	shift
	command -v "$program" >/dev/null && return
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "   installing $* with apt-get"
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
			>"$scratch/apt.log" 2>&1 || tail -n 5 "$scratch/apt.log" >&2
	fi
	command -v "$program" >/dev/null && return
	echo "   $program is missing: apt-get install $*" >&2
	exit $UNAVAILABLE
}
command -v node >/dev/null || need node nodejs
command -v npm >/dev/null || need npm npm
[ -n "${CHROMIUM:-}" ] || { need chromium chromium fonts-dejavu-core && CHROMIUM=$(command -v chromium); }

# The packages are installed beside a copy of the tests, so that no folder of them ever lies in the repository.
cp "$here"/package*.json "$here"/*.mjs "$scratch"
if ! (cd "$scratch" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >"$scratch/npm.log" 2>&1); then
	tail -n 5 "$scratch/npm.log" >&2
	echo "   the packages of test/browser/package-lock.json could not be installed" >&2
	exit $UNAVAILABLE
fi

mkdir "$scratch/pages" "$scratch/home" "$scratch/shots"
shots=${SHOTS:-$scratch/shots}
mkdir -p "$shots"
(cd "$root" && $GO test -count=1 -run '^TestPagesForBrowser$' ./internal/report -pages "$scratch/pages" >"$scratch/pages.log") ||
	{ cat "$scratch/pages.log" >&2; exit 1; }

# The page of the sample organization comes from the program itself.
btadmin=${BTADMIN:-$scratch/btadmin}
[ -n "${BTADMIN:-}" ] || (cd "$root" && $GO build -o "$btadmin" ./cmd/btadmin)
env -i "PATH=$PATH" "HOME=$scratch/home" "TMPDIR=$scratch" "$btadmin" access report --html "$scratch/pages/demo.html" --sandbox --quiet
ls -l "$scratch/pages" | awk '/html/ { printf "   %s: %d bytes\n", $NF, $5 }'

status=0
(cd "$scratch" && env -i "PATH=$PATH" "HOME=$scratch/home" "TMPDIR=$scratch" "CHROMIUM=$CHROMIUM" "PAGES=$scratch/pages" "SHOTS=$shots" \
	node --test --test-reporter=spec ./*.test.mjs) >"$scratch/tests.log" 2>&1 || status=1
[ $status -eq 0 ] || cat "$scratch/tests.log"
grep -E '^(# a screenful|ℹ (tests|pass|fail) )' "$scratch/tests.log" | sed 's/^ℹ //' | tr '\n' ' ' || true
echo
exit $status
