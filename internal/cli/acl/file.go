package acl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// mostReasons is how many wrong rows one message names.
const mostReasons = 20

// fromFile reads and resolves every row; wrong ones are reported together, and nothing is sent.
func (v verb) fromFile(ctx context.Context, a *app.App, r *resolve.Resolver, file string) ([]*wish, *batch.Document, error) {
	doc, err := batch.Open(file, a.IO.In, fileOptions())
	if err != nil {
		return nil, nil, exit.New(exit.BadInput, err)
	}
	var wishes []*wish
	var wrong []string
	notes := map[string]bool{}
	first := map[claim]int{}
	for _, row := range doc.Rows {
		w := &wish{
			object: row.Get("object"), principal: row.Get("principal"),
			allow: row.Get("allow"), objects: row.Get("objects"), role: row.Get("role"), row: row,
		}
		err := w.resolve(ctx, r)
		if err == nil && v.exclusive {
			err = claimRows(first, w, row.Number)
		}
		var bad *exit.Error
		switch {
		case err == nil:
			wishes = append(wishes, w)
		case errors.As(err, &bad) && bad.Code == exit.BadInput:
			wrong = append(wrong, fmt.Sprintf("row %d: %v", row.Number, err))
		default:
			return nil, nil, fmt.Errorf("row %d: %w", row.Number, err)
		}
		for _, note := range w.set.Notes {
			notes[note] = true
		}
	}
	if len(wrong) > 0 {
		return nil, nil, wrongRows(a, doc, wrong)
	}
	for note := range notes {
		a.Status.Note("%s", note)
	}
	return wishes, doc, nil
}

// claim is a row of the page that a row of the file sets.
type claim struct {
	who access.Principal
	row grants.Row
}

func claimRows(first map[claim]int, w *wish, number int) error {
	for _, row := range w.set.Rows {
		c := claim{who: w.who, row: row}
		if other, taken := first[c]; taken {
			return exit.BadInputf("row %d sets the same permissions", other).WithHint("one row of the file for each")
		}
		first[c] = number
	}
	return nil
}

func wrongRows(a *app.App, doc *batch.Document, wrong []string) error {
	for i, reason := range wrong {
		if i == mostReasons {
			a.Status.Print("  and %d more", len(wrong)-mostReasons)
			break
		}
		a.Status.Print("  %s", reason)
	}
	return exit.BadInputf("%s: %s of %d cannot be used, the first: %s", doc.Name, text.Count(len(wrong), "row"), len(doc.Rows), wrong[0]).
		WithHint("nothing was sent")
}

// reportDone prints the result of a file of which every row was done.
func reportDone(a *app.App, wishes []*wish) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	result := batch.Result{Successful: []batch.Outcome{}, Failed: []batch.Failure{}}
	for _, w := range wishes {
		result.OK(w.row)
	}
	if p.Human() {
		a.Status.Done("%s done", text.Count(len(wishes), "row"))
		return nil
	}
	return output.Value(p, result)
}

// reportPartial prints which rows are proven to be done, and writes the others into a file for another run.
func reportPartial(a *app.App, doc *batch.Document, wishes []*wish, have *index, add *change.AddACLs, remove *change.RemoveACLs) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	var added, removed index
	if add != nil {
		added = *newIndex(add.Out)
	}
	if remove != nil {
		removed = *newIndex(remove.Out)
	}
	result := batch.Result{Successful: []batch.Outcome{}, Failed: []batch.Failure{}}
	for _, w := range wishes {
		open := 0
		for _, item := range missing(w, have) {
			if _, done := added.byItem[item]; add != nil && !done {
				open++
			}
		}
		for _, acl := range have.byPrincipal[w.who] {
			if _, done := removed.byItem[acl.ACLItem]; remove != nil && !done && planned(remove, acl.ID) && w.concerns(acl.ACLItem) {
				open++
			}
		}
		if open > 0 {
			result.Fail(w.row, "not confirmed: "+text.Count(open, "change"))
			continue
		}
		result.OK(w.row)
	}
	var failed bytes.Buffer
	if err := doc.WriteFailed(&failed, &result); err != nil {
		return err
	}
	name := filepath.Base(doc.FailedName())
	if err := atomicfile.Write(name, failed.Bytes(), 0o600, true); err != nil {
		a.Status.Warn("the failed rows could not be written to %s: %v", name, err)
	} else {
		a.Status.Hint("the rows that are not confirmed are in %s: repeat with --file %s", name, name)
	}
	if p.Human() {
		for _, f := range result.Failed {
			a.Status.Print("  row %d: %s (%s)", f.Row, f.Reason, strings.TrimSpace(f.Value))
		}
		return nil
	}
	return output.Value(p, result)
}

func planned(remove *change.RemoveACLs, id string) bool {
	for _, acl := range remove.ACLs {
		if acl.ID == id {
			return true
		}
	}
	return false
}
