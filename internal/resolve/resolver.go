// Package resolve turns what people type (names, e-mails, UUIDs, references such as
// experiment:Chatbot/baseline) into the things and ids of the API, with one list call a kind at most, and
// back into names for output.
package resolve

import (
	"context"
	"iter"
	"strings"
	"sync"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Resolver looks names up. What it listed is kept for the life of the Resolver, which is one run of one
// command. It is safe for concurrent use.
type Resolver struct {
	client *braintrust.Client // nil when everything is stored
	stored *Stored            // nil when the client is asked
	labels access.Table

	organization cache[braintrust.Organization]
	groups       cache[braintrust.Group]
	roles        cache[braintrust.Role]
	users        cache[braintrust.User]
	accounts     cache[orgstate.Member] // the members that are no people
	projects     cache[braintrust.Project]
	tokens       cache[braintrust.ServiceToken]
	keys         cache[braintrust.APIKey]

	mu      sync.Mutex
	objects map[objectList]*cache[braintrust.Object]
	robots  map[string]string // id -> name of those users that are service accounts; nil: not looked yet
	found   map[string]string // id -> name of what was looked up; ids are unique over all kinds
}

// New makes a Resolver that reads through client.
func New(client *braintrust.Client) *Resolver {
	r := &Resolver{client: client, objects: map[objectList]*cache[braintrust.Object]{}, found: map[string]string{}}
	r.organization.load = func(ctx context.Context) ([]braintrust.Organization, error) {
		return braintrust.Collect(client.Organizations(ctx, braintrust.OrganizationFilter{Name: client.OrgName()}))
	}
	r.users.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.User, error] {
		return client.Users(ctx, braintrust.UserFilter{})
	})
	r.groups.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.Group, error] {
		return client.Groups(ctx, braintrust.GroupFilter{})
	})
	r.roles.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.Role, error] {
		return client.Roles(ctx, braintrust.RoleFilter{})
	})
	r.projects.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.Project, error] {
		return client.Projects(ctx, braintrust.ProjectFilter{})
	})
	r.tokens.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.ServiceToken, error] {
		return client.ServiceTokens(ctx, braintrust.ServiceTokenFilter{})
	})
	r.keys.load = completely(r, func(ctx context.Context) iter.Seq2[braintrust.APIKey, error] {
		return client.APIKeys(ctx, braintrust.APIKeyFilter{})
	})
	r.accounts.load = r.listAccounts
	return r
}

// WithLabels says what the words for permissions stand for; without it, they are the published ones.
func (r *Resolver) WithLabels(table access.Table) *Resolver {
	r.labels = table
	return r
}

// Labels is the label table of this run: words are names too.
func (r *Resolver) Labels() access.Table { return r.labels }

// Organization returns the organization that commands act in. A key of several organizations without a
// choice is an error that lists them.
func (r *Resolver) Organization(ctx context.Context) (braintrust.Organization, error) {
	list, err := r.organization.get(ctx)
	if err != nil {
		return braintrust.Organization{}, err
	}
	switch {
	case len(list) == 1:
		return list[0], nil
	case len(list) == 0 && r.client.OrgName() != "":
		return braintrust.Organization{}, exit.BadInputf("no organization %q for this key", r.client.OrgName()).
			WithHint("list those it belongs to: btadmin orgs list --org ''")
	case len(list) == 0:
		return braintrust.Organization{}, exit.Newf(exit.Auth, "this key belongs to no organization")
	}
	names := make([]string, len(list))
	for i, org := range list {
		names[i] = org.Name
	}
	return braintrust.Organization{}, exit.BadInputf("this key belongs to several organizations: %s", joinQuoted(names)).
		WithHint("choose one with --org NAME or BRAINTRUST_ORG_NAME")
}

// ours refuses what belongs to another organization of a key that has several: names are looked up in one
// organization, ids are not. Without a choice of organization nothing can be told, and nothing is written.
func (r *Resolver) ours(ctx context.Context, kind, id, orgID string) error {
	org, err := r.Organization(ctx)
	if err != nil || orgID == "" || strings.EqualFold(orgID, org.ID) {
		return nil //nolint:nilerr // whoever writes asks for the organization again
	}
	return exit.BadInputf("%s %s belongs to another organization than %s", kind, id, org.Name).WithHint("--org NAME says which one is meant")
}

// completely reads a list to its end. Servers answer an organization that is not there with an empty list: with --org
// an empty one is only believed when there is an organization of that name.
func completely[T any](r *Resolver, list func(context.Context) iter.Seq2[T, error]) func(context.Context) ([]T, error) {
	return func(ctx context.Context) ([]T, error) {
		items, err := braintrust.Collect(list(ctx))
		if err != nil || len(items) > 0 || r.client.OrgName() == "" {
			return items, err
		}
		_, err = r.Organization(ctx)
		return items, err
	}
}

// cache keeps one complete list.
type cache[T any] struct {
	load  func(context.Context) ([]T, error)
	index index
	mu    sync.Mutex
	done  bool
	items []T
}

func (c *cache[T]) get(ctx context.Context) ([]T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return c.items, nil
	}
	items, err := c.load(ctx)
	if err != nil {
		return nil, err // not kept: another caller may have more luck
	}
	c.items, c.done = items, true
	return items, nil
}

// loaded returns the list only when it is there already.
func (c *cache[T]) loaded() ([]T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.items, c.done
}
