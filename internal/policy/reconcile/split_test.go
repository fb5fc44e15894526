package reconcile_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/parts"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/source"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// failing is what fails a test.
type failing interface {
	Fatalf(format string, args ...any)
}

// split divides an export. JSON is YAML.
func split(t failing, d *policy.Desired, limit int) []parts.File {
	files, err := parts.Split(policy.Plain(d), parts.Options{Limit: limit, Layout: func(part *document.Document, _ bool) ([]byte, error) { return json.Marshal(part) }})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return files
}

// divide splits an export and writes it to a folder.
func divide(t failing, dir string, d *policy.Desired, limit int) []parts.File {
	files := split(t, d, limit)
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			t.Fatalf("a file is called %q", f.Name)
		}
		out, err := os.OpenFile(filepath.Join(dir, f.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // no two of one name
		if err == nil {
			_, err = out.Write(f.Data)
			err = cmp.Or(err, out.Close())
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	return files
}

// whole is what a policy asks for, with the people of its sources, in one order.
func whole(p *policy.Policy) string {
	p.Desired.Sources = nil
	for _, g := range p.Desired.Groups {
		slices.SortFunc(g.Members, func(a, b policy.Membership) int { return cmp.Compare(a.Key(), b.Key()) })
		for i := range g.Members {
			g.Members[i].Via = ""
		}
	}
	slices.SortFunc(p.Desired.Groups, func(a, b *policy.Group) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
	slices.SortFunc(p.Desired.People, func(a, b policy.Person) int { return cmp.Compare(a.Email.Value, b.Email.Value) })
	slices.SortFunc(p.Desired.Accounts, func(a, b *policy.Account) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
	slices.SortFunc(p.Desired.Roles, func(a, b *policy.Role) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
	return text(p.Desired)
}

// TestSplitIsTheSame: any organization, described in files of whatever size, is the same document and plans as nothing
// to do.
func TestSplitIsTheSame(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	n, lists := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := organization(t)
		view := orgview.New(s, orgview.Meta{Objects: true})
		exported := reconcile.Export(view)
		n++
		dir := filepath.Join(temp, fmt.Sprint(n))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		files := divide(t, dir, exported.Desired, rapid.IntRange(50, 2_000).Draw(t, "limit"))
		for _, f := range files {
			if strings.HasSuffix(f.Name, ".csv") {
				lists++
			}
		}
		p, err := policy.Load([]string{dir}, nil, access.Table{})
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Resolve(t.Context(), p.Desired); err != nil {
			t.Fatal(err)
		}
		result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if result.Changes() {
			t.Fatalf("a plan of the folder has %d steps: %v", len(result.Steps), result.Differences)
		}
		one := parse(t, exported.Desired, access.Table{})
		if got, want := whole(p), whole(one); got != want {
			t.Fatalf("the folder says\n%s\nand the document\n%s", got, want)
		}
		again, more := split(t, exported.Desired, 400), split(t, exported.Desired, 400)
		if !slices.EqualFunc(again, more, func(a, b parts.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) }) {
			t.Fatalf("the same document is other files")
		}
	})
	if lists == 0 {
		t.Error("no group was large enough for a list")
	}
}

// TestSplitOfALargeGroup: the people of a group that is too large for a file stand in lists beside it, below the limit
// each, and somebody more changes few files.
func TestSplitOfALargeGroup(t *testing.T) {
	t.Parallel()
	organization := func(people int) *orgview.View {
		s := &access.Snapshot{Organization: braintrust.Organization{ID: orgID, Name: "acme"}, TokensKnown: true, Complete: true}
		big := braintrust.Group{ID: id(4, 0), OrgID: orgID, Name: "Everybody", MemberGroups: []string{id(4, 1)}}
		for n := range people {
			u := braintrust.User{ID: id(1, n), Email: fmt.Sprintf("user%05d@example.com", n)}
			s.Users = append(s.Users, u)
			big.MemberUsers = append(big.MemberUsers, u.ID)
		}
		s.Groups = []braintrust.Group{big, {ID: id(4, 1), OrgID: orgID, Name: "everybody"}, {ID: id(4, 2), OrgID: orgID, Name: "Éqüipe/../1"}}
		return orgview.New(s, orgview.Meta{Objects: true})
	}
	const limit = 10_000
	read := map[string]string{}
	for _, people := range []int{2_000, 2_001} {
		view := organization(people)
		dir := t.TempDir()
		changed := 0
		for _, f := range divide(t, dir, reconcile.Export(view).Desired, limit) {
			if len(f.Data) > limit {
				t.Errorf("%s has %d bytes", f.Name, len(f.Data))
			}
			if string(f.Data) != read[f.Name] {
				changed++
			}
			read[f.Name] = string(f.Data)
		}
		p, err := policy.Load([]string{dir}, nil, access.Table{})
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Resolve(t.Context(), p.Desired); err != nil {
			t.Fatal(err)
		}
		result, err := reconcile.Compare(t.Context(), p.Desired, view, reconcile.Options{Now: time.Now()})
		if err != nil || result.Changes() {
			t.Fatalf("%v, %v", err, result)
		}
		if people > 2_000 && changed != 2 { // one more in the members and one in a list
			t.Errorf("%d files changed", changed)
		}
	}
	var names []string
	for name := range read {
		names = append(names, name)
	}
	slices.Sort(names)
	// Two names that are alike where small and capital letters are the same, one that only its letters are left of.
	for _, pattern := range []string{`^group-everybody-[0-9a-f]{12}\.yaml$`, `^group-everybody-[0-9a-f]{12}\.2\.csv$`, `^group-q-ipe-1\.yaml$`, `^members-2\.yaml$`} {
		if !slices.ContainsFunc(names, regexp.MustCompile(pattern).MatchString) {
			t.Errorf("no %s in %q", pattern, names)
		}
	}
}
