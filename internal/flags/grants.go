package flags

import (
	"strings"

	"github.com/spf13/pflag"

	"btadmin/internal/exit"
)

// Grants holds the inline permission flags: the Organization column, the All projects column, and the
// project-specific rows of the "Create permission group" page.
type Grants struct {
	Organization   string
	AllProjects    string
	Projects       []string // NAME=WORDS
	ProjectObjects []string // NAME/KIND=WORDS
}

// Bind registers the flags.
func (g *Grants) Bind(fs *pflag.FlagSet) {
	fs.StringVar(&g.Organization, "organization", "", "organization permissions: manage-settings, manage-members, remove-members, manage-access, read-audit-logs")
	fs.StringVar(&g.AllProjects, "all-projects", "", "permissions on all projects: read, create, update, delete, manage-access")
	fs.StringArrayVar(&g.Projects, "project", nil, "permissions on one project, as NAME=WORDS (repeatable)")
	fs.StringArrayVar(&g.ProjectObjects, "project-objects", nil, "permissions on one kind of object in a project, as NAME/KIND=WORDS (repeatable)")
}

// Empty reports whether no flag was given.
func (g *Grants) Empty() bool {
	return g.Organization == "" && g.AllProjects == "" && len(g.Projects) == 0 && len(g.ProjectObjects) == 0
}

// ProjectWords is one --project or --project-objects value taken apart. Kinds is empty for the
// project's own row.
type ProjectWords struct {
	Project, Kinds, Words string
}

// Rows takes the project flags apart: NAME=WORDS at the last "=", NAME/KIND at the last "/", because
// names may hold both.
func (g *Grants) Rows() ([]ProjectWords, error) {
	var rows []ProjectWords
	for _, value := range g.Projects {
		name, words, err := cutLast("project", value, "=", "NAME=WORDS")
		if err != nil {
			return nil, err
		}
		rows = append(rows, ProjectWords{Project: name, Words: words})
	}
	for _, value := range g.ProjectObjects {
		left, words, err := cutLast("project-objects", value, "=", "NAME/KIND=WORDS")
		if err != nil {
			return nil, err
		}
		name, kinds, err := cutLast("project-objects", left, "/", "NAME/KIND=WORDS")
		if err != nil {
			return nil, err
		}
		rows = append(rows, ProjectWords{Project: name, Kinds: kinds, Words: words})
	}
	return rows, nil
}

func cutLast(flag, value, sep, form string) (before, after string, err error) {
	i := strings.LastIndex(value, sep)
	if i <= 0 || i == len(value)-1 {
		return "", "", exit.BadInputf("--%s %q: expected %s", flag, value, form)
	}
	return value[:i], value[i+1:], nil
}
