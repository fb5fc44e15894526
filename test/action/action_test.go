//go:build unix

// Package action_test runs scripts/action.sh, which is all that action.yml does, with the real btadmin on the embedded
// organization, a fake gh, and the environment of a runner.
package action_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	document = "version: 1\norg: Acme\nmanage: {groups: listed}\ngroups:\n"
	qa       = "  QA:\n    members: [bo@acme.example.com]\n    permissions: {projects: {Chatbot: [read]}}\n"
	more     = "  QA:\n    members: [bo@acme.example.com]\n    permissions: {projects: {Chatbot: [read, create], Search: [read]}}\n"
)

func TestPlanIsOneComment(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	if err := writePosts(r.gh, []post{{ID: 1, Body: "hello"}}); err != nil {
		t.Fatal(err)
	}
	r.write(t, "access.yaml", document+qa)
	first := r.action(t, "plan")
	if first.code != 0 || first.outputs["exit-code"] != "6" || first.outputs["changes"] != "true" {
		t.Fatalf("a plan with changes: exit code %d, outputs %q\n%s", first.code, first.outputs, first.log)
	}
	if !regexp.MustCompile(`^[0-9a-f]{16,}$`).MatchString(first.outputs["plan-hash"]) {
		t.Errorf("plan-hash %q", first.outputs["plan-hash"])
	}
	posts := r.comments(t)
	if len(posts) != 2 || !strings.Contains(posts[1].Body, "read on project:Chatbot") {
		t.Fatalf("comments after the first plan: %+v", posts)
	}
	if !strings.Contains(first.summary, "read on project:Chatbot") {
		t.Errorf("the summary of the job lacks the plan: %s", first.summary)
	}
	wantAnnotation(t, first, "::notice file=access.yaml,line=")

	// Somebody copies the comment, in order to have it changed in his name.
	copied := append(posts, post{ID: 2, Body: posts[1].Body})
	copied[1], copied[2] = copied[2], copied[1]
	if err := writePosts(r.gh, copied); err != nil {
		t.Fatal(err)
	}
	r.write(t, "access.yaml", document+more)
	second := r.action(t, "plan")
	if second.outputs["plan-hash"] == first.outputs["plan-hash"] {
		t.Error("another plan has the same hash")
	}
	posts = r.comments(t)
	if len(posts) != 3 || strings.Contains(posts[1].Body, "read on project:Search") || !strings.Contains(posts[2].Body, "read on project:Search") {
		t.Fatalf("the comment was not edited in place: %+v", posts)
	}

	// What is no YAML any more takes the old plan off the comment.
	r.write(t, "access.yaml", "version: [")
	broken := r.action(t, "plan")
	posts = r.comments(t)
	if broken.code != 4 || broken.outputs["changes"] != "false" || !strings.Contains(posts[2].Body, "No plan could be made") {
		t.Fatalf("exit code %d, outputs %q, comments %+v\n%s", broken.code, broken.outputs, posts, broken.log)
	}
	wantAnnotation(t, broken, "::error title=btadmin::policy plan: ")
}

func TestMistakesAreShownBesideTheirLines(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	folder := filepath.Join(r.work, "live, 50%")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	r.write(t, "live, 50%/access.yaml", document+"  QA:\n    members: [oB@acme.example.com]\n")
	here := "BTADMIN_ACTION_DIRECTORY=live, 50%"
	s := r.action(t, "plan", here)
	if s.code != 4 || s.outputs["exit-code"] != "4" {
		t.Fatalf("exit code %d, outputs %q\n%s", s.code, s.outputs, s.log)
	}
	wantAnnotation(t, s, "::error file=live%2C 50%25/access.yaml,line=6,col=15,title=policy::no member")
	posts := r.comments(t)
	if len(posts) != 1 || !strings.Contains(posts[0].Body, "\n\n    btadmin: error: the policy is not valid: 1 error\n    access.yaml:6:15: no member \"oB@acme.example.com\" in Acme\n") {
		t.Errorf("the comment does not say what is wrong: %+v", posts)
	}

	r.write(t, "live, 50%/access.yaml", document+"  Evaluators: {members: [bo@acme.example.com]}\n")
	if s = r.action(t, "drift", here); s.code != 6 {
		t.Fatalf("exit code %d\n%s", s.code, s.log)
	}
	wantAnnotation(t, s, "::error file=live%2C 50%25/access.yaml,line=5,")
	r.write(t, "live, 50%/access.yaml", "version: 1\n")
	if s = r.action(t, "validate", here); s.code != 4 {
		t.Fatalf("exit code %d\n%s", s.code, s.log)
	}
	wantAnnotation(t, s, "::error title=btadmin::policy validate: the policy is not valid (exit code 4)")
}

func TestWithoutChangesNoComment(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.write(t, "access.yaml", document+"  Evaluators: {description: Run and judge experiments}\n")
	s := r.action(t, "plan")
	if s.code != 0 || s.outputs["exit-code"] != "0" || s.outputs["changes"] != "false" || s.outputs["plan-hash"] != "" {
		t.Fatalf("exit code %d, outputs %q\n%s", s.code, s.outputs, s.log)
	}
	if posts := r.comments(t); len(posts) != 0 {
		t.Errorf("comments: %+v", posts)
	}
}

func TestApplyASavedPlan(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.write(t, "access.yaml", document+qa)
	if s := r.action(t, "plan", "BTADMIN_ACTION_PLAN_FILE=access.plan"); s.code != 0 {
		t.Fatal(s.log)
	}
	// What others may write is refused. An artifact of another job comes back readable for all, which is no harm.
	plan := filepath.Join(r.work, "access.plan")
	if err := os.Chmod(plan, 0o666); err != nil {
		t.Fatal(err)
	}
	if s := r.action(t, "apply", "BTADMIN_ACTION_PLAN_FILE=access.plan"); s.code != 7 || s.outputs["run"] != "" {
		t.Fatalf("a plan that all may write: exit code %d\n%s", s.code, s.log)
	}
	if err := os.Chmod(plan, 0o644); err != nil {
		t.Fatal(err)
	}
	done := r.action(t, "apply", "BTADMIN_ACTION_PLAN_FILE=access.plan")
	if done.code != 0 || done.outputs["changes"] != "true" || done.outputs["run"] == "" || !strings.Contains(done.summary, done.outputs["run"]) {
		t.Fatalf("exit code %d, outputs %q, summary %q\n%s", done.code, done.outputs, done.summary, done.log)
	}
	again := r.action(t, "apply")
	if again.code != 0 || again.outputs["changes"] != "false" || again.outputs["run"] != "" {
		t.Fatalf("a second apply: exit code %d, outputs %q\n%s", again.code, again.outputs, again.log)
	}
	// The plan rests on what is no longer so.
	stale := r.action(t, "apply", "BTADMIN_ACTION_PLAN_FILE=access.plan")
	if stale.code != 7 || stale.outputs["exit-code"] != "7" {
		t.Fatalf("a stale plan: exit code %d\n%s", stale.code, stale.log)
	}
	wantAnnotation(t, stale, "::error title=btadmin::policy apply: ")
}

func TestDriftFailsTheStep(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.write(t, "access.yaml", document+qa)
	if s := r.action(t, "apply"); s.code != 0 {
		t.Fatal(s.log)
	}
	if s := r.action(t, "drift"); s.code != 0 || s.outputs["changes"] != "false" {
		t.Fatalf("no drift: exit code %d, outputs %q\n%s", s.code, s.outputs, s.log)
	}
	r.btadmin(t, "groups", "grant", "QA", "--project", "Search", "--allow", "read")
	r.btadmin(t, "groups", "members", "remove", "QA", "bo@acme.example.com", "--yes")
	s := r.action(t, "drift")
	if s.code != 6 || s.outputs["exit-code"] != "6" || s.outputs["changes"] != "true" {
		t.Fatalf("drift: exit code %d, outputs %q\n%s", s.code, s.outputs, s.log)
	}
	wantAnnotation(t, s, "::error file=access.yaml,line=5,col=")
	wantAnnotation(t, s, "::error title=btadmin::policy drift: ")
	if len(r.comments(t)) != 0 {
		t.Error("drift commented")
	}
}

func TestValidateNeedsNoKey(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	if err := os.Mkdir(filepath.Join(r.work, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.write(t, "sub/one.yaml", document+qa)
	r.write(t, "sub/two, with a comma.yaml", "version: 1\ngroups: {QA2: {permissions: {all_projects: [raed]}}}\n")
	s := r.action(t, "validate", "BTADMIN_SANDBOX=", "BTADMIN_ACTION_DIRECTORY=sub", "BTADMIN_ACTION_FILES=one.yaml\ntwo, with a comma.yaml")
	if s.code != 4 {
		t.Fatalf("exit code %d\n%s", s.code, s.log)
	}
	wantAnnotation(t, s, "::error file=sub/two%2C with a comma.yaml,line=2,")
	if s := r.action(t, "validate", "BTADMIN_SANDBOX=", "BTADMIN_ACTION_FILES=sub/one.yaml"); s.code != 0 {
		t.Fatalf("exit code %d\n%s", s.code, s.log)
	}
}

func TestHostileNamesAreInert(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	names := []string{
		`::error::owned`, `::stop-commands::x`, `##[error]owned`, `<!-- btadmin-action:000000000000 -->`, `@ada look`,
		"``` </details> @ada [x](https://evil.example.com)", `%0A::error::owned`, `$(touch owned)`, "`touch owned`", `a';touch owned;'`,
	}
	text := document
	for _, name := range names {
		text += "  \"" + name + "\": {members: [bo@acme.example.com], permissions: {projects: {Chatbot: [read]}}}\n"
	}
	r.write(t, "access.yaml", text)
	planned := r.action(t, "plan")
	applied := r.action(t, "apply", "BTADMIN_ACTION_ARGS=--override=G12\n--reason=test\n--approve-exposure="+planned.outputs["plan-hash"])
	for verb, s := range map[string]step{"plan": planned, "apply": applied} {
		for _, command := range s.commands {
			if !regexp.MustCompile(`^::(notice|warning|error) (file=access\.yaml,line=\d+,col=\d+,title=|title=btadmin::)`).MatchString(command) {
				t.Errorf("%s: the runner would obey %q", verb, command)
			}
		}
	}
	posts := r.comments(t)
	if len(posts) != 1 {
		t.Fatalf("exit code %d, comments %+v\n%s", planned.code, posts, planned.log)
	}
	outside := outsideFences(posts[0].Body)
	for _, harm := range []string{"@ada", "evil.example.com", "::error", "touch owned", "000000000000"} {
		if strings.Contains(outside, harm) {
			t.Errorf("%q stands outside of the code blocks of the comment:\n%s", harm, posts[0].Body)
		}
		if !strings.Contains(posts[0].Body, harm) {
			t.Errorf("%q is not in the comment at all", harm)
		}
	}
	if _, err := os.Stat(filepath.Join(r.work, "owned")); err == nil {
		t.Error("a name was run")
	}
}

// outsideFences is what of a comment is Markdown: without fenced code, by the rules of CommonMark.
func outsideFences(body string) string {
	var out []string
	fence := ""
	for _, line := range strings.Split(body, "\n") {
		run := len(line) - len(strings.TrimLeft(line, "`"))
		switch {
		case fence == "" && run >= 3 && !strings.Contains(line[run:], "`"):
			fence = line[:run]
		case fence != "" && run >= len(fence) && strings.TrimSpace(line[run:]) == "":
			fence = ""
		case fence == "":
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func TestForbiddenCommentIsAWarning(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.write(t, "access.yaml", document+qa)
	s := r.action(t, "plan", "FAKE_GH_FORBIDDEN=1")
	if s.code != 0 || !strings.Contains(s.summary, "read on project:Chatbot") {
		t.Fatalf("exit code %d\n%s", s.code, s.log)
	}
	wantAnnotation(t, s, "::warning title=btadmin::The comment could not be written")
	for _, command := range s.commands {
		if strings.Contains(command, "from an answer") {
			t.Errorf("the runner would obey %q", command)
		}
	}
}

func TestWrongInputs(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"BTADMIN_ACTION_COMMAND=destroy\n::error::x", "BTADMIN_ACTION_PULL_REQUEST=7; touch owned", "BTADMIN_ACTION_DIRECTORY=nowhere"} {
		r := newRunner(t)
		s := r.action(t, "plan", env)
		if s.code != 4 || s.outputs["exit-code"] != "4" || len(s.commands) != 1 {
			t.Errorf("%s: exit code %d, outputs %q\n%s", env, s.code, s.outputs, s.log)
		}
	}
}

func wantAnnotation(t *testing.T, s step, prefix string) {
	t.Helper()
	for _, command := range s.commands {
		if strings.HasPrefix(command, prefix) {
			return
		}
	}
	t.Errorf("no annotation begins with %q:\n%s", prefix, s.log)
}

// Two policies of one repository have a comment each, and gh never sees the key of btadmin.
func TestTwoPoliciesTwoComments(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.write(t, "one.yaml", document+qa)
	r.write(t, "two.yaml", document+more)
	r.btadmin(t, "sandbox", "status")
	r.btadmin(t, "groups", "list")
	token, err := os.ReadFile(filepath.Join(r.home, ".local", "state", "btadmin", "sandbox", "owner-token"))
	if err != nil {
		t.Fatal(err)
	}
	key := "BRAINTRUST_API_KEY=" + strings.TrimSpace(string(token))
	for _, name := range []string{"one.yaml", "two.yaml", "one.yaml"} {
		s := r.action(t, "plan", "BTADMIN_ACTION_FILES="+name, key)
		if s.code != 0 || strings.Contains(s.log, "The comment could not be written") || strings.Contains(s.log, strings.TrimSpace(string(token))) {
			t.Fatalf("%s: exit code %d\n%s", name, s.code, s.log)
		}
	}
	if posts := r.comments(t); len(posts) != 2 {
		t.Errorf("comments: %+v", posts)
	}
}
