package app

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"btadmin/internal/build"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/iostreams"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// site is an organization behind an HTTP server, and the home of somebody who administers it.
type site struct {
	t      *testing.T
	server *sandbox.Server
	url    string
	home   string
	spoil  func(w http.ResponseWriter, r *http.Request) bool // true: answered
}

func newSite(t *testing.T) *site {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, server: server, home: t.TempDir()}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.spoil == nil || !s.spoil(w, r) {
			server.Handler().ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	s.url = listener.URL
	return s
}

// desk is one run of the program by the owner.
type desk struct {
	*App
	out, errOut *bytes.Buffer
}

// sit starts a run. What is typed makes it one on a terminal.
func (s *site) sit(typed string, args ...string) *desk {
	s.t.Helper()
	streams, out, errOut := iostreams.Test(typed)
	env := map[string]string{"HOME": s.home, "BRAINTRUST_API_KEY": s.server.Seeded().TokenKey.Reveal(), "BRAINTRUST_API_URL": s.url}
	streams.Env = func(name string) string { return env[name] }
	streams.InTTY, streams.ErrTTY = typed != "", typed != ""
	a := New(streams, build.New("v0.0.0-test", "", ""), args)
	s.t.Cleanup(func() {
		if err := a.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return &desk{App: a, out: out, errOut: errOut}
}

func (s *site) writes() int { return s.server.Counts().Writes }

// journal is all that is on disk of the runs.
func (s *site) journal() string {
	s.t.Helper()
	var all []byte
	err := filepath.WalkDir(s.home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".ndjson") {
			return err
		}
		raw, err := os.ReadFile(path)
		all = append(all, raw...)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(all)
}

func (d *desk) group(t *testing.T, name string) braintrust.Group {
	t.Helper()
	r, err := d.Resolver(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	group, err := r.Group(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	return group
}

func (d *desk) organization(t *testing.T) braintrust.Organization {
	t.Helper()
	r, err := d.Resolver(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	org, err := r.Organization(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return org
}

func createQA() Change {
	return Change{Steps: []change.Step{&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}}}
}

func (d *desk) delete(t *testing.T, name string) Change {
	t.Helper()
	return Change{Steps: []change.Step{&change.DeleteGroup{Group: d.group(t, name)}}, Question: "Delete it?"}
}

// promote makes a group manage access on the organization.
func (d *desk) promote(t *testing.T, name string) Change {
	t.Helper()
	node := access.Node{Type: braintrust.ObjectOrganization, ID: d.organization(t).ID}
	p := access.Principal{Kind: access.PrincipalGroup, ID: d.group(t, name).ID}
	return Change{Steps: []change.Step{&change.AddACLs{Items: []braintrust.ACLItem{
		access.GrantItem(p, node, access.Tuple{Permission: braintrust.PermissionCreateACLs}),
	}}}}
}

// dir is the folder of the journal.
func (d *desk) dir(t *testing.T) string {
	t.Helper()
	dir, err := d.JournalDir(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (d *desk) runs(t *testing.T) []journal.Run {
	t.Helper()
	runs, damage, err := journal.Runs(d.dir(t))
	if err != nil || len(damage) > 0 {
		t.Fatal(damage, err)
	}
	return runs
}
