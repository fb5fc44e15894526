package change

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// added takes grants away again, but those that were there before the run, or were given anew since.
func (u *undoer) added(step *AddACLs, s sentStep) {
	for _, item := range step.Items {
		acl, there := u.now.FindACL(item)
		what := u.say(item)
		switch {
		case !there:
			u.skip("%s is gone already", what)
		case !u.lives(access.PrincipalOf(item)):
			u.skip("%s: who had it is gone", what)
		case !acl.Created.IsZero() && acl.Created.Before(s.Time.Add(-clockDrift)):
			u.skip("%s was there before the run", what)
		case !acl.Created.IsZero() && acl.Created.After(s.Ended.Add(clockDrift)):
			u.skip("%s was granted anew since", what)
		default:
			u.remove = append(u.remove, acl)
		}
	}
}

// removed gives grants back to whoever is still there.
func (u *undoer) removed(step *RemoveACLs) {
	for _, acl := range step.ACLs {
		u.giveBack(acl.ACLItem)
	}
}

// giveBack grants something again: to what was made anew, where that is what it was about.
func (u *undoer) giveBack(item braintrust.ACLItem) {
	what := u.say(item)
	item.ObjectID, item.GroupID, item.RoleID = u.newID(item.ObjectID), u.newID(item.GroupID), u.newID(item.RoleID)
	_, there := u.now.FindACL(item)
	switch {
	case there:
		u.skip("%s was granted again since", what)
	case !u.lives(access.PrincipalOf(item)):
		u.skip("%s: who had it is gone", what)
	case !u.isNew(item.ObjectID) && !u.now.Exists(access.NodeOf(item)):
		u.skip("%s: what it was on is gone", what)
	case item.RoleID != "" && !u.isNew(item.RoleID) && !u.hasRole(item.RoleID):
		u.skip("%s: the role is gone", what)
	default:
		u.add = append(u.add, item)
	}
}

func (u *undoer) newID(id string) string {
	if placeholder, made := u.again[id]; made {
		return placeholder
	}
	return id
}

func (u *undoer) isNew(id string) bool {
	_, is := IsNew(id)
	return is
}

func (u *undoer) hasRole(id string) bool {
	_, live := u.now.Role(id)
	return live
}

func (u *undoer) lives(p access.Principal) bool {
	if u.isNew(p.ID) {
		return true
	}
	if p.Kind == access.PrincipalGroup {
		_, live := u.now.Group(p.ID)
		return live
	}
	_, member := u.now.User(p.ID)
	return member
}

// say is a grant in words.
func (u *undoer) say(item braintrust.ACLItem) string {
	line := grantLines("grant", []braintrust.ACLItem{item}, u.names)[0]
	return line.Detail + " on " + line.Target
}
