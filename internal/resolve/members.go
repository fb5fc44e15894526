package resolve

import (
	"context"
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// manyNames is how many e-mails are looked up one by one before listing everybody is cheaper.
const manyNames = 2

// Users lists every member of the organization, people and service accounts.
func (r *Resolver) Users(ctx context.Context) ([]braintrust.User, error) {
	return r.users.get(ctx)
}

// User finds a member by e-mail, full name or UUID. E-mails compare without case.
func (r *Resolver) User(ctx context.Context, typed string) (braintrust.User, error) {
	s := r.userSource()
	if strings.Contains(typed, "@") && r.client != nil {
		s.byName = func(ctx context.Context, email string) ([]braintrust.User, error) {
			return braintrust.Collect(r.client.Users(ctx, braintrust.UserFilter{Emails: []string{email}}))
		}
	}
	return s.find(ctx, typed)
}

// UsersNamed finds several members; all of them or an error that names every one that is unknown.
func (r *Resolver) UsersNamed(ctx context.Context, typed []string) ([]braintrust.User, error) {
	if len(typed) > manyNames {
		if _, err := r.Users(ctx); err != nil {
			return nil, err
		}
	}
	users := make([]braintrust.User, len(typed))
	for i, name := range typed {
		user, err := r.User(ctx, name)
		if err != nil {
			return nil, err
		}
		users[i] = user
	}
	return users, nil
}

func (r *Resolver) userSource() source[braintrust.User] {
	return source[braintrust.User]{
		kind: "member", note: r.note, stored: r.stored, byID: online(r, r.client.User), list: r.Users, held: r.users.loaded, index: &r.users.index,
		id: func(u braintrust.User) string { return u.ID },
		names: func(u braintrust.User) []string {
			return compact(u.Email, FullName(u))
		},
		form: func(name string) string {
			if strings.Contains(name, "@") {
				return text.CanonicalEmail(name)
			}
			return name
		},
	}
}

// FullName is the given and family name of a user, or what there is of them.
func FullName(u braintrust.User) string {
	return strings.TrimSpace(u.GivenName + " " + u.FamilyName)
}

// Members classifies every member as a person, a service account or unknown. A caller who may not list
// service tokens gets the classification that the users alone allow.
func (r *Resolver) Members(ctx context.Context) (orgstate.Members, error) {
	users, err := r.Users(ctx)
	if err != nil {
		return orgstate.Members{}, err
	}
	if r.stored != nil && !r.stored.TokensKnown {
		return orgstate.Classify(users, nil, false), nil
	}
	tokens, err := r.ServiceTokens(ctx)
	if err != nil && !braintrust.IsForbidden(err) {
		return orgstate.Members{}, err
	}
	return orgstate.Classify(users, tokens, err == nil), nil
}

// ServiceAccount finds a service account by name, e-mail or UUID.
func (r *Resolver) ServiceAccount(ctx context.Context, typed string) (orgstate.Member, error) {
	accounts, err := r.accounts.get(ctx)
	if err != nil {
		return orgstate.Member{}, err
	}
	found, err := source[orgstate.Member]{
		kind: "service account", note: r.note, stored: r.stored,
		byID: func(context.Context, string) (orgstate.Member, error) {
			return orgstate.Member{}, exit.BadInputf("no service account with id %s", typed)
		},
		list:  func(context.Context) ([]orgstate.Member, error) { return accounts, nil },
		held:  r.accounts.loaded,
		index: &r.accounts.index,
		id:    func(m orgstate.Member) string { return m.User.ID },
		names: func(m orgstate.Member) []string { return compact(m.Name, m.User.Email) },
	}.find(ctx, typed)
	return found, err
}

func (r *Resolver) listAccounts(ctx context.Context) ([]orgstate.Member, error) {
	members, err := r.Members(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(members.All), func(m orgstate.Member) bool { return m.Kind == orgstate.Person }), nil
}
