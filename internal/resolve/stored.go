package resolve

import (
	"context"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// Stored is an organization that was read before, such as a snapshot file. Every list is asked for once at most,
// and only when a name needs it.
type Stored struct {
	Name         string // of the file, for messages
	Organization braintrust.Organization
	Users        func() ([]braintrust.User, error)
	Groups       func() ([]braintrust.Group, error)
	Roles        func() ([]braintrust.Role, error)
	Projects     func() ([]braintrust.Project, error)
	Tokens       func() ([]braintrust.ServiceToken, error)
	TokensKnown  bool // false: the tokens could not be read
	// Objects lists those of a kind in a project, Object finds one by its id.
	Objects func(kind braintrust.ObjectKind, projectID string) ([]braintrust.Object, error)
	Object  func(kind braintrust.ObjectKind, id string) (braintrust.Object, bool, error)
	// AllObjects is false when there are only those objects that grants name.
	AllObjects bool
}

// NewStored makes a Resolver that finds everything in what is stored, without a request. References mean the same
// as they do online.
func NewStored(s *Stored) *Resolver {
	r := &Resolver{stored: s, objects: map[objectList]*cache[braintrust.Object]{}, found: map[string]string{}}
	r.organization.load = func(context.Context) ([]braintrust.Organization, error) {
		return []braintrust.Organization{s.Organization}, nil
	}
	r.users.load, r.groups.load, r.roles.load = keep(s.Users), keep(s.Groups), keep(s.Roles)
	r.projects.load, r.tokens.load = keep(s.Projects), keep(s.Tokens)
	r.keys.load = func(context.Context) ([]braintrust.APIKey, error) { return nil, nil }
	r.accounts.load = r.listAccounts
	return r
}

func keep[T any](list func() ([]T, error)) func(context.Context) ([]T, error) {
	return func(context.Context) ([]T, error) { return list() }
}

// online is a look-up that needs the server, nil when everything is stored.
func online[In, Out any](r *Resolver, ask func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	if r.client == nil {
		return nil
	}
	return ask
}

// hint says where something was not found.
func (s *Stored) hint() string {
	if s == nil {
		return "only what is listed can be found"
	}
	return s.Name + " was asked, not the server; what is newer than it is not in it"
}

func (s *Stored) objectHint() string {
	if s.AllObjects {
		return s.hint()
	}
	return s.Name + " holds only those objects that grants name: btadmin snapshot save --objects keeps all"
}

// storedObject finds an object by its id. One that is not there is gone or, in a list of those that grants name, may
// be one that no grant names: which project it is in is unknown then, so that nothing can be said about it.
func (r *Resolver) storedObject(prefix string, kind braintrust.ObjectKind, id string) (Target, error) {
	object, found, err := r.stored.Object(kind, id)
	if !found && err == nil && kind == braintrust.KindPrompt { // grants call functions prompts, so that prompt:UUID may be one
		if object, found, err = r.stored.Object(braintrust.KindFunction, id); found {
			return r.target(string(braintrust.KindFunction), braintrust.KindFunction, object, ""), err
		}
	}
	switch {
	case err != nil:
		return Target{}, err
	case found:
		return r.target(prefix, kind, object, ""), nil
	}
	return Target{}, exit.BadInputf("no %s %s in %s", prefix, id, r.stored.Name).WithHint("%s", r.stored.objectHint())
}
