package permissions

import (
	"strconv"
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
	Corrected  bool     `json:"corrected"` // learned from a group of this organization
}

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the label table: each word, and the ACLs that it writes",
		Long: `List the label table: each permission of the web application's pages, the word for it here, and the raw
tuples (object, permission, restriction) that it writes. Which tuples the web application writes is not published:
the column CONFIDENCE says how sure each row is. Rows that were learned from a group of this organization
(btadmin permissions learn) are marked.

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
			table, err := a.Labels()
			if err != nil {
				return err
			}
			return output.List(p, columns(), rowsOf(table))
		},
	}
}

func rowsOf(table access.Table) []labelRow {
	var rows []labelRow
	for _, l := range table.Labels() {
		row := labelRow{Scope: string(l.Scope), Word: l.Word, Label: l.Title, Confidence: l.Confidence, Corrected: table.Corrected(l.Scope, l.Word)}
		row.Tuples = tuplesOf(l)
		rows = append(rows, row)
	}
	return rows
}

// tuplesOf are the tuples of a label as people read them: the node, the permission, the restriction.
func tuplesOf(l access.Label) []string {
	var tuples []string
	for _, g := range l.Grants {
		on := string(g.On)
		if on == "" {
			on = owner(l.Scope)
		}
		tuple := g.Tuple
		if l.Scope == access.ScopeObjects {
			tuple.Restrict = "TYPE"
		}
		tuples = append(tuples, on+" "+tuple.String())
	}
	return tuples
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
		{Field: "corrected", Text: func(r labelRow) string { return learned(r.Corrected) }, Raw: func(r labelRow) string { return strconv.FormatBool(r.Corrected) }},
	}
}

func learned(yes bool) string {
	if yes {
		return "learned"
	}
	return ""
}
