package acl

import (
	"context"
	"slices"

	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// wish is one row of what a person asked for: a principal's permissions on an object, in words.
type wish struct {
	object, principal    string
	allow, objects, role string
	row                  batch.Row // where it was written, when it came from a file

	target resolve.Target
	who    resolve.Named
	set    grants.Set   // what it means
	table  access.Table // by which its words are read
}

// finder resolves names: a Resolver, or what was resolved of a file at once.
type finder interface {
	Target(ctx context.Context, ref string) (resolve.Target, error)
	Principal(ctx context.Context, ref string) (resolve.Named, error)
	Role(ctx context.Context, name string) (braintrust.Role, error)
}

// find resolves who and what a wish is about.
func (w *wish) find(ctx context.Context, names finder) error {
	var err error
	if w.target, err = names.Target(ctx, w.object); err != nil {
		return err
	}
	w.who, err = names.Principal(ctx, w.principal)
	return err
}

// resolve turns the words of a wish into grants. Nothing has been sent when it fails.
func (w *wish) resolve(ctx context.Context, names finder) error {
	switch {
	case w.allow == "" && w.role == "":
		return exit.BadInputf("missing --allow: which permissions").WithHint("for example --allow read,update; --role NAME grants a role")
	case w.allow == "" && w.objects != "":
		return exit.BadInputf("--objects goes with --allow, not with --role")
	}
	if err := w.find(ctx, names); err != nil {
		return err
	}
	if w.allow != "" {
		var err error
		if w.set, err = grants.On(w.table, w.who.Principal, w.target.Node, w.allow, w.objects); err != nil {
			return err
		}
	}
	if w.role != "" {
		role, err := names.Role(ctx, w.role)
		if err != nil {
			return err
		}
		w.set.Items = append(w.set.Items, access.RoleItem(w.who.Principal, w.target.Node, role.ID))
	}
	return nil
}

// rows are the rows of the page that a wish is about; one for a role alone is the object's own.
func (w *wish) rows() []grants.Row {
	if len(w.set.Rows) == 0 {
		return []grants.Row{{Node: w.target.Node}}
	}
	return w.set.Rows
}

// concerns reports whether a grant is in a row of the wish, or is one that was wished for.
func (w *wish) concerns(item braintrust.ACLItem) bool {
	if access.PrincipalOf(item) != w.who.Principal {
		return false
	}
	return slices.Contains(w.set.Items, item) || slices.ContainsFunc(w.rows(), func(r grants.Row) bool { return r.Holds(w.table, item) })
}

// missing are the wished grants that are not there.
func (w *wish) missing(have *index) []braintrust.ACLItem {
	return slices.DeleteFunc(slices.Clone(w.set.Items), func(item braintrust.ACLItem) bool {
		_, there := have.byItem[item]
		return there
	})
}

// surplus are the grants in the wished rows that were not wished for.
func (w *wish) surplus(have *index) []braintrust.ACL {
	var out []braintrust.ACL
	for _, row := range w.set.Rows {
		for _, acl := range have.row(w.table, w.who.Principal, row) {
			if !slices.Contains(w.set.Items, acl.ACLItem) {
				out = append(out, acl)
			}
		}
	}
	return out
}

// present are the wished grants that are there.
func (w *wish) present(have *index) []braintrust.ACL {
	var out []braintrust.ACL
	for _, item := range w.set.Items {
		if acl, there := have.byItem[item]; there {
			out = append(out, acl)
		}
	}
	return out
}

// nodesOf are those whose grants must be known.
func nodesOf(wishes []*wish) []access.Node {
	var nodes []access.Node
	seen := map[access.Node]bool{}
	for _, w := range wishes {
		for _, row := range w.rows() {
			for _, n := range row.Nodes() {
				if !seen[n] {
					seen[n] = true
					nodes = append(nodes, n)
				}
			}
		}
	}
	return nodes
}
