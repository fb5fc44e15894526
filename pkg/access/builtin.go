package access

import "btadmin/pkg/braintrust"

// builtIn is a group that every organization has, with the grant it stands for.
type builtIn struct {
	group, role string
	on          braintrust.ObjectType
	permissions []braintrust.Permission
}

// builtIns follows the wording of the product's documentation: Owners may do everything, Engineers may
// do everything in projects except manage access, Viewers may read projects.
func builtIns() []builtIn {
	crud := braintrust.Permissions()[:4]
	return []builtIn{
		{group: "Owners", role: "Owner", on: braintrust.ObjectOrganization, permissions: braintrust.Permissions()},
		{group: "Engineers", role: "Engineer", on: braintrust.ObjectOrgProject, permissions: crud},
		{group: "Viewers", role: "Viewer", on: braintrust.ObjectOrgProject, permissions: []braintrust.Permission{braintrust.PermissionRead}},
	}
}

// OwnersGroup is the name of the built-in group whose users are the organization's owners.
const OwnersGroup = "Owners"

// IsBuiltInGroup reports whether a group of exactly this name is one of the server's own.
func IsBuiltInGroup(name string) bool {
	for _, b := range builtIns() {
		if b.group == name {
			return true
		}
	}
	return false
}

// BuiltInGroups are the names of the groups that are the server's own.
func BuiltInGroups() []string {
	var names []string
	for _, b := range builtIns() {
		names = append(names, b.group)
	}
	return names
}

// IsBaseGrant reports whether a grant is one of those that a built-in group stands for: the group's role,
// or one of that role's permissions without restriction, on the group's node.
func (s *State) IsBaseGrant(item braintrust.ACLItem) bool {
	group, live := s.groups[item.GroupID]
	if !live {
		return false
	}
	for _, b := range builtIns() {
		if b.group != group.Name || item.ObjectType != b.on {
			continue
		}
		if item.RoleID != "" {
			return s.roles[item.RoleID].Name == b.role
		}
		for _, permission := range b.permissions {
			if item.Permission == permission && item.RestrictObjectType == "" {
				return true
			}
		}
	}
	return false
}

// AddImplied adds the grants of the built-in groups that a server gives without listing them, so that
// an owner by membership in Owners is seen as one. The state must hold the grants on the organization and
// on all projects. Rows that are listed are not doubled.
func (s *State) AddImplied() {
	for _, b := range builtIns() {
		group, found := s.GroupNamed(b.group)
		if !found {
			continue
		}
		p, node := Principal{Kind: PrincipalGroup, ID: group.ID}, Node{Type: b.on, ID: s.org.ID}
		held := map[Tuple]bool{}
		for _, a := range s.grants[node][p] {
			for _, t := range s.tuplesOf(a) {
				held[t.Tuple] = true
			}
		}
		for _, permission := range b.permissions {
			if held[Tuple{Permission: permission}] {
				continue
			}
			id := "built-in:" + b.group + ":" + string(permission)
			s.PutACL(braintrust.ACL{ID: id, ACLItem: GrantItem(p, node, Tuple{Permission: permission})})
			s.implied[id] = true
		}
	}
}

// Implied reports whether a grant was added by AddImplied.
func (s *State) Implied(aclID string) bool { return s.implied[aclID] }
