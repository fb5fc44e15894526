package access

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

func newExplain(a *app.App) *cobra.Command {
	var objects, snapshot string
	cmd := &cobra.Command{
		Use:     "explain PRINCIPAL PERMISSION OBJECT",
		Aliases: []string{"why"},
		Short:   "say why somebody may do something, or what comes nearest",
		Long: `Say why a principal has a permission on an object: every way from him through groups and roles to a grant,
and from the grant down to the object. When he has not, say what comes nearest: grants of the permission that
are restricted to another kind, and what else he may do there. Exit code 0 is yes, 6 is no.

Arguments are those of access check.`,
		Example: `  btadmin access explain user:ana@example.com delete project:Chatbot
  btadmin access explain group:QA create project:Chatbot --objects datasets
  btadmin access explain sa:ci read experiment:Chatbot/baseline --jq '.checks[].permissions[].paths[].acl_id'
  btadmin access explain user:ana@example.com read project:Chatbot --snapshot acme.btsnap`,
		Args: tree.Args("PRINCIPAL", "PERMISSION", "OBJECT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.Context(), a, snapshot, words{args[0], args[1], args[2], objects})
		},
	}
	cmd.Flags().StringVar(&objects, "objects", "", "ask about things of these kinds in the object: experiments, datasets, logs, ...")
	addSnapshotFlag(cmd, &snapshot)
	return tree.AnswersByExitCode(cmd)
}

func runExplain(ctx context.Context, a *app.App, snapshot string, w words) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, v, err := askOne(ctx, a, snapshot, w)
	if err != nil {
		return err
	}
	doc := explainDocument{Allowed: true, Checks: []explained{}}
	for _, asked := range r.asked {
		yes, err := v.answer(ctx, r, asked)
		if err != nil {
			return err
		}
		doc.Allowed = doc.Allowed && yes
		doc.Checks = append(doc.Checks, v.explain(r, asked, yes))
	}
	if !p.Human() {
		return verdict(doc.Allowed, output.Value(p, doc))
	}
	if err := output.Document(p, render(doc)); err != nil {
		return err
	}
	for _, check := range doc.Checks {
		if hint := grantCommand(check); !check.Allowed && hint != "" {
			a.Status.Hint("%s", hint)
		}
	}
	return verdict(doc.Allowed, nil)
}
