package ask

import (
	"context"
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/prompt"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Grants asks for everything that the inline permission flags can say: the organization, all projects, single
// projects and the kinds of object in them.
func Grants(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) (flags.Grants, error) {
	var g flags.Grants
	var err error
	if g.Organization, err = Words(p, "Organization permissions", access.ScopeOrganization, nil); err != nil {
		return flags.Grants{}, err
	}
	if g.AllProjects, err = Words(p, "Permissions on all projects", access.ScopeAllProjects, nil); err != nil {
		return flags.Grants{}, err
	}
	g.Projects, g.ProjectObjects, err = projectRows(ctx, p, r)
	return g, err
}

// projectRows asks for project permissions until no further project is wanted.
func projectRows(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) (projects, objects []string, err error) {
	for {
		more, err := p.Confirm("Add permissions on a single project?", false)
		if err != nil || !more {
			return projects, objects, err
		}
		project, err := Project(ctx, p, r)
		if err != nil {
			return nil, nil, err
		}
		id := project.ID
		words, err := Words(p, "Permissions on project "+project.Name, access.ScopeProject, nil)
		if err != nil {
			return nil, nil, err
		}
		if words != "" {
			projects = append(projects, id+"="+words)
		}
		kinds, err := Kinds(p, "Kinds of object with their own permissions (optional)")
		if err != nil {
			return nil, nil, err
		}
		if kinds == "" {
			continue
		}
		words, err = Words(p, "Permissions on "+kinds, access.ScopeObjects, nil)
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

// Project offers the projects by name.
func Project(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) (braintrust.Project, error) {
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
