// Package accounts knows what creating service accounts and tokens needs beyond one request: which account a
// name means, the groups and grants that it gets, who may mint, and what a lost answer leaves behind.
package accounts

import (
	"context"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
)

// Named returns the service account that somebody typed the name, e-mail or id of. exists is false when
// nothing is called that and a new account could be: ids and e-mails are never names of new ones. Several
// accounts of one name are an error that lists them.
func Named(ctx context.Context, r *resolve.Resolver, typed string) (account orgstate.Member, exists bool, err error) {
	if !resolve.IsUUID(typed) && !strings.Contains(typed, "@") {
		same, err := Namesakes(ctx, r, typed)
		if err != nil || len(same) == 0 {
			return orgstate.Member{}, false, err
		}
	}
	account, err = r.ServiceAccount(ctx, typed)
	return account, err == nil, err
}

// Namesakes returns the service accounts of exactly that name: the server allows several.
func Namesakes(ctx context.Context, r *resolve.Resolver, name string) ([]orgstate.Member, error) {
	members, err := r.Members(ctx)
	if err != nil {
		return nil, err
	}
	var same []orgstate.Member
	for _, m := range members.All {
		if m.Kind != orgstate.Person && m.Name == name {
			same = append(same, m)
		}
	}
	return same, nil
}
