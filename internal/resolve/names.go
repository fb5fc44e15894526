package resolve

import (
	"context"
	"fmt"

	"btadmin/internal/orgstate"
	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Names turns ids back into what people call things. An id it does not know stays an id: a dangling
// reference or something the caller may not read is shown, never hidden.
type Names struct {
	org      braintrust.Organization
	users    map[string]string // by e-mail
	accounts map[string]string // service accounts by name
	groups   map[string]string
	roles    map[string]string
	projects map[string]string
	objects  map[access.Node]string
}

func newNames() *Names {
	return &Names{
		users: map[string]string{}, accounts: map[string]string{}, groups: map[string]string{}, roles: map[string]string{},
		projects: map[string]string{}, objects: map[access.Node]string{},
	}
}

// Names reads the lists that name the subjects, roles and objects of items, all at once. Lists that the
// caller may not read leave their ids unnamed.
func (r *Resolver) Names(ctx context.Context, items []braintrust.ACLItem) (*Names, error) {
	n := newNames()
	need := needOf(items)
	work, ctx := parallel.WithContext(ctx)
	work.Go(func() error {
		org, err := r.Organization(ctx)
		n.org = org
		return err
	})
	fill(ctx, work, need.users, r.Users, n.users, func(u braintrust.User) (string, string) { return u.ID, UserLabel(u) })
	fill(ctx, work, need.groups, r.Groups, n.groups, func(g braintrust.Group) (string, string) { return g.ID, g.Name })
	fill(ctx, work, need.roles, r.Roles, n.roles, func(x braintrust.Role) (string, string) { return x.ID, x.Name })
	fill(ctx, work, need.projects, r.Projects, n.projects, func(p braintrust.Project) (string, string) { return p.ID, p.Name })
	var objects []access.Object
	work.Go(func() error {
		var err error
		objects, err = orgstate.NamedObjects(ctx, r.client, items)
		return err
	})
	if need.users {
		work.Go(func() error {
			users, err := r.Users(ctx)
			for _, u := range users {
				if name, is := orgstate.AccountName(u); is {
					n.accounts[u.ID] = name
				}
			}
			return tolerate(err)
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("read the names of what the grants refer to: %w", err)
	}
	n.label(objects)
	return n, nil
}

// label names objects by what references call them; the projects must be named already.
func (n *Names) label(objects []access.Object) {
	for _, o := range objects {
		label := string(o.Kind) + ":" + o.ID
		if project, ok := n.projects[o.ProjectID]; ok {
			label = string(o.Kind) + ":" + project + "/" + objectName(o.Object)
		}
		n.objects[o.Node()] = label
	}
}

// NamesOf names everything in a snapshot, without a request.
func NamesOf(s *access.Snapshot, members orgstate.Members) *Names {
	n := newNames()
	n.org = s.Organization
	for _, m := range members.All {
		n.users[m.User.ID] = UserLabel(m.User)
		if m.Kind == orgstate.ServiceAccount && m.Name != "" {
			n.accounts[m.User.ID] = m.Name
		} else if name, is := orgstate.AccountName(m.User); is {
			n.accounts[m.User.ID] = name
		}
	}
	for _, g := range s.Groups {
		n.groups[g.ID] = g.Name
	}
	for _, r := range s.Roles {
		n.roles[r.ID] = r.Name
	}
	for _, p := range s.Projects {
		n.projects[p.ID] = p.Name
	}
	n.label(s.Objects)
	return n
}

// needs says which lists a set of grants makes necessary.
type needs struct{ users, groups, roles, projects bool }

func needOf(items []braintrust.ACLItem) needs {
	var need needs
	for _, item := range items {
		need.users = need.users || item.UserID != ""
		need.groups = need.groups || item.GroupID != "" || item.ObjectType == braintrust.ObjectGroup
		need.roles = need.roles || item.RoleID != "" || item.ObjectType == braintrust.ObjectRole
		switch item.ObjectType {
		case braintrust.ObjectProject, braintrust.ObjectProjectLog, braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt:
			need.projects = true
		}
	}
	return need
}

func fill[T any](ctx context.Context, work *parallel.Group, wanted bool, list func(context.Context) ([]T, error), into map[string]string, name func(T) (id, label string)) {
	if !wanted {
		return
	}
	work.Go(func() error {
		items, err := list(ctx)
		for _, item := range items {
			id, label := name(item)
			into[id] = label
		}
		return tolerate(err)
	})
}

// tolerate drops the error of a list that the caller may not read.
func tolerate(err error) error {
	if braintrust.IsForbidden(err) {
		return nil
	}
	return err
}

// User names a user by e-mail, "" when unknown.
func (n *Names) User(id string) string { return n.users[id] }

// Group names a group, "" when unknown.
func (n *Names) Group(id string) string { return n.groups[id] }

// Role names a role, "" when unknown.
func (n *Names) Role(id string) string { return n.roles[id] }

// Principal is a reference to a principal: group:QA, user:ana@example.com, service-account:ci, or the id when
// unknown.
func (n *Names) Principal(p access.Principal) string {
	if p.Kind == access.PrincipalGroup {
		return "group:" + orID(n.groups[p.ID], p.ID)
	}
	if name, is := n.accounts[p.ID]; is {
		return "service-account:" + name
	}
	return "user:" + orID(n.users[p.ID], p.ID)
}

// Node is a reference to an object: project:Chatbot, all-projects, or TYPE:UUID when unknown.
func (n *Names) Node(node access.Node) string {
	if word, own := access.OwnWord(node.Type); own {
		return word
	}
	switch node.Type {
	case braintrust.ObjectProject:
		return "project:" + orID(n.projects[node.ID], node.ID)
	case braintrust.ObjectProjectLog:
		return "logs:" + orID(n.projects[node.ID], node.ID)
	case braintrust.ObjectGroup:
		return "group:" + orID(n.groups[node.ID], node.ID)
	case braintrust.ObjectRole:
		return "role:" + orID(n.roles[node.ID], node.ID)
	case braintrust.ObjectPromptSession:
		return "playground:" + node.ID
	}
	if label, ok := n.objects[node]; ok {
		return label
	}
	return string(node.Type) + ":" + node.ID
}

func orID(name, id string) string {
	if name == "" {
		return id
	}
	return name
}
