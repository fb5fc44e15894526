package runs

import (
	"context"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/text"
)

// detail is one run with its steps.
type detail struct {
	summary
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
}

func newView(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "view RUN",
		Aliases: []string{"get", "show"},
		Short:   "show what one run sent and what became of it",
		Long:    `Show what one run sent and what became of it. RUN is its id, the beginning of it, or "latest".`,
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
	all, err := read(ctx, a)
	if err != nil {
		return err
	}
	found, err := find(all, typed)
	if err != nil {
		return err
	}
	return output.Object(p, detailColumns(a.Now()), detail{summary: summarize(found), Steps: steps(found)})
}

func find(all []journal.Run, typed string) (journal.Run, error) {
	if typed == "latest" && len(all) > 0 {
		return all[len(all)-1], nil
	}
	var matches []journal.Run
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
		if r.ID == typed {
			return r, nil
		}
		if typed != "" && strings.HasPrefix(r.ID, typed) {
			matches = append(matches, r)
		}
	}
	switch len(matches) {
	case 1:
		return matches[0], nil
	case 0:
		err := exit.BadInputf("no run %q in the journal", typed)
		if near := text.Nearest(typed, ids); len(near) > 0 {
			return journal.Run{}, err.WithHint("did you mean %q?", near[0])
		}
		return journal.Run{}, err.WithHint("btadmin runs list shows them")
	}
	return journal.Run{}, exit.BadInputf("%d runs begin with %q", len(matches), typed).WithHint("give more of the id: %s or %s", matches[0].ID, matches[1].ID)
}

// steps pairs each intent with its outcome. Requests of one run overlap, so that what stands between the two may
// be about another; of several outcomes the last one counts.
func steps(r journal.Run) []step {
	type key struct{ step, part int }
	out, at := []step{}, map[key]int{}
	for _, e := range r.Entries {
		switch e.Type {
		case journal.Intent:
			s := step{
				Step: e.Step, Part: e.Part, Action: e.Action, Time: e.Time, Change: e.Change, Lines: notNil(e.Lines),
				Result: "unknown", RequestIDs: []string{},
			}
			if len(s.Change) == 0 {
				s.Change = jsontext.Value("null")
			}
			at[key{e.Step, e.Part}] = len(out)
			out = append(out, s)
		case journal.Outcome:
			if i, known := at[key{e.Step, e.Part}]; known {
				out[i].Result, out[i].Error, out[i].RequestIDs = e.Result, e.Error, notNil(e.RequestIDs)
			}
		case journal.RunBegin, journal.RunEnd:
		}
	}
	return out
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
		{Field: "changes", Header: "CHANGES", Text: func(d detail) string { return strings.Join(d.Changes, "; ") }},
		{Field: "steps", Header: "REQUEST IDS", Text: requestIDs},
	}
}

func requestIDs(d detail) string {
	var ids []string
	for _, s := range d.Steps {
		ids = append(ids, s.RequestIDs...)
	}
	return strings.Join(ids, ", ")
}
