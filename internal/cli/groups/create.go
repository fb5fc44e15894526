package groups

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/grants"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

type createOptions struct {
	description   string
	members       []string
	includeGroups []string
	grants        flags.Grants
}

func newCreate(a *app.App) *cobra.Command {
	var opts createOptions
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "create a permission group with its members and permissions",
		Long: `Create a custom permission group: the whole "Create permission group" page in one command.

Members are e-mails, service accounts (sa:NAME) or ids; --include-group adds the users of another group.
The group, its members and everything it allows are resolved before the first request that writes. All
grants go out in one batch.

Without flags on a terminal the same page is asked for, and shown before anything is sent.
Custom groups need the Enterprise plan.`,
		Example: `  btadmin groups create QA -d "Quality assurance" --member ana@example.com --project 'Chatbot=read,create'
  btadmin groups create Auditors --organization read-audit-logs --all-projects read
  btadmin groups create Labelers --project-objects 'Chatbot/datasets=all' --project-objects 'Chatbot/logs=read' --json
  btadmin groups create`,
		Args: tree.Args("[NAME]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runCreate(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	fs.StringVarP(&opts.description, "description", "d", "", "what the group is for")
	fs.StringArrayVar(&opts.members, "member", nil, "a member: e-mail, sa:NAME or id (repeatable)")
	fs.StringArrayVar(&opts.includeGroups, "include-group", nil, "a group whose users this group also has (repeatable)")
	opts.grants.Bind(fs)
	return cmd
}

func (o createOptions) empty() bool {
	return o.description == "" && len(o.members) == 0 && len(o.includeGroups) == 0 && o.grants.Empty()
}

func runCreate(ctx context.Context, a *app.App, args []string, opts createOptions) error {
	if len(args) == 0 && !a.Prompt.CanPrompt() {
		return exit.BadInputf("missing argument NAME").WithHint("usage: btadmin groups create NAME [flags]")
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	asked := false
	if opts.empty() && a.Prompt.CanPrompt() && !a.Flags.Yes {
		if name, opts, err = askCreate(ctx, a, name); err != nil {
			return err
		}
		asked = true
	}
	steps, created, err := createSteps(ctx, a, name, opts)
	if err != nil {
		return err
	}
	if asked {
		if err := confirmPreview(ctx, a, steps); err != nil {
			return err
		}
	}
	result, err := a.Mutate(ctx, app.Change{Steps: steps, Title: "Creating group " + name, Asked: asked})
	if err != nil {
		return halfMade(err, name, created.Out)
	}
	if result == nil {
		return nil
	}
	a.Status.Done("Created group %s (%s)", created.Out.Name, created.Out.ID)
	if p.Human() {
		return nil
	}
	return output.Object(p, summaryColumns(a.Now()), summarize(created.Out))
}

// halfMade adds to the error of a run that stopped on its way what became of the group: repeating the command
// would not go on, because the name is taken then.
func halfMade(err error, name string, made braintrust.Group) error {
	var partial *change.PartialError
	if !errors.As(err, &partial) {
		return err
	}
	out := *partial
	if made.ID == "" {
		out.Advice = "see whether it is there: " + text.ShellLine("btadmin", "groups", "view", name) + "; if not, repeat the command (btadmin runs view " + partial.RunID + " shows what was sent)"
		return &out
	}
	out.Err = fmt.Errorf("group %q was created (%s), but not all that it was to allow: %w", name, made.ID, partial.Err)
	out.Advice = "see what is there: btadmin groups permissions " + made.ID + "; add the rest: btadmin groups grant " + made.ID +
		"; or take it back: " + text.ShellLine("btadmin", "groups", "delete", made.ID, "--yes", "--confirm", name)
	return &out
}

// createSteps resolves every name and plans the group with all its grants.
func createSteps(ctx context.Context, a *app.App, name string, opts createOptions) ([]change.Step, *change.CreateGroup, error) {
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, nil, err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, nil, err
	}
	who, err := resolveMembers(ctx, r, opts.members)
	if err != nil {
		return nil, nil, err
	}
	for _, typed := range opts.includeGroups {
		group, err := r.Group(ctx, typed)
		if err != nil {
			return nil, nil, err
		}
		who.groups = append(who.groups, group.ID)
	}
	self := access.Principal{Kind: access.PrincipalGroup, ID: change.New("group", name)}
	set, err := grants.Inline(ctx, r, opts.grants, self)
	if err != nil {
		return nil, nil, err
	}
	for _, note := range set.Notes {
		a.Status.Note("%s", note)
	}
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{
		Name: name, Description: opts.description, MemberUsers: who.users, MemberGroups: who.groups, OrgName: client.OrgName(),
	}}
	steps := []change.Step{create}
	if len(set.Items) > 0 {
		steps = append(steps, &change.AddACLs{Items: set.Items})
	}
	return steps, create, nil
}
