package acl

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/aclview"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
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
		Short:   "list ACLs, of one object or of the organization",
		Long: `List the ACLs on one object, or all of the organization, which needs permission to read ACLs there. The filters
narrow the list on the server where it can.

These are single grants as they are stored. What a principal may do in the end is another question: btadmin access
explain.`,
		Example: `  btadmin acl list project:Chatbot
  btadmin acl list --principal group:QA --json
  btadmin acl list --permission delete --jq '.[].object_name'
  btadmin acl list all-projects --role Viewer`,
		Args: tree.Args("[REF]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.object = args[0]
			}
			return runList(cmd.Context(), a, opts)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.object, "object", "", "only on this object (the same as the argument)")
	fs.StringVar(&opts.principal, "principal", "", "only to this group, member or service account")
	fs.StringVar(&opts.permission, "permission", "", "only this raw permission, such as read or create_acls")
	fs.StringVar(&opts.role, "role", "", "only grants of this role")
	fs.StringVar(&opts.restrict, "restrict", "", "only grants restricted to this type of object, such as dataset")
	return cmd
}

// filter resolves the names of the options.
func (o listOptions) filter(ctx context.Context, r *resolve.Resolver) (braintrust.ACLFilter, error) {
	f := braintrust.ACLFilter{Permission: braintrust.Permission(o.permission), RestrictObjectType: braintrust.ObjectType(o.restrict)}
	if o.object != "" {
		target, err := r.Target(ctx, o.object)
		if err != nil {
			return f, err
		}
		f.ObjectType, f.ObjectID = target.Node.Type, target.Node.ID
	}
	if o.principal != "" {
		who, err := r.Principal(ctx, o.principal)
		if err != nil {
			return f, err
		}
		if who.Principal.Kind == access.PrincipalGroup {
			f.GroupID = who.Principal.ID
		} else {
			f.UserID = who.Principal.ID
		}
	}
	if o.role != "" {
		role, err := r.Role(ctx, o.role)
		if err != nil {
			return f, err
		}
		f.RoleID = role.ID
	}
	return f, nil
}

func runList(ctx context.Context, a *app.App, opts listOptions) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	filter, err := opts.filter(ctx, r)
	if err != nil {
		return err
	}
	list := client.OrgACLs
	if filter.ObjectID != "" {
		list = client.ACLs // needs permission on that object only
	}
	acls, err := braintrust.Collect(list(ctx, filter))
	if err != nil {
		return err
	}
	acls = slices.DeleteFunc(acls, func(acl braintrust.ACL) bool { return !matches(acl, filter) })
	return printACLs(ctx, a, r, acls)
}

// matches applies the filters that the list of one object does not have.
func matches(acl braintrust.ACL, f braintrust.ACLFilter) bool {
	return (f.UserID == "" || f.UserID == acl.UserID) && (f.GroupID == "" || f.GroupID == acl.GroupID) &&
		(f.RoleID == "" || f.RoleID == acl.RoleID) && (f.Permission == "" || f.Permission == acl.Permission) &&
		(f.RestrictObjectType == "" || f.RestrictObjectType == acl.RestrictObjectType)
}

// printACLs prints ACLs with the names of what they refer to.
func printACLs(ctx context.Context, a *app.App, r *resolve.Resolver, acls []braintrust.ACL) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	names, err := r.Names(ctx, aclview.Items(acls))
	if err != nil {
		return err
	}
	return output.List(p, aclview.Columns(), aclview.Rows(acls, names))
}
