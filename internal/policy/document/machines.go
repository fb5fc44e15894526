package document

// ServiceAccount is an identity for a machine.
type ServiceAccount struct {
	At Pos `json:"-"`
	// Groups that the account is a member of. It counts together with what the groups say. Absent: not managed here.
	Groups List[Text] `json:"groups,omitzero"`
	// Permissions that are granted to the account itself. Absent: not managed. Empty: none.
	Permissions Permissions `json:"permissions,omitzero"`
	// Purpose is a note: "data_plane_manager" marks the account of a hybrid deployment's data plane.
	Purpose Text `json:"purpose,omitzero"`
	// Grants overrides manage.grants for this account.
	Grants Text `json:"grants,omitzero" enum:"exact|additive"`
	// State is "present" (the default) or "removed".
	State Text `json:"state,omitzero" enum:"present|removed"`
	// Tokens of the account, by name. Absent: not managed. Tokens that are not named here stay.
	Tokens Map[Token] `json:"tokens,omitzero"`
	// ApprovedBy names the approval of the account's grants.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
}

// Token is a service token of an account.
type Token struct {
	At Pos `json:"-"`
	// Expires is how long the token lives, such as 90d.
	Expires Duration `json:"expires,omitzero"`
	// Rotate replaces the token regularly.
	Rotate Rotate `json:"rotate,omitzero"`
	// Store is where the token goes when it is made. It is shown once and kept nowhere else.
	Store Store `json:"store,omitzero"`
	// State is "present" (the default) or "removed", which deletes the token.
	State Text `json:"state,omitzero" enum:"present|removed"`
}

// Rotate replaces a token regularly.
type Rotate struct {
	At Pos `json:"-"`
	// Every is the age at which a new token is made.
	Every Duration `json:"every" jsonschema:"required"`
	// Overlap is how long the old token lives on beside the new one.
	Overlap Duration `json:"overlap,omitzero"`
}

// Store is where a new token goes: a command that reads it from its standard input, or a file.
type Store struct {
	At Pos `json:"-"`
	// Command and its arguments. It is run without a shell and gets the token on standard input.
	Command List[Text] `json:"command,omitzero"`
	// File that is written, relative to the policy file. It must not exist.
	File Text `json:"file,omitzero"`
	// Mode of the file in octal, quoted. Only "0600" and "0400" are accepted.
	Mode Text `json:"mode,omitzero" enum:"0600|0400"`
}

// Role is a named set of permissions.
type Role struct {
	At Pos `json:"-"`
	// Builtin marks a role of the system (Owner, Engineer, Viewer), which can be assigned but not changed.
	Builtin Bool `json:"builtin,omitzero"`
	// Previously are earlier names: a role that still has one is renamed and keeps its id and assignments.
	Previously List[Text] `json:"previously,omitzero"`
	// Description of the role. Absent: not managed.
	Description Text `json:"description,omitzero"`
	// Permissions by the kind of object that they are restricted to; "any" is not restricted. Types of the API that
	// have no word of their own are written by their name.
	Permissions Map[Words] `json:"permissions,omitzero" scope:"objects"`
	// Includes are roles whose permissions this one has as well.
	Includes List[Text] `json:"includes,omitzero"`
	// AssignedTo says who holds the role where. Absent: not managed. Empty: nobody.
	AssignedTo List[Assignment] `json:"assigned_to,omitzero"`
}

// Assignment gives a role to exactly one principal on projects or objects.
type Assignment struct {
	At Pos `json:"-"`
	// Group that gets the role.
	Group Text `json:"group,omitzero"`
	// Email of the person who gets the role.
	Email Text `json:"email,omitzero"`
	// ServiceAccount that gets the role.
	ServiceAccount Text `json:"service_account,omitzero"`
	// User is the id of a user who has no e-mail address.
	User Text `json:"user,omitzero"`
	// Projects by name or pattern.
	Projects List[Text] `json:"projects,omitzero"`
	// On are references such as organization, all_projects or dataset:PROJECT/NAME.
	On List[Text] `json:"on,omitzero"`
	// ApprovedBy names the approval of this assignment.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
}
