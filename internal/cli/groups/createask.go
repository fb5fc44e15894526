package groups

import (
	"context"
	"errors"
	"slices"
	"strings"

	"btadmin/internal/app"
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
	ask := a.Prompt.WithContext(ctx)
	var err error
	if name == "" {
		if name, err = ask.Input("Name", "", notEmpty); err != nil {
			return "", opts, err
		}
	}
	if opts.description, err = ask.Input("Description (optional)", "", nil); err != nil {
		return "", opts, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return "", opts, err
	}
	if opts.members, err = askMembers(ctx, ask, r); err != nil {
		return "", opts, err
	}
	if opts.grants.Organization, err = askWords(ask, "Organization permissions", access.ScopeOrganization, nil); err != nil {
		return "", opts, err
	}
	if opts.grants.AllProjects, err = askWords(ask, "Permissions on all projects", access.ScopeAllProjects, nil); err != nil {
		return "", opts, err
	}
	opts.grants.Projects, opts.grants.ProjectObjects, err = askProjects(ctx, ask, r)
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

func askMembers(ctx context.Context, ask *prompt.Prompter, r *resolve.Resolver) ([]string, error) {
	users, err := r.Users(ctx)
	if err != nil {
		return nil, err
	}
	if len(users) > mostChoices {
		typed, err := ask.Input("Members, by e-mail, separated by commas (optional)", "", nil)
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
	chosen, err := ask.MultiSelect("Members", labels, nil)
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
func askProjects(ctx context.Context, ask *prompt.Prompter, r *resolve.Resolver) (projects, objects []string, err error) {
	for {
		more, err := ask.Confirm("Add permissions on a single project?", false)
		if err != nil || !more {
			return projects, objects, err
		}
		project, err := askProject(ctx, ask, r)
		if err != nil {
			return nil, nil, err
		}
		id := project.ID
		words, err := askWords(ask, "Permissions on project "+project.Name, access.ScopeProject, nil)
		if err != nil {
			return nil, nil, err
		}
		if words != "" {
			projects = append(projects, id+"="+words)
		}
		kinds, err := askKinds(ask)
		if err != nil {
			return nil, nil, err
		}
		if kinds == "" {
			continue
		}
		words, err = askWords(ask, "Permissions on "+kinds, access.ScopeObjects, nil)
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
func askProject(ctx context.Context, ask *prompt.Prompter, r *resolve.Resolver) (braintrust.Project, error) {
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
	for i, p := range projects {
		names[i] = p.Name
	}
	n, err := ask.Select("Project", names)
	if err != nil {
		return braintrust.Project{}, err
	}
	return projects[n], nil
}

// askKinds offers the eight kinds of object and returns the chosen words, comma separated.
func askKinds(ask *prompt.Prompter) (string, error) {
	table := access.ObjectWords()
	titles := make([]string, len(table))
	for i, k := range table {
		titles[i] = k.Title
	}
	chosen, err := ask.MultiSelect("Kinds of object with permissions of their own (none: only the project)", titles, nil)
	words := make([]string, len(chosen))
	for i, n := range chosen {
		words[i] = table[n].Word
	}
	return strings.Join(words, ","), err
}

// askWords offers the labels of a scope, those that are granted now ticked, and returns the chosen words.
func askWords(ask *prompt.Prompter, question string, scope access.Scope, ticked []string) (string, error) {
	labels := access.ScopeLabels(scope)
	titles := make([]string, len(labels))
	var preselected []int
	for i, l := range labels {
		titles[i] = l.Title
		for _, word := range ticked {
			if word == l.Word {
				preselected = append(preselected, i)
			}
		}
	}
	chosen, err := ask.MultiSelect(question, titles, preselected)
	words := make([]string, len(chosen))
	for i, n := range chosen {
		words[i] = labels[n].Word
	}
	return strings.Join(words, ","), err
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
