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
	"btadmin/pkg/braintrust"
)

// Resolver looks names up. What it listed is kept for the life of the Resolver, which is one run of one
// command. It is safe for concurrent use.
type Resolver struct {
	client *braintrust.Client

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
	return &Resolver{client: client, objects: map[objectList]*cache[braintrust.Object]{}, found: map[string]string{}}
}

// Organization returns the organization that commands act in. A key of several organizations without a
// choice is an error that lists them.
func (r *Resolver) Organization(ctx context.Context) (braintrust.Organization, error) {
	list, err := r.organization.get(ctx, func(ctx context.Context) ([]braintrust.Organization, error) {
		return braintrust.Collect(r.client.Organizations(ctx, braintrust.OrganizationFilter{Name: r.client.OrgName()}))
	})
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

// complete reads a list to its end. Servers answer an organization that is not there with an empty list: with --org
// an empty one is only believed when there is an organization of that name.
func complete[T any](ctx context.Context, r *Resolver, list iter.Seq2[T, error]) ([]T, error) {
	items, err := braintrust.Collect(list)
	if err != nil || len(items) > 0 || r.client.OrgName() == "" {
		return items, err
	}
	_, err = r.Organization(ctx)
	return items, err
}

// cache keeps one complete list.
type cache[T any] struct {
	index index
	mu    sync.Mutex
	done  bool
	items []T
}

func (c *cache[T]) get(ctx context.Context, load func(context.Context) ([]T, error)) ([]T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return c.items, nil
	}
	items, err := load(ctx)
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
