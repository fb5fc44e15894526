package groups

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// grantOptions are the flags of grant and revoke: the organization's rows by name, or one target with
// --allow.
type grantOptions struct {
	organization, allProjects string
	projects, on              []string
	allow, objects            string
}

func (o *grantOptions) bind(fs *pflag.FlagSet) {
	fs.StringVar(&o.organization, "organization", "", "organization permissions: manage-settings, manage-members, remove-members, manage-access, read-audit-logs")
	fs.StringVar(&o.allProjects, "all-projects", "", "permissions on all projects: read, create, update, delete, manage-access")
	fs.StringArrayVar(&o.projects, "project", nil, "a project, for --allow (repeatable)")
	fs.StringArrayVar(&o.on, "on", nil, "a reference such as experiment:PROJECT/NAME, for --allow (repeatable)")
	fs.StringVar(&o.allow, "allow", "", "permission words for --project and --on: read, create, update, delete, manage-access, all")
	fs.StringVar(&o.objects, "objects", "", "only the objects of these kinds in the project: experiments, datasets, logs, prompts, playgrounds, functions, scorers, classifiers")
}

func (o grantOptions) empty() bool {
	return o.organization == "" && o.allProjects == "" && len(o.projects) == 0 && len(o.on) == 0 && o.allow == "" && o.objects == ""
}

func newGrant(a *app.App) *cobra.Command {
	var opts grantOptions
	cmd := &cobra.Command{
		Use:   "grant GROUP",
		Short: "allow a group more",
		Long: `Allow a group more; what it allows already stays. Everything goes out in one batch.

On a terminal without flags the permissions are asked for, with those it has ticked. Project and object
grants need the Enterprise plan.`,
		Example: `  btadmin groups grant QA --organization manage-members,read-audit-logs
  btadmin groups grant QA --all-projects read
  btadmin groups grant QA --project Chatbot --allow read,create
  btadmin groups grant QA --project Chatbot --objects datasets,scorers --allow all
  btadmin groups grant QA --on experiment:Chatbot/baseline --allow read`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runGrant(cmd.Context(), a, args[0], opts) },
	}
	opts.bind(cmd.Flags())
	return cmd
}

// set turns the flags into grants of a group.
func (o grantOptions) set(ctx context.Context, r *resolve.Resolver, group braintrust.Group) (grants.Set, error) {
	p := access.Principal{Kind: access.PrincipalGroup, ID: group.ID}
	targeted := len(o.projects)+len(o.on) > 0
	switch {
	case targeted && o.allow == "":
		return grants.Set{}, exit.BadInputf("missing --allow: which permissions").WithHint("for example --allow read,create")
	case !targeted && o.allow != "":
		return grants.Set{}, exit.BadInputf("--allow needs --project NAME or --on REF")
	case !targeted && o.objects != "":
		return grants.Set{}, exit.BadInputf("--objects needs --project NAME")
	}
	set, err := grants.Inline(ctx, r, flags.Grants{Organization: o.organization, AllProjects: o.allProjects}, p)
	if err != nil {
		return grants.Set{}, err
	}
	refs := slices.Clone(o.on)
	for _, project := range o.projects {
		refs = append(refs, "project:"+project)
	}
	for _, ref := range refs {
		target, err := r.Target(ctx, ref)
		if err != nil {
			return grants.Set{}, err
		}
		more, err := grants.On(r.Labels(), p, target.Node, o.allow, o.objects)
		if err != nil {
			return grants.Set{}, err
		}
		set = set.Add(more)
	}
	return set, nil
}

func runGrant(ctx context.Context, a *app.App, name string, opts grantOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	if opts.empty() {
		if !a.Prompt.CanPrompt() {
			return missingGrant()
		}
		return askGrant(ctx, a, r, group)
	}
	set, err := opts.set(ctx, r, group)
	if err != nil {
		return err
	}
	if len(set.Items) == 0 {
		return exit.BadInputf("nothing to grant: \"none\" goes with btadmin acl set")
	}
	for _, note := range set.Notes {
		a.Status.Note("%s", note)
	}
	add := &change.AddACLs{Items: set.Items}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{add}, Title: "Granting"})
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s in place", group.Name, text.Count(len(add.Out), "grant"))
	return printGrants(ctx, p, r, add.Out)
}

func missingGrant() error {
	return exit.BadInputf("nothing to grant: give --organization, --all-projects, --project NAME --allow WORDS or --on REF --allow WORDS")
}
