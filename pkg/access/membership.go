package access

import "btadmin/pkg/braintrust"

// ByMembership reports whether a principal may do something on a node because it is a member of the
// organization, without any grant: every member may read his organization, the list of its members and the
// system roles. No grant says so, so it reaches nothing below these nodes, nobody can take it away, and it is
// no part of Allowed and of what is compared and counted. A group is not a member.
func (s *State) ByMembership(p Principal, permission braintrust.Permission, n Node) bool {
	if p.Kind != PrincipalUser || permission != braintrust.PermissionRead || !s.isMember(p.ID) {
		return false
	}
	switch n.Type {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgMember:
		return n.ID == s.org.ID
	case braintrust.ObjectRole:
		role, live := s.roles[n.ID]
		return live && role.OrgID == ""
	}
	return false
}

// ByMembership is State.ByMembership for the principal that was traced.
func (t *Trace) ByMembership(permission braintrust.Permission, n Node) bool {
	return t.state.ByMembership(t.principal, permission, n)
}
