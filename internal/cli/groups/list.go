package groups

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the permission groups",
		Long: `List the permission groups of the organization, built-in ones included.

A name that looks like another group's (other letters of the same shape, other case, stray blanks) is
flagged, because people grant to the wrong one.`,
		Example: `  btadmin groups list
  btadmin groups list --json | jq '.[] | select(.member_count == 0) | .name'
  btadmin groups list --jq '.[] | select(.name | startswith("tmp-"))' | btadmin groups delete - --yes --confirm-count 3`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return err
	}
	rows := summaries(groups)
	p, err := a.Printer()
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, warning := range row.Warnings {
			a.Status.Warn("group %s: %s", row.Name, warning)
		}
	}
	return output.List(p, summaryColumns(a.Now()), rows)
}

func summaryColumns(now time.Time) []output.Column[summary] {
	return []output.Column[summary]{
		{Field: "name", Text: func(g summary) string { return g.Name }},
		{Field: "member_count", Header: "MEMBERS", Text: func(g summary) string { return strconv.Itoa(g.MemberCount) }},
		{Field: "member_group_count", Header: "GROUPS", Text: func(g summary) string { return strconv.Itoa(g.MemberGroupCount) }},
		{Field: "description", Text: func(g summary) string { return g.Description }},
		{
			Field: "created",
			Text:  func(g summary) string { return output.RelTime(now, g.Created) },
			Raw:   func(g summary) string { return output.Time(g.Created) },
		},
		{Field: "id", Wide: true, Text: func(g summary) string { return g.ID }},
	}
}
