package access

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"btadmin/internal/app"
	"btadmin/internal/orgstate"
	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// manyNodes is how many lists of grants are read one by one before the whole list is cheaper.
const manyNodes = 20

// unknownProject stands for the project of something that the API does not place anywhere.
const unknownProject = "unknown"

// view is what the key may see of what the requests are about.
type view struct {
	state    *access.State
	projects map[string]string
	refs     map[access.Node]string // what the requests call their objects
	unread   []access.Node          // the grants on these are hidden from this key
	ghosts   bool                   // groups or roles are named that are not listed
	stored   bool                   // from a snapshot
	caller   func(context.Context) (orgstate.Caller, error)
	traces   map[access.Principal]*access.Trace
	deleted  map[string]bool // projects that are listed as deleted
	doubtful map[string]bool // projects that are not listed: deleted, or hidden from this key
	sets     sets
}

// trace follows the groups of a principal, once.
func (v *view) trace(p access.Principal) *access.Trace {
	t, known := v.traces[p]
	if !known {
		t = v.state.Trace(p)
		v.traces[p] = t
	}
	return t
}

// askOne resolves one request and reads what it needs.
func askOne(ctx context.Context, a *app.App, snapshot string, w words) (request, *view, error) {
	k, err := newAsker(ctx, a, snapshot)
	if err != nil {
		return request{}, nil, err
	}
	r, err := k.ask(ctx, w)
	if err != nil {
		return request{}, nil, err
	}
	v, err := k.look(ctx, []request{r})
	return r, v, err
}

// look reads what the requests need: groups, roles, the way up from each object, and the grants on it.
func (k *asker) look(ctx context.Context, requests []request) (*view, error) {
	if k.file != nil {
		return k.lookInFile(ctx, requests)
	}
	client, err := k.app.Client(ctx)
	if err != nil {
		return nil, err
	}
	org, err := k.names.Organization(ctx)
	if err != nil {
		return nil, err
	}
	snapshot, err := orgstate.Load(ctx, client, org, orgstate.Need{Groups: true, Roles: true, Projects: true})
	if err != nil {
		return nil, err
	}
	v := k.newView(snapshot)
	v.sets.granted = grantedSets(client)
	nodes := v.chains(requests)
	if err := v.readGrants(ctx, client, org, nodes); err != nil {
		return nil, err
	}
	return v, v.finish(ctx, snapshot, nodes)
}

func (k *asker) newView(s *access.Snapshot) *view {
	v := &view{
		state: access.NewState(s), projects: map[string]string{}, refs: map[access.Node]string{}, caller: k.caller, stored: k.file != nil,
		traces: map[access.Principal]*access.Trace{}, deleted: map[string]bool{}, doubtful: map[string]bool{},
		sets: sets{listed: map[string]bool{}},
	}
	for _, set := range s.ProjectGroups {
		v.sets.listed[set.ID] = true
	}
	for _, project := range s.Projects {
		if project.DeletedAt == nil {
			v.projects[project.ID] = project.Name
		} else {
			v.deleted[project.ID] = true
		}
	}
	return v
}

func (v *view) finish(ctx context.Context, s *access.Snapshot, nodes []access.Node) error {
	v.state.AddImplied()
	v.ghosts = v.hasGhosts(s, nodes)
	return v.bury(ctx)
}

// bury takes out the projects that objects were placed in although they are not listed, when they are deleted rather
// than hidden: whoever may read every project would see them. What is in a deleted project can be reached no more.
func (v *view) bury(ctx context.Context) error {
	if len(v.doubtful) == 0 {
		return nil
	}
	all, err := v.callerReads(ctx, braintrust.ObjectProject, braintrust.ObjectOrgProject)
	if err != nil {
		return err
	}
	for project := range v.doubtful {
		if all || v.deleted[project] {
			v.state.DeleteProject(project)
		}
	}
	return nil
}

// lookInFile is look for a snapshot: of its users only those who are asked about matter, and the one whose key made
// it.
func (k *asker) lookInFile(ctx context.Context, requests []request) (*view, error) {
	users := []string{k.file.Meta.Reader}
	for _, r := range requests {
		users = append(users, r.principal.Principal.ID)
	}
	snapshot, err := k.file.Around(users)
	if err != nil {
		return nil, err
	}
	v := k.newView(snapshot)
	v.sets.granted = func(context.Context) ([]string, bool, error) {
		acls, all, err := k.file.ACLs()
		return setIDs(acls), all, err
	}
	nodes := v.chains(requests)
	for _, n := range nodes {
		if n.ID == unknownProject || !k.file.Meta.Sees(n) {
			v.unread = append(v.unread, n)
		}
	}
	acls, err := k.file.ACLsOn(nodes)
	if err != nil {
		return nil, err
	}
	for _, acl := range acls {
		v.state.PutACL(acl)
	}
	return v, v.finish(ctx, snapshot, nodes)
}

// chains places the objects in their projects and returns every node whose grants matter.
func (v *view) chains(requests []request) []access.Node {
	var nodes []access.Node
	seen := map[access.Node]bool{}
	for _, r := range requests {
		v.place(r)
		for _, asked := range r.asked {
			for _, part := range asked.parts {
				chain := v.state.Chain(part.node)
				if chain == nil { // what the caller may read says whether it is hidden
					chain = []access.Node{{Type: braintrust.ObjectOrgProject, ID: v.state.Organization().ID}, {Type: braintrust.ObjectOrganization, ID: v.state.Organization().ID}}
				}
				for _, n := range chain {
					if !seen[n] {
						seen[n] = true
						nodes = append(nodes, n)
					}
				}
			}
		}
	}
	return nodes
}

// place puts an object of a project into the state. Playgrounds and newer types cannot be read: what
// contains them is then a project that nobody knows.
func (v *view) place(r request) {
	n := r.target.Node
	v.refs[n] = r.target.Ref
	if len(v.state.Parents(n)) > 0 || n.Type == braintrust.ObjectOrganization {
		return
	}
	project := r.target.ProjectID
	if project == "" {
		project = unknownProject
	}
	if _, known := v.projects[project]; !known {
		if project != unknownProject {
			v.doubtful[project] = true
		}
		v.state.PutProject(braintrust.Project{ID: project}) // hidden from this key, or unknown
	}
	v.state.PutObject(access.Object{
		Kind: braintrust.ObjectKind(n.Type), Object: braintrust.Object{ID: n.ID, ProjectID: project},
	})
}

// readGrants lists the grants on nodes. A list that is refused leaves its node unread.
func (v *view) readGrants(ctx context.Context, client *braintrust.Client, org braintrust.Organization, nodes []access.Node) error {
	if len(nodes) > manyNodes {
		snapshot, err := orgstate.Load(ctx, client, org, orgstate.Need{AllACLs: true})
		if err == nil {
			for _, acl := range snapshot.ACLs {
				v.state.PutACL(acl)
			}
			return nil
		}
		if !refused(err) {
			return err
		}
	}
	var mu sync.Mutex
	work, ctx := parallel.WithContext(ctx)
	for _, n := range nodes {
		if n.ID == unknownProject {
			v.unread = append(v.unread, n)
			continue
		}
		work.Go(func() error {
			snapshot, err := orgstate.Load(ctx, client, org, orgstate.Need{ACLsOn: []access.Node{n}})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case refused(err):
				v.unread = append(v.unread, n)
				return nil
			case err != nil:
				return fmt.Errorf("read the grants on %s: %w", v.node(n), err)
			}
			for _, acl := range snapshot.ACLs {
				v.state.PutACL(acl)
			}
			return nil
		})
	}
	return work.Wait()
}

func refused(err error) bool {
	return err != nil && (braintrust.IsForbidden(err) || braintrust.IsNotFound(err))
}

// hasGhosts reports whether somebody could have access through a group or role that is not listed: a deleted
// one, which gives nothing, or one that is hidden from this key.
func (v *view) hasGhosts(s *access.Snapshot, nodes []access.Node) bool {
	var groups, roles []string
	for _, group := range s.Groups {
		groups = append(groups, group.MemberGroups...)
	}
	for _, role := range s.Roles {
		roles = append(roles, role.MemberRoles...)
	}
	for _, n := range nodes {
		for _, acl := range v.state.ACLsOn(n) {
			groups, roles = append(groups, acl.GroupID), append(roles, acl.RoleID)
		}
	}
	listed := map[string]bool{"": true} // what is listed as deleted is no ghost: it gives nothing
	for i := range s.Groups {
		listed[s.Groups[i].ID] = true
	}
	for i := range s.Roles {
		listed[s.Roles[i].ID] = true
	}
	hidden := func(id string) bool { return !listed[id] }
	return slices.ContainsFunc(groups, hidden) || slices.ContainsFunc(roles, hidden)
}
