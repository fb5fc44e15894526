package braintrust

// MembersPatch is the body of UpdateMembers: the one call that invites, removes and creates service
// accounts.
type MembersPatch struct {
	Invite  *Invitation `json:"invite_users,omitzero"`
	Remove  *Removal    `json:"remove_users,omitzero"`
	OrgName string      `json:"org_name,omitzero"`
}

// Invitation says who joins the organization and which groups they enter at once.
type Invitation struct {
	IDs              []string               `json:"ids,omitempty"`
	Emails           []string               `json:"emails,omitempty"`
	ServiceAccounts  []ServiceAccountCreate `json:"service_accounts,omitempty"`
	SendInviteEmails *bool                  `json:"send_invite_emails,omitzero"`
	GroupIDs         []string               `json:"group_ids,omitempty"`
	GroupNames       []string               `json:"group_names,omitempty"`
}

// ServiceAccountCreate names a new service account. A TokenName asks for a first token, which only a
// service token with owner permissions may do.
type ServiceAccountCreate struct {
	Name      string `json:"name"`
	TokenName string `json:"token_name,omitzero"`
}

// Removal says who leaves the organization.
type Removal struct {
	IDs    []string `json:"ids,omitempty"`
	Emails []string `json:"emails,omitempty"`
}

// MembersResult is the answer of UpdateMembers.
type MembersResult struct {
	Status         string      `json:"status"`
	OrgID          string      `json:"org_id,omitzero"`
	AddedUsers     []AddedUser `json:"added_users,omitzero"`
	SendEmailError string      `json:"send_email_error,omitzero"`
}

// AddedUser is one new member. APIKey is the secret of the first token, shown this once.
type AddedUser struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	APIKey    Secret `json:"api_key,omitzero"`
	TokenName string `json:"token_name,omitzero"`
}
