package app

import (
	"context"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
)

// Review runs the guards on a change without doing anything. The runner is the one to save or run the review with.
func (a *App) Review(ctx context.Context, c Change) (*change.Review, *change.Runner, error) {
	plan, err := a.plan(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	runner, err := a.runner(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c.Names != nil {
		runner.Names = c.Names
	}
	review, err := c.review(ctx, runner, plan)
	return review, runner, err
}

// review runs the guards on what the change rests on: what its steps need, or the whole organization.
func (c Change) review(ctx context.Context, runner *change.Runner, plan change.Plan) (*change.Review, error) {
	if c.Read != nil {
		var err error
		if plan.Base, err = c.Read(ctx); err != nil {
			return nil, err
		}
	}
	if c.Saved != nil {
		saved := *c.Saved
		saved.Plan = plan
		return runner.ReviewSaved(ctx, &saved)
	}
	return runner.Review(ctx, plan)
}

// LoadPlan reads a saved plan that is meant for the server and the organization in use, and makes a change of it.
// Steps that mint tokens have no Sink yet, but the Destination that they were planned with.
func (a *App) LoadPlan(ctx context.Context, path string) (Change, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return Change{}, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return Change{}, err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return Change{}, err
	}
	saved, err := change.LoadPlan(path, host(client), org, a.Now())
	if err != nil {
		return Change{}, err
	}
	return Change{
		Steps: saved.Plan.Steps, Bulk: saved.Plan.Bulk, Limits: saved.Plan.Limits, Org: org, Saved: saved,
	}, nil
}

// Undoing is what it takes to take a run back, as the organization is now.
func (a *App) Undoing(ctx context.Context, run journal.Run) (*change.Undoing, error) {
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return nil, err
	}
	runner, err := a.runner(ctx)
	if err != nil {
		return nil, err
	}
	for _, read := range []func() error{ // what is undone is told by name, where it has one
		func() error { _, err := r.Users(ctx); return err },
		func() error { _, err := r.Groups(ctx); return err },
		func() error { _, err := r.Roles(ctx); return err },
		func() error { _, err := r.Projects(ctx); return err },
	} {
		_ = read() // names are not worth an error
	}
	return runner.Undo(ctx, org, run)
}
