package acl

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/batch"
	"btadmin/internal/output"
	"btadmin/internal/text"
)

// reportDone prints the result of a file of which every row was done.
func reportDone(a *app.App, wishes []*wish) error {
	result := newResult()
	for _, w := range wishes {
		result.OK(w.row)
	}
	return printResult(a, result)
}

func newResult() *batch.Result {
	return &batch.Result{Successful: []batch.Outcome{}, Failed: []batch.Failure{}}
}

func printResult(a *app.App, result *batch.Result) error {
	p, err := a.Printer()
	if err != nil || p.Human() {
		return err
	}
	return output.Value(p, *result)
}

// outcome tells the rows that are proven to be done from the others, after a run that broke off.
func (v verb) outcome(wishes []*wish, have *index, c changes, cause error) *batch.Result {
	added, removed := newIndex(c.add.Out), newIndex(c.remove.Out)
	result := newResult()
	for _, w := range wishes {
		add, remove := v.want(w, have)
		open := 0
		for _, item := range add {
			if _, done := added.byItem[item]; !done {
				open++
			}
		}
		for _, acl := range remove {
			if _, done := removed.byItem[acl.ACLItem]; !done {
				open++
			}
		}
		if open == 0 {
			result.OK(w.row)
			continue
		}
		result.Fail(w.row, fmt.Sprintf("%s not confirmed: %v", text.Count(open, "change"), cause))
	}
	return result
}

// reportPartial prints which rows are proven to be done, and writes the others into a file for another run.
func reportPartial(a *app.App, doc *batch.Document, result *batch.Result) error {
	if len(result.Failed) > 0 {
		a.Status.Print("%d of %s are done, %d are not confirmed", len(result.Successful), text.Count(len(doc.Rows), "row"), len(result.Failed))
		name, err := writeFailed(doc, result)
		if err != nil {
			a.Status.Warn("the rows that are not confirmed could not be written into a file: %v", err)
		} else {
			a.Status.Print("the rows that are not confirmed are in %s: repeat with --file", name)
		}
	}
	return printResult(a, result)
}

// mostTries is how many names for the file of failed rows are tried, so that none of an earlier run is lost.
const mostTries = 100

// writeFailed writes the rows that failed beside the file they came from, under a name that is not in use.
func writeFailed(doc *batch.Document, result *batch.Result) (string, error) {
	var rows bytes.Buffer
	if err := doc.WriteFailed(&rows, result); err != nil {
		return "", err
	}
	first := doc.FailedName()
	ext := filepath.Ext(first)
	name := first
	for try := 2; ; try++ {
		err := atomicfile.Write(name, rows.Bytes(), 0o600, false)
		if err == nil || !errors.Is(err, atomicfile.ErrExists) || try > mostTries {
			return name, err
		}
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(first, ext), try, ext)
	}
}
