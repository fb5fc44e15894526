package runs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

// detail is one run with its steps.
type detail struct {
	summary
	Head  string `json:"head"` // of the journal when the run ended; "" when it was interrupted
	Steps []step `json:"steps"`
}

// step is one request or chunk of a run.
type step struct {
	Step       int            `json:"step"`
	Part       int            `json:"part,omitzero"` // of a step that was sent in several requests, from 1
	Action     string         `json:"action"`
	Time       time.Time      `json:"time"`
	Change     jsontext.Value `json:"change"` // target, before and after
	Lines      []string       `json:"lines"`
	Result     string         `json:"result"` // confirmed, failed, or unknown when no outcome was written
	Error      string         `json:"error"`
	RequestIDs []string       `json:"request_ids"`
	Undo       string         `json:"undo"` // what btadmin undo does about it
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view RUN",
		Aliases: []string{"get", "show"},
		Short:   "show what one run sent and what became of it",
		Long: `Show what one run sent and what became of it, which guards fired, and what btadmin undo would do about it
if nothing has changed since. RUN is its id, the beginning of it, or "latest".`,
		Example: `  btadmin runs view latest
  btadmin runs view 3f2a91c0 --jq '.steps[].request_ids[]'`,
		Args: tree.Args("RUN"),
		RunE: func(cmd *cobra.Command, args []string) error { return runView(cmd.Context(), a, args[0]) },
	}
}

func runView(ctx context.Context, a *app.App, typed string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	all, err := a.Runs(ctx)
	if err != nil {
		return err
	}
	found, err := app.FindRun(all, typed)
	if err != nil {
		return err
	}
	return output.Object(p, detailColumns(a.Now()), detail{summary: summarize(found, all), Head: head(found), Steps: steps(found)})
}

// steps are the requests of a run with what became of them.
func steps(r journal.Run) []step {
	out := []step{}
	for _, sent := range r.Sent() {
		s := step{
			Step: sent.Step, Part: sent.Part, Action: sent.Action, Time: sent.Time, Change: sent.Change, Lines: notNil(sent.Lines),
			Result: sent.Outcome, Error: sent.Problem, RequestIDs: notNil(sent.Requests), Undo: change.HowUndone(sent),
		}
		if len(s.Change) == 0 {
			s.Change = jsontext.Value("null")
		}
		out = append(out, s)
	}
	return out
}

// head is the hash of the last entry of a run, which covers everything before it.
func head(r journal.Run) string {
	if last := r.Entries[len(r.Entries)-1]; last.Type == journal.RunEnd {
		return last.Hash
	}
	return ""
}

func detailColumns(now time.Time) []output.Column[detail] {
	return []output.Column[detail]{
		{Field: "id", Header: "RUN", Text: func(d detail) string { return d.ID }},
		{
			Field: "time", Header: "WHEN",
			Text: func(d detail) string { return output.RelTime(now, d.Time) },
			Raw:  func(d detail) string { return output.Time(d.Time) },
		},
		{Field: "result", Header: "RESULT", Text: func(d detail) string { return d.Result }},
		{Field: "error", Header: "ERROR", Text: func(d detail) string { return d.Error }},
		{Field: "argv", Header: "COMMAND", Text: func(d detail) string { return commandLine(d.Argv) }},
		{Field: "actor", Header: "ACTOR", Text: func(d detail) string { return d.Actor }},
		{Field: "host", Header: "HOST", Text: func(d detail) string { return d.Host }},
		{Field: "organization", Header: "ORGANIZATION", Text: func(d detail) string { return d.Organization }},
		{Field: "override", Header: "OVERRIDE", Text: func(d detail) string { return strings.TrimSpace(d.Override + " " + d.Reason) }},
		{Field: "guards", Header: "GUARDS", Text: func(d detail) string { return strings.Join(d.Guards, ", ") }},
		{Field: "changes", Header: "CHANGES", Text: func(d detail) string { return strings.Join(d.Changes, "; ") }},
		{Field: "undone_by", Header: "UNDO", Text: func(d detail) string { return undoText(d.summary) }},
		{Field: "undo_of", Header: "WHAT UNDO DOES", Text: whatUndoDoes},
		{Field: "head", Header: "JOURNAL HEAD", Text: func(d detail) string { return d.Head }},
		{Field: "steps", Header: "REQUEST IDS", Text: requestIDs},
	}
}

// whatUndoDoes says it once for each kind of answer.
func whatUndoDoes(d detail) string {
	var order []string
	count := map[string]int{}
	for _, s := range d.Steps {
		if count[s.Undo] == 0 {
			order = append(order, s.Undo)
		}
		count[s.Undo]++
	}
	for i, how := range order {
		order[i] = fmt.Sprintf("%s (%d)", how, count[how])
	}
	return strings.Join(order, "; ")
}

func requestIDs(d detail) string {
	var ids []string
	for _, s := range d.Steps {
		ids = append(ids, s.RequestIDs...)
	}
	return strings.Join(ids, ", ")
}
