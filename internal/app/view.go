package app

import (
	"context"

	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
)

// View opens a whole organization to ask: the snapshot file, without key or request, or when it is "" the
// organization that the key works in, as it is now.
func (a *App) View(ctx context.Context, snapshotFile string, o orgview.Options) (*orgview.View, error) {
	table, err := a.Labels()
	if err != nil {
		return nil, err
	}
	if snapshotFile != "" {
		view, err := orgview.Open(snapshotFile)
		if err != nil {
			return nil, err
		}
		return view.WithLabels(table), nil
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return nil, err
	}
	bar := output.Progress(a.IO, "Reading "+org.Name, 0)
	defer bar.Done()
	if o.Rows == nil {
		o.Rows = bar.Add
	}
	view, err := orgview.Live(ctx, client, org, host(client), a.Now(), o)
	if err != nil {
		return nil, err
	}
	bar.Done()
	view.WithLabels(table)
	view.Meta.Tool = a.Info.Version
	if !view.Meta.AllGrants() {
		a.Status.Warn("this key may not list the organization's grants as a whole: they were read object by object, and what is not listed is missing")
	}
	return view, nil
}

// NameReader notes in a live view whose key read it, so that a "no" from a file of it can be proven: whoever may read
// every group and role has seen all that there are. It takes one request, and only where it matters.
func (a *App) NameReader(ctx context.Context, view *orgview.View) error {
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	reader, err := orgstate.Reader(ctx, client, a.key, view.Snapshot)
	view.ReadBy(reader)
	return err
}

// Requests is how many requests this run has made, repeated ones included.
func (a *App) Requests() int { return int(a.requests.Load()) }
