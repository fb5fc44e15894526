package roles

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

type createOptions struct {
	description string
	permissions []string
	includes    []string
}

func newCreate(a *app.App) *cobra.Command {
	var opts createOptions
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "create a role",
		Long: `Create a role: a named set of permissions, which a grant can then carry (btadmin acl grant REF PRINCIPAL
--role NAME). Permissions are read, create, update, delete, manage-access or raw ones such as read_acls;
P/TYPE restricts one to things of a type, such as read/datasets or update/prompt. --include-role takes in
the permissions of another role, now and later.`,
		Example: `  btadmin roles create "Dataset curator" -d "Keeps datasets" --permission create,read,update/datasets
  btadmin roles create Auditor --include-role Viewer --permission read_acls --json`,
		Args: tree.Args("[NAME]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runCreate(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	fs.StringVarP(&opts.description, "description", "d", "", "what the role is for")
	fs.StringArrayVar(&opts.permissions, "permission", nil, "permission words, restricted as WORDS/TYPE (repeatable)")
	fs.StringArrayVar(&opts.includes, "include-role", nil, "a role whose permissions this one also gives (repeatable)")
	return cmd
}

func runCreate(ctx context.Context, a *app.App, args []string, opts createOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	name, opts, err := completeCreate(ctx, a, args, opts)
	if err != nil {
		return err
	}
	tuples, err := parsePermissions("permission", opts.permissions)
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	includes, err := roleIDs(ctx, r, opts.includes)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	step := &change.CreateRole{RoleCreate: braintrust.RoleCreate{
		Name: name, Description: opts.description, MemberPermissions: tuples, MemberRoles: includes, OrgName: client.OrgName(),
	}}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{step}})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Created role %s (%s)", step.Out.Name, step.Out.ID)
	return printRole(ctx, a, p, step.Out)
}

// completeCreate asks for what is missing, or names the flag.
func completeCreate(ctx context.Context, a *app.App, args []string, opts createOptions) (string, createOptions, error) {
	ask := a.Prompt.WithContext(ctx)
	name := ""
	switch {
	case len(args) > 0:
		name = args[0]
	case !ask.CanPrompt():
		return "", opts, exit.BadInputf("missing argument NAME").WithHint("usage: btadmin roles create NAME --permission WORDS")
	default:
		var err error
		if name, err = ask.Input("Name", "", notEmpty); err != nil {
			return "", opts, err
		}
	}
	if strings.TrimSpace(name) == "" {
		return "", opts, exit.BadInputf("the name of the role is empty")
	}
	if len(opts.permissions)+len(opts.includes) > 0 {
		return name, opts, nil
	}
	if !ask.CanPrompt() {
		return "", opts, exit.BadInputf("a role without permissions gives nothing: missing --permission or --include-role")
	}
	all := braintrust.Permissions()
	labels := make([]string, len(all))
	for i, permission := range all {
		labels[i] = string(permission)
	}
	chosen, err := ask.MultiSelect("Permissions of role "+name, labels, nil)
	if err != nil {
		return "", opts, err
	}
	for _, i := range chosen {
		opts.permissions = append(opts.permissions, labels[i])
	}
	if len(chosen) == 0 {
		return "", opts, exit.BadInputf("nothing was chosen")
	}
	return name, opts, nil
}

func notEmpty(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("a name is needed")
	}
	return nil
}

func roleIDs(ctx context.Context, r *resolve.Resolver, names []string) ([]string, error) {
	var ids []string
	for _, name := range names {
		role, err := r.Role(ctx, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, role.ID)
	}
	return ids, nil
}

// printRole prints a changed role where the output is data.
func printRole(ctx context.Context, a *app.App, p *output.Printer, role braintrust.Role) error {
	if p.Human() {
		return nil
	}
	var all []braintrust.Role
	if len(role.MemberRoles) > 0 {
		r, err := a.Resolver(ctx)
		if err != nil {
			return err
		}
		if all, err = r.Roles(ctx); err != nil {
			return err
		}
	}
	return output.Object(p, summaryColumns(a.Now()), summarize(role, all))
}
