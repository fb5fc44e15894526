package members

import (
	"context"
	"errors"
	"sort"
	"strings"
	"time"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// row is one member: the API's fields, and whether it is a person.
type row struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"` // person, service_account, unknown
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	GivenName  string    `json:"given_name"`
	FamilyName string    `json:"family_name"`
	AvatarURL  string    `json:"avatar_url"`
	Created    time.Time `json:"created,omitzero"`
}

func rowOf(m orgstate.Member) row {
	u := m.User
	return row{
		ID: u.ID, Kind: string(m.Kind), Name: m.Name, Email: u.Email,
		GivenName: u.GivenName, FamilyName: u.FamilyName, AvatarURL: u.AvatarURL, Created: u.Created,
	}
}

// rowsOf sorts people first, then service accounts, each by e-mail.
func rowsOf(members []orgstate.Member) []row {
	rows := make([]row, len(members))
	for i, m := range members {
		rows[i] = rowOf(m)
	}
	order := map[string]int{string(orgstate.Person): 0, string(orgstate.ServiceAccount): 1, string(orgstate.Unknown): 2}
	sort.SliceStable(rows, func(i, j int) bool {
		if a, b := order[rows[i].Kind], order[rows[j].Kind]; a != b {
			return a < b
		}
		return rows[i].Email < rows[j].Email
	})
	return rows
}

func columns(now time.Time) []output.Column[row] {
	return []output.Column[row]{
		{Field: "kind", Header: "KIND", Text: func(m row) string { return m.Kind }},
		{Field: "name", Header: "NAME", Text: func(m row) string { return m.Name }},
		{Field: "email", Header: "EMAIL", Text: func(m row) string { return m.Email }},
		{
			Field: "created", Header: "CREATED", Wide: true,
			Text: func(m row) string { return output.RelTime(now, m.Created) },
			Raw:  func(m row) string { return output.Time(m.Created) },
		},
		{Field: "id", Header: "ID", Wide: true, Text: func(m row) string { return m.ID }},
	}
}

// find resolves one member: e-mail, full name, id, or sa:NAME for a service account.
func find(ctx context.Context, r *resolve.Resolver, typed string) (braintrust.User, error) {
	for _, prefix := range []string{"sa:", "service-account:"} {
		if name, ok := strings.CutPrefix(typed, prefix); ok {
			account, err := r.ServiceAccount(ctx, name)
			return account.User, err
		}
	}
	name, _ := strings.CutPrefix(typed, "user:")
	user, err := r.User(ctx, name)
	var bad *exit.Error
	if errors.As(err, &bad) && bad.Code == exit.BadInput && !strings.Contains(name, "@") && !resolve.IsUUID(name) {
		// The name of an account is known from its tokens, when the user has none.
		if account, accountErr := r.ServiceAccount(ctx, name); accountErr == nil {
			return account.User, nil
		}
	}
	return user, err
}

// findAll resolves all members before anything is done to one of them; each is kept once.
func findAll(ctx context.Context, r *resolve.Resolver, typed []string) ([]braintrust.User, error) {
	if len(typed) > 2 { // one list instead of a request each
		if _, err := r.Users(ctx); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	var users []braintrust.User
	for _, name := range typed {
		user, err := find(ctx, r, name)
		if err != nil {
			return nil, err
		}
		if !seen[user.ID] {
			seen[user.ID] = true
			users = append(users, user)
		}
	}
	return users, nil
}
