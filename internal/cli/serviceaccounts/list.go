package serviceaccounts

import (
	"context"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// row is one service account.
type row struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	Kind       string    `json:"kind"`        // service_account, or unknown: nothing proves that it is one
	TokenCount *int      `json:"token_count"` // null when this key may not list tokens
	Groups     []string  `json:"groups"`      // names, direct ones only
	Created    time.Time `json:"created,omitzero"`
}

func newList(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the service accounts",
		Long: `List the service accounts. The API does not mark them: an account is known by its tokens, or by an address
that shares the domain of one that has tokens. kind is unknown for an address that no mail reaches and that
nothing else tells about, such as an account without a token.`,
		Example: `  btadmin service-accounts list
  btadmin service-accounts list --jq '.[] | select(.token_count == 0) | .name'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), a) },
	}
}

func runList(ctx context.Context, a *app.App) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	members, err := r.Members(ctx)
	if err != nil {
		return err
	}
	var accounts []orgstate.Member
	for _, m := range members.All {
		if m.Kind != orgstate.Person {
			accounts = append(accounts, m)
		}
	}
	rows, err := rowsOf(ctx, r, accounts)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, columns(a.Now()), rows)
}

// rowsOf adds tokens and groups to accounts, and sorts them by name.
func rowsOf(ctx context.Context, r *resolve.Resolver, accounts []orgstate.Member) ([]row, error) {
	tokens, tokensErr := r.ServiceTokens(ctx)
	if tokensErr != nil && !braintrust.IsForbidden(tokensErr) {
		return nil, tokensErr
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return nil, err
	}
	count, in := map[string]int{}, map[string][]string{}
	for _, t := range tokens {
		count[t.ServiceAccountID]++
	}
	for _, g := range groups {
		for _, id := range g.MemberUsers {
			in[id] = append(in[id], g.Name)
		}
	}
	rows := make([]row, len(accounts))
	for i, m := range accounts {
		rows[i] = row{ID: m.User.ID, Name: m.Name, Email: m.User.Email, Kind: string(m.Kind), Groups: in[m.User.ID], Created: m.User.Created}
		if rows[i].Groups == nil {
			rows[i].Groups = []string{}
		}
		sort.Strings(rows[i].Groups)
		if tokensErr == nil {
			rows[i].TokenCount = new(count[m.User.ID])
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return rows, nil
}

func columns(now time.Time) []output.Column[row] {
	return []output.Column[row]{
		{Field: "name", Header: "NAME", Text: func(s row) string { return s.Name }},
		{Field: "token_count", Header: "TOKENS", Text: func(s row) string {
			if s.TokenCount == nil {
				return ""
			}
			return strconv.Itoa(*s.TokenCount)
		}},
		{Field: "groups", Header: "GROUPS", Text: func(s row) string { return strings.Join(s.Groups, ", ") }},
		{Field: "kind", Header: "KIND", Wide: true, Text: func(s row) string { return s.Kind }},
		{
			Field: "created", Header: "CREATED", Wide: true,
			Text: func(s row) string { return output.RelTime(now, s.Created) },
			Raw:  func(s row) string { return output.Time(s.Created) },
		},
		{Field: "id", Header: "ID", Text: func(s row) string { return s.ID }},
	}
}
