package access

import (
	"context"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
)

// checkRow answers one permission word. Fields are added, never renamed.
type checkRow struct {
	Allowed       bool   `json:"allowed"`
	Principal     string `json:"principal"`
	PrincipalType string `json:"principal_type"` // user or group
	PrincipalID   string `json:"principal_id"`
	Permission    string `json:"permission"` // the word
	Object        string `json:"object"`
	ObjectType    string `json:"object_type"`
	ObjectID      string `json:"object_id"`
	Kind          string `json:"kind"` // of --objects, "" when the object itself was asked about
}

// checkDocument is the answer to one request.
type checkDocument struct {
	Allowed bool       `json:"allowed"` // all of them
	Checks  []checkRow `json:"checks"`
}

type checkOptions struct {
	objects  string
	file     string
	snapshot string
}

func newCheck(a *app.App) *cobra.Command {
	var opts checkOptions
	cmd := &cobra.Command{
		Use:   "check PRINCIPAL PERMISSION OBJECT",
		Short: "ask whether somebody may do something",
		Long: `Ask whether a principal has permissions on an object, through groups, roles and whatever contains the
object. Exit code 0 is yes, 6 is no; several permissions must all be there.

PRINCIPAL is user:EMAIL, group:NAME or sa:NAME; "me" is whoever the key belongs to. PERMISSION are words such
as read,update or manage-access. With --objects the question is about things of that kind in the object:
"create project:X --objects datasets" asks whether somebody may create a dataset there. On the organization
--objects may also be projects, groups, roles or project-groups.

What every member may do without a grant is a yes, too: to read the organization, its members and the system
roles.

A no is only given when every grant that matters could be read; otherwise the command fails with exit code 2.

--file asks many questions at once: CSV, JSON or JSON lines with the columns principal, permission, object
and, if wanted, objects. --json then prints one list of answers.

--snapshot asks a file that btadmin snapshot save made: no network, no key.`,
		Example: `  btadmin access check user:ana@example.com read project:Chatbot
  btadmin access check sa:ci create project:Chatbot --objects datasets,experiments
  btadmin access check me manage-members organization && btadmin members invite bo@example.com
  btadmin access check --file questions.csv --json
  btadmin access check --file - --snapshot acme.btsnap < questions.csv`,
		Args: func(cmd *cobra.Command, args []string) error {
			if opts.file != "" {
				return tree.Args()(cmd, args)
			}
			return tree.Args("PRINCIPAL", "PERMISSION", "OBJECT")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.file != "" {
				return runCheckFile(cmd.Context(), a, opts)
			}
			return runCheck(cmd.Context(), a, opts.snapshot, words{args[0], args[1], args[2], opts.objects})
		},
	}
	cmd.Flags().StringVar(&opts.objects, "objects", "", "ask about things of these kinds in the object: experiments, datasets, logs, ...")
	cmd.Flags().StringVar(&opts.file, "file", "", "ask the questions in this file, - is standard input")
	addSnapshotFlag(cmd, &opts.snapshot)
	return tree.AnswersByExitCode(cmd)
}

func runCheck(ctx context.Context, a *app.App, snapshot string, w words) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, v, err := askOne(ctx, a, snapshot, w)
	if err != nil {
		return err
	}
	rows, err := v.check(ctx, r)
	if err != nil {
		return err
	}
	doc := checkDocument{Allowed: allowed(rows), Checks: rows}
	if p.Human() {
		err = output.List(p, checkColumns(), rows)
	} else {
		err = output.Value(p, doc)
	}
	return verdict(doc.Allowed, err)
}

// verdict is the exit code of an answer that was printed.
func verdict(yes bool, err error) error {
	if err != nil || yes {
		return err
	}
	return exit.Silent(exit.No)
}

// check answers a request.
func (v *view) check(ctx context.Context, r request) ([]checkRow, error) {
	rows := []checkRow{}
	for _, asked := range r.asked {
		yes, err := v.answer(ctx, r, asked)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row(r, asked, yes))
	}
	return rows, nil
}

func row(r request, asked question, yes bool) checkRow {
	who, target := r.principal, r.target
	return checkRow{
		Allowed: yes, Principal: who.Ref, PrincipalType: string(who.Principal.Kind), PrincipalID: who.Principal.ID,
		Permission: asked.word, Object: target.Ref, ObjectType: string(target.Node.Type), ObjectID: target.Node.ID, Kind: asked.kind,
	}
}

// answer is yes when every part is; one proven no among them is enough for a no.
func (v *view) answer(ctx context.Context, r request, asked question) (bool, error) {
	yes, unproven := true, error(nil)
	for _, part := range asked.parts {
		e := part.explain(v.trace(r.principal.Principal))
		if e.Allowed {
			continue
		}
		yes = false
		err := v.proven(ctx, e.Explanation)
		if err == nil {
			return false, nil
		}
		unproven = err
	}
	return yes, unproven
}

func allowed(rows []checkRow) bool {
	for _, row := range rows {
		if !row.Allowed {
			return false
		}
	}
	return true
}

func checkColumns() []output.Column[checkRow] {
	return []output.Column[checkRow]{
		{Field: "allowed", Header: "ALLOWED", Text: func(r checkRow) string { return yesNo(r.Allowed) }},
		{Field: "principal", Header: "PRINCIPAL", Text: func(r checkRow) string { return r.Principal }},
		{Field: "permission", Header: "PERMISSION", Text: func(r checkRow) string { return r.Permission }},
		{Field: "object", Header: "OBJECT", Text: func(r checkRow) string { return r.Object }},
		{Field: "kind", Header: "OBJECTS", Text: func(r checkRow) string { return r.Kind }},
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
