package resolve

import (
	"context"

	"btadmin/pkg/braintrust"
)

// Group finds a group by name or UUID.
func (r *Resolver) Group(ctx context.Context, typed string) (braintrust.Group, error) {
	return r.groupSource().find(ctx, typed)
}

// Groups lists every group.
func (r *Resolver) Groups(ctx context.Context) ([]braintrust.Group, error) {
	return r.groups.get(ctx)
}

func (r *Resolver) groupSource() source[braintrust.Group] {
	return source[braintrust.Group]{
		ours: func(ctx context.Context, x braintrust.Group) error { return r.ours(ctx, "group", x.ID, x.OrgID) },
		kind: "group", note: r.note, stored: r.stored, byID: online(r, r.client.Group), list: r.Groups, held: r.groups.loaded, index: &r.groups.index,
		byName: online(r, func(ctx context.Context, name string) ([]braintrust.Group, error) {
			return braintrust.Collect(r.client.Groups(ctx, braintrust.GroupFilter{Name: name}))
		}),
		id:    func(g braintrust.Group) string { return g.ID },
		names: func(g braintrust.Group) []string { return []string{g.Name} },
	}
}

// Role finds a role by name or UUID, system roles included.
func (r *Resolver) Role(ctx context.Context, typed string) (braintrust.Role, error) {
	return source[braintrust.Role]{
		ours: func(ctx context.Context, x braintrust.Role) error { return r.ours(ctx, "role", x.ID, x.OrgID) },
		kind: "role", note: r.note, stored: r.stored, byID: online(r, r.client.Role), list: r.Roles, held: r.roles.loaded, index: &r.roles.index,
		byName: online(r, func(ctx context.Context, name string) ([]braintrust.Role, error) {
			return braintrust.Collect(r.client.Roles(ctx, braintrust.RoleFilter{Name: name}))
		}),
		id:    func(x braintrust.Role) string { return x.ID },
		names: func(x braintrust.Role) []string { return []string{x.Name} },
	}.find(ctx, typed)
}

// Roles lists every role, system roles included.
func (r *Resolver) Roles(ctx context.Context) ([]braintrust.Role, error) {
	return r.roles.get(ctx)
}

// Project finds a project by name or UUID.
func (r *Resolver) Project(ctx context.Context, typed string) (braintrust.Project, error) {
	return source[braintrust.Project]{
		ours: func(ctx context.Context, x braintrust.Project) error { return r.ours(ctx, "project", x.ID, x.OrgID) },
		kind: "project", note: r.note, stored: r.stored, byID: online(r, r.client.Project), list: r.Projects, held: r.projects.loaded, index: &r.projects.index,
		byName: online(r, func(ctx context.Context, name string) ([]braintrust.Project, error) {
			return braintrust.Collect(r.client.Projects(ctx, braintrust.ProjectFilter{Name: name}))
		}),
		id:    func(p braintrust.Project) string { return p.ID },
		names: func(p braintrust.Project) []string { return []string{p.Name} },
	}.find(ctx, typed)
}

// Projects lists every project.
func (r *Resolver) Projects(ctx context.Context) ([]braintrust.Project, error) {
	return r.projects.get(ctx)
}

// ServiceTokens lists every service token, which needs owner permissions.
func (r *Resolver) ServiceTokens(ctx context.Context) ([]braintrust.ServiceToken, error) {
	return r.tokens.get(ctx)
}

// ServiceToken finds a token by name or UUID. Token names need not be unique: an ambiguous one is an
// error that lists the candidates.
func (r *Resolver) ServiceToken(ctx context.Context, typed string) (braintrust.ServiceToken, error) {
	return source[braintrust.ServiceToken]{
		ours: func(ctx context.Context, x braintrust.ServiceToken) error {
			return r.ours(ctx, "service token", x.ID, x.OrgID)
		},
		kind: "service token", note: r.note, stored: r.stored, byID: online(r, r.client.ServiceToken), list: r.ServiceTokens, held: r.tokens.loaded, index: &r.tokens.index,
		id: func(t braintrust.ServiceToken) string { return t.ID },
		names: func(t braintrust.ServiceToken) []string {
			return compact(t.Name, slashed(t.ServiceAccountName, t.Name))
		},
	}.find(ctx, typed)
}

// APIKeys lists the API keys that the caller may see.
func (r *Resolver) APIKeys(ctx context.Context) ([]braintrust.APIKey, error) {
	return r.keys.get(ctx)
}

// APIKey finds an API key by name or UUID.
func (r *Resolver) APIKey(ctx context.Context, typed string) (braintrust.APIKey, error) {
	return source[braintrust.APIKey]{
		ours: func(ctx context.Context, x braintrust.APIKey) error { return r.ours(ctx, "API key", x.ID, x.OrgID) },
		kind: "API key", note: r.note, stored: r.stored, byID: online(r, r.client.APIKey), list: r.APIKeys, held: r.keys.loaded, index: &r.keys.index,
		id: func(k braintrust.APIKey) string { return k.ID },
		names: func(k braintrust.APIKey) []string {
			return compact(k.Name, slashed(k.UserEmail, k.Name))
		},
	}.find(ctx, typed)
}

// slashed joins an owner and a name, so that OWNER/NAME tells two things of one name apart.
func slashed(owner, name string) string {
	if owner == "" {
		return ""
	}
	return owner + "/" + name
}

func compact(names ...string) []string {
	kept := names[:0]
	for _, name := range names {
		if name != "" {
			kept = append(kept, name)
		}
	}
	return kept
}
