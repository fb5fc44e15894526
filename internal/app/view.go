package app

import (
	"context"

	"btadmin/internal/orgview"
	"btadmin/internal/output"
)

// View opens a whole organization to ask: the snapshot file, without settings, key or request, or when it is "" the
// organization that the key works in, as it is now.
func (a *App) View(ctx context.Context, snapshotFile string, o orgview.Options) (*orgview.View, error) {
	if snapshotFile != "" {
		return orgview.Open(snapshotFile)
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
	if !view.Meta.AllGrants() {
		a.Status.Warn("this key may not list the organization's grants as a whole: they were read object by object, and what is not listed is missing")
	}
	return view, nil
}
