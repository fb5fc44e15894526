package acl

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// verb is one of set, grant and revoke: they differ in what they make of what is there and what is wished.
type verb struct {
	name, short, long, example string
	// want is what is to be added and removed for a wish.
	want func(w *wish, have *index) (add []braintrust.ACLItem, remove []braintrust.ACL)
	adds bool // wished grants are to be there
	// exclusive says that a wish is all that a row may hold: two rows of one file must not speak about the same.
	exclusive bool
	question  string // before something is taken away: how much, from whom, on what
}

type verbOptions struct {
	allow, objects, role, file string
}

func (v verb) command(a *app.App) *cobra.Command {
	var opts verbOptions
	cmd := &cobra.Command{
		Use: v.name + " [REF PRINCIPAL]", Short: v.short, Long: v.long, Example: v.example,
		Args: tree.Args("[REF]", "[PRINCIPAL]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.file == "" {
				return v.run(cmd.Context(), a, args, opts)
			}
			if len(args) > 0 || opts.allow != "" || opts.objects != "" || opts.role != "" {
				return exit.BadInputf("--file says everything: it goes with no argument and with none of --allow, --objects, --role")
			}
			return v.runFile(cmd.Context(), a, opts.file)
		},
	}
	allow := "permission words: read, create, update, delete, manage-access, or all"
	if v.exclusive {
		allow += "; none takes everything in the row away"
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.allow, "allow", "", allow)
	fs.StringVar(&opts.objects, "objects", "", "only the objects of these kinds in the project: experiments, datasets, logs, prompts, playgrounds, functions, scorers, classifiers")
	fs.StringVar(&opts.role, "role", "", "a role, besides or instead of single permissions")
	fs.StringVar(&opts.file, "file", "", "read rows of object, principal, allow, objects, role from this file, - for standard input")
	return cmd
}

// run changes what one principal is granted on one object.
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
	w, err := v.wish(ctx, a, r, args, opts)
	if err != nil {
		return err
	}
	for _, note := range w.set.Notes {
		a.Status.Note("%s", note)
	}
	acls, err := current(ctx, client, nodesOf([]*wish{w}))
	if err != nil {
		return err
	}
	have := newIndex(acls)
	c := v.plan([]*wish{w}, have)
	if len(c.steps) == 0 {
		a.Status.Done("Nothing to change: %s on %s is that way already", w.who.Ref, w.target.Ref)
		return printACLs(ctx, a, r, c.after(w, have))
	}
	question := ""
	if v.question != "" {
		question = fmt.Sprintf(v.question, text.Count(len(c.remove.ACLs), "grant"), w.who.Ref, w.target.Ref)
	}
	result, err := a.Mutate(ctx, app.Change{Steps: c.steps, Title: "Changing ACLs", Question: question})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("%s on %s: %s added, %d removed", w.who.Ref, w.target.Ref, text.Count(len(c.add.Items), "grant"), len(c.remove.ACLs))
	return printACLs(ctx, a, r, c.after(w, have))
}

// wish is what the command line says, and what is asked for where it says nothing.
func (v verb) wish(ctx context.Context, a *app.App, r *resolve.Resolver, args []string, opts verbOptions) (*wish, error) {
	w := &wish{allow: opts.allow, objects: opts.objects, role: opts.role}
	fields := []*string{&w.object, &w.principal}
	for i, arg := range args {
		*fields[i] = arg
	}
	if err := v.askMissing(ctx, a, r, w, len(args)); err != nil {
		return nil, err
	}
	w.table = r.Labels()
	if err := w.resolve(ctx, r); err != nil {
		return nil, err
	}
	return w, v.check(w)
}

// check refuses wishes that the verb makes nothing of.
func (v verb) check(w *wish) error {
	if len(w.set.Items) == 0 && !v.exclusive {
		return exit.BadInputf("nothing to %s: %q goes with btadmin acl set", v.name, "none")
	}
	return nil
}
