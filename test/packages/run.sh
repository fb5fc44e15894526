#!/usr/bin/env bash
# Makes the packages of a release, twice and in two places, and compares them byte for byte; installs the deb and
# uses it as somebody who has nothing else: the quickstart word by word, the manual, TAB in bash.
#
# Needs Debian's tools and, to install the package, root. Without root the package is unpacked and used from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
goreleaser=${GORELEASER_RUN:?scripts/check.sh packages sets it}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CGO_ENABLED=0
commit=$(git rev-parse HEAD)

# Clones of the commit, because nothing of this folder may matter. Uncommitted changes are left out knowingly.
build() {
	git clone -q --no-hardlinks . "$scratch/$1"
	git -C "$scratch/$1" checkout -q --detach "$commit"
	git -C "$scratch/$1" remote set-url origin https://example.com/btadmin/btadmin.git
	(cd "$scratch/$1" && $goreleaser release --snapshot --clean --skip=sign >"$scratch/$1.log" 2>&1) || {
		tail -n 20 "$scratch/$1.log"
		return 1
	}
}
$goreleaser check
build first
build elsewhere/second
(cd "$scratch/first/dist" && sha256sum ./*.tar.gz ./*.zip ./*.deb ./*.rpm ./*.apk ./*.json SHA256SUMS 2>/dev/null | grep -v -e artifacts.json -e metadata.json -e config.yaml) >"$scratch/sums"
(cd "$scratch/elsewhere/second/dist" && sha256sum --quiet -c "$scratch/sums") || {
	echo "   two builds of one commit differ" >&2
	exit 1
}
echo "   $(wc -l <"$scratch/sums") files, the same in both builds"
for file in btadmin.rb btadmin.json; do
	find "$scratch/first/dist" -name "$file" | grep -q . || {
		echo "   no $file (Homebrew cask, Scoop manifest)" >&2
		exit 1
	}
done

case $(uname -m) in
x86_64) arch=amd64 ;;
aarch64) arch=arm64 ;;
*) echo "   no package for $(uname -m)" && exit 75 ;;
esac
deb=$(echo "$scratch"/first/dist/*_"$arch".deb)
if [ "$(id -u)" = 0 ]; then
	dpkg -i "$deb" >/dev/null
	trap 'dpkg -r btadmin >/dev/null 2>&1; rm -rf "$scratch"' EXIT
	prefix=/usr
	echo "   installed $(dpkg-query -W btadmin | tr '\t' ' ')"
else
	dpkg-deb -x "$deb" "$scratch/unpacked"
	prefix=$scratch/unpacked/usr
fi

# A user with nothing but a home folder and the installed files.
user() { env -i HOME="$scratch/home" PATH="$prefix/bin:/usr/bin:/bin" LANG=C.UTF-8 TERM=dumb MANPATH="$prefix/share/man" "$@"; }
mkdir "$scratch/home"
cd "$scratch/home"
user btadmin version
awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on' "$root/docs/quickstart.md" >"$scratch/quickstart.sh"
user sh -eu "$scratch/quickstart.sh" >"$scratch/quickstart.log" 2>&1 || {
	tail -n 20 "$scratch/quickstart.log"
	echo "   the quickstart does not run from the package" >&2
	exit 1
}
echo "   the quickstart runs from the package"
for page in btadmin-groups-grant btadmin btadmin-exit-codes; do
	if command -v man >/dev/null; then
		user man -P cat "$page" 2>/dev/null | grep -q . || { echo "   no manual page $page" >&2 && exit 1; }
	else
		find "$prefix/share/man" -name "$page.1*" | grep -q . || { echo "   no manual page $page" >&2 && exit 1; }
	fi
done
for file in bash-completion/completions/btadmin zsh/vendor-completions/_btadmin fish/vendor_completions.d/btadmin.fish \
	doc/btadmin/copyright doc/btadmin/THIRD_PARTY_NOTICES.txt; do
	[ -s "$prefix/share/$file" ] || { echo "   $file is missing in the package" >&2 && exit 1; }
done

# The package's completion script in bash as users have it: loaded by bash-completion when TAB is pressed.
if [ "$prefix" = /usr ] && [ -r /usr/share/bash-completion/bash_completion ]; then
	cd "$root"
	BTADMIN_BIN=/usr/bin/btadmin BTADMIN_PACKAGED=1 ${GO:-go} test -count 1 -tags shells -run TestPackagedBash ./test/shells
fi
