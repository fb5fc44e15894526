package braintrust

import (
	"context"
	"iter"
	"net/url"
)

var (
	projects      = resource[Project]{"/v1/project", func(p *Project) string { return p.ID }}
	projectGroups = resource[ProjectGroup]{"/v1/project_group", func(g *ProjectGroup) string { return g.ID }}
)

// Projects lists the projects that the key may read.
func (c *Client) Projects(ctx context.Context, f ProjectFilter) iter.Seq2[Project, error] {
	return projects.list(ctx, c, filter{}.add("ids", f.IDs...).add("project_name", f.Name).add("org_name", c.orgName))
}

// Project returns one project.
func (c *Client) Project(ctx context.Context, id string) (Project, error) {
	return projects.get(ctx, c, id)
}

// CreateProject makes a project, or finds the one that has the name.
func (c *Client) CreateProject(ctx context.Context, project ProjectCreate) (Created[Project], error) {
	project.OrgName = orDefault(project.OrgName, c.orgName)
	return projects.create(ctx, c, project)
}

// UpdateProject changes a project's name, description or settings; settings are replaced as a whole.
func (c *Client) UpdateProject(ctx context.Context, id string, patch ProjectPatch) (Project, error) {
	return projects.update(ctx, c, id, patch)
}

// DeleteProject deletes a project and returns it as it was.
func (c *Client) DeleteProject(ctx context.Context, id string) (Project, error) {
	return projects.remove(ctx, c, id)
}

// ProjectGroups lists the project groups. A server that does not know them has none.
func (c *Client) ProjectGroups(ctx context.Context) iter.Seq2[ProjectGroup, error] {
	return list(ctx, c, listing[ProjectGroup]{
		path: projectGroups.path, query: url.Values(filter{}.add("org_name", c.orgName)),
		id: projectGroups.id, decode: objects[ProjectGroup], absent: true,
	})
}
