package reconcile

import (
	"cmp"
	"context"
	"slices"

	"btadmin/internal/change"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Unmatched is something of one organization that the other has no equal of, so that what hangs on it is not carried
// over.
type Unmatched struct {
	Kind string `json:"kind"` // user, service_account, group, role, project, object, grant
	Name string `json:"name"`
	Why  string `json:"why"`
	// Lost is what is not carried over because of it, in words: memberships and grants.
	Lost []string `json:"lost"`
}

// Transferred is what one organization has, as a document for another one.
type Transferred struct {
	Desired   *policy.Desired
	Unmatched []Unmatched // by kind and name
}

// TransferOptions say what is carried over.
type TransferOptions struct {
	// Groups are patterns of the groups; none means all but the built-in ones, and what people and service accounts are
	// granted by themselves.
	Groups []policy.Pattern
}

// Transfer describes groups, roles and grants of one organization in the words of another. People are the same when their
// addresses are, service accounts, groups, roles, projects and objects when their names are; nobody is invited, and no
// account and no project is made. A role that both have is the same when it holds the same.
func Transfer(ctx context.Context, from, to *orgview.View, o TransferOptions) *Transferred {
	t := &transfer{
		ctx: ctx, to: to, index: newIndex(to), options: o, lost: map[thing]*Unmatched{}, targets: map[string]bool{},
		out: &policy.Desired{
			Org: document.NewText(to.Snapshot.Organization.Name), GroupsManaged: true, RolesManaged: true,
			Guards: policy.Guards{KeepMyAccess: true, WarnNewSuperUsers: true},
		},
	}
	exported := export(from, true)
	t.from = exported.Desired
	t.chosen()
	t.roles(newIndex(from))
	t.groups()
	if len(o.Groups) == 0 {
		t.people()
		for _, left := range exported.Left {
			t.miss("grant", left, "it cannot be said by name")
		}
	}
	return &Transferred{Desired: t.out, Unmatched: t.unmatched()}
}

// Additive leaves of a comparison what adds: a transfer takes nothing away.
func (r *Result) Additive() {
	r.Steps = slices.DeleteFunc(r.Steps, func(s change.Step) bool {
		switch s.(type) {
		case *change.CreateGroup, *change.CreateRole, *change.AddACLs:
			return false
		case *change.PatchGroup:
			return false // transfer asks for no group to lose anything
		}
		return true
	})
	r.Differences = slices.DeleteFunc(r.Differences, func(d Difference) bool {
		return d.Action != ActionAdd && d.Action != ActionCreate
	})
	r.Limits.Emptied, r.Limits.Unapproved = nil, nil
}

// thing is what unmatched things are told apart by.
type thing struct{ kind, name string }

// transfer is one Transfer on its way.
type transfer struct {
	ctx     context.Context
	to      *orgview.View
	index   *index // of the other organization
	options TransferOptions
	from    *policy.Desired
	out     *policy.Desired
	groupIn map[string]bool   // names of groups that are carried over
	roleIn  map[string]bool   // and of roles that are, or that are the same
	why     map[string]string // why a role is not
	targets map[string]bool   // references that were looked up: whether they are there
	lost    map[thing]*Unmatched
}

// miss notes that something has no equal.
func (t *transfer) miss(kind, name, why string, lost ...string) {
	key := thing{kind, name}
	if t.lost[key] == nil {
		t.lost[key] = &Unmatched{Kind: kind, Name: name, Why: why, Lost: []string{}}
	}
	for _, l := range lost {
		if !slices.Contains(t.lost[key].Lost, l) {
			t.lost[key].Lost = append(t.lost[key].Lost, l)
		}
	}
}

func (t *transfer) unmatched() []Unmatched {
	out := []Unmatched{}
	for _, u := range t.lost {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b Unmatched) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	return out
}

// chosen finds the groups that are carried over.
func (t *transfer) chosen() {
	t.groupIn = map[string]bool{}
	for _, g := range t.from.Groups {
		if len(t.options.Groups) == 0 && !g.BuiltIn || policy.Any(t.options.Groups, g.Name.Value) {
			t.groupIn[g.Name.Value] = true
		} else if len(t.options.Groups) == 0 && len(g.Members) > 0 {
			t.miss("group", g.Name.Value, "built-in groups are carried over when --groups names them", text.Count(len(g.Members), "member"))
		}
	}
}

func (t *transfer) groups() {
	for _, g := range t.from.Groups {
		if !t.groupIn[g.Name.Value] {
			continue
		}
		subject := "group:" + g.Name.Value
		out := *g
		out.MembersExact, out.GrantsExact = false, false
		out.Members, out.Grants, out.Administrators = nil, t.rows(g.Grants, subject), nil
		if _, there := t.index.groupNamed[g.Name.Value]; there {
			out.Description = document.Text{}
		} else if g.BuiltIn {
			t.miss("group", g.Name.Value, "a built-in group that is not there cannot be made")
			continue
		}
		for _, m := range g.Members {
			if t.matches(m.Principal, "member of "+subject) {
				out.Members = append(out.Members, m)
			}
		}
		for _, a := range g.Administrators {
			if t.matches(a.Principal, "administrator of "+subject) {
				out.Administrators = append(out.Administrators, a)
			}
		}
		t.out.Groups = append(t.out.Groups, &out)
	}
}

// people carries over what is granted to people and accounts by themselves.
func (t *transfer) people() {
	t.out.PeopleManaged, t.out.AccountsManaged = true, true
	for _, p := range t.from.People {
		if p.GrantsManaged && t.matches(policy.Principal{Kind: policy.Email, Name: p.Email.Value}, "grants of its own") {
			p.Grants = t.rows(p.Grants, "user:"+p.Email.Value)
			t.out.People = append(t.out.People, p)
		}
	}
	for _, a := range t.from.Accounts {
		if a.GrantsManaged && t.matches(policy.Principal{Kind: policy.ServiceAccount, Name: a.Name.Value}, "grants of its own") {
			out := *a
			out.GrantsExact, out.Grants = false, t.rows(a.Grants, "service-account:"+a.Name.Value)
			t.out.Accounts = append(t.out.Accounts, &out)
		}
	}
}

// matches reports whether the other organization has a principal, or gets it.
func (t *transfer) matches(p policy.Principal, what string) bool {
	x := t.index
	switch p.Kind {
	case policy.Email:
		if _, there := x.people[text.CanonicalEmail(p.Name)]; there {
			return true
		}
		t.miss("user", p.Name, "nobody there has this address", what)
	case policy.ServiceAccount:
		if _, there := x.accounts[p.Name]; there && !x.several[p.Name] {
			return true
		}
		t.miss("service_account", p.Name, "no account there, or more than one, has this name", what)
	case policy.GroupName:
		if _, there := x.groupNamed[p.Name]; there || t.groupIn[p.Name] {
			return true
		}
		t.miss("group", p.Name, "it is neither there nor carried over", what)
	default:
		t.miss("user", p.Name, "it has neither an address nor a name of its own", what)
	}
	return false
}

// rows keeps the rows on what the other organization has.
func (t *transfer) rows(rows []policy.Row, subject string) []policy.Row {
	var out []policy.Row
	for _, r := range rows {
		if t.there(r.On, "grants of "+subject) {
			out = append(out, r)
		}
	}
	return out
}

// there looks a target up.
func (t *transfer) there(on policy.Target, what string) bool {
	ref := on.Ref()
	if on.ID != "" {
		t.miss("object", ref, "it can only be named by its id", what)
		return false
	}
	name, _ := on.Projects.Name()
	kind := "object"
	switch {
	case on.Type == braintrust.ObjectGroup && t.groupIn[on.Name], on.Type == braintrust.ObjectRole && t.roleIn[on.Name]:
		return true
	case name != "" && !slices.ContainsFunc(t.index.projects, func(p braintrust.Project) bool { return p.Name == name }):
		kind, ref = "project", name
	default:
		found, asked := t.targets[ref]
		if !asked {
			_, err := t.to.Target(t.ctx, ref)
			found = err == nil
			t.targets[ref] = found
		}
		if found {
			return true
		}
	}
	t.miss(kind, ref, "nothing there has this name", what)
	return false
}

// roles carries over the organization's own roles, with what they include, and where all roles are assigned.
func (t *transfer) roles(from *index) {
	t.roleIn, t.why = map[string]bool{}, map[string]string{}
	wanted := t.wantedRoles()
	for name, ours := range from.roleNamed {
		theirs, there := t.index.roleNamed[name]
		switch {
		case !wanted[name] && ours.OrgID != "":
		case ours.OrgID == "" && !there:
			t.why[name] = "a system role that is not there cannot be made"
		case there && !sameTuples(from.state.RoleTuples(ours.ID), t.index.state.RoleTuples(theirs.ID)):
			t.why[name] = "the role of this name holds other permissions there"
		default:
			t.roleIn[name] = true
		}
	}
	for _, r := range t.from.Roles {
		t.role(r, wanted[r.Name.Value])
	}
}

func (t *transfer) role(r *policy.Role, wanted bool) {
	out := *r
	out.Assigned = nil
	for _, a := range r.Assigned {
		subject := a.To.Ref()
		if a.To.Kind == policy.GroupName && !t.groupIn[a.To.Name] || a.To.Kind != policy.GroupName && len(t.options.Groups) > 0 {
			continue // not chosen
		}
		what := "role:" + r.Name.Value + " of " + subject + " on " + a.On.Ref()
		switch {
		case r.BuiltIn && r.Name.Value == ownerRole && a.To.Kind != policy.GroupName:
			t.miss("grant", "role:Owner of single members", "whoever makes something gets it, and there it was made by somebody else", what)
		case !t.roleIn[r.Name.Value]:
			t.miss("role", r.Name.Value, t.why[r.Name.Value], what)
		case t.matches(a.To, what) && t.there(a.On, what):
			out.Assigned = append(out.Assigned, a)
		}
	}
	out.AssignedManaged = len(out.Assigned) > 0
	if !wanted {
		return
	}
	if !t.roleIn[r.Name.Value] {
		t.miss("role", r.Name.Value, t.why[r.Name.Value])
		return
	}
	if _, there := t.index.roleNamed[r.Name.Value]; there {
		out.Description, out.PermissionsManaged, out.IncludesManaged, out.Tuples, out.Includes = document.Text{}, false, false, nil, nil
	}
	out.Includes = slices.DeleteFunc(slices.Clone(out.Includes), func(inner document.Text) bool {
		if !t.roleIn[inner.Value] {
			t.miss("role", inner.Value, t.why[inner.Value], "included in role:"+r.Name.Value)
		}
		return !t.roleIn[inner.Value]
	})
	t.out.Roles = append(t.out.Roles, &out)
}

// wantedRoles are those that are assigned to a chosen group, with what they include; without a choice, all.
func (t *transfer) wantedRoles() map[string]bool {
	wanted := map[string]bool{}
	for _, r := range t.from.Roles {
		wanted[r.Name.Value] = len(t.options.Groups) == 0 || slices.ContainsFunc(r.Assigned, func(a policy.Assignment) bool {
			return a.To.Kind == policy.GroupName && t.groupIn[a.To.Name]
		})
	}
	for grew := true; grew; {
		grew = false
		for _, r := range t.from.Roles {
			for _, inner := range r.Includes {
				if wanted[r.Name.Value] && !wanted[inner.Value] {
					wanted[inner.Value], grew = true, true
				}
			}
		}
	}
	return wanted
}

// ownerRole is the role that a server gives to whoever makes something, on what he made.
const ownerRole = "Owner"

func sameTuples(a, b []access.Tuple) bool { return len(missing(a, b)) == 0 && len(missing(b, a)) == 0 }
