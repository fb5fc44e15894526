package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// mostRequests is how many mutating requests a batch of thousands may take.
const mostRequests = 10

// TestThousandMembersFromFile adds 1,000 people to a group from a file, in each format, and takes them out again.
func TestThousandMembersFromFile(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 1000, Groups: 1, Projects: 1, ACLs: 1}})
	p := s.owner(t)
	var plain, csv, jsonl strings.Builder
	csv.WriteString("email,name\n")
	for i := range 1000 {
		email := fmt.Sprintf("user%05d@large.example.com", i+1)
		fmt.Fprintln(&plain, email)
		fmt.Fprintf(&csv, "%s,\"User, %d\"\n", email, i)
		fmt.Fprintf(&jsonl, "{\"email\":%q}\n", email)
	}
	for name, content := range map[string]string{"people.txt": plain.String(), "people.csv": csv.String(), "people.jsonl": jsonl.String()} {
		file := p.file(name, content)
		p.must("groups", "create", name)
		before := len(s.writes())
		got := p.btadmin("groups", "members", "add", name, "--file", file)
		got.expect(t, 0, "1000 members added")
		if n := len(s.members(name)); n != 1000 {
			t.Errorf("%s: %d members", name, n)
		}
		p.btadmin("groups", "members", "remove", name, "--file", file, "--yes", "--max-removals", "1000").expect(t, 0, "1000 removed")
		if writes := s.writes()[before:]; len(writes) > 2*mostRequests || len(s.members(name)) != 0 {
			t.Errorf("%s: %d members, sent %q", name, len(s.members(name)), writes)
		}
	}
}

// grantsFile is a batch of n ACLs: every person reads every project, as far as they go.
func grantsFile(people, projects int) string {
	var csv strings.Builder
	csv.WriteString("object,principal,allow\n")
	for i := range projects {
		for j := range people {
			fmt.Fprintf(&csv, "project:Project %05d,user%05d@large.example.com,read\n", i+1, j+1)
		}
	}
	return csv.String()
}

// TestTwoThousandACLsInOneBatch sets 2,000 ACLs from a file, the second time in vain, and revokes them.
func TestTwoThousandACLsInOneBatch(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 50, Groups: 1, Projects: 40, ACLs: 1}})
	p := s.owner(t)
	file := p.file("grants.csv", grantsFile(50, 40))
	for _, step := range []struct {
		args []string
		most int
	}{
		{[]string{"acl", "grant", "--file", file}, mostRequests},
		{[]string{"acl", "grant", "--file", file}, mostRequests},
		{[]string{"acl", "set", "--file", file, "--yes"}, 0},
		{[]string{"acl", "revoke", "--file", file, "--yes", "--max-removals", "grants=100%"}, mostRequests},
		{[]string{"acl", "set", "--file", file, "--yes"}, mostRequests},
	} {
		before := len(s.writes())
		got := p.btadmin(step.args...)
		got.expect(t, 0)
		if writes := s.writes()[before:]; len(writes) > step.most {
			t.Errorf("%q sent %d mutating requests: %q", step.args, len(writes), writes)
		}
		if run := p.lastRun(); run.Result != "confirmed" {
			t.Errorf("%q: the run is %q", step.args, run.Result)
		}
	}
	counted := s.do(http.MethodGet, "/v1/acl?object_type=project&limit=1000&object_id="+s.named("project", "Project 00001")["id"].(string), nil)
	granted := 0
	for _, acl := range counted["objects"].([]any) {
		if acl := acl.(map[string]any); acl["permission"] == "read" && acl["user_id"] != nil && acl["restrict_object_type"] == nil {
			granted++
		}
	}
	if granted < 50 {
		t.Errorf("%d people may read the first project, want 50", granted)
	}
}
