package acl

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// verb is one of set, grant and revoke: they differ in what they make of what is there and what is wished.
type verb struct {
	name, short, long, example string
	plan                       func(w *wish, have *index) (add []braintrust.ACLItem, remove []braintrust.ACL)
	// exclusive says that two rows of one file must not speak about the same row of the page.
	exclusive bool
}

type verbOptions struct {
	allow, objects, role, file string
}

func (v verb) command(a *app.App) *cobra.Command {
	var opts verbOptions
	cmd := &cobra.Command{
		Use: v.name + " [REF PRINCIPAL]", Short: v.short, Long: v.long, Example: v.example,
		Args: tree.Args("[REF]", "[PRINCIPAL]"),
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.allow, "allow", "", "permission words: read, update, delete, manage-access, ..., all; none with set")
	fs.StringVar(&opts.objects, "objects", "", "only the objects of these kinds in the project: experiments, datasets, ...")
	fs.StringVar(&opts.role, "role", "", "a role instead of single permissions")
	fs.StringVar(&opts.file, "file", "", "read rows of object, principal, allow, objects, role from this file, - for standard input")
	return cmd
}

func (v verb) run(ctx context.Context, a *app.App, args []string, opts verbOptions) error {
	if _, err := a.Printer(); err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	wishes, doc, err := v.wishes(ctx, a, r, args, opts)
	if err != nil {
		return err
	}
	have, err := current(ctx, client, nodesOf(wishes))
	if err != nil {
		return err
	}
	steps, add, remove := v.steps(wishes, newIndex(have))
	if len(steps) == 0 {
		a.Status.Done("Nothing to change: it is that way already")
	} else {
		result, err := a.Mutate(ctx, app.Change{Steps: steps, Bulk: doc != nil, Title: "Changing ACLs", Question: v.question(remove)})
		var partial *change.PartialError
		if errors.As(err, &partial) && doc != nil {
			return errors.Join(err, reportPartial(a, doc, wishes, newIndex(have), add, remove))
		}
		if err != nil || result == nil {
			return err
		}
		a.Status.Done("%s added, %d removed", text.Count(lengthOf(add), "grant"), len(removedOf(remove)))
	}
	if doc != nil {
		return reportDone(a, wishes)
	}
	return v.show(ctx, a, r, wishes[0], have, add, remove)
}

func (v verb) question(remove *change.RemoveACLs) string {
	return fmt.Sprintf("Take %s away?", text.Count(len(removedOf(remove)), "grant"))
}

func lengthOf(add *change.AddACLs) int {
	if add == nil {
		return 0
	}
	return len(add.Items)
}

func removedOf(remove *change.RemoveACLs) []braintrust.ACL {
	if remove == nil {
		return nil
	}
	return remove.ACLs
}

// wishes reads and resolves everything that was asked for. doc is nil when it was said on the command line.
func (v verb) wishes(ctx context.Context, a *app.App, r *resolve.Resolver, args []string, opts verbOptions) ([]*wish, *batch.Document, error) {
	if opts.file != "" {
		if len(args) > 0 || opts.allow != "" || opts.objects != "" || opts.role != "" {
			return nil, nil, exit.BadInputf("--file says everything: it goes with no argument and no other flag")
		}
		return v.fromFile(ctx, a, r, opts.file)
	}
	if len(args) < 2 {
		return nil, nil, exit.BadInputf("missing argument %s", []string{"REF", "PRINCIPAL"}[len(args)]).
			WithHint("btadmin acl %s REF PRINCIPAL --allow WORDS, or --file FILE", v.name)
	}
	w := &wish{object: args[0], principal: args[1], allow: opts.allow, objects: opts.objects, role: opts.role}
	if w.allow == "" && w.role == "" && a.Prompt.CanPrompt() {
		if err := v.ask(ctx, a, r, w); err != nil {
			return nil, nil, err
		}
	}
	if err := w.resolve(ctx, r); err != nil {
		return nil, nil, err
	}
	for _, note := range w.set.Notes {
		a.Status.Note("%s", note)
	}
	return []*wish{w}, nil, nil
}

// ask offers the words of the row with what is granted now ticked.
func (v verb) ask(ctx context.Context, a *app.App, r *resolve.Resolver, w *wish) error {
	target, err := r.Target(ctx, w.object)
	if err != nil {
		return err
	}
	who, err := r.Principal(ctx, w.principal)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	row := grants.Row{Node: target.Node}
	scope := access.ScopeOf(target.Node.Type)
	if w.objects != "" {
		kinds, err := access.ParseObjectWords(w.objects)
		if err != nil {
			return exit.New(exit.BadInput, err)
		}
		row.Restrict, scope = kinds[0].Type, access.ScopeObjects
	}
	have, err := current(ctx, client, row.Nodes())
	if err != nil {
		return err
	}
	var items []braintrust.ACLItem
	for _, acl := range have {
		if row.Holds(acl.ACLItem) && access.PrincipalOf(acl.ACLItem) == who.Principal {
			items = append(items, acl.ACLItem)
		}
	}
	var ticked []string
	if v.exclusive {
		for _, described := range access.Describe(items) {
			ticked = append(ticked, described.Words()...)
		}
	}
	words, err := ask.Words(a.Prompt.WithContext(ctx), fmt.Sprintf("%s: permissions of %s on %s", v.name, who.Ref, target.Ref), scope, ticked)
	if err != nil {
		return err
	}
	if words == "" {
		words = "none"
	}
	w.allow = words
	return nil
}

// steps plans all wishes together: additions in one step, removals in another.
func (v verb) steps(wishes []*wish, have *index) (steps []change.Step, add *change.AddACLs, remove *change.RemoveACLs) {
	var items []braintrust.ACLItem
	var gone []braintrust.ACL
	adding, removing := map[braintrust.ACLItem]bool{}, map[string]bool{}
	for _, w := range wishes {
		plus, minus := v.plan(w, have)
		for _, item := range plus {
			if !adding[item] {
				adding[item] = true
				items = append(items, item)
			}
		}
		for _, acl := range minus {
			if !removing[acl.ID] {
				removing[acl.ID] = true
				gone = append(gone, acl)
			}
		}
	}
	if len(items) > 0 {
		add = &change.AddACLs{Items: items}
		steps = append(steps, add)
	}
	if len(gone) > 0 {
		remove = &change.RemoveACLs{ACLs: gone}
		steps = append(steps, remove)
	}
	return steps, add, remove
}

// show prints what the principal is granted in the row now, where the output is data.
func (v verb) show(ctx context.Context, a *app.App, r *resolve.Resolver, w *wish, have []braintrust.ACL, add *change.AddACLs, remove *change.RemoveACLs) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if p.Human() {
		return nil
	}
	gone := removedOf(remove)
	var now []braintrust.ACL
	for _, acl := range have {
		if w.concerns(acl.ACLItem) && !slices.ContainsFunc(gone, func(g braintrust.ACL) bool { return g.ID == acl.ID }) {
			now = append(now, acl)
		}
	}
	if add != nil {
		for _, acl := range add.Out {
			if !slices.ContainsFunc(now, func(n braintrust.ACL) bool { return n.ID == acl.ID }) {
				now = append(now, acl)
			}
		}
	}
	return printACLs(ctx, a, r, now)
}

// concerns reports whether a grant is in a row of the wish, or is one that was wished for.
func (w *wish) concerns(item braintrust.ACLItem) bool {
	if access.PrincipalOf(item) != w.who {
		return false
	}
	return slices.Contains(w.set.Items, item) || slices.ContainsFunc(w.set.Rows, func(r grants.Row) bool { return r.Holds(item) })
}
