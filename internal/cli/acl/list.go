package acl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

type listOptions struct {
	object, principal, permission, role, restrict string
}

func newList(a *app.App) *cobra.Command {
	var opts listOptions
	cmd := &cobra.Command{
		Use:     "list [REF]",
		Aliases: []string{"ls"},
		Short:   "list ACLs",
		Long: `List ACLs: those on one object, or, without REF, all of the organization, which needs "manage access" on
the organization. The filters narrow the list together.

A list has the ACLs as they are stored. What somebody may do in the end, also through groups and through the objects
above, is another question: btadmin access explain.`,
		Example: `  btadmin acl list project:Chatbot
  btadmin acl list --principal group:QA
  btadmin acl list --object organization --permission manage-access
  btadmin acl list --role Owner --jq '.[] | {principal, object_name}'`,
		Args: tree.Args("[REF]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				if opts.object != "" {
					return exit.BadInputf("REF and --object say the same: give one of them")
				}
				opts.object = args[0]
			}
			return runList(cmd.Context(), a, opts)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.object, "object", "", "only ACLs on this object: organization, all-projects, project:NAME, ... (the same as REF)")
	fs.StringVar(&opts.principal, "principal", "", "only ACLs of this group, user or service account")
	fs.StringVar(&opts.permission, "permission", "", "only ACLs of these permissions, comma separated; manage-access is all four *_acls")
	fs.StringVar(&opts.role, "role", "", "only ACLs that grant this role")
	fs.StringVar(&opts.restrict, "restrict", "", "only ACLs restricted to this kind of object: datasets, dataset, ...")
	return cmd
}

func runList(ctx context.Context, a *app.App, opts listOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	filter, err := opts.filter(ctx, r)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	list := client.OrgACLs
	if opts.object != "" {
		list = client.ACLs
	}
	acls, err := braintrust.Collect(list(ctx, filter))
	if err != nil {
		return listError(opts, err)
	}
	if opts.permission != "" {
		if acls, err = withPermission(acls, opts.permission); err != nil {
			return err
		}
	}
	rows, err := named(ctx, r, acls)
	if err != nil {
		return err
	}
	if p.Human() && len(rows) == 0 {
		a.Status.Note("no ACL fits")
	}
	return output.List(p, aclview.Columns(), rows)
}

// filter resolves what the flags name.
func (o listOptions) filter(ctx context.Context, r *resolve.Resolver) (braintrust.ACLFilter, error) {
	var filter braintrust.ACLFilter
	if o.object != "" {
		target, err := r.Target(ctx, o.object)
		if err != nil {
			return filter, err
		}
		filter.ObjectType, filter.ObjectID = target.Node.Type, target.Node.ID
	}
	if o.principal != "" {
		who, err := r.Principal(ctx, o.principal)
		if err != nil {
			return filter, err
		}
		if who.Principal.Kind == access.PrincipalGroup {
			filter.GroupID = who.Principal.ID
		} else {
			filter.UserID = who.Principal.ID
		}
	}
	if o.role != "" {
		role, err := r.Role(ctx, o.role)
		if err != nil {
			return filter, err
		}
		filter.RoleID = role.ID
	}
	if o.restrict != "" {
		filter.RestrictObjectType = restriction(o.restrict)
	}
	return filter, nil
}

// restriction is the type that a kind of object stands for; other words are types of the API, also new ones.
func restriction(word string) braintrust.ObjectType {
	if kinds, err := access.ParseObjectWords(word); err == nil && len(access.RestrictTypes(kinds)) == 1 {
		return kinds[0].Type
	}
	return braintrust.ObjectType(word)
}

func listError(opts listOptions, err error) error {
	switch {
	case opts.object != "" && braintrust.IsNotFound(err):
		return exit.New(exit.BadInput, fmt.Errorf("list the ACLs of %s: %w", opts.object, err))
	case opts.object == "" && (braintrust.IsForbidden(err) || braintrust.IsNotFound(err)):
		return exit.New(exit.Auth, fmt.Errorf("list the organization's ACLs: %w", err)).
			WithHint("that needs \"manage access\" on the organization; the ACLs of one object: btadmin acl list project:NAME")
	}
	return fmt.Errorf("list ACLs: %w", err)
}

// withPermission narrows ACLs. A word that is neither known nor granted anywhere is taken for a mistake:
// newer servers have permissions that this version does not know.
func withPermission(acls []braintrust.ACL, words string) ([]braintrust.ACL, error) {
	wanted := map[braintrust.Permission]bool{}
	for typed := range strings.SplitSeq(words, ",") {
		word := strings.ToLower(strings.TrimSpace(typed))
		if word == access.ManageAccess || word == "manage_access" {
			for _, permission := range braintrust.ACLPermissions() {
				wanted[permission] = true
			}
			continue
		}
		permission := braintrust.Permission(strings.ReplaceAll(word, "-", "_"))
		granted := slices.ContainsFunc(acls, func(acl braintrust.ACL) bool { return acl.Permission == permission })
		if !granted && !slices.Contains(braintrust.Permissions(), permission) {
			return nil, unknownPermission(word)
		}
		wanted[permission] = true
	}
	return slices.DeleteFunc(acls, func(acl braintrust.ACL) bool { return !wanted[acl.Permission] }), nil
}

func unknownPermission(word string) error {
	known := []string{access.ManageAccess}
	for _, permission := range braintrust.Permissions() {
		known = append(known, string(permission))
	}
	err := exit.BadInputf("unknown permission %q: one of %s", word, strings.Join(known, ", "))
	if near := text.Nearest(word, known); len(near) > 0 {
		return err.WithHint("did you mean %s?", near[0])
	}
	return err
}
