package acl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/internal/batch"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// organization answers lists of ACLs: rows on all of the organization, one on each object.
type organization struct {
	rows      int
	forbidden bool
	org, one  atomic.Int64 // requests
}

// ServeHTTP implements http.Handler.
func (o *organization) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.URL.Path == "/v1/acl" {
		o.one.Add(1)
		acls := []map[string]string{}
		if q.Get("starting_after") == "" {
			acls = append(acls, map[string]string{"id": "one-" + q.Get("object_id"), "object_type": q.Get("object_type"), "object_id": q.Get("object_id"), "user_id": "u", "permission": "read"})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"objects": acls})
		return
	}
	o.org.Add(1)
	if o.forbidden {
		http.Error(w, "missing read access to organization", http.StatusForbidden)
		return
	}
	first := 0
	if after := q.Get("starting_after"); after != "" {
		_, _ = fmt.Sscanf(after, "all-%d", &first)
		first++
	}
	acls := []map[string]string{}
	for i := first; i < min(first+1000, o.rows); i++ {
		acls = append(acls, map[string]string{"id": fmt.Sprintf("all-%d", i), "object_type": "project", "object_id": fmt.Sprint(i), "user_id": "u", "permission": "read"})
	}
	_ = json.NewEncoder(w).Encode(acls)
}

// The ACLs are read with as few requests as can be told: the organization's list, or one for each object.
func TestCurrentReadsTheCheaperLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server           *organization
		nodes            int
		org, one, number int64
	}{
		"one object":                       {&organization{rows: 10}, 1, 0, 2, 1},
		"many objects of a small one":      {&organization{rows: 10}, 50, 2, 0, 10},
		"many objects, not allowed to all": {&organization{rows: 10, forbidden: true}, 5, 1, 10, 5},
		"few objects of a large one":       {&organization{rows: 20_000}, 4, 9, 8, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.server)
			t.Cleanup(server.Close)
			client, err := braintrust.New(braintrust.Config{BaseURL: server.URL, Key: braintrust.NewSecret("sk-test")})
			if err != nil {
				t.Fatal(err)
			}
			var nodes []access.Node
			for i := range c.nodes {
				nodes = append(nodes, access.Node{Type: "project", ID: fmt.Sprint(i)})
			}
			acls, err := current(t.Context(), client, nodes)
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(acls)) != c.number {
				t.Errorf("%d ACLs, want %d", len(acls), c.number)
			}
			if org, one := c.server.org.Load(), c.server.one.Load(); org != c.org || one != c.one {
				t.Errorf("%d requests for the organization and %d for objects, want %d and %d", org, one, c.org, c.one)
			}
		})
	}
}

// The file of failed rows is never written over an earlier one, nor through a link.
func TestB9_FailedRowsGoToAFileThatIsNew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.failed.csv"), []byte("earlier"), 0o600); err != nil {
		t.Fatal(err)
	}
	doc, err := batch.Read(strings.NewReader("object,principal,allow\nproject:P,group:QA,read\nproject:Q,group:QA,read\n"), filepath.Join(dir, "rows.csv"), fileOptions())
	if err != nil {
		t.Fatal(err)
	}
	result := newResult()
	result.OK(doc.Rows[0])
	result.Fail(doc.Rows[1], "refused")
	name, err := writeFailed(doc, result)
	if err != nil || name != filepath.Join(dir, "rows.failed-2.csv") {
		t.Fatalf("wrote %q: %v", name, err)
	}
	if got, _ := os.ReadFile(name); !bytes.Equal(got, []byte("object,principal,allow\nproject:Q,group:QA,read\n")) {
		t.Errorf("the file has %q", got)
	}
	if err := os.Remove(filepath.Join(dir, "rows.failed.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, "rows.failed.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := writeFailed(doc, result); err == nil {
		t.Error("wrote through a link")
	}
	if got, _ := os.ReadFile(victim); string(got) != "kept" {
		t.Errorf("the target of the link has %q", got)
	}
}
