package runs

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/text"
)

// summary is one run. Fields are added, never renamed.
type summary struct {
	ID           string    `json:"id"`
	Time         time.Time `json:"time"`
	Result       string    `json:"result"` // confirmed, failed, partial or interrupted
	Error        string    `json:"error"`
	Argv         []string  `json:"argv"`
	Changes      []string  `json:"changes"` // as the plan printed them
	Actor        string    `json:"actor"`   // user id behind the key, when known
	Host         string    `json:"host"`
	Organization string    `json:"organization"` // id
	PlanHash     string    `json:"plan_hash"`
	Override     string    `json:"override"`
	Reason       string    `json:"reason"`
	Guards       []string  `json:"guards"`    // that fired
	UndoOf       string    `json:"undo_of"`   // the run that this one took back
	UndoneBy     []string  `json:"undone_by"` // the runs that took back something of this one
}

// summarizeAll are the runs in the order in which they are.
func summarizeAll(all []journal.Run) []summary {
	rows := make([]summary, len(all))
	for i, r := range all {
		rows[i] = summarize(r, all)
	}
	return rows
}

func summarize(r journal.Run, all []journal.Run) summary {
	undone := []string{}
	for _, other := range all {
		if other.UndoOf == r.ID && other.Result != "failed" {
			undone = append(undone, other.ID)
		}
	}
	return summary{
		Guards: notNil(r.Guards), UndoOf: r.UndoOf, UndoneBy: undone,

		ID: r.ID, Time: r.Time, Result: r.Result, Error: r.Error, Argv: notNil(r.Argv), Changes: notNil(r.Changes),
		Actor: r.Actor, Host: r.Host, Organization: r.Organization, PlanHash: r.PlanHash, Override: r.Override, Reason: r.Reason,
	}
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the runs that changed something, newest first",
		Long: `List what this tool, as this user of this machine, changed in the organization. The journal is kept below the
state folder; other machines and the web application are not in it.

A run is confirmed, failed (nothing was changed), partial (something was), or interrupted: its end is missing.
btadmin undo RUN takes back what a run has confirmed; both then name each other.`,
		Example: `  btadmin runs list
  btadmin runs list --jq '.[] | select(.result == "partial") | .id'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	all, err := a.Runs(ctx)
	if err != nil {
		return err
	}
	rows := summarizeAll(all)
	slices.Reverse(rows)
	return output.List(p, columns(a.Now()), rows)
}

// commandLine is a command as it can be pasted.
func commandLine(argv []string) string {
	return text.ShellLine(append([]string{"btadmin"}, argv...)...)
}

func columns(now time.Time) []output.Column[summary] {
	return []output.Column[summary]{
		{Field: "id", Header: "RUN", Text: func(s summary) string { return s.ID }},
		{
			Field: "time", Header: "WHEN",
			Text: func(s summary) string { return output.RelTime(now, s.Time) },
			Raw:  func(s summary) string { return output.Time(s.Time) },
		},
		{Field: "result", Header: "RESULT", Text: func(s summary) string { return s.Result }},
		{Field: "undone_by", Header: "UNDO", Text: undoText},
		{Field: "changes", Header: "CHANGES", Text: func(s summary) string { return strconv.Itoa(len(s.Changes)) }},
		{Field: "argv", Header: "COMMAND", Text: func(s summary) string { return commandLine(s.Argv) }},
	}
}

// undoText says in a word or two what a run has to do with undo.
func undoText(s summary) string {
	var words []string
	if s.UndoOf != "" {
		words = append(words, "undo of "+s.UndoOf)
	}
	if len(s.UndoneBy) > 0 {
		words = append(words, "undone by "+strings.Join(s.UndoneBy, ", "))
	}
	return strings.Join(words, "; ")
}
