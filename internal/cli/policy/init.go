package policy

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

type initOptions struct {
	snapshot  string
	overwrite bool
}

func newInit(a *app.App) *cobra.Command {
	var opts initOptions
	cmd := &cobra.Command{
		Use:   "init [FILE|DIR]",
		Short: "write a first policy: the organization's own groups, with comments",
		Long: `Write a first policy to begin with, access.yaml unless another FILE is named: the organization's own groups with their
members and permissions as they are, the roles that they hold, and comments that say what can be added. A plan of it has
nothing to do. Members of the organization, built-in groups, service accounts and other roles are not in it, and so not
managed; btadmin policy export writes everything.

An existing file is not replaced without --overwrite. In a folder (ACCESS/) each group gets a file of its own.`,
		Example: `  btadmin policy init
  btadmin policy init acme-access/
  btadmin policy init --snapshot friday.btsnap`,
		Args: tree.Args("[FILE|DIR]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runInit(cmd.Context(), a, args, opts) },
	}
	cmd.Flags().BoolVar(&opts.overwrite, "overwrite", false, "replace files that exist")
	cmd.Flags().StringVar(&opts.snapshot, "snapshot", "", "the organization in this snapshot `FILE` instead of the live one")
	return cmd
}

func runInit(ctx context.Context, a *app.App, args []string, opts initOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	path := policy.DefaultFile
	if len(args) > 0 {
		path = args[0]
	}
	if path == "-" {
		return exit.BadInputf("a first policy goes to a file").WithHint("btadmin policy export prints one")
	}
	to := destinationOf(path, opts.overwrite)
	if err := to.check(); err != nil {
		return err
	}
	view, err := someView(ctx, a, opts.snapshot)
	if err != nil {
		return err
	}
	exported := reconcile.Export(view).Desired
	first := &policy.Desired{Org: exported.Org, Guards: exported.Guards, Manage: exported.Manage, GroupsManaged: true, RolesManaged: true}
	own := map[string]bool{}
	for _, g := range exported.Groups {
		if !access.IsBuiltInGroup(g.Name.Value) {
			first.Groups = append(first.Groups, g)
			own[g.Name.Value] = true
		}
	}
	first.Roles = heldBy(own, exported.Roles)
	r := remarks{top: slices.Concat(origin(view), introduction()), sections: explanations(), tail: exampleTests()}
	if to.folder {
		r.top = slices.Concat(r.top, []string{""}, r.sections["groups"])
	}
	if err := to.write(a, p, policy.Plain(first), r); err != nil {
		return err
	}
	a.Status.Done("Wrote %s: %s, %s", path, text.Count(len(first.Groups), "group"), text.Count(len(first.Roles), "role"))
	a.Status.Hint("btadmin policy plan %s compares it with the organization: nothing is to be done yet", text.ShellWord(path))
	return nil
}

// heldBy are the roles that one of the groups holds. Those whose places cannot all be said may be held, too.
func heldBy(groups map[string]bool, roles []*policy.Role) []*policy.Role {
	var out []*policy.Role
	for _, r := range roles {
		held := slices.ContainsFunc(r.Assigned, func(a policy.Assignment) bool { return a.To.Kind == policy.GroupName && groups[a.To.Name] })
		if held || !r.AssignedManaged {
			out = append(out, r)
		}
	}
	return out
}

func introduction() []string {
	return []string{
		"",
		"Everything that is not written here is left alone. A section that is absent is not managed; one that is there and",
		"empty means none. btadmin policy plan shows what an edit would change, btadmin policy apply makes it so.",
		"",
		"Editors check this file with the JSON Schema that btadmin policy schema writes:",
		"yaml-language-server: $schema=./btadmin-policy.v1.schema.json",
	}
}

// explanations are the comments above the sections.
func explanations() map[string][]string {
	return map[string][]string{
		"manage": {
			"What this file owns. groups: all also owns groups that are not named here, and prune: true lets an apply delete them;",
			"deleting is never a flag. members: exact does the same for people. ignore: {groups: [\"tmp-*\"]} leaves some alone.",
		},
		"guards": {
			"What refuses a whole plan before its first write, such as max_removals: {memberships: 20%, grants: 25} and",
			"owners: {at_least: 2, must_include: [ana@example.com]}.",
		},
		"groups": {
			"The members and permissions of a group are exactly those listed; memberships: additive and grants: additive leave",
			"what others have added. A project may be a pattern such as \"prod-*\"; previously: [OLD NAME] renames in place;",
			"{email: kim@example.com, until: 2026-12-31} ends by itself. To watch who is an owner, too:",
			"Owners: {builtin: true, members: [ana@example.com, \"sa:ci\"]}, with everybody who is one.",
		},
		"roles": {
			"Roles that these groups hold, and who holds them where. While this section is here, a role that is given to one of the",
			"groups by hand is drift, and an apply takes it away.",
		},
	}
}

// exampleTests is a first test, which holds, and ideas for others.
func exampleTests() string {
	return `
# Assertions on effective access: checked by every plan, before every apply, and after it. More of them:
#   - {name: contractors never delete, who: "group:Contractors", cannot: [delete], at: all_projects}
#   - {name: outside people have an end date, who: "*@partner.example", requires: until}
tests:
  - {name: owners manage access, who: "group:Owners", can: [manage_access], at: organization}
`
}
