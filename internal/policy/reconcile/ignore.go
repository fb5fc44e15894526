package reconcile

import (
	"slices"

	"btadmin/internal/orgstate"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
)

// heed takes what the document ignores out of what it lists: ignored is never touched, whatever it says elsewhere.
func (c *comparison) heed(d *policy.Desired) *policy.Desired {
	ignore, out := d.Manage.Ignore, *d
	told := func(ignored bool, what, name string, at document.Pos) bool {
		if ignored {
			c.warn(at, "the %s %q is listed and ignored as well: it is not touched", what, name)
		}
		return ignored
	}
	out.Groups = without(d.Groups, ignore.Groups, func(g *policy.Group) bool {
		return told(policy.Any(ignore.Groups, g.Name.Value), "group", g.Name.Value, g.At)
	})
	out.Roles = without(d.Roles, ignore.Roles, func(r *policy.Role) bool {
		return told(policy.Any(ignore.Roles, r.Name.Value), "role", r.Name.Value, r.At)
	})
	out.Accounts = without(d.Accounts, ignore.ServiceAccounts, func(a *policy.Account) bool {
		return told(policy.Any(ignore.ServiceAccounts, a.Name.Value), "service account", a.Name.Value, a.At)
	})
	out.People = without(d.People, ignore.Members, func(p policy.Person) bool {
		return told(c.ignoresPerson(p.Email.Value), "member", p.Email.Value, p.At)
	})
	return &out
}

func without[T any](list []T, ignored []policy.Pattern, drop func(T) bool) []T {
	if len(ignored) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// ignores reports whether a principal is not to be touched.
func (c *comparison) ignores(p access.Principal) bool {
	if p.Kind == access.PrincipalGroup {
		g := c.index.groups[p.ID]
		return g != nil && policy.Any(c.desired.Manage.Ignore.Groups, g.Name)
	}
	m, known := c.view.Members.ByID(p.ID)
	if known && m.Kind == orgstate.ServiceAccount {
		return policy.Any(c.desired.Manage.Ignore.ServiceAccounts, m.Name)
	}
	if u := c.index.users[p.ID]; u != nil {
		return c.ignoresPerson(u.Email)
	}
	return c.ignoresPerson("")
}

func (c *comparison) ignoresPerson(email string) bool {
	return slices.ContainsFunc(c.desired.Manage.Ignore.Members, func(p policy.Pattern) bool { return p.MatchEmail(email) })
}

// ignoresProject reports whether a project is not to be touched.
func (c *comparison) ignoresProject(name string) bool {
	return name != "" && policy.Any(c.desired.Manage.Ignore.Projects, name)
}
