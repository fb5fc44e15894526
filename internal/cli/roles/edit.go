package roles

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

type editOptions struct {
	name, description                 *string
	addPermissions, removePermissions []string
	addRoles, removeRoles             []string
}

func newEdit(a *app.App) *cobra.Command {
	var opts editOptions
	var name, description string
	cmd := &cobra.Command{
		Use:   "edit ROLE",
		Short: "change a role: its name, description, permissions or the roles it includes",
		Long: `Change a role. What it gives changes for everybody whose grants carry it. System roles cannot be changed.
Adding what is there, or removing what is not, changes nothing.`,
		Example: `  btadmin roles edit "Dataset curator" --add-permission delete/datasets
  btadmin roles edit Auditor --remove-role Viewer --add-permission read --yes
  btadmin roles edit Auditor --name "Access auditor" -d ""`,
		Args: tree.Args("ROLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("name") {
				opts.name = &name
			}
			if cmd.Flags().Changed("description") {
				opts.description = &description
			}
			return runEdit(cmd.Context(), a, args[0], opts)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&name, "name", "", "the new name")
	fs.StringVarP(&description, "description", "d", "", "the new description")
	fs.StringArrayVar(&opts.addPermissions, "add-permission", nil, "permission words to add, restricted as WORDS/TYPE (repeatable)")
	fs.StringArrayVar(&opts.removePermissions, "remove-permission", nil, "permission words to remove, restricted as WORDS/TYPE (repeatable)")
	fs.StringArrayVar(&opts.addRoles, "add-role", nil, "a role to include (repeatable)")
	fs.StringArrayVar(&opts.removeRoles, "remove-role", nil, "a role to include no longer (repeatable)")
	return cmd
}

func (o editOptions) empty() bool {
	return o.name == nil && o.description == nil &&
		len(o.addPermissions)+len(o.removePermissions)+len(o.addRoles)+len(o.removeRoles) == 0
}

func runEdit(ctx context.Context, a *app.App, typed string, opts editOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.empty() && !a.Prompt.CanPrompt() {
		return exit.BadInputf("nothing to change: give --name, --description, --add-permission, --remove-permission, --add-role or --remove-role")
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	role, err := r.Role(ctx, typed)
	if err != nil {
		return err
	}
	if err := refuseSystem(role, "changed"); err != nil {
		return err
	}
	if opts.empty() {
		if opts, err = askEdit(ctx, a, role); err != nil {
			return err
		}
	}
	patch, err := opts.patch(ctx, r, role)
	if err != nil {
		return err
	}
	if unchanged(patch) {
		a.Status.Done("Role %s is that way already", role.Name)
		return printRole(ctx, a, p, role)
	}
	step := &change.PatchRole{Role: role, Patch: patch}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{step}, Question: "Take permissions out of role " + role.Name + "?"})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Changed role %s", step.Out.Name)
	return printRole(ctx, a, p, step.Out)
}

func askEdit(ctx context.Context, a *app.App, role braintrust.Role) (editOptions, error) {
	ask := a.Prompt.WithContext(ctx)
	name, err := ask.Input("Name", role.Name, notEmpty)
	if err != nil {
		return editOptions{}, err
	}
	description, err := ask.Input("Description", role.Description, nil)
	return editOptions{name: &name, description: &description}, err
}

// patch holds what the flags change, compared with how the role is.
func (o editOptions) patch(ctx context.Context, r *resolve.Resolver, role braintrust.Role) (braintrust.RolePatch, error) {
	var patch braintrust.RolePatch
	if o.name != nil && strings.TrimSpace(*o.name) == "" {
		return patch, exit.BadInputf("--name is empty")
	}
	if o.name != nil && *o.name != role.Name {
		patch.Name = o.name
	}
	if o.description != nil && *o.description != role.Description {
		patch.Description = o.description
	}
	add, err := parsePermissions("add-permission", o.addPermissions)
	if err != nil {
		return patch, err
	}
	remove, err := parsePermissions("remove-permission", o.removePermissions)
	if err != nil {
		return patch, err
	}
	addRoles, err := roleIDs(ctx, r, o.addRoles)
	if err != nil {
		return patch, err
	}
	removeRoles, err := roleIDs(ctx, r, o.removeRoles)
	if err != nil {
		return patch, err
	}
	switch {
	case overlap(add, remove):
		return patch, exit.BadInputf("--add-permission and --remove-permission name the same permission")
	case overlap(addRoles, removeRoles):
		return patch, exit.BadInputf("--add-role and --remove-role name the same role")
	case slices.Contains(addRoles, role.ID):
		return patch, exit.BadInputf("role %q cannot include itself", role.Name)
	}
	patch.AddMemberPermissions = without(add, role.MemberPermissions)
	patch.RemoveMemberPermissions = common(remove, role.MemberPermissions)
	patch.AddMemberRoles = without(addRoles, role.MemberRoles)
	patch.RemoveMemberRoles = common(removeRoles, role.MemberRoles)
	return patch, nil
}

func unchanged(p braintrust.RolePatch) bool {
	return p.Name == nil && p.Description == nil &&
		len(p.AddMemberPermissions)+len(p.RemoveMemberPermissions)+len(p.AddMemberRoles)+len(p.RemoveMemberRoles) == 0
}

func overlap[T comparable](a, b []T) bool {
	return len(common(a, b)) > 0
}

// common is what of a is in b.
func common[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return !slices.Contains(b, x) })
}

// without is what of a is not in b.
func without[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return slices.Contains(b, x) })
}
