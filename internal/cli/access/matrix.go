package access

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// cell is what one principal may do on one object, and on the things in it. Fields are added, never renamed.
type cell struct {
	Principal     string `json:"principal"`
	PrincipalType string `json:"principal_type"`
	PrincipalID   string `json:"principal_id"`
	PrincipalKind string `json:"principal_kind"`
	Object        string `json:"object"`
	ObjectType    string `json:"object_type"`
	ObjectID      string `json:"object_id"`
	// Access is what is held on the object itself, Inside on the things of each type in it.
	Access []braintrust.Permission                           `json:"access"`
	Inside map[braintrust.ObjectType][]braintrust.Permission `json:"inside"`
}

type matrixOptions struct {
	snapshot, by string
	objects      bool
}

func newMatrix(a *app.App) *cobra.Command {
	opts := matrixOptions{by: byProject}
	cmd := &cobra.Command{
		Use:   "matrix",
		Short: "who may do what, of the whole organization",
		Long: `Print a row for everybody and everything on which he may do something: the organization and what belongs to it,
all projects, each project, single objects on which more is granted than on the others of their kind. Rows are
written while they are computed.

The columns hold a letter for each permission: c create, r read, u update, d delete, M manage access, m a part of it, and a dot for each that is missing;
after a plus sign come permissions that btadmin does not know. ACCESS is about the object itself, the others about the things of that kind in it, those that
exist and those to come; PROJECTS is filled on the row of all projects. JSON has the raw permissions.

--by project goes through the organization object by object, --by principal member by member and then group by group,
--by group through groups only. What every member may without a grant has no row.`,
		Example: `  btadmin access matrix -o csv > matrix.csv
  btadmin access matrix --by group
  btadmin access matrix --by principal --snapshot acme.btsnap -o jsonl`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runMatrix(cmd.Context(), a, opts) },
	}
	cmd.Flags().StringVar(&opts.by, "by", opts.by, "project, principal or group")
	cmd.Flags().BoolVar(&opts.objects, "objects", false, "read every object, not only those that grants name")
	addSnapshotFlag(cmd, &opts.snapshot)
	return cmd
}

// The orders of a matrix.
const (
	byProject   = "project"
	byPrincipal = "principal"
	byGroup     = "group"
)

func runMatrix(ctx context.Context, a *app.App, opts matrixOptions) error {
	switch opts.by {
	case byProject, byPrincipal, byGroup:
	default:
		return exit.BadInputf("--by %q: one of project, principal or group", opts.by)
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	v, err := a.View(ctx, opts.snapshot, orgview.Options{Objects: opts.objects})
	if err != nil {
		return err
	}
	if err := warnIncomplete(ctx, a, v); err != nil {
		return err
	}
	return output.Stream(p, cellColumns(), newGrid(v, opts.by).rows(ctx))
}

// letters are the permissions of a cell: crudM, with a dot for what is missing.
func letters(held []braintrust.Permission) string {
	if len(held) == 0 {
		return ""
	}
	has := map[braintrust.Permission]bool{}
	for _, p := range held {
		has[p] = true
	}
	known := braintrust.Permissions()
	var b strings.Builder
	for i, letter := range "crud" {
		if !has[known[i]] {
			letter = '.'
		}
		b.WriteRune(letter)
		delete(has, known[i])
	}
	manage := 0
	for _, p := range known[4:] {
		if has[p] {
			manage++
		}
		delete(has, p)
	}
	b.WriteByte([]byte{'.', 'm', 'm', 'm', 'M'}[manage])
	for _, p := range held {
		if has[p] {
			fmt.Fprintf(&b, "+%s", p)
		}
	}
	return b.String()
}

func cellColumns() []output.Column[cell] {
	columns := []output.Column[cell]{
		{Field: "principal", Header: "PRINCIPAL", Text: func(c cell) string { return c.Principal }},
		{Field: "principal_kind", Header: "KIND", Text: func(c cell) string { return strings.ReplaceAll(c.PrincipalKind, "_", " ") }, Raw: func(c cell) string { return c.PrincipalKind }},
		{Field: "object", Header: "OBJECT", Text: func(c cell) string { return c.Object }},
		{Field: "access", Header: "ACCESS", Text: func(c cell) string { return letters(c.Access) }},
	}
	for _, t := range []braintrust.ObjectType{
		braintrust.ObjectProjectLog, braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession,
		braintrust.ObjectProject, braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup,
	} {
		columns = append(columns, output.Column[cell]{Field: kindWord(t), Text: func(c cell) string { return letters(c.Inside[t]) }})
	}
	return columns
}
