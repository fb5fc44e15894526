package orgview

import (
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
)

// Comparable refuses to compare what has nothing in common: ids are what a comparison goes by. Its error has exit
// code 4.
func Comparable(before, after *View) error {
	was, is := before.Snapshot.Organization, after.Snapshot.Organization
	if was.ID == is.ID && before.Meta.Host == after.Meta.Host {
		return nil
	}
	return exit.BadInputf("these are different organizations: %s on %s and %s on %s", was.Name, before.Meta.Host, is.Name, after.Meta.Host).
		WithHint("compare snapshots of one organization; --org and --profile choose which one is read now")
}

// Accounts tells service accounts from people, as the first of some views does that knows the user.
func Accounts(views ...*View) func(userID string) bool {
	return func(id string) bool {
		for _, v := range views {
			if m, known := v.Members.ByID(id); known {
				return m.Kind == orgstate.ServiceAccount
			}
		}
		return false
	}
}
