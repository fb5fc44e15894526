package groups

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/text"
)

func runAccessGrant(ctx context.Context, a *app.App, name string, opts accessOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	offer := func() ([]ask.Choice, error) { return everybody(ctx, r) }
	if err := opts.complete(ctx, a, r, group, offer); err != nil {
		return err
	}
	set, err := opts.set(ctx, r, group)
	if err != nil {
		return err
	}
	add := &change.AddACLs{Items: set.Items}
	if len(add.Items) == 0 {
		return exit.BadInputf("nothing to grant")
	}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{add}})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s in place", group.Name, text.Count(len(add.Out), "grant"))
	return printGrants(ctx, p, r, add.Out)
}
