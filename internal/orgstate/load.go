// Package orgstate reads what the guards and the evaluator need to know of an organization: lists, all at
// once, each complete or an error; who of the members is a person; and who the caller is.
package orgstate

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Need says which lists to read. The organization itself is always in the snapshot.
type Need struct {
	Users, Groups, Roles, Tokens bool
	AllACLs                      bool          // list_org: needs read_acls on the organization
	ACLsOn                       []access.Node // the grants on these nodes, one list each
	// ACLsInside are the grants on these groups, by name or id, and on the groups inside them at any depth.
	// They are read after the groups.
	ACLsInside        []string
	Projects, Objects bool
	// Optional lists the caller may be refused without an error: the snapshot then lacks them.
	OptionalTokens bool
}

// Covers reports whether everything in other is in n.
func (n Need) Covers(other Need) bool {
	for _, node := range other.ACLsOn {
		if !n.AllACLs && !slices.Contains(n.ACLsOn, node) {
			return false
		}
	}
	for _, group := range other.ACLsInside {
		if !n.AllACLs && !slices.Contains(n.ACLsInside, group) {
			return false
		}
	}
	return (n.Users || !other.Users) && (n.Groups || !other.Groups) && (n.Roles || !other.Roles) &&
		(n.Tokens || !other.Tokens) && (n.AllACLs || !other.AllACLs) &&
		(n.Projects || !other.Projects) && (n.Objects || !other.Objects)
}

// Empty reports whether nothing is needed.
func (n Need) Empty() bool {
	return !n.Users && !n.Groups && !n.Roles && !n.Tokens && !n.AllACLs && len(n.ACLsOn)+len(n.ACLsInside) == 0 && !n.Projects && !n.Objects
}

// Merge is what both need.
func (n Need) Merge(other Need) Need {
	out := Need{
		Users: n.Users || other.Users, Groups: n.Groups || other.Groups, Roles: n.Roles || other.Roles,
		Tokens: n.Tokens || other.Tokens, AllACLs: n.AllACLs || other.AllACLs,
		Projects: n.Projects || other.Projects, Objects: n.Objects || other.Objects,
		OptionalTokens: n.OptionalTokens || other.OptionalTokens,
		ACLsOn:         union(n.ACLsOn, other.ACLsOn), ACLsInside: union(n.ACLsInside, other.ACLsInside),
	}
	return out
}

func union[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, item := range b {
		if !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	return out
}

// Load reads the lists at the same time. Every list in the snapshot is complete; the first one that cannot
// be read is the error.
func Load(ctx context.Context, client *braintrust.Client, org braintrust.Organization, need Need) (*access.Snapshot, error) {
	ctx = braintrust.Patient(ctx)
	s := &access.Snapshot{Organization: org}
	if err := loadLists(ctx, client, need, s); err != nil {
		return nil, err
	}
	if len(need.ACLsInside) == 0 || need.AllACLs {
		return s, nil
	}
	inside := Need{ACLsOn: groupNodes(s.Groups, need.ACLsInside)}
	if err := loadLists(ctx, client, inside, s); err != nil {
		return nil, err
	}
	return s, nil
}

// groupNodes are the groups with these names or ids, and the groups inside them.
func groupNodes(groups []braintrust.Group, roots []string) []access.Node {
	state := access.NewState(&access.Snapshot{Groups: groups})
	var nodes []access.Node
	for _, group := range groups {
		if !slices.Contains(roots, group.ID) && !slices.Contains(roots, group.Name) {
			continue
		}
		for _, id := range state.GroupsIn(group.ID) {
			nodes = append(nodes, access.Node{Type: braintrust.ObjectGroup, ID: id})
		}
	}
	return union(nil, nodes)
}

func loadLists(ctx context.Context, client *braintrust.Client, need Need, s *access.Snapshot) error {
	work, ctx := parallel.WithContext(ctx)
	list(work, need.Users, "members", &s.Users, func() ([]braintrust.User, error) {
		return braintrust.Collect(client.Users(ctx, braintrust.UserFilter{}))
	})
	list(work, need.Groups, "groups", &s.Groups, func() ([]braintrust.Group, error) {
		return braintrust.Collect(client.Groups(ctx, braintrust.GroupFilter{}))
	})
	list(work, need.Roles, "roles", &s.Roles, func() ([]braintrust.Role, error) {
		return braintrust.Collect(client.Roles(ctx, braintrust.RoleFilter{}))
	})
	list(work, need.Projects || need.Objects, "projects", &s.Projects, func() ([]braintrust.Project, error) {
		return braintrust.Collect(client.Projects(ctx, braintrust.ProjectFilter{}))
	})
	list(work, need.Projects, "project groups", &s.ProjectGroups, func() ([]braintrust.ProjectGroup, error) {
		return braintrust.Collect(client.ProjectGroups(ctx))
	})
	list(work, need.Tokens, "service tokens", &s.Tokens, func() ([]braintrust.ServiceToken, error) {
		tokens, err := braintrust.Collect(client.ServiceTokens(ctx, braintrust.ServiceTokenFilter{}))
		s.TokensKnown = err == nil
		if need.OptionalTokens && braintrust.IsForbidden(err) {
			return nil, nil
		}
		return tokens, err
	})
	loadACLs(ctx, work, client, need, s)
	loadObjects(ctx, work, client, need, s)
	return work.Wait()
}

func list[T any](work *parallel.Group, wanted bool, what string, into *[]T, read func() ([]T, error)) {
	if !wanted {
		return
	}
	work.Go(func() error {
		items, err := read()
		if err != nil {
			return fmt.Errorf("list %s: %w", what, err)
		}
		*into = items
		return nil
	})
}

func loadACLs(ctx context.Context, work *parallel.Group, client *braintrust.Client, need Need, s *access.Snapshot) {
	if need.AllACLs {
		list(work, true, "the organization's ACLs", &s.ACLs, func() ([]braintrust.ACL, error) {
			return braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{}))
		})
		return
	}
	var mu sync.Mutex
	for _, node := range need.ACLsOn {
		work.Go(func() error {
			acls, err := aclsOn(ctx, client, node)
			if err != nil {
				return fmt.Errorf("list the ACLs of %s: %w", node.Type, err)
			}
			mu.Lock()
			defer mu.Unlock()
			s.ACLs = append(s.ACLs, acls...)
			return nil
		})
	}
}

// aclsOn lists the grants on a node. Those of something that is deleted are only in the list of the whole
// organization.
func aclsOn(ctx context.Context, client *braintrust.Client, node access.Node) ([]braintrust.ACL, error) {
	filter := braintrust.ACLFilter{ObjectType: node.Type, ObjectID: node.ID}
	acls, err := braintrust.Collect(client.ACLs(ctx, filter))
	if !braintrust.IsNotFound(err) {
		return acls, err
	}
	if left, orgErr := braintrust.Collect(client.OrgACLs(ctx, filter)); orgErr == nil {
		return left, nil
	}
	return nil, err
}

func loadObjects(ctx context.Context, work *parallel.Group, client *braintrust.Client, need Need, s *access.Snapshot) {
	if !need.Objects {
		return
	}
	var mu sync.Mutex
	for _, kind := range []braintrust.ObjectKind{braintrust.KindExperiment, braintrust.KindDataset, braintrust.KindPrompt, braintrust.KindFunction} {
		work.Go(func() error {
			objects, err := braintrust.Collect(client.Objects(ctx, kind, braintrust.ObjectFilter{}))
			if err != nil {
				return fmt.Errorf("list %ss: %w", kind, err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, o := range objects {
				s.Objects = append(s.Objects, access.Object{Kind: kind, Object: o})
			}
			return nil
		})
	}
}
