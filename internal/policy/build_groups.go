package policy

import (
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

func (b *builder) groups() {
	memberships := is(b.doc.Manage.Memberships, "exact", true)
	grants := is(b.doc.Manage.Grants, "exact", true)
	for name, g := range b.doc.Groups.Drain() {
		group := &Group{
			Name: name, BuiltIn: g.Builtin.Value, Previously: g.Previously.Items, Description: g.Description,
			MembersManaged: g.Members.Known(), MembersExact: is(g.Memberships, "exact", memberships),
			GrantsManaged: g.Permissions.At.Known(), GrantsExact: is(g.Grants, "exact", grants),
			AdministeredManaged: g.AdministeredBy.At.Known(), At: name.At,
		}
		b.builtin(name, g)
		group.Members = make([]Membership, 0, len(g.Members.Items))
		for _, m := range g.Members.Items {
			b.member(group, m)
		}
		group.Grants = b.permissions(g.Permissions, g.ApprovedBy)
		b.administrators(group, g.AdministeredBy)
		b.out.Groups = append(b.out.Groups, group)
	}
}

// builtin checks that the mark and the name of a built-in group go together: the name alone gives it its rights.
func (b *builder) builtin(name document.Text, g document.Group) {
	switch isBuiltIn := access.IsBuiltInGroup(name.Value); {
	case isBuiltIn && !g.Builtin.Value:
		b.problems.Errorf(name.At, "%s is a built-in group, which the document must say", quoted(name.Value)).WithHint("add builtin: true")
	case !isBuiltIn && g.Builtin.Value:
		b.problems.Errorf(g.Builtin.At, "%s is no built-in group", quoted(name.Value)).WithHint("built-in are %s", strings.Join(access.BuiltInGroups(), ", "))
	}
	if !g.Builtin.Value {
		return
	}
	if g.Previously.Known() {
		b.problems.Errorf(g.Previously.At, "a built-in group is never renamed")
	}
	if g.Description.Known() {
		b.problems.Errorf(g.Description.At, "the description of a built-in group cannot be changed")
	}
}

// member reads one member and adds it, unless the same is there already: who is listed twice is a member once.
func (b *builder) member(group *Group, m document.GroupMember) {
	p := Principal{At: m.At}
	switch {
	case m.Email.Known():
		p.Kind, p.Name = Email, m.Email.Value
	case m.ServiceAccount.Known():
		p.Kind, p.Name = ServiceAccount, m.ServiceAccount.Value
	case m.Group.Known():
		p.Kind, p.Name = GroupName, m.Group.Value
	case m.User.Known():
		p.Kind, p.Name = UserID, strings.ToLower(m.User.Value)
	case m.IDP.Known():
		p.Kind, p.Name = IDP, m.IDP.Value
		if !b.source(m.IDP) {
			return
		}
	default:
		return
	}
	if err := p.check(); err != nil {
		b.problems.Errorf(m.At, "%v", err)
		return
	}
	if p.Kind == GroupName && p.Name == group.Name.Value {
		b.problems.Errorf(m.At, "the group %s cannot be a member of itself", quoted(p.Name))
		return
	}
	b.join(group, Membership{Principal: p, Until: m.Until, Reason: m.Reason})
}

func (b *builder) join(group *Group, m Membership) {
	key := m.Key()
	if at, again := b.joined[group][key]; again { // there may be thousands
		have := group.Members[at]
		if have.Until.Text != m.Until.Text {
			b.problems.Errorf(m.At, "%s is a member of %s twice, with different last days", quoted(m.Name), quoted(group.Name.Value)).See(have.At, "the first")
		}
		return
	}
	if b.joined[group] == nil {
		b.joined[group] = map[string]int{}
	}
	b.joined[group][key] = len(group.Members)
	group.Members = append(group.Members, m)
}

// source checks that SOURCE/TEAM names a source that can be read.
func (b *builder) source(idp document.Text) bool {
	name, team, found := strings.Cut(idp.Value, "/")
	if !found || name == "" || team == "" {
		b.problems.Errorf(idp.At, "%s must be SOURCE/TEAM", quoted(idp.Value))
		return false
	}
	source, known := b.doc.IdentitySources.Get(name)
	if !known {
		p := b.problems.Errorf(idp.At, "the identity source %s is not defined", quoted(name))
		if near := text.Nearest(name, b.doc.IdentitySources.Keys()); len(near) > 0 {
			p.WithHint("did you mean %s?", near[0])
		}
		return false
	}
	switch source.Type.Value {
	case "okta", "scim", "ldap":
		b.problems.Errorf(idp.At, "%s is an identity source of type %s, which is not supported yet", quoted(name), source.Type.Value).
			See(source.Type.At, "the source").WithHint("export its teams with a command or to a CSV file (types command and csv)")
		return false
	}
	b.usedIDP[name] = true
	return true
}

func (b *builder) administrators(group *Group, a document.AdministeredBy) {
	add := func(kind PrincipalKind, entries document.Map[document.Words]) {
		for name, words := range entries.All() {
			p := Principal{Kind: kind, Name: name.Value, At: name.At}
			if kind == Email && isID(name) {
				p.Kind = UserID
			}
			if err := p.check(); err != nil {
				b.problems.Errorf(name.At, "%v", err)
				continue
			}
			group.Administrators = append(group.Administrators, Administrator{p, b.labels(access.ScopeGroup, words)})
		}
	}
	add(GroupName, a.Groups)
	add(Email, a.Members)
	add(ServiceAccount, a.ServiceAccounts)
}
