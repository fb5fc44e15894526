package groups

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/exit"
	"btadmin/internal/matrix"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// complete asks for what is missing, or names the flag. offer lists those who can be meant.
func (o *accessOptions) complete(ctx context.Context, a *app.App, r *resolve.Resolver, group braintrust.Group, offer func() ([]ask.Choice, error)) error {
	if len(o.to) == 0 {
		if !a.Prompt.CanPrompt() {
			return exit.BadInputf("missing --to: who").WithHint("for example --to ana@example.com or --to group:Leads")
		}
		choices, err := offer()
		if err != nil {
			return err
		}
		o.to, err = ask.Several(a.Prompt.WithContext(ctx), "Who", "Who: user:EMAIL, group:NAME or sa:NAME, separated by commas", choices,
			func(ref string) error {
				_, err := r.Principal(ctx, ref)
				return err
			})
		if err != nil {
			return err
		}
		if len(o.to) == 0 {
			return exit.BadInputf("nobody was chosen")
		}
	}
	if o.allow == "" {
		if !a.Prompt.CanPrompt() {
			return exit.BadInputf("missing --allow: which of read, update, delete, manage-access").WithHint("for example --allow read,update")
		}
		words, err := ask.Words(a.Prompt.WithContext(ctx), "Permissions on group "+group.Name, access.ScopeGroup, nil)
		if err != nil {
			return err
		}
		o.allow = words
	}
	if o.allow == "" {
		return exit.BadInputf("nothing was chosen")
	}
	return nil
}

// everybody is offered for a grant: groups, people and service accounts, as on the three tabs of the dialog.
func everybody(ctx context.Context, r *resolve.Resolver) ([]ask.Choice, error) {
	groups, err := ask.Groups(ctx, r)
	if err != nil {
		return nil, err
	}
	members, err := ask.Members(ctx, r)
	return append(groups, members...), err
}

// holders are offered for a revocation: those who have a permission on the group.
func holders(ctx context.Context, a *app.App, r *resolve.Resolver, group braintrust.Group) ([]ask.Choice, error) {
	rows, err := accessRows(ctx, a, r, group)
	if err != nil {
		return nil, err
	}
	var choices []ask.Choice
	for _, row := range rows {
		if len(row.Allowed)+len(row.Partial)+len(row.Other) == 0 {
			continue // a role, which acl revoke takes
		}
		ref := "user:" + row.UserID
		if row.GroupID != "" {
			ref = "group:" + row.GroupID
		}
		choices = append(choices, ask.Choice{Ref: ref, Label: row.Principal + ": " + matrix.Words(row.Row)})
	}
	if len(choices) == 0 {
		return nil, exit.BadInputf("nobody has a permission of their own on group %q", group.Name)
	}
	return choices, nil
}
