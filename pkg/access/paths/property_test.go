package paths_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

// move is one change that a member is allowed to make and that can only add to what he may do.
type move struct {
	action paths.Action
	on     access.Node
}

// moves are all changes that the evaluator allows a member in a state.
func moves(s *access.State, snapshot *access.Snapshot, u string) []move {
	var all []move
	for _, n := range slices.Compact(slices.SortedFunc(slices.Values(nodes(snapshot)), func(a, b access.Node) int {
		return slices.Compare([]string{a.String()}, []string{b.String()})
	})) {
		if s.Allowed(user(u), braintrust.PermissionCreateACLs, n) {
			all = append(all, move{paths.Grant, n})
		}
		if !s.Allowed(user(u), braintrust.PermissionUpdate, n) {
			continue
		}
		switch n.Type {
		case braintrust.ObjectGroup:
			all = append(all, move{paths.JoinGroup, n})
		case braintrust.ObjectRole:
			if role, live := s.Role(n.ID); live && role.OrgID != "" {
				all = append(all, move{paths.EditRole, n})
			}
		}
	}
	return all
}

// make1 makes a change in the best way for the member.
func make1(s *access.State, u string, m move) {
	switch m.action {
	case paths.JoinGroup:
		s.AddMember(m.on.ID, u)
	case paths.EditRole:
		role, _ := s.Role(m.on.ID)
		role.MemberPermissions = nil
		for _, p := range braintrust.Permissions() {
			role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: p})
		}
		s.PutRole(role)
	case paths.Grant:
		for _, p := range braintrust.Permissions() {
			item := access.GrantItem(user(u), m.on, access.Tuple{Permission: p})
			s.PutACL(braintrust.ACL{ID: fmt.Sprint("made ", u, m.on, p), ACLItem: item})
		}
	}
}

func reached(s *access.State, u string, goal paths.Goal) bool {
	if goal.Owner {
		return s.IsOwner(u)
	}
	return s.Allowed(user(u), braintrust.PermissionCreateACLs, goal.Node)
}

func goals(s *access.State, snapshot *access.Snapshot) []paths.Goal {
	all := []paths.Goal{paths.ToOwner(s)}
	for _, n := range nodes(snapshot) {
		all = append(all, paths.ToManage(n))
	}
	return all
}

// everything is a state in which a member has made every change that he can, one after the other.
func everything(s *access.State, snapshot *access.Snapshot, u string) *access.State {
	end, made := s.Clone(), map[move]bool{}
	for again := true; again; {
		again = false
		for _, m := range moves(end, snapshot, u) {
			if !made[m] {
				made[m], again = true, true
				make1(end, u, m)
			}
		}
	}
	return end
}

// Who can get a power is who has it after making every change that the evaluator allows him.
func TestFindAgreesWithTryingEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		snapshot := organizations(t)
		s := access.NewState(snapshot)
		s.AddImplied()
		for _, goal := range goals(s, snapshot) {
			report := paths.Find(s, goal)
			chains := map[string][]paths.Link{}
			for _, c := range report.Climbers {
				chains[c.UserID] = c.Links
			}
			for _, u := range s.Users() {
				has := reached(s, u, goal)
				if got := slices.Contains(report.Holders, u); got != has {
					t.Fatalf("%s holds %+v: got %v, want %v", u, goal, got, has)
				}
				links, can := chains[u]
				if want := !has && reached(everything(s, snapshot, u), u, goal); can != want {
					t.Fatalf("%s can reach %+v: got %v, want %v", u, goal, can, want)
				}
				if can {
					follow(t, s, snapshot, u, goal, links)
				}
			}
		}
	})
}

// follow takes the steps of a chain and demands that each is allowed, that its proof is one, that the last
// reaches the goal and that no shorter chain does.
func follow(t *rapid.T, s *access.State, snapshot *access.Snapshot, u string, goal paths.Goal, links []paths.Link) {
	now := s.Clone()
	edits := false
	for i, link := range links {
		if reached(now, u, goal) {
			t.Fatalf("%s reaches %+v before step %d of %+v", u, goal, i+1, links)
		}
		if !slices.Contains(moves(now, snapshot, u), move{link.Action, link.On}) {
			t.Fatalf("%s, %+v: step %d of %+v is not allowed", u, goal, i+1, links)
		}
		prove(t, now, u, i, link.By, link.Right, link.On)
		if link.Action == paths.EditRole {
			edits = true
			if len(link.Carried) == 0 {
				t.Fatalf("nothing carries the role of step %d of %+v", i+1, links)
			}
		}
		make1(now, u, move{link.Action, link.On})
	}
	if !reached(now, u, goal) {
		t.Fatalf("%s does not reach %+v by %+v", u, goal, links)
	}
	if !edits && len(links) > 1 && within(s, snapshot, u, goal, len(links)-1) {
		t.Fatalf("%s reaches %+v in fewer steps than %+v", u, goal, links)
	}
}

// prove demands that a proof names a grant that gives the right as things stand.
func prove(t *rapid.T, now *access.State, u string, before int, p paths.Proof, right braintrust.Permission, on access.Node) {
	if p.Step > before {
		t.Fatalf("step %d needs step %d", before+1, p.Step)
	}
	if p.ACL.ID == "" {
		if p.Step == 0 {
			t.Fatalf("step %d has no reason", before+1)
		}
		return
	}
	for _, path := range now.Explain(user(u), right, on).Paths {
		if path.ACL.ID == p.ACL.ID && path.BuiltIn == p.BuiltIn && p.Subjects[len(p.Subjects)-1] == access.PrincipalOf(p.ACL.ACLItem) {
			return
		}
	}
	t.Fatalf("the grant %s does not give %s on %s to %s", p.ACL.ID, right, on, u)
}

// within reports whether some chain of at most so many changes reaches the goal.
func within(s *access.State, snapshot *access.Snapshot, u string, goal paths.Goal, steps int) bool {
	if reached(s, u, goal) {
		return true
	}
	if steps == 0 {
		return false
	}
	for _, m := range moves(s, snapshot, u) {
		next := s.Clone()
		make1(next, u, m)
		if within(next, snapshot, u, goal, steps-1) {
			return true
		}
	}
	return false
}

// A cut stops exactly those whom it names, and every one of them could climb before.
func TestCutsStopWhomTheyName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		snapshot := organizations(t)
		s := access.NewState(snapshot)
		for _, goal := range goals(s, snapshot) {
			report := paths.Find(s, goal)
			left := climbers(report)
			now := s.Clone()
			for _, cut := range report.Cuts {
				if cut.ACL.ID != "" {
					now.DeleteACL(cut.ACL.ID)
				} else {
					g, _ := now.Group(cut.Group)
					g.MemberGroups = slices.DeleteFunc(slices.Clone(g.MemberGroups), func(id string) bool { return id == cut.Inner })
					now.PutGroup(g)
				}
				if len(cut.Stopped) == 0 {
					t.Fatalf("%+v stops nobody", cut)
				}
				after := climbers(paths.Find(now, goal))
				want := slices.DeleteFunc(slices.Clone(left), func(u string) bool { return slices.Contains(cut.Stopped, u) })
				if !slices.Equal(after, want) {
					t.Fatalf("after %+v: %v can, want %v", cut, after, want)
				}
				left = after
			}
		}
	})
}

func climbers(r *paths.Report) []string {
	ids := []string{}
	for _, c := range r.Climbers {
		ids = append(ids, c.UserID)
	}
	return ids
}
