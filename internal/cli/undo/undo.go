// Package undo holds the command that takes back what a run has changed.
package undo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/text"
)

// New makes `btadmin undo`.
func New(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "undo RUN",
		Short: "take back what a run has changed",
		Long: `Take back what a run of btadmin has changed, as far as it is still as the run left it. RUN is the id of a run, the
beginning of it, or "latest"; btadmin runs list shows them. What has changed since is left alone and listed, and so is
what the run has not confirmed. The guards look at an undo as at any other change, and it can be undone itself.

Some things come back differently, or not at all: grants have new ids; a deleted group or role is made anew, with a
new id, its members and its grants; a deleted token is gone; an invitation mail cannot be unsent. What the web
application or other machines changed is not in this journal.`,
		Example: `  btadmin undo latest --dry-run
  btadmin undo 3f2a91c0 --yes`,
		Args: tree.Args("RUN"),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), a, args[0]) },
	}
}

// report is what was taken back. Fields are added, never renamed.
type report struct {
	UndoOf   string   `json:"undo_of"`
	Run      string   `json:"run"` // "" when nothing was left to undo
	Changes  int      `json:"changes"`
	Notes    []string `json:"notes"`    // what came back differently
	Lost     []string `json:"lost"`     // what cannot be given back
	Skipped  []string `json:"skipped"`  // what has changed since
	Unproven []string `json:"unproven"` // what the run has not confirmed
}

func run(ctx context.Context, a *app.App, typed string) error {
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
	if err := trust(ctx, a, found.ID); err != nil {
		return err
	}
	undoing, err := a.Undoing(ctx, found)
	if err != nil {
		return err
	}
	done := report{
		UndoOf: found.ID, Notes: notNil(undoing.Notes), Lost: notNil(undoing.Lost), Skipped: notNil(undoing.Skipped), Unproven: notNil(undoing.Unproven),
	}
	say(a, undoing)
	if undoing.Empty() {
		if len(undoing.Lost) > 0 {
			return exit.Newf(exit.Failure, "nothing of run %s can be taken back", found.ID)
		}
		a.Status.Done("Nothing is left to undo of run %s", found.ID)
		return show(p, done)
	}
	result, err := a.Mutate(ctx, app.Change{
		Steps: undoing.Steps, UndoOf: found.ID, Title: "Undoing",
		Confirm:  a.Prompt.CanPrompt(), // whoever types "latest" sees what that is, be nothing taken away
		Question: fmt.Sprintf("Undo run %s (%s)?", found.ID, text.ShellLine(append([]string{"btadmin"}, found.Argv...)...)),
	})
	if err != nil || result == nil {
		return err
	}
	done.Run, done.Changes = result.RunID, result.Rows
	a.Status.Done("Undid run %s: %s", found.ID, text.Count(result.Rows, "change"))
	return show(p, done)
}

// trust checks the chain of the journal: a run that somebody has edited would be undone into something else. Damage in
// other places is told.
func trust(ctx context.Context, a *app.App, run string) error {
	dir, err := a.JournalDir(ctx)
	if err != nil {
		return err
	}
	_, _, err = journal.Verify(dir)
	var broken *journal.BrokenChainError
	if errors.As(err, &broken) && broken.Run == run {
		return exit.Newf(exit.Refused, "the journal of run %s was changed or damaged, so it is not undone: %w", run, err).
			WithHint("btadmin runs view %s shows what is left of it; nothing was sent", run)
	}
	if err != nil {
		a.Status.Warn("%v", err)
	}
	return nil
}

// mostSaid is how much of each list is said on stderr; the output as data has all.
const mostSaid = 10

// say tells what an undo does not do, or does differently, before anything is sent.
func say(a *app.App, u *change.Undoing) {
	for _, part := range []struct {
		list []string
		what string
		say  func(string, ...any)
	}{
		{u.Notes, "", a.Status.Note},
		{u.Skipped, "left alone: ", a.Status.Note},
		{u.Lost, "", a.Status.Warn},
		{u.Unproven, "not confirmed by the run, left alone: ", a.Status.Warn},
	} {
		for i, line := range part.list {
			if i == mostSaid {
				part.say("%sand %d more", part.what, len(part.list)-mostSaid)
				break
			}
			part.say("%s%s", part.what, line)
		}
	}
}

func show(p *output.Printer, r report) error {
	if p.Human() {
		return nil
	}
	list := func(get func(report) []string) func(report) string {
		return func(r report) string { return strings.Join(get(r), "; ") }
	}
	return output.Object(p, []output.Column[report]{
		{Field: "undo_of", Header: "UNDO OF", Text: func(r report) string { return r.UndoOf }},
		{Field: "run", Header: "RUN", Text: func(r report) string { return r.Run }},
		{Field: "changes", Header: "CHANGES", Text: func(r report) string { return strconv.Itoa(r.Changes) }},
		{Field: "notes", Header: "NOTES", Text: list(func(r report) []string { return r.Notes })},
		{Field: "lost", Header: "LOST", Text: list(func(r report) []string { return r.Lost })},
		{Field: "skipped", Header: "LEFT ALONE", Text: list(func(r report) []string { return r.Skipped })},
		{Field: "unproven", Header: "NOT CONFIRMED", Text: list(func(r report) []string { return r.Unproven })},
	}, r)
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
