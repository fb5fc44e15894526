package change

import (
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// leaves is how a run left a group.
type leaves struct {
	name, description string
	users, groups     []string
}

// follow works out how the run left the groups and roles that it made or changed.
func (u *undoer) follow(sent []sentStep) {
	for _, s := range sent {
		if s.Outcome != "confirmed" {
			continue
		}
		switch step := s.step.(type) {
		case *CreateGroup:
			if id := madeID(s); id != "" {
				u.leaves[id] = leaves{step.Name, step.Description, step.MemberUsers, step.MemberGroups}
			}
		case *PatchGroup:
			left, known := u.leaves[step.Group.ID]
			if !known {
				left = leaves{step.Group.Name, step.Group.Description, step.Group.MemberUsers, step.Group.MemberGroups}
			}
			q := step.Patch
			if q.Name != nil {
				left.name = *q.Name
			}
			if q.Description != nil {
				left.description = *q.Description
			}
			left.users = changed(left.users, q.AddMemberUsers, q.RemoveMemberUsers)
			left.groups = changed(left.groups, q.AddMemberGroups, q.RemoveMemberGroups)
			u.leaves[step.Group.ID] = left
		case *CreateRole:
			if id := madeID(s); id != "" {
				u.leftRoles[id] = *step
			}
		case *PatchRole: // of a role that the run made: one on a circle gets the way back afterwards
			if left, made := u.leftRoles[step.Role.ID]; made {
				left.MemberRoles = changed(left.MemberRoles, step.Patch.AddMemberRoles, step.Patch.RemoveMemberRoles)
				u.leftRoles[step.Role.ID] = left
			}
		}
	}
}

// createdGroup deletes a group that the run made, if it is as the run left it.
func (u *undoer) createdGroup(step *CreateGroup, id string) {
	now, live := u.now.Group(id)
	if id == "" { // a journal that did not keep ids
		now, live = u.now.GroupNamed(step.Name)
	}
	left, known := u.leaves[now.ID]
	switch {
	case !live:
		u.skip("the group %s is gone already", step.Name)
	case known && (now.Name != left.name || now.Description != left.description || !sameSet(now.MemberUsers, left.users) || !sameSet(now.MemberGroups, left.groups)),
		!known && !step.matches(now):
		u.skip("the group %s has changed since the run and stays", now.Name)
	default:
		u.gone[now.ID] = true
		u.out.Steps = append(u.out.Steps, &DeleteGroup{Group: now})
	}
}

// patchedGroup takes members out again and back in, and gives the old name and description back.
func (u *undoer) patchedGroup(step *PatchGroup) {
	was, q := step.Group, step.Patch
	now, live := u.now.Group(was.ID)
	if !live {
		u.skip("the group %s is gone", was.Name)
		return
	}
	patch := u.patch(now)
	if q.Name != nil && *q.Name != was.Name {
		if now.Name == *q.Name {
			patch.Patch.Name = &was.Name
		} else {
			u.skip("the group %s has another name since: %s", *q.Name, now.Name)
		}
	}
	if q.Description != nil && *q.Description != was.Description {
		if now.Description == *q.Description {
			patch.Patch.Description = &was.Description
		} else {
			u.skip("the group %s has another description since", now.Name)
		}
	}
	users, groups := access.PrincipalUser, access.PrincipalGroup
	patch.Patch.RemoveMemberUsers = append(patch.Patch.RemoveMemberUsers, u.back(now, users, q.AddMemberUsers, was.MemberUsers, now.MemberUsers, true)...)
	patch.Patch.RemoveMemberGroups = append(patch.Patch.RemoveMemberGroups, u.back(now, groups, q.AddMemberGroups, was.MemberGroups, now.MemberGroups, true)...)
	patch.Patch.AddMemberUsers = append(patch.Patch.AddMemberUsers, u.back(now, users, q.RemoveMemberUsers, was.MemberUsers, now.MemberUsers, false)...)
	patch.Patch.AddMemberGroups = append(patch.Patch.AddMemberGroups, u.back(now, groups, q.RemoveMemberGroups, was.MemberGroups, now.MemberGroups, false)...)
}

// back are those of ids whom the run has put into a group, or taken out of it, and who are still there, or still
// not. Deleted groups that come back are in under their new id.
func (u *undoer) back(g braintrust.Group, kind access.PrincipalKind, ids, was, is []string, entered bool) []string {
	had, has := setOf(was), setOf(is)
	var out []string
	for _, id := range ids {
		if had[id] == entered {
			continue // the run changed nothing about that
		}
		p := access.Principal{Kind: kind, ID: u.newID(id)}
		name := principalName(u.names, access.Principal{Kind: kind, ID: id})
		switch {
		case has[id] != entered && entered:
			u.skip("%s has left %s since", name, g.Name)
		case has[id] != entered:
			u.skip("%s is in %s again", name, g.Name)
		case !entered && !u.lives(p) && slices.Contains(u.returning[id].groups, g.ID): // see invitedAgain
		case !entered && !u.lives(p):
			u.skip("%s, who was in %s, is gone", name, g.Name)
		default:
			out = append(out, p.ID)
		}
	}
	return out
}

// patch is the one step about a group.
func (u *undoer) patch(g braintrust.Group) *PatchGroup {
	if u.patches[g.ID] == nil {
		u.patches[g.ID] = &PatchGroup{Group: g}
	}
	return u.patches[g.ID]
}

// deletedGroup makes a group anew from how it was before it was deleted.
func (u *undoer) deletedGroup(step *DeleteGroup) {
	was := step.Group
	if _, taken := u.now.GroupNamed(was.Name); taken {
		u.skip("there is a group named %s again", was.Name)
		return
	}
	u.again[was.ID] = New("group", was.Name)
	create := &CreateGroup{GroupCreate: braintrust.GroupCreate{Name: was.Name, Description: was.Description}}
	for _, id := range was.MemberUsers {
		if u.lives(access.Principal{Kind: access.PrincipalUser, ID: id}) {
			create.MemberUsers = append(create.MemberUsers, id)
		} else {
			u.skip("%s, who was in %s, is gone", userName(u.names, id), was.Name)
		}
	}
	u.out.Steps = append(u.out.Steps, create)
	inner := u.patch(braintrust.Group{ID: New("group", was.Name), Name: was.Name})
	inner.Patch.AddMemberGroups = append(inner.Patch.AddMemberGroups, was.MemberGroups...) // see nested
	u.note("the group %s would come back with a new id", was.Name)
	for _, id := range step.Inside {
		if outer, live := u.now.Group(id); live {
			p := u.patch(outer)
			p.Patch.AddMemberGroups = append(p.Patch.AddMemberGroups, New("group", was.Name))
		} else if u.newID(id) == id {
			u.skip("a group that %s was inside is gone", was.Name)
		}
	}
	if step.GrantsUnread {
		u.lose("which grants the group %s had could not be read before it was deleted", was.Name)
	}
	for _, acl := range step.Grants {
		u.giveBack(acl.ACLItem)
	}
}

// nested puts groups into the groups that come back, once it is known which of them do.
func (u *undoer) nested() {
	for _, patch := range u.patches {
		if !u.isNew(patch.Group.ID) {
			continue
		}
		var inner []string
		for _, id := range patch.Patch.AddMemberGroups {
			id = u.newID(id)
			if u.lives(access.Principal{Kind: access.PrincipalGroup, ID: id}) && !slices.Contains(inner, id) {
				inner = append(inner, id)
			}
		}
		patch.Patch.AddMemberGroups = inner
	}
}

// createdRole deletes a role that the run made, if it is as the run made it.
func (u *undoer) createdRole(step *CreateRole, id string) {
	now, live := u.now.Role(id)
	if id == "" {
		now, live = roleNamed(u.now, step.Name)
	}
	left, known := u.leftRoles[now.ID]
	if !known {
		left = *step
	}
	switch {
	case !live:
		u.skip("the role %s is gone already", step.Name)
	case !left.matches(now):
		u.skip("the role %s has changed since the run and stays", now.Name)
	default:
		u.gone[now.ID] = true
		u.out.Steps = append(u.out.Steps, &DeleteRole{Role: now})
	}
}

// patchedRole gives a role back what the run took, and the reverse.
func (u *undoer) patchedRole(step *PatchRole) {
	was, q := step.Role, step.Patch
	now, live := u.now.Role(was.ID)
	if !live {
		u.skip("the role %s is gone", was.Name)
		return
	}
	var patch braintrust.RolePatch
	some := false
	if q.Name != nil && *q.Name != was.Name && now.Name == *q.Name {
		patch.Name, some = &was.Name, true
	}
	if q.Description != nil && *q.Description != was.Description && now.Description == *q.Description {
		patch.Description, some = &was.Description, true
	}
	for _, m := range q.AddMemberPermissions {
		if !slices.Contains(was.MemberPermissions, m) && slices.Contains(now.MemberPermissions, m) {
			patch.RemoveMemberPermissions, some = append(patch.RemoveMemberPermissions, m), true
		}
	}
	for _, m := range q.RemoveMemberPermissions {
		if slices.Contains(was.MemberPermissions, m) && !slices.Contains(now.MemberPermissions, m) {
			patch.AddMemberPermissions, some = append(patch.AddMemberPermissions, m), true
		}
	}
	for _, id := range q.AddMemberRoles {
		if !slices.Contains(was.MemberRoles, id) && slices.Contains(now.MemberRoles, id) {
			patch.RemoveMemberRoles, some = append(patch.RemoveMemberRoles, id), true
		}
	}
	for _, id := range q.RemoveMemberRoles {
		if slices.Contains(was.MemberRoles, id) && !slices.Contains(now.MemberRoles, id) && u.hasRole(id) {
			patch.AddMemberRoles, some = append(patch.AddMemberRoles, id), true
		}
	}
	if !some {
		u.skip("the role %s is not any more as the run left it", now.Name)
		return
	}
	u.out.Steps = append(u.out.Steps, &PatchRole{Role: now, Patch: patch})
}

// deletedRole makes a role anew, and grants it to those who had it.
func (u *undoer) deletedRole(step *DeleteRole) {
	was := step.Role
	if _, taken := roleNamed(u.now, was.Name); taken {
		u.skip("there is a role named %s again", was.Name)
		return
	}
	create := &CreateRole{RoleCreate: braintrust.RoleCreate{Name: was.Name, Description: was.Description, MemberPermissions: was.MemberPermissions}}
	for _, id := range was.MemberRoles {
		if u.hasRole(id) {
			create.MemberRoles = append(create.MemberRoles, id)
		} else {
			u.skip("a role inside %s is gone", was.Name)
		}
	}
	u.again[was.ID] = New("role", was.Name)
	u.out.Steps = append(u.out.Steps, create)
	u.note("the role %s would come back with a new id", was.Name)
	if step.GrantsUnread {
		u.lose("to whom the role %s was granted could not be read before it was deleted", was.Name)
	}
	for _, acl := range step.Grants {
		u.giveBack(acl.ACLItem)
	}
	for _, id := range step.Inside {
		if outer, live := u.now.Role(id); live {
			u.out.Steps = append(u.out.Steps, &PatchRole{Role: outer, Patch: braintrust.RolePatch{AddMemberRoles: []string{New("role", was.Name)}}})
		}
	}
}

// sortSteps puts steps that came out of a map in an order of their own.
func sortSteps(steps []Step) {
	key := func(s Step) string {
		if p, is := s.(*PatchGroup); is {
			return p.Group.ID
		}
		return ""
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return strings.Compare(key(a), key(b)) })
}
