package access

import (
	"slices"

	"btadmin/internal/explain"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// explainDocument is a whole explanation. Fields are added, never renamed.
type explainDocument struct {
	Allowed bool        `json:"allowed"`
	Checks  []explained `json:"checks"`
}

// explained answers one permission word, with the reasons.
type explained struct {
	checkRow
	Permissions []explainedPermission `json:"permissions"` // those that the word stands for
}

// explainedPermission is one raw permission on one node.
type explainedPermission struct {
	Permission string `json:"permission"`
	On         string `json:"on"`
	OnType     string `json:"on_type"`
	OnID       string `json:"on_id"`
	ChildType  string `json:"child_type"` // what would be made there, "" when the node itself is asked about
	Allowed    bool   `json:"allowed"`
	Exists     bool   `json:"exists"` // false: nothing can be granted there
	// ByMembership: no grant gives it and none is needed, because every member may.
	ByMembership bool                `json:"by_membership"`
	Paths        []explain.Path      `json:"paths"`
	Near         []explain.Path      `json:"near"`      // the same permission, restricted to another type
	Subjects     []explain.Principal `json:"subjects"`  // whose grants count for the principal, itself included
	Effective    []string            `json:"effective"` // what the principal has on the node
}

func (v *view) explain(r request, q question, yes bool) explained {
	out := explained{
		checkRow:    row(r, q, yes),
		Permissions: []explainedPermission{},
	}
	for _, part := range q.parts {
		e := part.explain(v.trace(r.principal.Principal))
		x := explainedPermission{
			Permission: string(e.Permission), On: v.node(e.Node), OnType: string(e.Node.Type), OnID: e.Node.ID,
			ChildType: string(e.Child), Allowed: e.Allowed, Exists: e.Exists, ByMembership: e.byMembership,
			Paths: explain.Paths(e.Paths, asked{v, r}), Near: explain.Paths(e.Near, asked{v, r}), Subjects: v.principals(r, e.Subjects), Effective: v.effective(r, e.Explanation),
		}
		out.Permissions = append(out.Permissions, x)
	}
	return out
}

func (v *view) principals(r request, subjects []access.Principal) []explain.Principal {
	first := func(p access.Principal) int {
		if p == r.principal.Principal {
			return 0
		}
		return 1
	}
	subjects = slices.Clone(subjects)
	slices.SortStableFunc(subjects, func(a, b access.Principal) int { return first(a) - first(b) })
	return explain.Principals(subjects, asked{v, r})
}

// asked names things as the request does.
type asked struct {
	v *view
	r request
}

func (a asked) Principal(p access.Principal) string { return a.v.principal(p, a.r) }
func (a asked) Node(n access.Node) string           { return a.v.node(n) }
func (a asked) Role(id string) string               { return a.v.role(id) }

// effective lists what the principal has on the node itself, or on things of the asked type in it.
func (v *view) effective(r request, e access.Explanation) []string {
	out := []string{}
	for _, permission := range braintrust.Permissions() {
		one := part{permission: permission, node: e.Node, child: e.Child}
		if one.explain(v.trace(r.principal.Principal)).Allowed {
			out = append(out, string(permission))
		}
	}
	return out
}
