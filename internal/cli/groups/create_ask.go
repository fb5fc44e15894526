package groups

import (
	"context"
	"errors"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/prompt"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// askCreate is the "Create permission group" page as prompts: name, description, members, and the four
// kinds of permission.
func askCreate(ctx context.Context, a *app.App, name string) (string, createOptions, error) {
	var opts createOptions
	p := a.Prompt.WithContext(ctx)
	var err error
	if name == "" {
		if name, err = p.Input("Name", "", notEmpty); err != nil {
			return "", opts, err
		}
	}
	if opts.description, err = p.Input("Description (optional)", "", nil); err != nil {
		return "", opts, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return "", opts, err
	}
	if opts.members, err = askMembers(ctx, p, r); err != nil {
		return "", opts, err
	}
	if opts.grants.Organization, err = ask.Words(p, "Organization permissions", access.ScopeOrganization, nil); err != nil {
		return "", opts, err
	}
	if opts.grants.AllProjects, err = ask.Words(p, "Permissions on all projects", access.ScopeAllProjects, nil); err != nil {
		return "", opts, err
	}
	opts.grants.Projects, opts.grants.ProjectObjects, err = askProjects(ctx, p, r)
	return name, opts, err
}

func notEmpty(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("a name is needed")
	}
	return nil
}

// mostChoices is how many members are offered as a list; with more of them e-mails are typed.
const mostChoices = 200

func askMembers(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) ([]string, error) {
	users, err := r.Users(ctx)
	if err != nil {
		return nil, err
	}
	if len(users) > mostChoices {
		typed, err := p.Input("Members, by e-mail, separated by commas (optional)", "", nil)
		return fields(typed), err
	}
	users = slices.Clone(users)
	slices.SortFunc(users, func(a, b braintrust.User) int { return strings.Compare(memberOrder(a), memberOrder(b)) })
	labels := make([]string, len(users))
	for i, u := range users {
		labels[i] = memberLabel(u)
	}
	if len(labels) == 0 {
		return nil, nil
	}
	chosen, err := p.MultiSelect("Members", labels, nil)
	members := make([]string, len(chosen))
	for i, n := range chosen {
		members[i] = users[n].ID
	}
	return members, err
}

// memberOrder puts people before service accounts, each by name.
func memberOrder(u braintrust.User) string {
	if name, is := orgstate.AccountName(u); is {
		return "1" + name
	}
	return "0" + resolve.UserLabel(u)
}

func memberLabel(u braintrust.User) string {
	if name, is := orgstate.AccountName(u); is {
		return name + " (service account)"
	}
	name, label := resolve.FullName(u), resolve.UserLabel(u)
	if name != "" && name != label {
		return label + " (" + name + ")"
	}
	return label
}

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// askProjects asks for project permissions until no further project is wanted.
func askProjects(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) (projects, objects []string, err error) {
	for {
		more, err := p.Confirm("Add permissions on a single project?", false)
		if err != nil || !more {
			return projects, objects, err
		}
		project, err := askProject(ctx, p, r)
		if err != nil {
			return nil, nil, err
		}
		id := project.ID
		words, err := ask.Words(p, "Permissions on project "+project.Name, access.ScopeProject, nil)
		if err != nil {
			return nil, nil, err
		}
		if words != "" {
			projects = append(projects, id+"="+words)
		}
		kinds, err := ask.Kinds(p, "Kinds of object with permissions of their own (none: only the project)")
		if err != nil {
			return nil, nil, err
		}
		if kinds == "" {
			continue
		}
		words, err = ask.Words(p, "Permissions on "+kinds, access.ScopeObjects, nil)
		if err != nil {
			return nil, nil, err
		}
		if words != "" {
			for kind := range strings.SplitSeq(kinds, ",") {
				objects = append(objects, id+"/"+kind+"="+words)
			}
		}
	}
}

// askProject offers the projects by name.
func askProject(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) (braintrust.Project, error) {
	listed, err := r.Projects(ctx)
	if err != nil {
		return braintrust.Project{}, err
	}
	if len(listed) == 0 {
		return braintrust.Project{}, exit.BadInputf("there is no project that you may read")
	}
	projects := slices.Clone(listed)
	slices.SortFunc(projects, func(a, b braintrust.Project) int { return strings.Compare(a.Name, b.Name) })
	names := make([]string, len(projects))
	for i, project := range projects {
		names[i] = project.Name
	}
	n, err := p.Select("Project", names)
	if err != nil {
		return braintrust.Project{}, err
	}
	return projects[n], nil
}

// confirmPreview shows what will be sent and asks once.
func confirmPreview(ctx context.Context, a *app.App, steps []change.Step) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	a.Status.Print("This will be sent:")
	for _, step := range steps {
		for _, line := range step.Lines(r.Seen()) {
			a.Status.Print("  %s", line.String())
		}
	}
	yes, err := a.Prompt.WithContext(ctx).Confirm("Go on?", true)
	if err != nil {
		return err
	}
	if !yes {
		return app.ErrDeclined
	}
	return nil
}
