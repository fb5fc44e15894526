package complete

import (
	"context"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/namecache"
	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// How long names are good for. Where the key is in the keyring, which is not opened for this, the names
// that earlier commands have seen serve for a day.
const (
	fresh = time.Minute
	stale = 24 * time.Hour
)

// The kinds of list that are kept.
const (
	kindGroups   = "groups"
	kindProjects = "projects"
	kindRoles    = "roles"
	kindPeople   = "people"   // e-mails
	kindAccounts = "accounts" // sa:NAME
)

// lists gets names from the cache or, when it has none, from the server.
type lists struct{ a *app.App }

func (l *lists) get(ctx context.Context, kind string) []namecache.Name {
	return l.cached(ctx, kind, func(ctx context.Context, r *resolve.Resolver) (map[string][]namecache.Name, error) {
		switch kind {
		case kindGroups:
			groups, err := r.Groups(ctx)
			return map[string][]namecache.Name{kind: groupNames(groups)}, err
		case kindProjects:
			projects, err := r.Projects(ctx)
			return map[string][]namecache.Name{kind: projectNames(projects)}, err
		case kindRoles:
			roles, err := r.Roles(ctx)
			return map[string][]namecache.Name{kind: roleNames(roles)}, err
		default:
			users, err := r.Users(ctx)
			return userNames(users), err
		}
	})
}

// objects are the names of what is in a project.
func (l *lists) objects(ctx context.Context, kind braintrust.ObjectKind, project string) []namecache.Name {
	key := string(kind) + " in " + project
	return l.cached(ctx, key, func(ctx context.Context, r *resolve.Resolver) (map[string][]namecache.Name, error) {
		found, err := r.Project(ctx, project)
		if err != nil {
			return nil, err
		}
		objects, err := r.Objects(ctx, kind, found.ID)
		notes := map[string]string{}
		for _, o := range objects {
			if o.Slug != "" {
				notes[o.Slug] = o.Name
			} else {
				notes[o.Name] = ""
			}
		}
		return map[string][]namecache.Name{key: sortedNames(notes)}, err
	})
}

type reader func(context.Context, *resolve.Resolver) (map[string][]namecache.Name, error)

func (l *lists) cached(ctx context.Context, kind string, read reader) []namecache.Name {
	cache, cacheErr := l.a.NameCache()
	locked := l.a.KeyringNeeded()
	if cacheErr == nil {
		age := fresh
		if locked {
			age = stale
		}
		if names, ok := cache.Get(kind, age); ok {
			return names
		}
	}
	if locked {
		return nil
	}
	r, err := l.a.Resolver(ctx)
	if err != nil {
		return nil
	}
	all, err := read(ctx, r)
	if err != nil {
		return nil
	}
	if cacheErr == nil {
		for kind, names := range all {
			_ = cache.Put(kind, names) // no cache, no harm
		}
	}
	return all[kind]
}

// Remember keeps the names that a run has listed anyway, for profiles whose key is in the keyring: there, a
// completion could not ask for them itself.
func Remember(a *app.App) {
	loaded, any := a.LoadedNames()
	if !any || !a.KeyringNeeded() {
		return
	}
	cache, err := a.NameCache()
	if err != nil {
		return
	}
	keep := func(kind string, names []namecache.Name, listed bool) {
		if listed {
			_ = cache.Put(kind, names) // no cache, no harm
		}
	}
	keep(kindGroups, groupNames(loaded.Groups), loaded.Groups != nil)
	keep(kindProjects, projectNames(loaded.Projects), loaded.Projects != nil)
	keep(kindRoles, roleNames(loaded.Roles), loaded.Roles != nil)
	for kind, names := range userNames(loaded.Users) {
		keep(kind, names, loaded.Users != nil)
	}
}

func groupNames(groups []braintrust.Group) []namecache.Name {
	notes := map[string]string{}
	for _, g := range groups {
		notes[g.Name] = g.Description
	}
	return sortedNames(notes)
}

func projectNames(projects []braintrust.Project) []namecache.Name {
	notes := map[string]string{}
	for _, p := range projects {
		notes[p.Name] = ""
	}
	return sortedNames(notes)
}

func roleNames(roles []braintrust.Role) []namecache.Name {
	notes := map[string]string{}
	for _, r := range roles {
		notes[r.Name] = r.Description
	}
	return sortedNames(notes)
}

// userNames tells people and service accounts apart as far as the list of users alone allows: asking for tokens as
// well would take too long.
func userNames(users []braintrust.User) map[string][]namecache.Name {
	people, accounts := map[string]string{}, map[string]string{}
	for _, u := range users {
		if name, is := orgstate.AccountName(u); is {
			accounts["sa:"+name] = u.Email
		} else if u.Email != "" {
			people[u.Email] = resolve.FullName(u)
		}
	}
	return map[string][]namecache.Name{kindPeople: sortedNames(people), kindAccounts: sortedNames(accounts)}
}
