package access

import (
	"context"
	"fmt"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// fewRows is how many questions look their names up one by one; for more, the lists are read first.
const fewRows = 5

func runCheckFile(ctx context.Context, a *app.App, opts checkOptions) error {
	if opts.objects != "" {
		return exit.BadInputf("--objects and --file exclude each other: objects is a column of the file")
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	doc, err := batch.Open(opts.file, a.IO.In, batch.Options{
		Columns:  []string{"principal", "permission", "object", "objects"},
		Required: []string{"principal", "permission", "object"},
		Aliases:  map[string]string{"kind": "objects", "ref": "object", "permissions": "permission", "allow": "permission"},
	})
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	k, err := newAsker(ctx, a, opts.snapshot)
	if err != nil {
		return err
	}
	if len(doc.Rows) > fewRows {
		if err := readLists(ctx, k.names); err != nil {
			return err
		}
	}
	requests := make([]request, len(doc.Rows))
	for i, row := range doc.Rows {
		requests[i], err = k.ask(ctx, words{row.Get("principal"), row.Get("permission"), row.Get("object"), row.Get("objects")})
		if err != nil {
			return fmt.Errorf("%s:%d: %w", doc.Name, row.Line, err)
		}
	}
	v, err := k.look(ctx, requests)
	if err != nil {
		return err
	}
	var rows []checkRow
	for i, r := range requests {
		more, err := v.check(ctx, r)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", doc.Name, doc.Rows[i].Line, err)
		}
		rows = append(rows, more...)
	}
	return verdict(allowed(rows), output.List(p, checkColumns(), rows))
}

// readLists fills the resolver's lists, so that names cost no further request.
func readLists(ctx context.Context, r *resolve.Resolver) error {
	for _, read := range []func(context.Context, *resolve.Resolver) error{
		func(ctx context.Context, r *resolve.Resolver) error { _, err := r.Users(ctx); return err },
		func(ctx context.Context, r *resolve.Resolver) error { _, err := r.Groups(ctx); return err },
		func(ctx context.Context, r *resolve.Resolver) error { _, err := r.Projects(ctx); return err },
	} {
		if err := read(ctx, r); err != nil && !braintrust.IsForbidden(err) {
			return err
		}
	}
	return nil
}
