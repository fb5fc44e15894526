package oracle_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
	"btadmin/test/oracle/cedar"
	"btadmin/test/oracle/fga"
)

// organizations is how many are compared, cell by cell.
const organizations = 40

// witness is one evaluator with one organization.
type witness struct {
	name  string
	check func(access.Principal, braintrust.Permission, access.Node) (bool, error)
	child func(access.Principal, braintrust.Permission, braintrust.ObjectType, access.Node) (bool, error) // nil: not asked
}

// witnesses are the definition first, then the compiled engine, OpenFGA with what is exported, and cedar-go. What the
// others are shown can be another organization: that is how the comparison itself is tested.
func witnesses(t *testing.T, s, shown *access.Snapshot) []witness {
	t.Helper()
	state := access.NewState(s)
	state.AddImplied()
	engine := compiled.Compile(shown, compiled.WithImplied())
	store := openfga.Export(shown, openfga.Compact())
	servers := map[braintrust.Permission]*fga.Server{}
	for _, permission := range access.NewState(s).NamedPermissions() {
		one := openfga.Export(shown, openfga.Compact(), openfga.Only(permission))
		server, err := fga.Start(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		if err := server.Write(t.Context(), one.Tuples); err != nil {
			t.Fatal(err)
		}
		servers[permission] = server
	}
	other, err := cedar.New(shown, implied(shown))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(permission braintrust.Permission, q openfga.Tuple) (bool, error) {
		return servers[permission].Check(context.Background(), q)
	}
	return []witness{
		{
			"the definition",
			func(p access.Principal, permission braintrust.Permission, n access.Node) (bool, error) {
				return state.Allowed(p, permission, n), nil
			},
			func(p access.Principal, permission braintrust.Permission, child braintrust.ObjectType, n access.Node) (bool, error) {
				return state.AllowedChild(p, permission, child, n), nil
			},
		},
		{
			"the compiled engine",
			func(p access.Principal, permission braintrust.Permission, n access.Node) (bool, error) {
				return engine.Check(p, permission, n), nil
			},
			func(p access.Principal, permission braintrust.Permission, child braintrust.ObjectType, n access.Node) (bool, error) {
				return engine.CheckChild(p, permission, child, n), nil
			},
		},
		{
			"OpenFGA",
			func(p access.Principal, permission braintrust.Permission, n access.Node) (bool, error) {
				return ask(permission, openfga.Check(p, permission, n))
			},
			func(p access.Principal, permission braintrust.Permission, child braintrust.ObjectType, n access.Node) (bool, error) {
				return ask(permission, store.Model.CheckChild(p, permission, child, n))
			},
		},
		{"cedar-go", other.Check, nil},
	}
}

// implied are the grants that a server gives without listing them.
func implied(s *access.Snapshot) []braintrust.ACLItem {
	state := access.NewState(s)
	state.AddImplied()
	var items []braintrust.ACLItem
	for _, t := range []braintrust.ObjectType{"organization", "org_project"} {
		for _, a := range state.ACLsOn(access.Node{Type: t, ID: s.Organization.ID}) {
			if state.Implied(a.ID) {
				items = append(items, a.ACLItem)
			}
		}
	}
	return items
}

// tally is what a comparison came to.
type tally struct {
	cells, yes int
	differ     map[string][]string // by witness
}

// compare asks every question about some principals of every witness; the first one is right.
func compare(s *access.Snapshot, asked []access.Principal, all []witness) (tally, error) {
	n := tally{differ: map[string][]string{}}
	hear := func(question string, ask func(witness) (answer, asked bool, err error)) error {
		want, _, err := ask(all[0])
		if err != nil {
			return err
		}
		n.cells++
		if want {
			n.yes++
		}
		for _, w := range all[1:] {
			got, asked, err := ask(w)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			if asked && got != want {
				n.differ[w.name] = append(n.differ[w.name], fmt.Sprintf("%s: %s says %v, %s says %v", question, all[0].name, want, w.name, got))
			}
		}
		return nil
	}
	permissions := access.NewState(s).NamedPermissions()
	for _, p := range asked {
		for _, node := range nodes(s) {
			for _, permission := range permissions {
				err := hear(fmt.Sprintf("%v %s %v", p, permission, node), func(w witness) (bool, bool, error) {
					yes, err := w.check(p, permission, node)
					return yes, true, err
				})
				if err != nil {
					return n, err
				}
			}
		}
		for container, children := range containers(s) {
			for _, child := range children {
				err := hear(fmt.Sprintf("%v create a %s in %v", p, child, container), func(w witness) (bool, bool, error) {
					if w.child == nil {
						return false, false, nil
					}
					yes, err := w.child(p, braintrust.PermissionCreate, child, container)
					return yes, true, err
				})
				if err != nil {
					return n, err
				}
			}
		}
	}
	return n, nil
}

// containers are what something can be created in, with what.
func containers(s *access.Snapshot) map[access.Node][]braintrust.ObjectType {
	objects := []braintrust.ObjectType{"experiment", "dataset", "prompt", "prompt_session", "project_log", "unheard of"}
	all := map[access.Node][]braintrust.ObjectType{
		{Type: "organization", ID: org}: append(objects, "group", "role", "project_group", "org_member", "project"),
		{Type: "org_project", ID: org}:  append(objects, "project"),
	}
	for _, p := range s.Projects {
		all[access.Node{Type: "project", ID: p.ID}] = objects
	}
	for _, g := range s.ProjectGroups {
		all[access.Node{Type: "project_group", ID: g.ID}] = append(objects, "project")
	}
	return all
}

func TestEvaluatorsAgree(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var cells, yes int
	t.Cleanup(func() {
		t.Logf("%d organizations, %d cells, %d of them yes", organizations, cells, yes)
		if yes < cells/50 || yes > cells/2 {
			t.Errorf("%d of %d cells are yes: these organizations prove little", yes, cells)
		}
	})
	for seed := range uint64(organizations) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := organization(seed)
			asked := users(s)
			if seed%4 == 0 {
				asked = append(asked, groups(s)...)
			}
			n, err := compare(s, asked, witnesses(t, s, s))
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range n.differ {
				t.Error(strings.Join(found[:min(len(found), 10)], "\n"))
			}
			mu.Lock()
			defer mu.Unlock()
			cells, yes = cells+n.cells, yes+n.yes
		})
	}
}
