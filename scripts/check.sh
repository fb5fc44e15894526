#!/usr/bin/env bash
# Runs the named checks one after the other, all of them even when one fails, and says at the end which
# failed and which could not be run. A check that could not be run counts as failed: SKIP="lint fuzz" leaves
# checks out knowingly.
#
#   scripts/check.sh format vet lint imports generated equality browser faults fuzz cross
#   scripts/check.sh race mutants cross-all packages  (the long ones: make release-check)
#   scripts/check.sh terraform                        (in none of the two)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

GO=${GO:-go}
FUZZTIME=${FUZZTIME:-5s}
SKIP=${SKIP:-}
export CGO_ENABLED=${CGO_ENABLED:-0}

# Tools are pinned here and nowhere else. They never enter go.mod: `go run module@version` builds them
# outside the module and keeps them in the build cache.
GOLANGCI_VERSION=2.15.0
GOLANGCI=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$GOLANGCI_VERSION
GORELEASER_VERSION=2.16.0
GORELEASER=github.com/goreleaser/goreleaser/v2@v$GORELEASER_VERSION

ACTIONLINT_VERSION=1.7.7
ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v$ACTIONLINT_VERSION

# The exit status of a check that could not be run at all.
UNAVAILABLE=75

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# tool NAME VERSION MODULE prints the command that runs a tool: an installed one of exactly that version,
# else the one that the go command builds.
tool() {
	local name=$1 version=$2 module=$3
	if command -v "$name" >/dev/null && "$name" --version 2>/dev/null | grep -qE "(^|[^0-9.])${version//./\\.}([^0-9.]|\$)"; then
		echo "$name"
		return
	fi
	echo "   $name $version by go run (the first time takes a minute or two)" >&2
	local try
	for try in 1 2; do
		if $GO run "$module" --version >/dev/null 2>"$scratch/tool.log"; then
			echo "$GO run $module"
			return
		fi
	done
	tail -n 5 "$scratch/tool.log" >&2
	echo "   $name $version is neither installed nor could it be built; with access to the Go module proxy:" >&2
	echo "   $GO install $module" >&2
	return $UNAVAILABLE
}

check_format() {
	local bad script status=0
	bad=$(gofmt -l cmd internal pkg test) || return 1
	if [ -n "$bad" ]; then
		printf '   not formatted (gofmt -w):\n%s\n' "$bad"
		status=1
	fi
	for script in scripts/*.sh test/*/*.sh .ci/run; do
		bash -n "$script" || status=1
	done
	return $status
}

check_vet() { $GO vet ./...; }

check_lint() {
	local run
	run=$(tool golangci-lint $GOLANGCI_VERSION $GOLANGCI) || return $?
	$run run --timeout 10m ./... || return 1
	(cd test/oracle && $run run --timeout 10m --config ../../.golangci.yml ./...) # a module of its own
}

# The rules of docs/architecture.md; the same tests are part of `go test ./...`.
check_imports() { $GO test ./internal/archtest; }

# What is generated and committed has to be what the program says today.
check_generated() {
	local dir status=0
	$GO run ./cmd/gen -dir "$scratch/gen" || return 1
	for dir in completions docs/reference docs/man docs/adr/README.md internal/policy/schema/policy.v1.schema.json; do
		diff -r "$dir" "$scratch/gen/$dir" >"$scratch/diff" 2>&1 || {
			echo "   $dir is stale, run: make gen"
			head -n 20 "$scratch/diff"
			status=1
		}
	done
	return $status
}

check_fuzz() {
	local package target status=0 count=0
	while read -r package; do
		for target in $($GO test -list '^Fuzz' "$package" | grep '^Fuzz'); do
			echo "   $package $target"
			fuzz_one "$package" "$target" || status=1
			count=$((count + 1))
		done
	done < <(grep -rlE --include='*_test.go' '^func Fuzz' cmd internal pkg | xargs -rn1 dirname | sort -u | sed 's|^|./|')
	echo "   $count targets, $FUZZTIME each"
	return $status
}

# fuzz_one tolerates the one known false alarm of the go command: the deadline of -fuzztime itself being
# reported as a failure, without a failing input.
fuzz_one() {
	local try log=$scratch/fuzz.log
	for try in 1 2; do
		$GO test -run '^$' -fuzz "^$2\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 5s "$1" >"$log" 2>&1 && return
		grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log" || break
	done
	cat "$log"
	return 1
}

# Programs that nobody here wrote, against `btadmin sandbox serve --tls`. They come from the npm registry.
check_clients() { GO="$GO" test/clients/run.sh; }

# The action's script as a runner would run it, and every workflow of this repository and of its pages.
check_action() {
	$GO test -count 1 ./test/action || return 1
	local run page
	mkdir -p "$scratch/workflows"
	for page in README.md docs/*.md; do
		awk -v to="$scratch/workflows/$(basename "$page" .md)" '
			/^```yaml/ { n++; file = to "-" n ".yml"; text = ""; inside = 1; next }
			/^```/ { if (inside && text ~ /(^|\n)on:/) printf "%s", text > file; inside = 0 }
			inside { text = text $0 "\n" }' "$page"
	done
	run=$(tool actionlint $ACTIONLINT_VERSION $ACTIONLINT) || return $?
	$run -no-color -shellcheck= -pyflakes= .github/workflows/*.yml || return 1 # with action.yml, which one of them uses
	$run -no-color -shellcheck= -pyflakes= "$scratch"/workflows/*.yml || return 1
	echo "   $(find .github/workflows "$scratch/workflows" -name '*.yml' | wc -l) workflows"
}

# The page of access report in a real Chromium, which comes from Debian; axe-core and the driver come from npm.
# SHOTS=folder keeps pictures.
check_browser() { GO="$GO" test/browser/run.sh; }

# Real shells, in which TAB is pressed.
check_shells() { GO="$GO" test/shells/run.sh; }

# The evaluators against OpenFGA and cedar-go, in a module of its own, so that `./...` never reaches it and their
# dependencies are not ours. The first run compiles OpenFGA, which takes two minutes on two cores.
check_oracle() (
	cd test/oracle || return 1
	$GO vet ./... && $GO test -timeout 20m ./...
)

# The compiled engine against the plain evaluator: every cell of 10,000 organizations, and the laws of
# everything that is asked of it on more than `go test` draws. 180 s of processor time: a minute and a half on two idle
# cores, six minutes where ten programs share them. Flags of the tests come after the packages, or go does not find these.
check_equality() {
	$GO test ./pkg/access/compiled -timeout 20m -run 'EveryCell' -rapid.checks=2500 &&
		$GO test ./pkg/access ./pkg/access/compiled -timeout 20m -skip 'EveryCell|Mutants' -rapid.checks=400
}

# Bugs are planted in the evaluators, one at a time; each has to make a test fail.
check_mutants() { $GO test ./pkg/access/compiled -timeout 20m -run 'Mutants' -mutants .; }

# 1,000 changes under faults, on the engine and with the program through fault proxies that nobody here wrote. Their modules are not
# part of the program; they come from the Go module proxy. Seeds are drawn by chance and printed;
# BTADMIN_FAULTS_SEED=17,4711 repeats them.
check_faults() {
	(cd test/faults && $GO mod download) || {
		echo "   the modules of test/faults could not be had" >&2
		return $UNAVAILABLE
	}
	BTADMIN_TEST_CHANGES=1000 $GO test -count=1 -timeout 5m -run 'TestD[12]' ./internal/change &&
		(cd test/faults && $GO vet ./... && $GO test -count=1 -timeout 10m -parallel 6 ./...) # most of it waits
}

# btadmin and Terraform make the same of the same organization. Terraform comes from the Go module proxy and is compiled, which takes
# two and a half minutes of processor time; TERRAFORM=path is one that is built already. Not part of `make check`.
check_terraform() {
	(cd test/terraform && $GO mod download) || {
		echo "   the modules of test/terraform could not be had" >&2
		return $UNAVAILABLE
	}
	(cd test/terraform && $GO vet ./... && $GO test -count=1 -timeout 30m ./...)
}

# One release target, and the one that differs most from where people develop.
check_cross() { cross windows amd64; }

check_cross_all() {
	local os arch status=0
	for os in linux darwin windows; do
		for arch in amd64 arm64; do
			cross $os $arch || status=1
		done
	done
	return $status
}

cross() {
	echo "   $1/$2"
	GOOS=$1 GOARCH=$2 CGO_ENABLED=0 $GO build -trimpath -o "$scratch/btadmin-$1-$2" ./cmd/btadmin
}

check_race() { CGO_ENABLED=1 $GO test -race -timeout 40m ./...; }

check_packages() {
	local run
	run=$(tool goreleaser $GORELEASER_VERSION $GORELEASER) || return $?
	GO="$GO" GORELEASER_RUN="$run" test/packages/run.sh
}

failed=() unavailable=()
for name in "$@"; do
	if ! declare -F "check_${name//-/_}" >/dev/null; then
		echo "scripts/check.sh: no check named $name" >&2
		exit 64
	fi
	if [[ " $SKIP " == *" $name "* ]]; then
		echo "== $name: left out (SKIP)"
		continue
	fi
	started=$SECONDS
	echo "== $name"
	"check_${name//-/_}"
	case $? in
	0) echo "   ok, $((SECONDS - started)) s" ;;
	$UNAVAILABLE) unavailable+=("$name") ;;
	*) failed+=("$name") ;;
	esac
done

[ ${#failed[@]} -eq 0 ] || echo "check: failed: ${failed[*]}" >&2
[ ${#unavailable[@]} -eq 0 ] || echo "check: could not be run, a tool is missing (see above): ${unavailable[*]}" >&2
[ $((${#failed[@]} + ${#unavailable[@]})) -eq 0 ]
