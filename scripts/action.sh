#!/usr/bin/env bash
# What action.yml runs. Everything comes through the environment. What btadmin prints goes to the log between
# ::stop-commands:: and its end, so that no name of a group can become a command of the runner; only the annotations
# that btadmin has made and escaped itself are let through. bash 3.2, which macOS has, is enough.
set -euo pipefail

# data escapes the message of a workflow command.
data() {
	local s=${1//'%'/%25}
	s=${s//$'\r'/%0D}
	printf '%s' "${s//$'\n'/%0A}"
}

complain() { printf '::error title=btadmin::%s\n' "$(data "$1")"; }

# refuse ends the step for a mistake in its inputs, with the exit code that btadmin has for it.
refuse() {
	complain "$1"
	report 4 false "" ""
	exit 4
}

# report EXIT-CODE CHANGES PLAN-HASH RUN writes the outputs. None of the four can hold a line break.
report() {
	printf '%s\n' "exit-code=$1" "changes=$2" "plan-hash=$3" "run=$4" >>"$GITHUB_OUTPUT"
}

# literally TITLE FILE... prints files into the log as they are.
literally() {
	local token title=$1
	shift
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	printf '::group::%s\n::stop-commands::%s\n' "$title" "$token"
	cat -- "$@"
	printf '\n::%s::\n::endgroup::\n' "$token"
}

# read_lines reads the lines of $1, without empty ones, into the array `lines`.
read_lines() {
	local line
	lines=()
	while IFS= read -r line; do
		line=${line%$'\r'}
		[ -z "$line" ] || lines+=("$line")
	done <<<"$1"
}

# btadmin runs the program: its status goes to $code, its streams to $out and $log.
btadmin() {
	code=0
	"$program" "$@" >"$out" 2>"$log" </dev/null || code=$?
}

# policy VERB FLAG... runs a verb with the files and flags of the inputs. The files come after --, so that none of them is
# a flag.
policy() {
	btadmin policy "$@" ${args[@]+"${args[@]}"} -- ${files[@]+"${files[@]}"}
}

# annotate lets the annotations in a file through, and nothing else. They name files from where btadmin runs; GitHub wants
# them from the root of the repository.
annotate() {
	local line
	while IFS= read -r line; do
		case $line in
		*" file=/"*) ;;
		"::"*" file="*) line="${line%% file=*} file=$below${line#* file=}" ;;
		esac
		printf '%s\n' "$line"
	done < <(grep -E '^::(error|warning|notice) [^:]*::' "$1" || true)
}

# below_root prints the way from the root of the repository to here, escaped as the property of a workflow command.
below_root() {
	local way here
	if ! way=$(git rev-parse --show-prefix 2>/dev/null); then
		here=$(pwd -P)
		way=""
		[ "$here" = "$root" ] || case $here in "${root%/}"/*) way=${here#"${root%/}"/}/ ;; esac
	fi
	way=$(data "$way")
	way=${way//:/%3A}
	printf '%s' "${way//,/%2C}"
}

# wrong prints what is wrong with the documents, as text that Markdown leaves alone.
wrong() { sed -n '/^btadmin: error: the policy is not valid/,$p' "$log" | sed -e 's/^/    /' -e '100q' | cut -c 1-400 || true; }

# failure annotates the step with what went wrong, in the words of the program.
failure() {
	local message
	message=$(sed -n 's/^btadmin: error: //p' "$log" | head -n 1)
	case $command:$code in
	drift:6) message="the organization is not as the policy asks" ;;
	test:6) message="not everything holds that the policy asserts" ;;
	validate:4) message=${message:-the policy is not valid} ;;
	esac
	[ "$code" != 2 ] || [ -n "${BRAINTRUST_API_KEY:-}" ] || message="${message:-no key}; the input api-key is empty, as it is in a pull request from a fork"
	complain "policy $command: ${message:-it failed} (exit code $code)"
}

# Files that a later step may not find.
scratch=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/btadmin-action.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
out=$scratch/out log=$scratch/log body=$scratch/body

# The token of the repository is for the comment alone: programs that a policy names never see it.
github_token=${BTADMIN_ACTION_TOKEN:-}
unset BTADMIN_ACTION_TOKEN GH_TOKEN GITHUB_TOKEN
export CI=true BRAINTRUST_NO_INPUT=1
for name in BRAINTRUST_API_KEY BRAINTRUST_ORG_NAME BRAINTRUST_API_URL; do
	[ -n "${!name:-}" ] || unset "$name"
done

command=${BTADMIN_ACTION_COMMAND:-plan}
case $command in
plan | apply | drift | validate | test) ;;
*) refuse "command is \"$command\", and has to be plan, apply, drift, validate or test" ;;
esac
read_lines "${BTADMIN_ACTION_FILES:-}"
files=(${lines[@]+"${lines[@]}"})
read_lines "${BTADMIN_ACTION_ARGS:-}"
args=(${lines[@]+"${lines[@]}"})
plan_file=${BTADMIN_ACTION_PLAN_FILE:-}

program=${BTADMIN_ACTION_PROGRAM:-}
if [ -z "$program" ]; then
	program=$scratch/btadmin$(go env GOEXE)
	(cd "$GITHUB_ACTION_PATH" && CGO_ENABLED=0 go build -trimpath -o "$program" ./cmd/btadmin)
elif [[ $program == */* ]]; then
	program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
fi
root=$(cd "${GITHUB_WORKSPACE:-.}" && pwd -P)
cd "${BTADMIN_ACTION_DIRECTORY:-.}" 2>/dev/null || refuse "working-directory does not exist"
below=$(below_root)

# One comment for each policy of a pull request: its first line says which, and names nothing that is secret.
marker="<!-- btadmin-action:$(printf '%s\n' "${BRAINTRUST_ORG_NAME:-}" "${BTADMIN_ACTION_DIRECTORY:-.}" "${BTADMIN_ACTION_FILES:-}" | git hash-object --stdin | cut -c1-12) -->"

github() { env -u BRAINTRUST_API_KEY GH_TOKEN="$github_token" gh "$@"; }

# find_comment prints the id of the comment with our marker that we wrote ourselves: anybody can copy a marker.
find_comment() {
	# shellcheck disable=SC2016 # the variables are GraphQL's
	MARKER=$marker github api graphql --paginate \
		-f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" -F number="$pull_request" -f query='
		query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
			repository(owner: $owner, name: $name) { pullRequest(number: $number) {
				comments(first: 100, after: $endCursor) {
					nodes { databaseId viewerDidAuthor body }
					pageInfo { hasNextPage endCursor }
				}
			} }
		}' --jq '.data.repository.pullRequest.comments.nodes[]
			| select(.viewerDidAuthor and (.body | startswith(env.MARKER))) | .databaseId' >"$scratch/ids" || return 1
	head -n 1 "$scratch/ids"
}

# comment brings the comment up to date. There is none before there is something to say.
comment() {
	local worth_it=$1 id
	[ "${BTADMIN_ACTION_COMMENT:-true}" = true ] && [ -n "$pull_request" ] || return 0
	id=$(find_comment) || return 1
	if [ -n "$id" ]; then
		github api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" --silent
	elif [ "$worth_it" = true ]; then
		github api --method POST "repos/$GITHUB_REPOSITORY/issues/$pull_request/comments" -F "body=@$body" --silent
	fi
}

pull_request=${BTADMIN_ACTION_PULL_REQUEST:-}
[[ $pull_request =~ ^[0-9]*$ ]] || refuse "the number of the pull request is no number"

plan() {
	local keep=() changes=false hash="" tests=false
	[ -z "$plan_file" ] || keep=(--out "$plan_file" --overwrite)
	policy plan -o markdown --exit-code ${keep[@]+"${keep[@]}"}
	if [ "$code" = 0 ] || [ "$code" = 6 ]; then
		printf '%s\n' "$marker" | cat - "$out" >"$body"
		hash=$(sed -n '$s/^<sub>Plan ` \([0-9a-f]*\) `.*/\1/p' "$out")
		[ -z "$hash" ] || changes=true
		! grep -q '^<details open><summary>Tests that fail: [1-9]' "$out" || tests=true
		literally "policy plan" "$out" "$log"
	else
		literally "policy plan" "$log"
		failure
		printf '%s\n' "$marker" "### Access plan" "" "**No plan could be made** (exit code $code). The log of the job says why." "" >"$body"
		wrong >>"$body"
	fi
	cat "$body" >>"$GITHUB_STEP_SUMMARY"
	local judged=$code
	if ! comment "$([ "$judged" = 0 ] && echo false || echo true)" 2>"$scratch/gh"; then
		literally "comment" "$scratch/gh"
		echo "::warning title=btadmin::The comment could not be written; the plan is in the summary of this job. Pull requests from forks have no right to, others need pull-requests: write"
	fi
	report "$judged" "$changes" "$hash" ""
	case $judged in
	0 | 4 | 6) # 4: what is wrong is shown beside its line
		policy plan -o github
		annotate "$out"
		;;
	esac
	if [ "$judged" = 6 ] || [ "$judged" = 0 ]; then
		[ "$tests" = false ] || exit 6
		exit 0 # a plan with changes is no failure
	fi
	exit "$judged"
}

apply() {
	local carry=() run
	if [ -n "$plan_file" ]; then
		carry=(--plan "$plan_file")
		# An artifact comes back open for reading. What others may write stays refused.
		[ ! -f "$plan_file" ] || chmod -- go-rx "$plan_file" 2>/dev/null || true
	fi
	policy apply --yes -o table ${carry[@]+"${carry[@]}"}
	literally "policy apply" "$log" "$out"
	run=$(sed -n 's/^note: run \([0-9a-f]*\);.*/\1/p' "$log" | tail -n 1)
	report "$code" "$([ -n "$run" ] && echo true || echo false)" "" "$run"
	if [ "$code" = 0 ]; then
		if [ -n "$run" ]; then
			echo "Access as code: applied, run $run." >>"$GITHUB_STEP_SUMMARY"
		else
			echo "Access as code: nothing to do." >>"$GITHUB_STEP_SUMMARY"
		fi
		return
	fi
	failure
	echo "Access as code: **exit code $code**${run:+, run $run}. The log of the job says why." >>"$GITHUB_STEP_SUMMARY"
	exit "$code"
}

# judge is for verbs whose annotations are the whole answer.
judge() {
	policy "$command" -o github
	literally "policy $command" "$log"
	annotate "$out"
	report "$code" "$([ "$command" = drift ] && [ "$code" = 6 ] && echo true || echo false)" "" ""
	[ "$code" = 0 ] && return
	failure
	echo "policy $command: **exit code $code**. The annotations and the log of the job say why." >>"$GITHUB_STEP_SUMMARY"
	exit "$code"
}

case $command in
plan) plan ;;
apply) apply ;;
*) judge ;;
esac
