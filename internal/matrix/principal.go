package matrix

import (
	"cmp"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// PrincipalRow is one row of the page of an object: what one principal is granted there.
type PrincipalRow struct {
	Principal string `json:"principal"`
	UserID    string `json:"user_id"`
	GroupID   string `json:"group_id"`
	Row
}

// PrincipalNamer names principals besides.
type PrincipalNamer interface {
	Namer
	Principal(p access.Principal) string
}

// ByPrincipal puts the grants on an object into rows, in the order of the principals' names; the rows of one
// principal are in the order of the page.
func ByPrincipal(table access.Table, items []braintrust.ACLItem, names PrincipalNamer) []PrincipalRow {
	byPrincipal := map[access.Principal][]braintrust.ACLItem{}
	for _, item := range items {
		p := access.PrincipalOf(item)
		byPrincipal[p] = append(byPrincipal[p], item)
	}
	rows := []PrincipalRow{}
	for p, items := range byPrincipal {
		for _, row := range Rows(table.Describe(items), names) {
			out := PrincipalRow{Principal: names.Principal(p), Row: row}
			if p.Kind == access.PrincipalGroup {
				out.GroupID = p.ID
			} else {
				out.UserID = p.ID
			}
			rows = append(rows, out)
		}
	}
	slices.SortStableFunc(rows, func(a, b PrincipalRow) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.UserID+a.GroupID, b.UserID+b.GroupID))
	})
	return rows
}
