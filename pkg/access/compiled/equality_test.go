package compiled_test

import (
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// pair is an organization in both evaluators.
func pair(t *rapid.T) (*access.Snapshot, *access.State, *compiled.Engine) {
	s := organizations(t)
	state := access.NewState(s)
	if rapid.Bool().Draw(t, "implied") {
		state.AddImplied()
		return s, state, compiled.Compile(s, compiled.WithImplied())
	}
	return s, state, compiled.Compile(s)
}

func TestCheckEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		_, state, engine := pair(t)
		for _, p := range principals(w) {
			if got, want := engine.Owns(p), state.Owns(p); got != want {
				t.Fatalf("Owns(%v): got %v, want %v", p, got, want)
			}
			for _, n := range nodes(w) {
				want := state.Effective(p, n)
				if diff := cmp.Diff(want, engine.EffectivePermissions(p, n)); diff != "" {
					t.Fatalf("Effective(%v, %v) (-want +got):\n%s", p, n, diff)
				}
				if got := engine.Effective(p, n); got != compiled.MaskOf(want...) {
					t.Fatalf("Effective(%v, %v): got %v, want %v", p, n, got.Permissions(), want)
				}
			}
		}
		equalChecks(t, w, state, engine)
	})
}

func equalChecks(t *rapid.T, w world, state *access.State, engine *compiled.Engine) {
	for _, p := range principals(w) {
		subject, named := engine.Subject(p)
		for _, n := range nodes(w) {
			place, exists := engine.Place(n)
			for _, permission := range append(permissions(), "", "unheard of") {
				want := state.Allowed(p, permission, n)
				if got := engine.Check(p, permission, n); got != want {
					t.Fatalf("Check(%v, %q, %v): got %v, want %v", p, permission, n, got, want)
				}
				mask := compiled.MaskOf(permission)
				if got := named && exists && engine.Holds(subject, mask, place); mask != 0 && got != want {
					t.Fatalf("Holds(%v, %q, %v): got %v, want %v", p, permission, n, got, want)
				}
			}
		}
	}
}

func TestCheckChildEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		_, state, engine := pair(t)
		for _, p := range principals(w) {
			permission := rapid.SampledFrom(append(permissions(), "", "unheard of")).Draw(t, "permission")
			for _, n := range nodes(w) {
				for _, child := range types() {
					if got, want := engine.CheckChild(p, permission, child, n), state.AllowedChild(p, permission, child, n); got != want {
						t.Fatalf("CheckChild(%v, %q, %q, %v): got %v, want %v", p, permission, child, n, got, want)
					}
				}
			}
		}
		permission := rapid.SampledFrom(append(permissions(), "", "unheard of")).Draw(t, "who can")
		for _, child := range types() {
			for _, n := range nodes(w) {
				equalNames(t, state.HoldersOfChild(permission, child, n), engine.WhoCanChild(permission, child, n, compiled.Everybody))
			}
			for _, p := range principals(w) {
				equalInside(t, state, engine, w, p, child)
			}
		}
	})
}

// equalInside compares where something of a type may be done that does not exist yet.
func equalInside(t *rapid.T, state *access.State, engine *compiled.Engine, w world, p access.Principal, child braintrust.ObjectType) {
	got := maps.Collect(engine.ListInside(p, compiled.AllKnown, child))
	want := map[access.Node]compiled.Mask{}
	for _, id := range w.projects {
		n := access.Node{Type: braintrust.ObjectProject, ID: id}
		for _, permission := range braintrust.Permissions() {
			if state.AllowedChild(p, permission, child, n) {
				want[n] |= compiled.MaskOf(permission)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("ListInside(%v, %q) (-want +got):\n%s", p, child, diff)
	}
}

// equalNames compares who is named, each once.
func equalNames(t *rapid.T, want map[access.Principal]bool, names iter.Seq[access.Principal]) {
	got := map[access.Principal]bool{}
	for p := range names {
		if got[p] {
			t.Fatalf("%v is named twice", p)
		}
		got[p] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestWhoCanEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s, state, engine := pair(t)
		for _, n := range nodes(w) {
			for _, permission := range append(permissions(), "", "unheard of") {
				want := state.Holders(permission, n)
				equalNames(t, want, engine.WhoCan(permission, n, compiled.Everybody))
				for p := range engine.WhoCan(permission, n, compiled.Users) {
					listed := slices.ContainsFunc(s.Users, func(u braintrust.User) bool { return u.ID == p.ID })
					if p.Kind != access.PrincipalUser || !listed || !want[p] {
						t.Fatalf("WhoCan(%q, %v) names %v", permission, n, p)
					}
				}
			}
		}
	})
}

// listable is every node that a list can name: those of the snapshot, and objects that only grants name.
func listable(s *access.Snapshot, state *access.State) map[access.Node]bool {
	all := map[access.Node]bool{}
	add := func(t braintrust.ObjectType, id string) {
		if n := (access.Node{Type: t, ID: id}); state.Exists(n) {
			all[n] = true
		}
	}
	for _, t := range []braintrust.ObjectType{"organization", "org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		add(t, org)
	}
	for _, g := range s.Groups {
		add("group", g.ID)
	}
	for _, r := range s.Roles {
		add("role", r.ID)
	}
	for _, p := range s.Projects {
		add("project", p.ID)
		add("project_log", p.ID)
	}
	for _, set := range s.ProjectGroups {
		add("project_group", set.ID)
	}
	for _, o := range s.Objects {
		add(o.Node().Type, o.ID)
	}
	for _, a := range s.ACLs {
		add(a.ObjectType, a.ObjectID)
	}
	return all
}

func TestListEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld()
	rapid.Check(t, func(t *rapid.T) {
		s, state, engine := pair(t)
		all := listable(s, state)
		filter := rapid.SliceOfNDistinct(rapid.SampledFrom(types()), 0, 4, rapid.ID[braintrust.ObjectType]).Draw(t, "filter")
		mask := compiled.Mask(rapid.Byte().Draw(t, "mask"))
		for _, p := range append(principals(w), principals(w)...) { // a second list finds the memory of the first
			want, other := map[access.Node]compiled.Mask{}, map[access.Node]bool{}
			for n := range all {
				if len(filter) > 0 && !slices.Contains(filter, n.Type) {
					continue
				}
				if held := compiled.MaskOf(state.Effective(p, n)...) & mask; held != 0 {
					want[n] = held
				}
				if state.Allowed(p, "approve", n) {
					other[n] = true
				}
			}
			got := map[access.Node]compiled.Mask{}
			for n, held := range engine.List(p, mask, filter...) {
				if got[n] != 0 {
					t.Fatalf("List(%v) names %v twice", p, n)
				}
				got[n] = held
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("List(%v, %v, %v) (-want +got):\n%s", p, mask.Permissions(), filter, diff)
			}
			others := map[access.Node]bool{}
			for n := range engine.ListOther(p, "approve", filter...) {
				others[n] = true
			}
			if diff := cmp.Diff(other, others); diff != "" {
				t.Fatalf("ListOther(%v, %v) (-want +got):\n%s", p, filter, diff)
			}
		}
	})
}
