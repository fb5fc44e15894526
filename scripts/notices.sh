#!/usr/bin/env bash
# Writes the licence texts of all modules that are linked into btadmin, on any system, into one file. It
# fails when a module has no licence file, because such a module must not be shipped.
#
#   scripts/notices.sh FILE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -eq 1 ] || {
	echo "usage: scripts/notices.sh FILE" >&2
	exit 64
}
target=$1
mkdir -p "$(dirname "$target")"

# linked.txt is kept true by a test; lines are "module [systems]".
modules=$(grep -v '^#' internal/archtest/linked.txt | cut -d' ' -f1)
{
	echo "btadmin contains the following modules."
	for module in $modules; do
		# Download makes the source of modules available that only other systems link.
		go mod download "$module"
		read -r version dir < <(go list -m -f '{{.Version}} {{.Dir}}' "$module")
		printf '\n%s\n%s %s\n%s\n\n' "$(printf '=%.0s' {1..78})" "$module" "$version" "$(printf '=%.0s' {1..78})"
		found=
		for file in "$dir"/{LICENSE,LICENCE,LICENSE.txt,LICENSE.md,LICENSE.MIT,COPYING,NOTICE,NOTICE.txt}; do
			if [ -f "$file" ]; then
				cat "$file"
				found=yes
			fi
		done
		if [ -z "$found" ]; then
			echo "notices: $module has no licence file in $dir" >&2
			exit 1
		fi
	done
} >"$target"
