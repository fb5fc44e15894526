package policy

import (
	"fmt"

	"btadmin/internal/policy/document"
)

// Plain is the document that says what d asks for without variables and profiles: everything expanded, defaults
// written down. Checking it again gives the same Desired, but for the places.
func Plain(d *Desired) *document.Document {
	doc := &document.Document{Version: document.NewInt(document.Version), Org: d.Org, Manage: plainManage(d.Manage), Guards: plainGuards(d.Guards)}
	doc.IdentitySources = plainSources(d.Sources)
	if d.PeopleManaged {
		doc.Members = document.NewList(make([]document.Member, 0, len(d.People))...)
		for _, p := range d.People {
			doc.Members.Items = append(doc.Members.Items, plainPerson(p))
		}
	}
	if d.GroupsManaged {
		doc.Groups = document.NewMap[document.Group]()
		doc.Groups.Entries = make([]document.Entry[document.Group], 0, len(d.Groups))
	}
	for _, g := range d.Groups {
		if !g.Unlisted {
			doc.Groups.Put(g.Name.Value, plainGroup(g))
		}
	}
	if d.AccountsManaged {
		doc.ServiceAccounts = document.NewMap[document.ServiceAccount]()
		for _, a := range d.Accounts {
			doc.ServiceAccounts.Put(a.Name.Value, plainAccount(a))
		}
	}
	if d.RolesManaged {
		doc.Roles = document.NewMap[document.Role]()
		for _, r := range d.Roles {
			doc.Roles.Put(r.Name.Value, plainRole(r))
		}
	}
	if len(d.Tests) > 0 {
		doc.Tests = document.NewList[document.Test]()
		for _, t := range d.Tests {
			doc.Tests.Items = append(doc.Tests.Items, plainTest(t))
		}
	}
	return doc
}

// choose is one of two words.
func choose(yes bool, ifYes, ifNo string) document.Text {
	if yes {
		return document.NewText(ifYes)
	}
	return document.NewText(ifNo)
}

func plainManage(m Manage) document.Manage {
	out := document.Manage{
		At: document.Here(), Groups: choose(m.AllGroups, "all", "listed"), Members: choose(m.ExactMembers, "exact", "additive"),
		DirectGrants: choose(m.ExactDirectGrants, "exact", "report"), ServiceAccounts: choose(m.AllAccounts, "all", "listed"),
		Roles: choose(m.AllRoles, "all", "listed"), Prune: document.NewBool(m.Prune),
	}
	for _, part := range []struct {
		to   *document.List[document.Text]
		from []Pattern
	}{
		{&out.Ignore.Groups, m.Ignore.Groups}, {&out.Ignore.Projects, m.Ignore.Projects}, {&out.Ignore.Members, m.Ignore.Members},
		{&out.Ignore.ServiceAccounts, m.Ignore.ServiceAccounts}, {&out.Ignore.Roles, m.Ignore.Roles},
	} {
		if len(part.from) == 0 {
			continue
		}
		out.Ignore.At = document.Here()
		*part.to = document.Texts()
		for _, p := range part.from {
			part.to.Items = append(part.to.Items, document.NewText(p.String()))
		}
	}
	return out
}

func plainGuards(g Guards) document.Guards {
	out := document.Guards{
		At: document.Here(), MaxRemovals: g.MaxRemovals, KeepMyAccess: document.NewBool(g.KeepMyAccess),
		NewSuperUsers: choose(g.WarnNewSuperUsers, "warn", "deny"), Owners: document.Owners{AtLeast: g.OwnersAtLeast},
	}
	if len(g.MustInclude) > 0 {
		out.Owners.MustInclude = document.Texts()
		for _, p := range g.MustInclude {
			out.Owners.MustInclude.Items = append(out.Owners.MustInclude.Items, document.NewText(shortRef(p)))
		}
	}
	if out.Owners.AtLeast.Known() || out.Owners.MustInclude.Known() {
		out.Owners.At = document.Here()
	}
	return out
}

// shortRef is a principal as a document writes it.
func shortRef(p Principal) string {
	switch p.Kind {
	case Email:
		return p.Name
	case ServiceAccount:
		return "sa:" + p.Name
	}
	return p.Ref()
}

func plainSources(sources []Source) document.Map[document.IdentitySource] {
	var out document.Map[document.IdentitySource]
	for _, s := range sources {
		source := document.IdentitySource{At: document.Here(), Type: document.NewText(s.Type)}
		if s.AllowEmpty {
			source.AllowEmpty = document.NewBool(true)
		}
		if s.Type == "csv" {
			source.Path, source.Email, source.Group = document.NewText(s.Path), document.NewText(s.EmailColumn), document.NewText(s.GroupColumn)
		} else {
			source.Run = document.Texts(s.Run...)
			if s.Timeout > 0 {
				source.Timeout = document.Duration{Text: fmt.Sprintf("%ds", int(s.Timeout.Seconds())), Value: s.Timeout, At: document.Here()}
			}
		}
		out.Put(s.Name, source)
	}
	return out
}

func plainPerson(p Person) document.Member {
	m := document.Member{At: document.Here(), Email: p.Email, Until: p.Until, Reason: p.Reason}
	if p.Removed {
		m.State = document.NewText("removed")
	}
	if !p.SendEmail {
		m.Invite = document.Invite{At: document.Here(), SendEmail: document.NewBool(false)}
	}
	if p.GrantsManaged {
		m.Permissions = plainPermissions(p.Grants)
	}
	return m
}

func plainGroup(g *Group) document.Group {
	out := document.Group{At: document.Here(), Description: g.Description}
	if g.BuiltIn {
		out.Builtin = document.NewBool(true)
	}
	if len(g.Previously) > 0 {
		out.Previously = document.NewList(g.Previously...)
	}
	if g.MembersManaged {
		out.Members = document.NewList(make([]document.GroupMember, 0, len(g.Members))...)
		for _, m := range g.Members {
			out.Members.Items = append(out.Members.Items, plainMembership(m))
		}
	}
	out.Memberships, out.Grants = choose(g.MembersExact, "exact", "additive"), choose(g.GrantsExact, "exact", "additive")
	if g.GrantsManaged {
		out.Permissions = plainPermissions(g.Grants)
	}
	if g.AdministeredManaged {
		out.AdministeredBy = plainAdministrators(g.Administrators)
	}
	return out
}

func plainMembership(m Membership) document.GroupMember {
	out := document.GroupMember{At: document.Here(), Until: m.Until, Reason: m.Reason}
	name := document.NewText(m.Name)
	switch m.Kind {
	case Email:
		out.Email = name
	case ServiceAccount:
		out.ServiceAccount = name
	case GroupName:
		out.Group = name
	case IDP:
		out.IDP = name
	case UserID:
		out.User = name
	}
	return out
}

func plainAdministrators(list []Administrator) document.AdministeredBy {
	out := document.AdministeredBy{At: document.Here()}
	for _, a := range list {
		words := document.Texts(words(a.Labels)...)
		switch a.Kind {
		case GroupName:
			out.Groups.Put(a.Name, words)
		case ServiceAccount:
			out.ServiceAccounts.Put(a.Name, words)
		default:
			out.Members.Put(a.Name, words)
		}
	}
	return out
}

func plainAccount(a *Account) document.ServiceAccount {
	out := document.ServiceAccount{At: document.Here(), Purpose: a.Purpose, Grants: choose(a.GrantsExact, "exact", "additive")}
	if a.Groups != nil {
		out.Groups = document.NewList(a.Groups...)
	}
	if a.Removed {
		out.State = document.NewText("removed")
	}
	if a.GrantsManaged {
		out.Permissions = plainPermissions(a.Grants)
	}
	if a.TokensManaged {
		out.Tokens = document.NewMap[document.Token]()
		for _, t := range a.Tokens {
			out.Tokens.Put(t.Name.Value, plainToken(t))
		}
	}
	return out
}

func plainToken(t Token) document.Token {
	out := document.Token{At: document.Here(), Expires: t.Expires}
	if t.Removed {
		out.State = document.NewText("removed")
		return out
	}
	if t.Rotate.Known() {
		out.Rotate = document.Rotate{At: document.Here(), Every: t.Rotate, Overlap: t.Overlap}
	}
	out.Store = document.Store{At: document.Here()}
	if len(t.Command) > 0 {
		out.Store.Command = document.Texts(t.Command...)
		return out
	}
	out.Store.File, out.Store.Mode = document.NewText(t.File), document.NewText(fmt.Sprintf("%04o", t.Mode))
	return out
}
