package groups

import (
	"context"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
)

// people are members by id: users (service accounts among them) and nested groups.
type people struct {
	users, groups []string
}

// resolveMembers finds members by e-mail, name or id; sa:NAME is a service account, group:NAME a group
// whose users become members. Each is kept once. All names are looked up before any error is reported, so
// that one message names every unknown one.
func resolveMembers(ctx context.Context, r *resolve.Resolver, typed []string) (people, error) {
	var found people
	seen := map[string]bool{}
	add := func(list *[]string, id string) {
		if !seen[id] {
			seen[id] = true
			*list = append(*list, id)
		}
	}
	users := 0
	for _, ref := range typed {
		if !strings.HasPrefix(ref, "group:") {
			users++
		}
	}
	if users > 2 { // one list instead of a request each
		if _, err := r.Users(ctx); err != nil {
			return people{}, err
		}
	}
	var plain, unknown []string
	var firstErr error
	for _, ref := range typed {
		if !strings.Contains(ref, ":") {
			plain = append(plain, ref)
			continue
		}
		named, err := r.Principal(ctx, ref)
		switch {
		case err != nil && !badInput(err):
			return people{}, err
		case err != nil:
			unknown = append(unknown, ref)
			firstErr = keepFirst(firstErr, err)
		case named.Principal.Kind == access.PrincipalGroup:
			add(&found.groups, named.Principal.ID)
		default:
			add(&found.users, named.Principal.ID)
		}
	}
	for _, ref := range plain {
		user, err := r.User(ctx, ref)
		if err != nil && badInput(err) && !strings.Contains(ref, "@") {
			if account, accountErr := r.ServiceAccount(ctx, ref); accountErr == nil {
				user, err = account.User, nil
			}
		}
		switch {
		case err != nil && !badInput(err):
			return people{}, err
		case err != nil:
			unknown = append(unknown, ref)
			firstErr = keepFirst(firstErr, err)
		default:
			add(&found.users, user.ID)
		}
	}
	switch len(unknown) {
	case 0:
		return found, nil
	case 1:
		return people{}, firstErr
	}
	return people{}, exit.BadInputf("%d of %d members are unknown: %s", len(unknown), len(typed), strings.Join(shorten(unknown), ", ")).
		WithHint("nothing was sent; btadmin members list shows who there is")
}

// shorten keeps a message readable.
func shorten(names []string) []string {
	const most = 10
	if len(names) <= most {
		return names
	}
	return append(names[:most:most], "...")
}

func keepFirst(first, err error) error {
	if first != nil {
		return first
	}
	return err
}
