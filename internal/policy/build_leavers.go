package policy

import "btadmin/internal/policy/document"

// leavers refuses a document that wants somebody out of the organization and somewhere in it as well: an apply would
// do the one, and no plan after it could do the other.
func (b *builder) leavers() {
	gone := map[string]document.Pos{} // keys of principals
	for _, p := range b.out.People {
		if p.Removed {
			gone[Principal{Kind: Email, Name: p.Email.Value}.Key()] = p.At
		}
	}
	for _, a := range b.out.Accounts {
		if a.Removed && len(a.Groups) == 0 { // else it is told already
			gone[Principal{Kind: ServiceAccount, Name: a.Name.Value}.Key()] = a.At
		}
	}
	if len(gone) == 0 {
		return
	}
	check := func(p Principal, what string) {
		if at, leaves := gone[p.Key()]; leaves {
			b.problems.Errorf(p.At, "%s is to be removed, and %s", quoted(p.Name), what).See(at, "state: removed")
		}
	}
	for _, g := range b.out.Groups {
		for _, m := range g.Members {
			check(m.Principal, "is a member of the group "+quoted(g.Name.Value)+" here")
		}
		for _, a := range g.Administrators {
			check(a.Principal, "administers the group "+quoted(g.Name.Value)+" here")
		}
	}
	for _, r := range b.out.Roles {
		for _, a := range r.Assigned {
			check(a.To, "is assigned the role "+quoted(r.Name.Value)+" here")
		}
	}
	for _, p := range b.out.Guards.MustInclude {
		check(p, "is required to be an owner here")
	}
}
