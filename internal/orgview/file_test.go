package orgview_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/orgview"
	"btadmin/internal/snapshotfile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func saved(t *testing.T, v *orgview.View) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.btsnap")
	if _, err := snapshotfile.Write(path, v.Snapshot, v.Meta.Origin(), false); err != nil {
		t.Fatal(err)
	}
	return path
}

// A view from a file gives the answers of the live one, cell by cell, and has its fingerprint and its names.
func TestFileViewIsTheLiveOne(t *testing.T) {
	t.Parallel()
	view, _ := live(t, orgview.Options{Objects: true})
	file, err := orgview.Open(saved(t, view))
	if err != nil {
		t.Fatal(err)
	}
	want, err := view.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := file.Fingerprint(); err != nil || got != want {
		t.Errorf("fingerprint %s, want %s, %v", got, want, err)
	}
	nodes := []access.Node{{Type: braintrust.ObjectOrganization, ID: view.Snapshot.Organization.ID}, {Type: braintrust.ObjectOrgProject, ID: view.Snapshot.Organization.ID}}
	for _, p := range view.Snapshot.Projects {
		nodes = append(nodes, access.Node{Type: braintrust.ObjectProject, ID: p.ID})
	}
	for _, o := range view.Snapshot.Objects {
		nodes = append(nodes, o.Node())
	}
	cells := 0
	for _, u := range view.Snapshot.Users {
		who := access.Principal{Kind: access.PrincipalUser, ID: u.ID}
		if a, b := view.Names().Principal(who), file.Names().Principal(who); a != b {
			t.Errorf("names %s and %s", a, b)
		}
		for _, n := range nodes {
			for _, permission := range braintrust.Permissions() {
				cells++
				if a, b := view.State().Allowed(who, permission, n), file.Engine().Check(who, permission, n); a != b {
					t.Errorf("%s %s %s: live %v, file %v", who, permission, n, a, b)
				}
			}
		}
	}
	if cells < 16*8*10 {
		t.Errorf("only %d cells", cells)
	}
}

// References mean the same in a file as in the live organization, with the same errors.
func TestReferencesMeanTheSame(t *testing.T) {
	t.Parallel()
	view, _ := live(t, orgview.Options{Objects: true})
	file, err := orgview.OpenFile(saved(t, view))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, ref := range []string{
		"organization", "all_projects", "project:Chatbot", "logs:Search", "experiment:Chatbot/baseline", "group:Owners", "role:Viewer",
		"playground:00000000-0000-4000-8000-000000000000", "project:Chatbto", "experiment:Chatbot/basline", "experiment:Nope/x", "grp:Owners", "",
	} {
		a, errA := view.Target(t.Context(), ref)
		b, errB := file.Resolver().Target(t.Context(), ref)
		if diff := cmp.Diff(a, b); diff != "" || text(errA) != text(errB) {
			t.Errorf("%q: %v, %v\n%s", ref, errA, errB, diff)
		}
	}
	for _, ref := range []string{"user:dana@acme.example.com", "DANA@acme.example.com", "Evaluators", "sa:ci-evals", "ci-evals", "group:Evaluatrs", "user:nobody@acme.example.com"} {
		a, errA := view.Principal(t.Context(), ref)
		b, errB := file.Resolver().Principal(t.Context(), ref)
		if diff := cmp.Diff(a, b); diff != "" || text(errA) != text(errB) {
			t.Errorf("%q: %v, %v\n%s", ref, errA, errB, diff)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
