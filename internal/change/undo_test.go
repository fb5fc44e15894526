package change_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// lastRun is the newest run in the journal.
func (w *world) lastRun() journal.Run {
	w.t.Helper()
	runs, damage, err := journal.Runs(w.journalDir())
	if err != nil || len(damage) > 0 || len(runs) == 0 {
		w.t.Fatal(runs, damage, err)
	}
	return runs[len(runs)-1]
}

// undo takes the last run back and says what it did.
func (w *world) undo() *change.Undoing {
	w.t.Helper()
	run := w.lastRun()
	undoing, err := w.Undo(w.t.Context(), w.org, run)
	if err != nil {
		w.t.Fatal(err)
	}
	if undoing.Empty() {
		return undoing
	}
	plan := w.plan(undoing.Steps...)
	plan.UndoOf = run.ID
	review, err := w.Review(w.t.Context(), plan)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Run(w.t.Context(), review); err != nil {
		w.t.Fatal(err)
	}
	if got := w.lastRun().UndoOf; got != run.ID {
		w.t.Errorf("the journal says undo of %q", got)
	}
	return undoing
}

// picture is the organization in words, without ids: what an undo has to give back.
func (w *world) picture() []string {
	w.t.Helper()
	s, err := orgstate.Load(w.t.Context(), w.client, w.org, orgstate.Need{Users: true, Groups: true, Roles: true, AllACLs: true, Tokens: true})
	if err != nil {
		w.t.Fatal(err)
	}
	state, names := access.NewState(s), map[string]string{}
	for _, u := range s.Users {
		names[u.ID] = u.Email
		if m, _ := orgstate.Classify(s.Users, s.Tokens, true).ByID(u.ID); m.Kind != orgstate.Person {
			names[u.ID] = m.Name
		}
	}
	for _, g := range s.Groups {
		names[g.ID] = g.Name
	}
	for _, r := range s.Roles {
		names[r.ID] = r.Name
	}
	named := func(ids []string) string {
		var out []string
		for _, id := range ids {
			if names[id] != "" { // it is deleted
				out = append(out, names[id])
			}
		}
		slices.Sort(out)
		return strings.Join(out, ",")
	}
	var out []string
	for _, u := range s.Users {
		out = append(out, "user "+names[u.ID])
	}
	for _, g := range s.Groups {
		out = append(out, "group "+g.Name+" "+g.Description+" users "+named(g.MemberUsers)+" groups "+named(g.MemberGroups))
	}
	for _, r := range s.Roles {
		line := "role " + r.Name + " " + r.Description
		for _, m := range r.MemberPermissions {
			line += " " + string(m.Permission) + "/" + string(m.RestrictObjectType)
		}
		out = append(out, line+" roles "+named(r.MemberRoles))
	}
	for _, a := range s.ACLs {
		p := access.PrincipalOf(a.ACLItem)
		_, live := state.Group(p.ID)
		if p.Kind == access.PrincipalGroup && !live || !state.Exists(access.NodeOf(a.ACLItem)) && a.ObjectType == "group" || a.RoleID != "" && names[a.RoleID] == "" {
			continue // of what is deleted
		}
		if a.UserID == w.server.Seeded().ServiceAccountID && (a.ObjectType == "group" || a.ObjectType == "role") {
			continue // what the server gives to who makes something
		}
		node := names[a.ObjectID]
		if node == "" {
			node = a.ObjectID
		}
		out = append(out, "grant "+string(a.ObjectType)+" "+node+" to "+names[p.ID]+" "+string(a.Permission)+"/"+string(a.RestrictObjectType)+" "+names[a.RoleID])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// What each kind of change did is taken back, and undo of the undo does it again.
func TestUndoOfEachKind(t *testing.T) {
	t.Parallel()
	item := func(w *world, group string, p braintrust.Permission) []braintrust.ACLItem {
		return grants(w.team(group), access.Node{Type: "project", ID: w.project("Chatbot").ID}, p)
	}
	judge := func(w *world) braintrust.Role {
		create := &change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Judge", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}, {Permission: "update"}}}}
		w.do(create)
		w.do(&change.AddACLs{Items: []braintrust.ACLItem{access.RoleItem(w.team("Evaluators"), access.Node{Type: "project", ID: w.project("Chatbot").ID}, create.Out.ID)}})
		return create.Out
	}
	for _, tt := range []struct {
		name  string
		steps func(w *world) []change.Step
		once  bool // the undo of the undo cannot be compared: ids or names of accounts
	}{
		{name: "grants added", steps: func(w *world) []change.Step {
			return []change.Step{&change.AddACLs{Items: item(w, "Evaluators", "delete")}}
		}},
		{name: "grants removed", steps: func(w *world) []change.Step {
			w.do(&change.AddACLs{Items: item(w, "Evaluators", "delete")})
			return []change.Step{remove(item(w, "Evaluators", "delete"))}
		}},
		{name: "a group with grants", steps: func(w *world) []change.Step {
			return []change.Step{
				&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{w.user("bo@acme.example.com").ID}}},
				&change.AddACLs{Items: w.reads("read", "update")},
			}
		}},
		{name: "members and words of a group", steps: func(w *world) []change.Step {
			g := w.group("Evaluators")
			return []change.Step{&change.PatchGroup{Group: g, Patch: braintrust.GroupPatch{
				Name: ptr("Judges"), Description: ptr("who judge"), AddMemberUsers: []string{w.user("bo@acme.example.com").ID, g.MemberUsers[0]},
				RemoveMemberUsers: g.MemberUsers[1:], AddMemberGroups: []string{w.group("Contractors").ID},
			}}}
		}},
		{name: "a group deleted", steps: func(w *world) []change.Step {
			outer := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Outer", MemberGroups: []string{w.group("Evaluators").ID}}}
			inner := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Inner"}}
			w.do(outer, inner)
			w.do(&change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{AddMemberGroups: []string{inner.Out.ID}}},
				&change.AddACLs{Items: grants(w.team("Contractors"), access.Node{Type: "group", ID: w.group("Evaluators").ID}, "read")})
			return []change.Step{&change.DeleteGroup{Group: w.group("Evaluators")}, &change.DeleteGroup{Group: w.group("Inner")}}
		}},
		{name: "a role", steps: func(*world) []change.Step {
			return []change.Step{&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}}}}
		}},
		{name: "a role changed", steps: func(w *world) []change.Step {
			return []change.Step{&change.PatchRole{Role: judge(w), Patch: braintrust.RolePatch{
				Description: ptr("judges"), AddMemberPermissions: []braintrust.RolePermission{{Permission: "delete"}, {Permission: "read"}},
				RemoveMemberPermissions: []braintrust.RolePermission{{Permission: "update"}},
			}}}
		}},
		{name: "a role deleted", steps: func(w *world) []change.Step { return []change.Step{&change.DeleteRole{Role: judge(w)}} }},
		{name: "an invitation", steps: func(w *world) []change.Step {
			return []change.Step{&change.InviteMembers{Emails: []string{"new@acme.example.com"}, Groups: []braintrust.Group{w.group("Evaluators")}}}
		}},
		{name: "a member removed", steps: func(w *world) []change.Step {
			return []change.Step{&change.RemoveMembers{Users: []braintrust.User{w.user("goran@acme.example.com")}}}
		}},
		{name: "a service account", once: true, steps: func(w *world) []change.Step {
			return []change.Step{&change.CreateServiceAccount{Name: "bot", Groups: []braintrust.Group{w.group("Evaluators")}, TokenName: "bot", Sink: &memorySink{}}}
		}},
		{name: "a token", once: true, steps: func(w *world) []change.Step {
			return []change.Step{&change.MintToken{AccountID: w.server.Seeded().ServiceAccountID, Account: "platform-admin", Name: "second", Sink: &memorySink{}}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			steps := tt.steps(w)
			before := w.picture()
			w.do(steps...)
			done := w.picture()
			if tt.name != "a token" && cmp.Equal(before, done) {
				t.Fatal("the step does nothing")
			}
			undoing := w.undo()
			if diff := cmp.Diff(before, w.picture()); diff != "" {
				t.Errorf("after the undo (-want +got):\n%s\n%+v", diff, undoing)
			}
			if again, err := w.Undo(t.Context(), w.org, w.runNamed(w.lastRun().UndoOf)); err != nil || !again.Empty() {
				t.Errorf("something is left: %+v, %v", again, err)
			}
			if tt.once {
				return
			}
			undoing = w.undo()
			if diff := cmp.Diff(done, w.picture()); diff != "" {
				t.Errorf("after the undo of the undo (-want +got):\n%s\n%+v", diff, undoing)
			}
		})
	}
}

func (w *world) runNamed(id string) journal.Run {
	w.t.Helper()
	runs, _, err := journal.Runs(w.journalDir())
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(runs, func(r journal.Run) bool { return r.ID == id })
	if i < 0 {
		w.t.Fatal("no run " + id)
	}
	return runs[i]
}

// What has changed since, or was so before, is left alone and said.
func TestUndoSkipsWhatHasChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bo, goran := w.user("bo@acme.example.com").ID, w.user("goran@acme.example.com").ID
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{bo}}}
	w.do(create)
	run := w.lastRun()
	if _, err := w.client.UpdateGroup(t.Context(), create.Out.ID, braintrust.GroupPatch{AddMemberUsers: []string{goran}}); err != nil {
		t.Fatal(err)
	}
	undoing, err := w.Undo(t.Context(), w.org, run)
	if err != nil || !undoing.Empty() || len(undoing.Skipped) != 1 || !strings.Contains(undoing.Skipped[0], "has changed since the run and stays") {
		t.Errorf("a group that somebody else has filled: %+v, %v", undoing, err)
	}

	item := grants(w.team("QA"), access.Node{Type: "project", ID: w.project("Chatbot").ID}, "read")
	w.do(&change.AddACLs{Items: item})
	if _, err := w.client.UpdateACLs(t.Context(), braintrust.ACLBatch{Remove: item}); err != nil {
		t.Fatal(err)
	}
	if undoing := w.undo(); !undoing.Empty() || !strings.Contains(strings.Join(undoing.Skipped, ";"), "is gone already") {
		t.Errorf("a grant that is gone: %+v", undoing)
	}
	w.do(&change.PatchGroup{Group: w.group("QA"), Patch: braintrust.GroupPatch{Name: ptr("QB"), AddMemberUsers: []string{bo}}}) // bo is in it
	if _, err := w.client.UpdateGroup(t.Context(), create.Out.ID, braintrust.GroupPatch{Name: ptr("QC")}); err != nil {
		t.Fatal(err)
	}
	if undoing := w.undo(); !undoing.Empty() || w.group("QC").Name != "QC" || !slices.Contains(w.group("QC").MemberUsers, bo) {
		t.Errorf("a name that somebody else has given, a member who was one: %+v", undoing)
	}
}

// Only what was confirmed is taken back; what was not is looked at and said.
func TestUndoOfAPartialRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
	review := w.review(create, &change.AddACLs{Items: w.reads("read")})
	w.script.fail = func(n int, _ *http.Request) (before, after error) {
		if n >= 2 {
			return syscall.ECONNREFUSED, nil
		}
		return nil, nil
	}
	_, err := w.Run(t.Context(), review)
	var partial *change.PartialError
	if !errors.As(err, &partial) {
		t.Fatal(err)
	}
	w.script.fail = nil
	undoing := w.undo()
	if len(undoing.Steps) != 1 || len(undoing.Unproven) != 1 || !strings.Contains(undoing.Unproven[0], "it is not there now") {
		t.Errorf("%+v", undoing)
	}
}

// What cannot be given back is said, also where there is nothing else.
func TestUndoSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mint := &change.MintToken{AccountID: w.server.Seeded().ServiceAccountID, Account: "platform-admin", Name: "second", Sink: &memorySink{}}
	w.do(mint)
	w.do(&change.DeleteToken{Token: mint.Out})
	if undoing := w.undo(); !undoing.Empty() || len(undoing.Lost) != 1 || !strings.Contains(undoing.Lost[0], "is gone for good") {
		t.Errorf("%+v", undoing)
	}
	w.do(&change.RawRequest{Method: "POST", Path: "/v1/group", Body: []byte(`{"name":"Raw"}`)})
	if undoing := w.undo(); !undoing.Empty() || len(undoing.Lost) != 1 {
		t.Errorf("%+v", undoing)
	}
	w.do(&change.InviteMembers{Emails: []string{"new@acme.example.com"}})
	if undoing := w.undo(); len(undoing.Steps) != 1 || !strings.Contains(strings.Join(undoing.Lost, ";"), "mail cannot be unsent") {
		t.Errorf("%+v", undoing)
	}
}

// The guards look at an undo as at any other change.
func TestUndoIsGuarded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bo := w.user("bo@acme.example.com").ID
	w.do(w.leave("Owners", bo))
	undoing, err := w.Undo(t.Context(), w.org, w.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	w.wantGuards(t, w.review(undoing.Steps...), "G7") // he would be an owner again
}
