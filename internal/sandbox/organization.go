package sandbox

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func organizations() *resource {
	return &resource{
		kind: kindOrganization, label: "Organization", objectType: braintrust.ObjectOrganization,
		fields: []field{
			idField(),
			{name: "name", kind: text, in: inAnswer | inPatch, nonEmpty: true},
			{name: "api_url", kind: text, in: inAnswer | inPatch},
			{name: "is_universal_api", kind: boolean, in: inAnswer | inPatch},
			{name: "is_dataplane_private", kind: boolean, in: inAnswer | inPatch},
			{name: "proxy_url", kind: text, in: inAnswer | inPatch},
			{name: "realtime_url", kind: text, in: inAnswer | inPatch},
			createdField(),
			{name: "image_rendering_mode", kind: text, in: inAnswer | inPatch, enum: []string{"auto", "click_to_load", "blocked"}},
		},
		filters:  []filter{{param: "org_name", field: "name"}},
		noCreate: true, patch: true,
		decode:  decodeAs[braintrust.Organization],
		node:    nodeOf(braintrust.ObjectOrganization),
		above:   inOrganization(braintrust.ObjectOrganization),
		mayRead: func(*call, *row) bool { return true }, // every member may
		enter:   func(w *world, r *row) { w.access.SetOrganization(*r.value.(*braintrust.Organization)) },
	}
}

func users() *resource {
	exact := func(name string) filter { return filter{param: name, field: name, many: true} }
	return &resource{
		kind: kindUser, label: "User", objectType: braintrust.ObjectOrgMember,
		fields: []field{
			idField(),
			{name: "given_name", kind: text, in: inAnswer},
			{name: "family_name", kind: text, in: inAnswer},
			{name: "email", kind: text, in: inAnswer},
			{name: "avatar_url", kind: text, in: inAnswer},
			createdField(),
		},
		filters:  []filter{exact("given_name"), exact("family_name"), exact("email")},
		noCreate: true,
		decode:   decodeAs[braintrust.User],
		node:     nodeOf(braintrust.ObjectOrgMember),
		above:    inOrganization(braintrust.ObjectOrgMember),
		mayRead:  func(*call, *row) bool { return true }, // every member may
		enter:    func(w *world, r *row) { w.access.PutUser(*r.value.(*braintrust.User)) },
		leave:    func(w *world, r *row) { w.access.DeleteUser(r.id) },
	}
}

// isAccount reports whether a user is a service account.
func isAccount(r *row) bool { return r.userState().Service }

// member is a live user.
func (w *world) member(id string) *row { return w.table(kindUser).live(id) }

// knownUsers refuses ids that are no members'.
func (w *world) knownUsers(ids []string) error {
	for _, id := range ids {
		if w.member(id) == nil {
			return noAccess("User", id)
		}
	}
	return nil
}

// ownerAccount is a service account with owner permissions, nil when there is none: the first that was made.
func (w *world) ownerAccount() *row {
	for _, r := range w.table(kindUser).rows {
		if r.live() && isAccount(r) && w.access.Owns(access.Principal{Kind: access.PrincipalUser, ID: r.id}) {
			return r
		}
	}
	return nil
}
