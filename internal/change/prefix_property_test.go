package change

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// idNamer names things by their ids.
type idNamer struct{}

func (idNamer) Role(string) string                  { return "" }
func (idNamer) Principal(p access.Principal) string { return p.String() }
func (idNamer) Node(n access.Node) string           { return n.String() }

const manyPeople = 60 // enough for G8

// drawing draws an organization and a plan for it.
type drawing struct {
	*rapid.T
	users, groups, roles []string
	s                    *access.Snapshot
}

func (d *drawing) pick(from []string) string { return rapid.SampledFrom(from).Draw(d.T, "pick") }
func (d *drawing) oneIn(n int) bool          { return rapid.IntRange(1, n).Draw(d.T, "one in") == 1 }
func (d *drawing) some(from []string, most int) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, min(most, len(from)), rapid.ID[string]).Draw(d.T, "some")
}

func (d *drawing) item() braintrust.ACLItem {
	node := rapid.SampledFrom([]access.Node{
		{Type: "organization", ID: "org"}, {Type: "org_project", ID: "org"}, {Type: "project", ID: "p0"}, {Type: "project", ID: "p1"}, {Type: "group", ID: "Owners"},
	}).Draw(d.T, "node")
	p := access.Principal{Kind: access.PrincipalGroup, ID: d.pick(d.groups)}
	if d.oneIn(3) {
		p = access.Principal{Kind: access.PrincipalUser, ID: d.pick(d.users[:8])}
	}
	if d.oneIn(4) {
		return access.RoleItem(p, node, d.pick(d.roles))
	}
	return access.GrantItem(p, node, d.tuple())
}

func (d *drawing) tuple() access.Tuple {
	permission := rapid.SampledFrom(append(braintrust.Permissions(), "teleport")).Draw(d.T, "permission")
	return access.Tuple{Permission: permission, Restrict: rapid.SampledFrom([]braintrust.ObjectType{"", "", "project", "dataset"}).Draw(d.T, "restrict")}
}

func (d *drawing) permissions() []braintrust.RolePermission {
	var out []braintrust.RolePermission
	for range rapid.IntRange(0, 3).Draw(d.T, "permissions") {
		t := d.tuple()
		out = append(out, braintrust.RolePermission{Permission: t.Permission, RestrictObjectType: t.Restrict})
	}
	return out
}

func (d *drawing) organization() {
	d.s = &access.Snapshot{Organization: braintrust.Organization{ID: "org", Name: "acme"}, TokensKnown: true}
	for i := range manyPeople {
		id := fmt.Sprintf("u%02d", i)
		d.users = append(d.users, id)
		d.s.Users = append(d.s.Users, braintrust.User{ID: id, Email: id + "@example.com", GivenName: id})
	}
	d.groups, d.roles = []string{"Owners", "g0", "g1", "g2"}, []string{"r0", "r1"}
	for _, id := range d.groups {
		g := braintrust.Group{ID: id, Name: id, MemberUsers: d.some(d.users[:8], 5), MemberGroups: d.some(d.groups, 2)}
		switch {
		case id == "Owners":
			g.MemberUsers = d.users[:2+rapid.IntRange(0, 2).Draw(d.T, "owners")]
		case d.oneIn(3):
			g.MemberUsers = d.users
		}
		d.s.Groups = append(d.s.Groups, g)
	}
	for _, id := range d.roles {
		d.s.Roles = append(d.s.Roles, braintrust.Role{ID: id, Name: id, OrgID: "org", MemberPermissions: d.permissions(), MemberRoles: d.some(d.roles, 1)})
	}
	d.s.Projects = []braintrust.Project{{ID: "p0", Name: "p0"}, {ID: "p1", Name: "p1"}}
	have := map[braintrust.ACLItem]bool{}
	for i := range rapid.IntRange(0, 8).Draw(d.T, "ACLs") {
		if item := d.item(); !have[item] {
			have[item] = true
			d.s.ACLs = append(d.s.ACLs, braintrust.ACL{ID: fmt.Sprint("a", i), ACLItem: item})
		}
	}
	for i, user := range d.some(d.users[:8], 2) {
		d.s.Tokens = append(d.s.Tokens, braintrust.ServiceToken{ID: fmt.Sprint("t", i), Name: user, ServiceAccountID: user})
	}
}

func (d *drawing) step() Step {
	group := func() braintrust.Group {
		if d.oneIn(2) {
			return d.s.Groups[0] // Owners
		}
		return d.s.Groups[rapid.IntRange(0, len(d.s.Groups)-1).Draw(d.T, "group")]
	}
	role := func() braintrust.Role { return d.s.Roles[rapid.IntRange(0, len(d.s.Roles)-1).Draw(d.T, "role")] }
	switch rapid.IntRange(0, 9).Draw(d.T, "step") {
	case 0, 1:
		var items []braintrust.ACLItem
		for range rapid.IntRange(1, 3).Draw(d.T, "items") {
			items = append(items, d.item())
		}
		return &AddACLs{Items: items}
	case 2, 3:
		if len(d.s.ACLs) > 0 {
			from := rapid.IntRange(0, len(d.s.ACLs)-1).Draw(d.T, "from")
			return &RemoveACLs{ACLs: d.s.ACLs[from:]}
		}
	case 4, 5:
		g := group()
		return &PatchGroup{Group: g, Patch: braintrust.GroupPatch{
			AddMemberUsers: d.some(d.users, 3), AddMemberGroups: d.some(d.groups, 1),
			RemoveMemberUsers: d.some(d.users[:8], 8), RemoveMemberGroups: d.some(d.groups, 2),
		}}
	case 6:
		return &RemoveMembers{Users: []braintrust.User{d.s.Users[rapid.IntRange(0, 7).Draw(d.T, "user")]}}
	case 7:
		if d.oneIn(2) {
			return &DeleteRole{Role: role()}
		}
		return &DeleteGroup{Group: group()}
	case 8:
		return &PatchRole{Role: role(), Patch: braintrust.RolePatch{AddMemberPermissions: d.permissions(), RemoveMemberPermissions: d.permissions()}}
	case 9:
		if len(d.s.Tokens) > 0 && d.oneIn(2) {
			return &DeleteToken{Token: d.s.Tokens[0]}
		}
		return &InviteMembers{Emails: []string{"new@example.com"}, Groups: []braintrust.Group{group()}}
	}
	return &CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "fresh", MemberUsers: d.some(d.users, 4), MemberGroups: d.some(d.groups, 2)}}
}

func (d *drawing) view(steps []Step) *view {
	v := &view{
		org: d.s.Organization, before: access.NewState(d.s), known: everything(), names: idNamer{}, steps: ordered(steps),
		tokens: d.s.Tokens, tokensKnown: true, members: orgstate.Classify(d.s.Users, d.s.Tokens, true), callerAsked: true,
		caller: orgstate.Caller{UserID: d.pick([]string{"u00", "u01", ""})},
		limits: Limits{OwnersAtLeast: rapid.IntRange(0, 4).Draw(d.T, "least")},
	}
	if !d.oneIn(5) {
		v.before.AddImplied()
	}
	return v
}

// keys are what fired, told apart by what it is about and not by how much of it there is.
func keys(findings []Finding) []string {
	set := map[string]bool{}
	for _, f := range findings {
		what := f.Message
		if f.Guard == "G2" || f.Guard == "G8" {
			what = "" // says how many
		}
		set[strings.Join([]string{f.Guard, f.subject, what}, " | ")] = true
	}
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Guard == "G1" }) {
		maps.DeleteFunc(set, func(key string, _ bool) bool { return strings.HasPrefix(key, "G2 ") }) // none left is G1's to say
	}
	return slices.Sorted(maps.Keys(set))
}

// atoms are steps as small as they can be carried out: a grant each.
func atoms(steps []Step) []Step {
	var out []Step
	for _, step := range steps {
		switch s := step.(type) {
		case *AddACLs:
			for i := range s.Items {
				out = append(out, &AddACLs{Items: s.Items[i : i+1]})
			}
		case *RemoveACLs:
			for i := range s.ACLs {
				out = append(out, &RemoveACLs{ACLs: s.ACLs[i : i+1]})
			}
		default:
			out = append(out, step)
		}
	}
	return out
}

// everyPrefix is the definition: the guards on the state after each atom, in some order in which phases are kept.
func everyPrefix(v *view, order *rand.Rand) []Finding {
	found := newFound()
	all := atoms(v.steps)
	order.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(a, b Step) int { return int(a.phase()) - int(b.phase()) })
	after := v.before.Clone()
	for i, step := range all {
		step.apply(after)
		now := *v
		now.steps = all[:i+1] // a token that is deleted later is there
		found.ask(v, after, func(g guard) func(*view, *access.State) []Finding { return g.gain })
		found.ask(&now, after, func(g guard) func(*view, *access.State) []Finding { return g.loss })
	}
	return found.all
}

// D10: on random organizations and plans, what the guards say of the worst states is what they say of every state
// on the way, in whatever order the parts of a phase are carried out.
func TestD10WorstStatesAreEveryPrefix(t *testing.T) {
	t.Parallel()
	fired := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawing{T: rt}
		d.organization()
		var steps []Step
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			steps = append(steps, d.step())
		}
		v := d.view(steps)
		var worst []Finding
		for _, f := range v.findings() {
			if slices.Contains([]string{"G1", "G2", "G3", "G7", "G8"}, f.Guard) && !fromStep(v, f) {
				worst = append(worst, f)
			}
		}
		want := keys(worst)
		for range 3 {
			order := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0))
			if got := keys(everyPrefix(v, order)); !slices.Equal(got, want) {
				rt.Fatalf("every prefix says\n%s\nthe worst states say\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		for _, f := range worst {
			fired[f.Guard]++
		}
	})
	for _, id := range []string{"G1", "G2", "G3", "G7", "G8"} {
		if fired[id] == 0 {
			t.Errorf("%s never fired: the plans are too tame", id)
		}
	}
}

// fromStep reports whether a finding is one of the rules about single steps.
func fromStep(v *view, f Finding) bool {
	for _, g := range guards() {
		for _, step := range v.steps {
			if g.id == f.Guard && g.step != nil && slices.ContainsFunc(g.step(v, step), func(o Finding) bool { return o.Message == f.Message }) {
				return true
			}
		}
	}
	return false
}
