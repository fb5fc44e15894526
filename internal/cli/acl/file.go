package acl

import (
	"context"
	"errors"
	"fmt"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// fileOptions are the columns of a file of wishes.
func fileOptions() batch.Options {
	return batch.Options{
		Columns: []string{"object", "principal", "allow", "objects", "role"}, Required: []string{"object", "principal"},
		Aliases: map[string]string{"ref": "object", "on": "object", "who": "principal", "permissions": "allow", "kinds": "objects"},
	}
}

// runFile changes what every row of a file says, all of them in one plan.
func (v verb) runFile(ctx context.Context, a *app.App, file string) error {
	if _, err := a.Printer(); err != nil {
		return err
	}
	doc, err := batch.Open(file, a.IO.In, fileOptions())
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	wishes, err := v.wishes(ctx, a, r, doc)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	acls, err := current(ctx, client, nodesOf(wishes))
	if err != nil {
		return err
	}
	have := newIndex(acls)
	c := v.plan(wishes, have)
	if len(c.steps) == 0 {
		a.Status.Done("Nothing to change: %s %s that way already", text.Count(len(wishes), "row"), isAre(len(wishes)))
		return reportDone(a, wishes)
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: c.steps, Bulk: true, Title: "Changing ACLs",
		Question: fmt.Sprintf("Take %s away?", text.Count(len(c.remove.ACLs), "grant")),
	})
	var partial *change.PartialError
	if errors.As(err, &partial) {
		return errors.Join(err, reportPartial(a, doc, v.outcome(wishes, have, c, partial.Err)))
	}
	if err != nil || result == nil {
		return err
	}
	already := 0
	for _, w := range wishes {
		if add, remove := v.want(w, have); len(add)+len(remove) == 0 {
			already++
		}
	}
	a.Status.Done("%s done, %d of them that way already: %s added, %d removed",
		text.Count(len(wishes), "row"), already, text.Count(len(c.add.Items), "grant"), len(c.remove.ACLs))
	return reportDone(a, wishes)
}

func isAre(count int) string {
	if count == 1 {
		return "is"
	}
	return "are"
}

// wishes resolves every row; wrong ones are reported together, and nothing is sent.
func (v verb) wishes(ctx context.Context, a *app.App, r *resolve.Resolver, doc *batch.Document) ([]*wish, error) {
	wishes := make([]*wish, len(doc.Rows))
	for i, row := range doc.Rows {
		wishes[i] = &wish{
			object: row.Get("object"), principal: row.Get("principal"),
			allow: row.Get("allow"), objects: row.Get("objects"), role: row.Get("role"), row: row,
		}
	}
	names, err := findAll(ctx, r, wishes)
	if err != nil {
		return nil, err
	}
	var notes grants.Set
	wrong := make([]error, len(wishes))
	first := map[claim]int{}
	for i, w := range wishes {
		var err error
		if w.allow == "" && w.role == "" {
			err = exit.BadInputf("neither allow nor role says what")
		} else {
			w.table = r.Labels()
			err = w.resolve(ctx, names)
		}
		if err == nil {
			err = v.check(w)
		}
		if err == nil && v.exclusive {
			err = claimRows(first, w)
		}
		if err != nil {
			wrong[i] = inRow(w.row, err)
		}
		notes = notes.Add(grants.Set{Notes: w.set.Notes})
	}
	if err := several("rows of "+doc.Name, wrong); err != nil {
		return nil, err
	}
	for _, note := range notes.Notes {
		a.Status.Note("%s", note)
	}
	return wishes, nil
}

// inRow says which row of the file is wrong, and keeps the hint.
func inRow(row batch.Row, err error) error {
	wrapped := exit.BadInputf("row %d: %w", row.Number, err)
	var bad *exit.Error
	if errors.As(err, &bad) {
		wrapped.Hint = bad.Hint
	}
	return wrapped
}

// claim is a row of the page that a row of the file sets.
type claim struct {
	who access.Principal
	row grants.Row
}

// claimRows refuses a second row of the file about the same row of the page: only one of them can be exactly so.
func claimRows(first map[claim]int, w *wish) error {
	for _, row := range w.set.Rows {
		c := claim{who: w.who.Principal, row: row}
		if other, taken := first[c]; taken {
			return exit.BadInputf("row %d sets the same permissions", other)
		}
		first[c] = w.row.Number
	}
	return nil
}
