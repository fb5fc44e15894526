package permissions

import (
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/pkg/access"
)

// labelRow is one row of the label table.
type labelRow struct {
	Scope      string   `json:"scope"`
	Word       string   `json:"word"`
	Label      string   `json:"label"`
	Tuples     []string `json:"tuples"`
	Confidence string   `json:"confidence"`
}

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the label table: each word, and the ACLs that it writes",
		Long: `List the label table: each permission of the web application's pages, the word for it here, and the raw
tuples (object, permission, restriction) that it writes. Which tuples the web application writes is not published:
the last column says how sure each row is.

TYPE stands for the kind of object: experiment, dataset, project_log, prompt (prompts, functions, scorers,
classifiers) or prompt_session (playgrounds).`,
		Example: `  btadmin permissions list
  btadmin permissions list --jq '.[] | select(.scope == "organization")'`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error {
			p, err := a.Printer()
			if err != nil {
				return err
			}
			return output.List(p, columns(), table())
		},
	}
}

func table() []labelRow {
	var rows []labelRow
	for _, l := range access.Labels() {
		row := labelRow{Scope: string(l.Scope), Word: l.Word, Label: l.Title, Confidence: l.Confidence}
		for _, g := range l.Grants {
			on := string(g.On)
			if on == "" {
				on = owner(l.Scope)
			}
			tuple := g.Tuple
			if l.Scope == access.ScopeObjects {
				tuple.Restrict = "TYPE"
			}
			row.Tuples = append(row.Tuples, on+" "+tuple.String())
		}
		rows = append(rows, row)
	}
	return rows
}

// owner is the node that a scope's tuples are attached to.
func owner(scope access.Scope) string {
	switch scope {
	case access.ScopeAllProjects:
		return "org_project"
	case access.ScopeProject, access.ScopeObjects:
		return "project"
	case access.ScopeObject:
		return "the object"
	}
	return string(scope)
}

func columns() []output.Column[labelRow] {
	return []output.Column[labelRow]{
		{Field: "scope", Text: func(r labelRow) string { return r.Scope }},
		{Field: "word", Text: func(r labelRow) string { return r.Word }},
		{Field: "label", Text: func(r labelRow) string { return r.Label }},
		{Field: "tuples", Text: func(r labelRow) string { return strings.Join(r.Tuples, ", ") }},
		{Field: "confidence", Text: func(r labelRow) string { return r.Confidence }},
	}
}
