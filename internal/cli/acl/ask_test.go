package acl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/acl"
	"btadmin/internal/iostreams"
)

// person sits at a terminal without cursor movement and has a home with a sandbox.
type person struct {
	t    *testing.T
	home string
}

// types runs one command line, with what is typed at its questions, and returns what it printed.
func (p person) types(answers string, args ...string) (stdout, stderr string, err error) {
	p.t.Helper()
	var out, diagnostics bytes.Buffer
	streams := &iostreams.Streams{
		In: strings.NewReader(answers), Out: &out, Err: &diagnostics, InTTY: true, ErrTTY: true, Dumb: true,
		Width: func() int { return 80 },
		Env: func(name string) string {
			if name == "HOME" {
				return p.home
			}
			return ""
		},
	}
	a := app.New(streams, build.Info{Version: "test"}, args)
	root := &cobra.Command{
		Use: "btadmin", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.Start() },
	}
	a.Flags.Bind(root.PersistentFlags())
	root.AddCommand(acl.New(a))
	root.SetArgs(append([]string{"acl", "--sandbox", "--json"}, args...))
	root.SetOut(io.Discard)
	err = root.ExecuteContext(context.Background())
	return out.String(), diagnostics.String(), errors.Join(err, a.Close())
}

// permissions are those of a JSON list of ACLs, sorted.
func permissions(t *testing.T, list string) []string {
	t.Helper()
	var rows []struct{ Permission string }
	if err := json.Unmarshal([]byte(list), &rows); err != nil {
		t.Fatalf("the list is no JSON: %v in %q", err, list)
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Permission)
	}
	slices.Sort(names)
	return names
}

// On a terminal without --allow the permissions are asked for, with those that are granted ticked.
func TestAsksForPermissionsWithTheStateTicked(t *testing.T) {
	t.Parallel()
	p := person{t: t, home: filepath.Join(t.TempDir(), "home")}
	const who, on = "group:Evaluators", "project:Onboarding"
	for _, step := range []struct {
		name, verb, answers string
		ticked              []string // as the question shows them
		want                []string
	}{
		{"set from nothing", "set", "1 3\n", nil, []string{"read", "update"}},
		{"set keeps what is ticked", "set", "\n", []string{"Read", "Update"}, []string{"read", "update"}},
		{"set takes away after a question", "set", "1,2\ny\n", []string{"Read", "Update"}, []string{"create", "read"}},
		{"grant only adds", "grant", "4\n", []string{"Read", "Create"}, []string{"create", "delete", "read"}},
		{"revoke takes what is unticked", "revoke", "1,4\ny\n", []string{"Read", "Create", "Delete"}, []string{"delete", "read"}},
		{"set to none", "set", "none\ny\n", []string{"Read", "Delete"}, nil},
	} {
		_, asked, err := p.types(step.answers, step.verb, on, who)
		if err != nil {
			t.Fatalf("%s: %v\n%s", step.name, err, asked)
		}
		var ticked []string
		for line := range strings.SplitSeq(asked, "\n") {
			if _, title, found := strings.Cut(line, "[x] "); found {
				ticked = append(ticked, title)
			}
		}
		if diff := cmp.Diff(step.ticked, ticked); diff != "" {
			t.Errorf("%s: ticked (-want +got)\n%s", step.name, diff)
		}
		left, _, err := p.types("", "list", on, "--principal", who)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, permissions(t, left)); diff != "" {
			t.Errorf("%s: granted (-want +got)\n%s", step.name, diff)
		}
	}
	_, asked, err := p.types("project:Onboarding\ngroup:Evaluators\n1\n", "grant")
	if err != nil || !strings.Contains(asked, "On what") || !strings.Contains(asked, "Who:") {
		t.Errorf("REF and PRINCIPAL were not asked for: %v\n%s", err, asked)
	}
	if _, asked, err = p.types("n\n", "set", on, who, "--allow", "none"); err == nil || !strings.Contains(asked, "Take 1 grant away") {
		t.Errorf("declined, but %v\n%s", err, asked)
	}
	left, _, err := p.types("", "list", on, "--principal", who)
	if diff := cmp.Diff([]string{"read"}, permissions(t, left)); err != nil || diff != "" {
		t.Errorf("declined: %v (-want +got)\n%s", err, diff)
	}
}

// One question stands for several kinds: ticked is what all of them have.
func TestAsksForSeveralKindsAtOnce(t *testing.T) {
	t.Parallel()
	p := person{t: t, home: filepath.Join(t.TempDir(), "home")}
	on, who := "project:Fraud Review", "group:Contractors"
	for _, args := range [][]string{
		{"set", on, who, "--objects", "datasets", "--allow", "read,update"},
		{"set", on, who, "--objects", "logs", "--allow", "read"},
	} {
		if _, _, err := p.types("", args...); err != nil {
			t.Fatal(err)
		}
	}
	out, asked, err := p.types("\ny\n", "set", on, who, "--objects", "datasets,logs")
	if err != nil {
		t.Fatalf("%v\n%s", err, asked)
	}
	if strings.Count(asked, "[x]") != 1 || !strings.Contains(asked, "[x] Read") {
		t.Errorf("only Read should be ticked:\n%s", asked)
	}
	if diff := cmp.Diff([]string{"read", "read"}, permissions(t, out)); diff != "" {
		t.Errorf("granted (-want +got)\n%s", diff)
	}
}
