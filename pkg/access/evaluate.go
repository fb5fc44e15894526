package access

import "btadmin/pkg/braintrust"

// Allowed reports whether a principal has a permission on a node: some grant to it, or to a group whose
// grants it receives, is attached to the node or above it, carries the permission, and is not restricted
// to another type. There is no deny. What every member may do without any grant (read his organization, the
// list of users and the system roles) is no grant and is not counted: see ByMembership.
func (s *State) Allowed(p Principal, permission braintrust.Permission, n Node) bool {
	return s.reaches(p, permission, n.Type, s.Chain(n))
}

// AllowedChild is Allowed for something that does not exist yet: a child of the given type in a
// container. Creating a project is AllowedChild(p, create, project, all projects).
func (s *State) AllowedChild(p Principal, permission braintrust.Permission, child braintrust.ObjectType, container Node) bool {
	return s.reaches(p, permission, child, s.Chain(container))
}

func (s *State) reaches(p Principal, permission braintrust.Permission, target braintrust.ObjectType, chain []Node) bool {
	subjects := s.subjects(p)
	for _, node := range chain {
		here := s.grants[node]
		if len(here) == 0 {
			continue
		}
		for subject := range subjects {
			for _, a := range here[subject] {
				if s.carries(a, permission, target) {
					return true
				}
			}
		}
	}
	return false
}

// carries reports whether a grant gives a permission on things of a type.
func (s *State) carries(a *braintrust.ACL, permission braintrust.Permission, target braintrust.ObjectType) bool {
	if a.RoleID == "" {
		return a.Permission == permission && (a.RestrictObjectType == "" || a.RestrictObjectType == target)
	}
	for _, t := range s.RoleTuples(a.RoleID) {
		if t.Permission == permission && (t.Restrict == "" || t.Restrict == target) {
			return true
		}
	}
	return false
}

// Effective returns the permissions that a principal has on a node, known ones in the API's order, then
// others that some grant names.
func (s *State) Effective(p Principal, n Node) []braintrust.Permission {
	var out []braintrust.Permission
	for _, permission := range s.NamedPermissions() {
		if s.Allowed(p, permission, n) {
			out = append(out, permission)
		}
	}
	return out
}

// NamedPermissions are the known permissions in the API's order, then others that some grant or role names.
func (s *State) NamedPermissions() []braintrust.Permission {
	all := braintrust.Permissions()
	known := map[braintrust.Permission]bool{}
	for _, permission := range all {
		known[permission] = true
	}
	add := func(permission braintrust.Permission) {
		if permission != "" && !known[permission] {
			known[permission] = true
			all = append(all, permission)
		}
	}
	for _, id := range sortedKeys(s.acls) {
		add(s.acls[id].Permission)
	}
	for _, id := range sortedKeys(s.roles) {
		for _, m := range s.roles[id].MemberPermissions {
			add(m.Permission)
		}
	}
	return all
}

// IsOwner reports whether a user has all eight permissions on the organization, each by an unrestricted
// grant.
func (s *State) IsOwner(userID string) bool {
	return s.Owns(Principal{Kind: PrincipalUser, ID: userID})
}

// Owns is IsOwner for any principal.
func (s *State) Owns(p Principal) bool {
	here := s.grants[Node{Type: braintrust.ObjectOrganization, ID: s.org.ID}]
	held := map[braintrust.Permission]bool{}
	for subject := range s.subjects(p) {
		for _, a := range here[subject] {
			for _, t := range s.tuplesOf(a) {
				if t.Restrict == "" {
					held[t.Permission] = true
				}
			}
		}
	}
	for _, permission := range braintrust.Permissions() {
		if !held[permission] {
			return false
		}
	}
	return true
}

// Owners returns the ids of the members who are owners, people and service accounts, sorted.
func (s *State) Owners() []string {
	here := s.grants[Node{Type: braintrust.ObjectOrganization, ID: s.org.ID}]
	candidates := map[string]bool{}
	for p := range here {
		if p.Kind == PrincipalUser {
			candidates[p.ID] = true
			continue
		}
		for _, user := range s.UsersOf(p.ID) {
			candidates[user] = true
		}
	}
	var owners []string
	for _, user := range sortedKeys(candidates) {
		if has(s.users, user) && s.IsOwner(user) {
			owners = append(owners, user)
		}
	}
	return owners
}

// Holders returns every principal that has a permission on a node: the subjects of the grants that give
// it, the groups that are members of those, and all their users.
func (s *State) Holders(permission braintrust.Permission, n Node) map[Principal]bool {
	return s.HoldersOfChild(permission, n.Type, n)
}

// HoldersOfChild is Holders for every child of a type that a container has or will have.
func (s *State) HoldersOfChild(permission braintrust.Permission, child braintrust.ObjectType, container Node) map[Principal]bool {
	holders := map[Principal]bool{}
	for _, node := range s.Chain(container) {
		for subject, acls := range s.grants[node] {
			for _, a := range acls {
				if s.carries(a, permission, child) {
					s.addHolders(holders, subject)
					break
				}
			}
		}
	}
	return holders
}

func (s *State) addHolders(holders map[Principal]bool, p Principal) {
	if holders[p] {
		return
	}
	if p.Kind == PrincipalUser {
		if s.isMember(p.ID) {
			holders[p] = true
		}
		return
	}
	group, live := s.groups[p.ID]
	if !live {
		return
	}
	holders[p] = true
	for user := range s.members[p.ID] {
		s.addHolders(holders, Principal{Kind: PrincipalUser, ID: user})
	}
	for _, inner := range group.MemberGroups {
		s.addHolders(holders, Principal{Kind: PrincipalGroup, ID: inner})
	}
}
