package orgview

import (
	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// MayMiss reports whether groups, roles, project groups or projects are named that are not listed, and that may be hidden
// rather than deleted, because whoever read is not known to read all of them. What they give is then missing.
func (v *View) MayMiss() bool {
	if !orgstate.Dangles(v.Snapshot) {
		return false
	}
	reader := access.Principal{Kind: access.PrincipalUser, ID: v.Meta.Reader}
	state, id := v.State(), v.Snapshot.Organization.ID
	for kind, in := range map[braintrust.ObjectType]braintrust.ObjectType{
		braintrust.ObjectGroup:        braintrust.ObjectOrganization,
		braintrust.ObjectRole:         braintrust.ObjectOrganization,
		braintrust.ObjectProjectGroup: braintrust.ObjectOrganization,
		braintrust.ObjectProject:      braintrust.ObjectOrgProject,
	} {
		if v.Meta.Reader == "" || !state.AllowedChild(reader, braintrust.PermissionRead, kind, access.Node{Type: in, ID: id}) {
			return true
		}
	}
	return false
}
