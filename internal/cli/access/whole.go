package access

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// Kinds of principal as rows tell them.
const (
	kindGroup   = "group"
	kindAccount = string(orgstate.ServiceAccount)
)

// kindOf is person, service_account, unknown or group.
func kindOf(v *orgview.View, p access.Principal) string {
	if p.Kind == access.PrincipalGroup {
		return kindGroup
	}
	if m, known := v.Members.ByID(p.ID); known {
		return string(m.Kind)
	}
	return string(orgstate.Unknown)
}

func kindOrder(kind string) int {
	switch kind {
	case kindGroup:
		return 2
	case kindAccount:
		return 1
	}
	return 0
}

// warnIncomplete says what an answer about a whole organization lacks.
func warnIncomplete(ctx context.Context, a *app.App, v *orgview.View) error {
	if v.Meta.File == "" && v.Meta.Reader == "" {
		if err := a.NameReader(ctx, v); err != nil {
			return err
		}
	}
	if v.MayMiss() {
		a.Status.Warn("not everything is known: grants name groups, roles, project groups or projects that are deleted, or hidden from the key; what those give is missing")
	}
	if len(v.Meta.Unread) == 0 {
		return nil
	}
	var hidden []string
	for _, n := range v.Meta.Unread[:min(3, len(v.Meta.Unread))] {
		hidden = append(hidden, v.Names().Node(n))
	}
	if more := len(v.Meta.Unread) - len(hidden); more > 0 {
		hidden = append(hidden, "others")
	}
	a.Status.Warn("not everything is known: the grants on %s were hidden from the key", strings.Join(hidden, ", "))
	return nil
}

// shortest tells the shortest of the ways to a permission in one line.
func shortest(v *orgview.View, e reason) string {
	if e.byMembership {
		return "every member may"
	}
	if len(e.Paths) == 0 {
		return ""
	}
	best := e.Paths[0]
	for _, p := range e.Paths[1:] {
		if len(p.Subjects)+len(p.Nodes)+len(p.Roles) < len(best.Subjects)+len(best.Nodes)+len(best.Roles) {
			best = p
		}
	}
	way := "own grant"
	var groups []string
	for _, g := range best.Subjects[1:] {
		groups = append(groups, v.Names().Principal(g))
	}
	if len(groups) > 0 {
		way = strings.Join(groups, " in ")
	}
	on := access.NodeOf(best.ACL.ACLItem)
	way += " on " + v.Names().Node(on)
	if len(best.Roles) > 0 {
		way += " by role " + orID(v.Names().Role(best.Roles[0]), best.Roles[0])
	}
	if best.BuiltIn {
		way += " (built-in)"
	}
	return way
}

func orID(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// spot is a place of the organization in the words of references: an object, and a kind of thing in it.
type spot struct {
	Object     string `json:"object"`
	ObjectType string `json:"object_type"`
	ObjectID   string `json:"object_id"`
	Kind       string `json:"kind"`       // experiments, groups, ...: things of that kind in the object
	ChildType  string `json:"child_type"` // the type that the kind stands for, "" when the object itself is meant
}

func spotOf(v *orgview.View, p diff.Place) spot {
	return spot{
		Object: v.Names().Node(p.Node), ObjectType: string(p.Node.Type), ObjectID: p.Node.ID,
		Kind: kindWord(p.Child), ChildType: string(p.Child),
	}
}

// kindWord is the word of --objects for a type.
func kindWord(t braintrust.ObjectType) string {
	if t == "" {
		return ""
	}
	for _, k := range access.ObjectWords() {
		if k.Type == t {
			return k.Word
		}
	}
	for word, made := range madeElsewhere {
		if made == t {
			return word
		}
	}
	return strings.ReplaceAll(string(t), "_", "-") + "s"
}

// partOf is what check would ask about a permission in a place.
func partOf(p diff.Place, permission braintrust.Permission) part {
	one := part{permission: permission, node: p.Node, child: p.Child}
	if p.Child == braintrust.ObjectProjectLog && p.Node.Type == braintrust.ObjectProject {
		one.node.Type, one.child = braintrust.ObjectProjectLog, ""
	}
	if one.child == "" && access.CreatesProject(one.node, permission) {
		one.child = braintrust.ObjectProject
	}
	return one
}

// held lists the permissions of a principal in a place.
func held(e *compiled.Engine, who access.Principal, p diff.Place, permissions []braintrust.Permission) []braintrust.Permission {
	out := []braintrust.Permission{}
	for _, permission := range permissions {
		one := partOf(p, permission)
		if one.child == "" && e.Check(who, permission, one.node) || one.child != "" && e.CheckChild(who, permission, one.child, one.node) {
			out = append(out, permission)
		}
	}
	return out
}

// byName sorts what is about nodes by their names, types in the order in which they come.
func byName[T any](all []T, describe func(T) (access.Node, string)) {
	type key struct {
		rank int
		name string
	}
	ranks, keys := map[braintrust.ObjectType]int{}, map[access.Node]key{}
	for _, item := range all {
		n, name := describe(item)
		if _, met := ranks[n.Type]; !met {
			ranks[n.Type] = len(ranks)
		}
		keys[n] = key{ranks[n.Type], name}
	}
	slices.SortStableFunc(all, func(a, b T) int {
		x, _ := describe(a)
		y, _ := describe(b)
		return cmp.Or(cmp.Compare(keys[x].rank, keys[y].rank), strings.Compare(keys[x].name, keys[y].name), strings.Compare(x.ID, y.ID))
	})
}
