package acl

import (
	"context"
	"fmt"
	"sync"

	"btadmin/internal/parallel"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// found is what the names in a file stand for. Each was looked up once; a name that stands for nothing has
// its error kept, for the rows that use it.
type found struct {
	targets    map[string]answer[resolve.Target]
	principals map[string]answer[resolve.Named]
	roles      map[string]answer[braintrust.Role]
}

type answer[T any] struct {
	value T
	err   error
}

// Target implements finder.
func (f *found) Target(_ context.Context, ref string) (resolve.Target, error) {
	return f.targets[ref].value, f.targets[ref].err
}

// Principal implements finder.
func (f *found) Principal(_ context.Context, ref string) (resolve.Named, error) {
	return f.principals[ref].value, f.principals[ref].err
}

// Role implements finder.
func (f *found) Role(_ context.Context, name string) (braintrust.Role, error) {
	return f.roles[name].value, f.roles[name].err
}

// fewNames is how many rows are looked up one by one; for more, the lists are read first.
const fewNames = 5

// findAll looks up every name in the wishes, several at a time. Its error is not a wrong name, but a lookup
// that failed.
func findAll(ctx context.Context, r *resolve.Resolver, wishes []*wish) (*found, error) {
	var objects, principals, roles []string
	for _, w := range wishes {
		objects, principals = append(objects, w.object), append(principals, w.principal)
		if w.role != "" {
			roles = append(roles, w.role)
		}
	}
	if len(wishes) > fewNames {
		if err := readLists(ctx, r, len(roles) > fewNames); err != nil {
			return nil, err
		}
	}
	f := &found{}
	var err error
	if f.targets, err = lookUp(ctx, objects, r.Target); err != nil {
		return nil, err
	}
	if f.principals, err = lookUp(ctx, principals, r.Principal); err != nil {
		return nil, err
	}
	f.roles, err = lookUp(ctx, roles, r.Role)
	return f, err
}

// readLists fills the resolver's lists, so that names cost no further request. What the caller may not list is
// looked up name by name.
func readLists(ctx context.Context, r *resolve.Resolver, roles bool) error {
	work, ctx := parallel.WithContext(ctx)
	read := func(what string, list func() error) {
		work.Go(func() error {
			if err := list(); err != nil && !braintrust.IsForbidden(err) {
				return fmt.Errorf("list the %s: %w", what, err)
			}
			return nil
		})
	}
	read("groups", func() error { _, err := r.Groups(ctx); return err })
	read("members", func() error { _, err := r.Users(ctx); return err })
	read("projects", func() error { _, err := r.Projects(ctx); return err })
	if roles {
		read("roles", func() error { _, err := r.Roles(ctx); return err })
	}
	return work.Wait()
}

func lookUp[T any](ctx context.Context, names []string, find func(context.Context, string) (T, error)) (map[string]answer[T], error) {
	var mu sync.Mutex
	answers := map[string]answer[T]{}
	work, ctx := parallel.WithContext(ctx)
	work.SetLimit(inFlight)
	started := map[string]bool{}
	for _, name := range names {
		if started[name] {
			continue
		}
		started[name] = true
		work.Go(func() error {
			value, err := find(ctx, name)
			if err != nil && !isBadInput(err) {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			answers[name] = answer[T]{value: value, err: err}
			return nil
		})
	}
	return answers, work.Wait()
}
