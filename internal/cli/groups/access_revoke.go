package groups

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/change"
	"btadmin/internal/text"
)

func runAccessRevoke(ctx context.Context, a *app.App, name string, opts accessOptions) error {
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
	offer := func() ([]ask.Choice, error) { return holders(ctx, a, r, group) }
	if err := opts.complete(ctx, a, r, group, offer); err != nil {
		return err
	}
	set, err := opts.set(ctx, r, group)
	if err != nil {
		return err
	}
	acls, err := existing(ctx, a, set.Items)
	if err != nil {
		return err
	}
	if len(acls) == 0 {
		a.Status.Done("Nothing to revoke on group %s", group.Name)
		return printGrants(ctx, p, r, nil)
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{&change.RemoveACLs{ACLs: acls}}, Question: "Take these permissions on " + group.Name + " away?",
	})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s removed", group.Name, text.Count(len(acls), "grant"))
	return printGrants(ctx, p, r, acls)
}
