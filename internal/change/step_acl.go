package change

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
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
			what = "role " + roleName(names, item.RoleID)
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
	for _, item := range a.Items {
		if _, there := s.FindACL(item); !there {
			s.PutACL(braintrust.ACL{ID: newACL(item), ACLItem: item})
		}
	}
}

// newACL is the id of a grant that is going to be made: no two grants say the same.
func newACL(i braintrust.ACLItem) string {
	return New("acl", strings.Join([]string{
		string(i.ObjectType), i.ObjectID, i.UserID, i.GroupID, i.RoleID, string(i.Permission), string(i.RestrictObjectType),
	}, "/"))
}

func (r *RemoveACLs) apply(s *access.State) {
	for _, acl := range r.ACLs {
		if found, there := s.FindACL(acl.ACLItem); there {
			s.DeleteACL(found.ID)
		}
	}
}

func (a *AddACLs) target() string { return "" }

func (a *AddACLs) uses() []string {
	var ids []string
	for _, item := range a.Items {
		ids = append(ids, item.ObjectID, item.UserID, item.GroupID, item.RoleID)
	}
	return ids
}

func (a *AddACLs) bind(ids map[string]string) {
	for i := range a.Items {
		if !isOpen(a.Items[i]) {
			continue
		}
		item := &a.Items[i]
		item.ObjectID, item.UserID = bound(ids, item.ObjectID), bound(ids, item.UserID)
		item.GroupID, item.RoleID = bound(ids, item.GroupID), bound(ids, item.RoleID)
	}
}

// isOpen reports whether an item refers to what is not there yet.
func isOpen(item braintrust.ACLItem) bool {
	for _, id := range []string{item.ObjectID, item.UserID, item.GroupID, item.RoleID} {
		if _, made := IsNew(id); made {
			return true
		}
	}
	return false
}

func (a *AddACLs) ready() (Step, int) {
	items := without(a.Items, isOpen)
	return stepOrNil(len(items), &AddACLs{Items: items}), len(a.Items) - len(items)
}

func (r *RemoveACLs) bind(map[string]string) {}
func (r *RemoveACLs) target() string         { return "" }

func (a *AddACLs) rows(from, to int) Step    { return &AddACLs{Items: a.Items[from:to]} }
func (r *RemoveACLs) rows(from, to int) Step { return &RemoveACLs{ACLs: r.ACLs[from:to]} }

func (a *AddACLs) gather(parts []Step) {
	for _, part := range parts {
		a.Out = append(a.Out, part.(*AddACLs).Out...)
	}
}

func (r *RemoveACLs) gather(parts []Step) {
	for _, part := range parts {
		r.Out = append(r.Out, part.(*RemoveACLs).Out...)
	}
}

func (a *AddACLs) lists() orgstate.Need    { return orgstate.Need{ACLsOn: nodesOf(a.Items)} }
func (r *RemoveACLs) lists() orgstate.Need { return orgstate.Need{ACLsOn: nodesOf(r.items())} }

func nodesOf(items []braintrust.ACLItem) []access.Node {
	var nodes []access.Node
	seen := map[access.Node]bool{}
	for _, item := range items {
		if node := access.NodeOf(item); !seen[node] {
			seen[node] = true
			nodes = append(nodes, node)
		}
	}
	return nodes
}

func (a *AddACLs) unchanged(*seen) error    { return nil } // see narrow
func (r *RemoveACLs) unchanged(*seen) error { return nil }

func (a *AddACLs) narrow(now, base *seen) (rest Step, already int, foreign Step) {
	var open, changed []braintrust.ACLItem
	for _, item := range a.Items {
		acl, there := now.acls[item]
		switch {
		case there:
			a.Out = append(a.Out, acl)
			already++
		case !now.sameRow(base, rowOf(item)):
			changed = append(changed, item)
		default:
			open = append(open, item)
		}
	}
	return stepOrNil(len(open), &AddACLs{Items: open}), already, stepOrNil(len(changed), &AddACLs{Items: changed})
}

func (r *RemoveACLs) narrow(now, base *seen) (rest Step, already int, foreign Step) {
	var open, changed []braintrust.ACL
	for _, acl := range r.ACLs {
		_, there := now.acls[acl.ACLItem]
		switch {
		case !there:
			already++
		case !now.sameRow(base, rowOf(acl.ACLItem)):
			changed = append(changed, acl)
		default:
			open = append(open, acl)
		}
	}
	return stepOrNil(len(open), &RemoveACLs{ACLs: open}), already, stepOrNil(len(changed), &RemoveACLs{ACLs: changed})
}

func stepOrNil(rows int, step Step) Step {
	if rows == 0 {
		return nil
	}
	return step
}

func (a *AddACLs) shows(s *seen) (all, none bool) {
	n := s.granted(a.Items)
	if n == len(a.Items) {
		a.Out = a.Out[:0]
		for _, item := range a.Items {
			a.Out = append(a.Out, s.acls[item])
		}
	}
	return n == len(a.Items), n == 0
}

func (r *RemoveACLs) shows(s *seen) (all, none bool) {
	n := s.granted(r.items())
	return n == 0, n == len(r.ACLs)
}

func (a *AddACLs) run(e *execution) error {
	result, err := e.client.UpdateACLs(e.ctx, braintrust.ACLBatch{Add: a.Items})
	if err != nil {
		return e.settle(err, func() (all, none bool, err error) { return e.present(a.Items) })
	}
	a.Out = result.Added
	missing := notAmong(a.Items, result.Added)
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
}

func (r *RemoveACLs) run(e *execution) error {
	items := r.items()
	result, err := e.client.UpdateACLs(e.ctx, braintrust.ACLBatch{Remove: items})
	if err != nil {
		return e.settle(err, func() (all, none bool, err error) {
			none, all, err = e.present(items)
			return all, none, err
		})
	}
	r.Out = result.Removed
	left := notAmong(items, result.Removed)
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
		return len(notAmong(left, there)) == len(left), nil
	})
}

// notAmong are the items that no ACL holds.
func notAmong(items []braintrust.ACLItem, acls []braintrust.ACL) []braintrust.ACLItem {
	held := make(map[braintrust.ACLItem]bool, len(acls))
	for _, acl := range acls {
		held[acl.ACLItem] = true
	}
	return without(items, func(item braintrust.ACLItem) bool { return held[item] })
}

// present reports whether all of items are granted, and whether none is for sure.
func (e *execution) present(items []braintrust.ACLItem) (all, none bool, err error) {
	there, hidden, err := e.aclsOn(items)
	if err != nil {
		return false, false, err
	}
	missing := len(notAmong(items, there))
	return missing == 0, missing == len(items) && !hidden, nil
}
