package document

// Member is a person of the organization.
type Member struct {
	At Pos `json:"-"`
	// Email of the person.
	Email Text `json:"email" jsonschema:"required"`
	// State is "present" (the default) or "removed".
	State Text `json:"state,omitzero" enum:"present|removed"`
	// Invite says how a person who is not in the organization yet is invited.
	Invite Invite `json:"invite,omitzero"`
	// Until is the last day of the person in the organization. The first apply after it removes them.
	Until Date `json:"until,omitzero"`
	// Reason is an annotation.
	Reason Text `json:"reason,omitzero" blank:"no"`
	// Permissions are grants to this person alone. Groups are the better place.
	Permissions Permissions `json:"permissions,omitzero"`
}

// Invite says how a person is invited.
type Invite struct {
	At Pos `json:"-"`
	// SendEmail sends the invitation mail. The default is true.
	SendEmail Bool `json:"send_email,omitzero"`
}

// Group is a permission group.
type Group struct {
	At Pos `json:"-"`
	// Builtin marks Owners, Engineers and Viewers, which are never created, renamed or deleted.
	Builtin Bool `json:"builtin,omitzero"`
	// Previously are earlier names: a group that still has one is renamed and keeps its id, members and grants.
	Previously List[Text] `json:"previously,omitzero"`
	// Description of the group. Absent: not managed.
	Description Text `json:"description,omitzero"`
	// Members of the group. Absent: not managed. Empty: nobody.
	Members List[GroupMember] `json:"members,omitzero"`
	// Permissions that the group grants. Absent: not managed. Empty: none.
	Permissions Permissions `json:"permissions,omitzero"`
	// AdministeredBy says who may administer this group. Absent: not managed. Empty: nobody but those above it.
	AdministeredBy AdministeredBy `json:"administered_by,omitzero"`
	// Memberships overrides manage.memberships for this group.
	Memberships Text `json:"memberships,omitzero" enum:"exact|additive"`
	// Grants overrides manage.grants for this group.
	Grants Text `json:"grants,omitzero" enum:"exact|additive"`
	// ApprovedBy names the approval of the group's grants. It is an annotation that a review can ask for.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
}

// GroupMember is a member of a group: exactly one of email, service_account, group and idp, or one text such as
// ana@example.com, sa:ci, group:leads or idp:hr/leads.
type GroupMember struct {
	At Pos `json:"-"`
	// Email of a person.
	Email Text `json:"email,omitzero"`
	// ServiceAccount by name.
	ServiceAccount Text `json:"service_account,omitzero"`
	// Group whose members count as members of this one.
	Group Text `json:"group,omitzero"`
	// IDP is SOURCE/GROUP: the people whom an identity source lists in that group.
	IDP Text `json:"idp,omitzero"`
	// User is the id of a user who has no e-mail address.
	User Text `json:"user,omitzero"`
	// Until is the last day of the membership. The first apply after it ends it.
	Until Date `json:"until,omitzero"`
	// Reason is an annotation.
	Reason Text `json:"reason,omitzero" blank:"no"`
}
