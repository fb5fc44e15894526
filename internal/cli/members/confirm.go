package members

import (
	"context"
	"fmt"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// idsOf are the ids of the people that were invited, by canonical e-mail: as the server answered, else from
// the list of members, because a server may answer an invitation without names. An invited member may take
// seconds to appear there; who does not is named.
func idsOf(ctx context.Context, a *app.App, steps []change.Step, fresh []string) (map[string]string, error) {
	ids := map[string]string{}
	for _, step := range steps {
		if invite, ok := step.(*change.InviteMembers); ok {
			for _, user := range invite.Out {
				ids[text.CanonicalEmail(user.Email)] = user.ID
			}
		}
	}
	missing := unnamed(fresh, ids)
	if len(missing) == 0 {
		return ids, nil
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	users, err := braintrust.Collect(client.Users(ctx, braintrust.UserFilter{}))
	if err != nil {
		a.Status.Warn("the invitations were accepted, but the members could not be listed to see them: %v", err)
		return ids, nil
	}
	for _, user := range users {
		if user.Email != "" {
			ids[text.CanonicalEmail(user.Email)] = user.ID
		}
	}
	if missing = unnamed(fresh, ids); len(missing) > 0 {
		a.Status.Warn("%s", fmt.Sprintf("accepted, but not among the members yet: %d of %d, first %s", len(missing), len(fresh), missing[0]))
	}
	return ids, nil
}

func unnamed(emails []string, ids map[string]string) []string {
	var missing []string
	for _, email := range emails {
		if ids[text.CanonicalEmail(email)] == "" {
			missing = append(missing, email)
		}
	}
	return missing
}
