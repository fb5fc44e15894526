package accounts

import (
	"context"
	"slices"

	"github.com/spf13/pflag"

	"btadmin/internal/change"
	"btadmin/internal/flags"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Options are the flags that say what an account may do: its groups, and grants of its own.
type Options struct {
	Groups []string
	Grants flags.Grants
}

// Bind registers the flags.
func (o *Options) Bind(fs *pflag.FlagSet) {
	fs.StringArrayVar(&o.Groups, "group", nil, "put the account into this group (repeatable)")
	o.Grants.Bind(fs)
}

// Assignment is what the flags mean.
type Assignment struct {
	Groups []braintrust.Group
	Items  []braintrust.ACLItem
	Notes  []string // to be said once
}

// Resolve looks up every name in the flags, for the account with that id, which may be a placeholder.
func (o Options) Resolve(ctx context.Context, r *resolve.Resolver, accountID string) (Assignment, error) {
	var a Assignment
	for _, typed := range o.Groups {
		group, err := r.Group(ctx, typed)
		if err != nil {
			return Assignment{}, err
		}
		if !slices.ContainsFunc(a.Groups, func(g braintrust.Group) bool { return g.ID == group.ID }) {
			a.Groups = append(a.Groups, group)
		}
	}
	set, err := grants.Inline(ctx, r, o.Grants, access.Principal{Kind: access.PrincipalUser, ID: accountID})
	if err != nil {
		return Assignment{}, err
	}
	a.Items, a.Notes = set.Items, set.Notes
	return a, nil
}

// GroupNames are the names of the groups, never nil.
func (a Assignment) GroupNames() []string {
	names := make([]string, len(a.Groups))
	for i, g := range a.Groups {
		names[i] = g.Name
	}
	return names
}

// Grants are the steps that give an account its own grants; none without grants.
func (a Assignment) Grants() []change.Step {
	if len(a.Items) == 0 {
		return nil
	}
	return []change.Step{&change.AddACLs{Items: a.Items}}
}

// Join are the steps that put an account which exists into the groups that it is not in yet.
func (a Assignment) Join(accountID string) []change.Step {
	var steps []change.Step
	for _, g := range a.Groups {
		if !slices.Contains(g.MemberUsers, accountID) {
			steps = append(steps, &change.PatchGroup{Group: g, Patch: braintrust.GroupPatch{AddMemberUsers: []string{accountID}}})
		}
	}
	return steps
}
