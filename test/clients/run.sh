#!/usr/bin/env bash
# Runs programs that nobody here wrote against `btadmin sandbox serve --tls`: the vendor's TypeScript client, and
# requests as infrastructure tools send them. Everything happens in a scratch folder with a home of its own.
#
#   test/clients/run.sh             BTADMIN=path uses a program that is built already
#
# Exit status 75: node or npm is missing, or the packages could not be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
root=$(cd ../.. && pwd)
GO=${GO:-go}
UNAVAILABLE=75

scratch=$(mktemp -d)
server=
finish() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	rm -rf "$scratch"
}
trap finish EXIT

# Node is one apt-get away for root on Debian; everybody else is told.
have_node() { command -v node >/dev/null && command -v npm >/dev/null; }
if ! have_node && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "   installing nodejs and npm with apt-get"
	{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs npm; } \
		>"$scratch/apt.log" 2>&1 || tail -n 5 "$scratch/apt.log" >&2
fi
if ! have_node; then
	echo "   node and npm are missing: install Node 18 or newer, for example apt-get install nodejs npm" >&2
	exit $UNAVAILABLE
fi

# The packages are installed beside a copy of the tests, so that no folder of them ever lies in the repository.
cp "$here"/typescript/package*.json "$here"/typescript/*.mjs "$scratch"
if ! (cd "$scratch" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >"$scratch/npm.log" 2>&1); then
	tail -n 5 "$scratch/npm.log" >&2
	echo "   the packages of test/clients/typescript/package-lock.json could not be installed" >&2
	exit $UNAVAILABLE
fi

btadmin=${BTADMIN:-$scratch/btadmin}
[ -n "${BTADMIN:-}" ] || (cd "$root" && $GO build -o "$btadmin" ./cmd/btadmin)

# A home of its own, and nothing of the caller's settings.
mkdir "$scratch/home"
alone=(env -i "PATH=$PATH" "HOME=$scratch/home" "TMPDIR=$scratch")

# Ids and keys as test suites of infrastructure tools expect them: chosen before anything runs.
SANDBOX_USER_ID=866a8a8a-fee9-4a5b-8278-12970de499c2
SANDBOX_ORG_ID=5d7c97d7-fef1-4cb7-bda6-7e3756a0ca8e
SANDBOX_USER_KEY=sk-sandbox-client-check
token=bt-st-sandbox-client-check
"${alone[@]}" "$btadmin" sandbox seed empty --dir "$scratch/sandbox" --yes --quiet --json \
	--user-id "$SANDBOX_USER_ID" --org-id "$SANDBOX_ORG_ID" --org-name "Client check" \
	--user-key "$SANDBOX_USER_KEY" --token-key "$token" >/dev/null

"${alone[@]}" "$btadmin" sandbox serve --tls --json --dir "$scratch/sandbox" >"$scratch/serving.json" 2>"$scratch/serve.log" &
server=$!
for _ in $(seq 100); do
	[ ! -s "$scratch/serving.json" ] || break
	kill -0 "$server" 2>/dev/null || break
	sleep 0.1
done
if [ ! -s "$scratch/serving.json" ]; then
	echo "   the sandbox did not start:" >&2
	cat "$scratch/serve.log" >&2
	exit 1
fi
said() { node -p "JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'))[process.argv[2]]" "$scratch/serving.json" "$1"; }

status=0
(cd "$scratch" && "${alone[@]}" \
	NODE_EXTRA_CA_CERTS="$(said ca_file)" BRAINTRUST_API_URL="$(said url)" BRAINTRUST_API_KEY="$(said key)" \
	SANDBOX_USER_KEY="$SANDBOX_USER_KEY" SANDBOX_USER_ID="$SANDBOX_USER_ID" SANDBOX_ORG_ID="$SANDBOX_ORG_ID" \
	node --test --test-reporter=spec ./*.test.mjs) >"$scratch/tests.log" 2>&1 || status=1
if [ $status -ne 0 ]; then
	cat "$scratch/tests.log"
else
	grep -E '^ℹ (tests|pass|fail) ' "$scratch/tests.log" | tr '\n' ' '
	echo
fi

# It has to end when it is told to, too.
kill -TERM "$server"
wait "$server" || { echo "   the sandbox ended with an error" >&2; cat "$scratch/serve.log" >&2; status=1; }
server=
exit $status
