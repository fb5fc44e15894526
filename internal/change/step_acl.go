package change

import (
	"fmt"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// AddACLs adds grants, in as few requests as the chunk size allows. Out are the ACLs as the server has
// them, those that were there before included.
type AddACLs struct {
	Items []braintrust.ACLItem
	Out   []braintrust.ACL `json:"-"`
}

// RemoveACLs takes grants away. ACLs that are gone already are no error.
type RemoveACLs struct {
	ACLs []braintrust.ACL
	Out  []braintrust.ACL `json:"-"`
}

// Lines implements Step.
func (a *AddACLs) Lines(names Namer) []Line { return grantLines("add", a.Items, names) }

// Lines implements Step.
func (r *RemoveACLs) Lines(names Namer) []Line { return grantLines("remove", r.items(), names) }

func grantLines(action string, items []braintrust.ACLItem, names Namer) []Line {
	lines := make([]Line, len(items))
	for i, item := range items {
		what := access.Tuple{Permission: item.Permission, Restrict: item.RestrictObjectType}.String()
		if item.RoleID != "" {
			role := names.Role(item.RoleID)
			if role == "" {
				role = item.RoleID
			}
			what = "role " + role
		}
		lines[i] = Line{
			Action: action, Target: nodeName(names, access.NodeOf(item)),
			Detail: fmt.Sprintf("%s for %s", what, principalName(names, access.PrincipalOf(item))), Grant: &items[i],
		}
	}
	return lines
}

func (r *RemoveACLs) items() []braintrust.ACLItem {
	items := make([]braintrust.ACLItem, len(r.ACLs))
	for i, acl := range r.ACLs {
		items[i] = acl.ACLItem
	}
	return items
}

func (a *AddACLs) phase() phase    { return phaseAdd }
func (r *RemoveACLs) phase() phase { return phaseRemove }
func (a *AddACLs) size() int       { return len(a.Items) }
func (r *RemoveACLs) size() int    { return len(r.ACLs) }

func (a *AddACLs) needs(org braintrust.Organization) need { return grantNeed(org, a.Items, false) }
func (r *RemoveACLs) needs(org braintrust.Organization) need {
	return grantNeed(org, r.items(), true)
}

func (a *AddACLs) apply(s *access.State) {
	for i, item := range a.Items {
		if _, there := s.FindACL(item); !there {
			s.PutACL(braintrust.ACL{ID: fmt.Sprintf("%sacl/%p/%d", newPrefix, a, i), ACLItem: item})
		}
	}
}

func (r *RemoveACLs) apply(s *access.State) {
	for _, acl := range r.ACLs {
		if found, there := s.FindACL(acl.ACLItem); there {
			s.DeleteACL(found.ID)
		}
	}
}

func (a *AddACLs) chunked()    {}
func (r *RemoveACLs) chunked() {}

func (a *AddACLs) bind(ids map[string]string) {
	for i := range a.Items {
		item := &a.Items[i]
		item.ObjectID, item.UserID = bound(ids, item.ObjectID), bound(ids, item.UserID)
		item.GroupID, item.RoleID = bound(ids, item.GroupID), bound(ids, item.RoleID)
	}
}

func (r *RemoveACLs) bind(map[string]string) {}

func (a *AddACLs) run(e *execution) error {
	return e.chunks(len(a.Items), func(from, to int) Step { return &AddACLs{Items: a.Items[from:to]} }, func(from, to int) error {
		items := a.Items[from:to]
		result, err := e.client.UpdateACLs(e.ctx, braintrust.ACLBatch{Add: items})
		if err != nil {
			return e.settle(err, func() (all, none bool, err error) { return e.present(items) })
		}
		a.Out = append(a.Out, result.Added...)
		missing := slices.DeleteFunc(slices.Clone(items), func(item braintrust.ACLItem) bool {
			return holdsItem(result.Added, item)
		})
		if len(missing) == 0 {
			return nil
		}
		// The answer may leave out what was there before.
		return e.verify("grants", func() (bool, error) {
			there, _, err := e.aclsOn(missing)
			if err != nil {
				return false, err
			}
			var found []braintrust.ACL
			for _, item := range missing {
				i := slices.IndexFunc(there, func(acl braintrust.ACL) bool { return acl.ACLItem == item })
				if i < 0 {
					return false, nil
				}
				found = append(found, there[i])
			}
			a.Out = append(a.Out, found...)
			return true, nil
		})
	})
}

func (r *RemoveACLs) run(e *execution) error {
	return e.chunks(len(r.ACLs), func(from, to int) Step { return &RemoveACLs{ACLs: r.ACLs[from:to]} }, func(from, to int) error {
		items := r.items()[from:to]
		result, err := e.client.UpdateACLs(e.ctx, braintrust.ACLBatch{Remove: items})
		if err != nil {
			return e.settle(err, func() (all, none bool, err error) {
				none, all, err = e.present(items)
				return all, none, err
			})
		}
		r.Out = append(r.Out, result.Removed...)
		left := slices.DeleteFunc(slices.Clone(items), func(item braintrust.ACLItem) bool {
			return holdsItem(result.Removed, item)
		})
		if len(left) == 0 {
			return nil
		}
		return e.verify("grants", func() (bool, error) {
			there, hidden, err := e.aclsOn(left)
			if err != nil {
				return false, err
			}
			if hidden {
				e.warn("grants: some are on what is gone or cannot be seen with this key, so they cannot be read back")
			}
			return !slices.ContainsFunc(left, func(item braintrust.ACLItem) bool { return holdsItem(there, item) }), nil
		})
	})
}

// present reports whether all of items are granted, and whether none is for sure.
func (e *execution) present(items []braintrust.ACLItem) (all, none bool, err error) {
	there, hidden, err := e.aclsOn(items)
	if err != nil {
		return false, false, err
	}
	found := 0
	for _, item := range items {
		if holdsItem(there, item) {
			found++
		}
	}
	return found == len(items), found == 0 && !hidden, nil
}

func holdsItem(acls []braintrust.ACL, item braintrust.ACLItem) bool {
	return slices.ContainsFunc(acls, func(acl braintrust.ACL) bool { return acl.ACLItem == item })
}
