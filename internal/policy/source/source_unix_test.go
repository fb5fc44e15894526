//go:build unix

package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/exit"
	"btadmin/internal/policy"
	"btadmin/internal/policy/source"
)

// csv is a source over a file with these contents.
func csv(t *testing.T, contents string) policy.Source {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "teams.csv"), []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	return policy.Source{Name: "hr", Type: "csv", Path: "teams.csv", Folder: folder, EmailColumn: "mail", GroupColumn: "team"}
}

// shell is a source over a shell's output. The shell is the program; the source itself uses none.
func shell(t *testing.T, script string) policy.Source {
	t.Helper()
	return policy.Source{
		Name: "dir", Type: "command", Run: []string{"sh", "-c", script}, Folder: t.TempDir(), EmailColumn: "email", GroupColumn: "group",
		Timeout: 10 * time.Second,
	}
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	s := csv(t, "id,Mail,Team\n1,a@x.example,dev\n2,A@X.example,dev\n3,b@x.example,ops\n")
	teams, err := source.Read(t.Context(), s)
	if diff := cmp.Diff(source.Teams{"dev": {"a@x.example"}, "ops": {"b@x.example"}}, teams); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestReadCommand(t *testing.T) {
	t.Setenv("BRAINTRUST_API_KEY", "sk-not-for-scripts")
	s := shell(t, `test -z "$BRAINTRUST_API_KEY" && printf '{"email":"a@x.example","group":"dev","more":1}\n{"email":"b@x.example","group":"dev"}\n'`)
	teams, err := source.Read(t.Context(), s)
	if diff := cmp.Diff(source.Teams{"dev": {"a@x.example", "b@x.example"}}, teams); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// An unreadable or empty source is an error of code 4 that names it, never an empty team.
func TestUnreadableSourceRemovesNobody(t *testing.T) {
	t.Parallel()
	missing := csv(t, "mail,team\n")
	missing.Path = "nothing.csv"
	slow := shell(t, "sleep 5")
	slow.Timeout = 50 * time.Millisecond
	unknown := csv(t, "mail,team\na@x.example,dev\n")
	unknown.Type = "ldap"
	noProgram := shell(t, "")
	noProgram.Run = []string{"./not-there"}
	for name, tt := range map[string]struct {
		s    policy.Source
		want string
	}{
		"missing file":   {missing, "no such file"},
		"empty file":     {csv(t, ""), "there are no rows"},
		"only a header":  {csv(t, "mail,team\n"), "there are no rows"},
		"other columns":  {csv(t, "email,group\na@x.example,dev\n"), "email"},
		"no address":     {csv(t, "mail,team\nnobody,dev\n"), `"nobody" is no e-mail address`},
		"half a row":     {csv(t, "mail,team\na@x.example\n"), "teams.csv:2"},
		"failing":        {shell(t, "echo '{\"email\":\"a@x.example\",\"group\":\"dev\"}'; echo no route >&2; exit 3"), "exit status 3: no route"},
		"silent":         {shell(t, "true"), "it lists nobody"},
		"slow":           {slow, "did not end within 50ms"},
		"no program":     {noProgram, "not-there"},
		"not JSON":       {shell(t, "echo please log in"), "its output"},
		"half a JSON":    {shell(t, `printf '{"email":"a@x.example","group":"dev"}\n{"email":"b@x'`), "its output"},
		"endless":        {shell(t, "yes '{\"email\":\"a@x.example\",\"group\":\"dev\"}'"), "larger than 16 MiB"},
		"terminal codes": {shell(t, `printf '\033[2J' >&2; exit 1`), `\x1b[2J`},
		"another type":   {unknown, "not supported yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			teams, err := source.Read(t.Context(), tt.s)
			var coded *exit.Error
			if teams != nil || !errors.As(err, &coded) || coded.Code != exit.BadInput || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, %v, want %s", teams, err, tt.want)
			}
		})
	}
}

// Where a source may be empty, a header with nothing below it says so. A file without even that, or with other
// columns, may be what is left of a failed export.
func TestEmptySourceThatMayBe(t *testing.T) {
	t.Parallel()
	for contents, want := range map[string]string{
		"mail,team\n":                  "",
		"# nobody yet\nid;team;Mail\n": "",
		"":                             "there are no rows",
		"\n\n":                         "there are no rows",
		"mail\n":                       `there is no column "team": the columns are mail`,
		"id,name\n":                    "id",
		"mail,team\nnobody,dev\n":      "no e-mail address",
	} {
		s := csv(t, contents)
		s.AllowEmpty = true
		teams, err := source.Read(t.Context(), s)
		switch {
		case want == "" && (err != nil || teams == nil || len(teams) > 0):
			t.Errorf("%q: %v, %v", contents, teams, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %s", contents, err, want)
		}
	}
}

func TestReadIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Read(ctx, shell(t, "sleep 5")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func desired(s policy.Source, members ...policy.Principal) *policy.Desired {
	g := &policy.Group{}
	for _, p := range members {
		g.Members = append(g.Members, policy.Membership{Principal: p})
	}
	return &policy.Desired{Sources: []policy.Source{s}, Groups: []*policy.Group{g}}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	s := csv(t, "mail,team\na@x.example,dev\nb@x.example,dev\nc@x.example,ops\n")
	d := desired(s, policy.Principal{Kind: policy.IDP, Name: "hr/dev"}, policy.Principal{Kind: policy.Email, Name: "B@x.example"})
	if err := source.Resolve(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range d.Groups[0].Members {
		got = append(got, m.Ref()+" "+m.Via)
	}
	if diff := cmp.Diff([]string{"user:B@x.example ", "user:a@x.example hr/dev"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolveEmptyTeam(t *testing.T) {
	t.Parallel()
	s := csv(t, "mail,team\na@x.example,dev\n")
	ask := policy.Principal{Kind: policy.IDP, Name: "hr/dve"}
	err := source.Resolve(t.Context(), desired(s, ask))
	var coded *exit.Error
	if !errors.As(err, &coded) || !strings.Contains(err.Error(), `lists nobody in "dve"`) || coded.Hint != "did you mean hr/dev?" {
		t.Errorf("%v", err)
	}
	s.AllowEmpty = true
	d := desired(s, ask)
	if err := source.Resolve(t.Context(), d); err != nil || len(d.Groups[0].Members) != 0 {
		t.Errorf("%v, %v", err, d.Groups[0].Members)
	}
}
