package access

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/accessdiff"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/pkg/access/diff"
)

// diffState says which state of the organization is compared. Fields are added, never renamed.
type diffState struct {
	File     string    `json:"file"` // "" is the organization as it is
	Host     string    `json:"host"`
	Taken    time.Time `json:"taken"`
	Complete bool      `json:"complete"` // every grant could be read
}

// diffDocument is a comparison.
type diffDocument struct {
	Before diffState `json:"before"`
	After  diffState `json:"after"`
	accessdiff.Document
}

// live is the name of the organization as it is.
const live = "live"

func newDiff(a *app.App) *cobra.Command {
	return tree.AnswersByExitCode(&cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "who gained and who lost what, between two snapshots or a snapshot and now",
		Long: `Compare two states of an organization: OLD and NEW are files of btadmin snapshot save; without NEW, or with "live",
the organization is read as it is now. Exit code 0 is no difference, 6 is a difference; names that changed are told, but
are none.

What is compared are effective rights: a grant that changes nothing for anybody is no difference. A right is told
where it begins, so that gaining to read all projects is one line; "but for what 3 of them held already" says
that it was not new everywhere. Projects that are new are compared with what would have been allowed on them, and what is
gone is told once, not as a loss for everybody.`,
		Example: `  btadmin access diff monday.btsnap
  btadmin access diff monday.btsnap friday.btsnap
  btadmin access diff monday.btsnap --json --jq '.changes[] | select(.change == "gained") | .summary'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return tree.Args("OLD", "NEW")(cmd, args)
			}
			return tree.Args("OLD")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			newer := live
			if len(args) == 2 {
				newer = args[1]
			}
			return runDiff(cmd.Context(), a, args[0], newer)
		},
	})
}

func runDiff(ctx context.Context, a *app.App, older, newer string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if older == live {
		return exit.BadInputf("OLD is a snapshot file: %q is what NEW can be", live)
	}
	before, err := a.View(ctx, older, orgview.Options{})
	if err != nil {
		return err
	}
	file := newer
	if newer == live {
		file = ""
	}
	after, err := a.View(ctx, file, orgview.Options{Objects: before.Meta.Objects})
	if err != nil {
		return err
	}
	if err := orgview.Comparable(before, after); err != nil {
		return err
	}
	for _, v := range []*orgview.View{before, after} {
		if err := warnIncomplete(ctx, a, v); err != nil {
			return err
		}
	}
	report := diff.Compare(before.Snapshot, after.Snapshot, diff.Options{Implied: true, Complete: after.Meta.Objects})
	names := namesOfBoth(before, after)
	if p.Human() {
		text := accessdiff.Text(report, names)
		if report.Empty() {
			a.Status.Note("no differences in access")
		}
		if text != "" {
			err = output.Changes(p, text)
		}
	} else {
		err = output.Value(p, diffDocument{Before: stateOf(before), After: stateOf(after), Document: accessdiff.Documents(report, names)})
	}
	return verdict(report.Empty(), err)
}

// namesOfBoth are the names of two states.
func namesOfBoth(before, after *orgview.View) accessdiff.Names {
	return accessdiff.Names{Before: before.Names(), After: after.Names(), Account: orgview.Accounts(after, before)}
}

func stateOf(v *orgview.View) diffState {
	return diffState{
		File: v.Meta.File, Host: v.Meta.Host, Taken: v.Meta.Taken, Complete: v.Meta.AllGrants() && len(v.Meta.Unread) == 0,
	}
}
