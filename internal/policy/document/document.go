// Package document holds the policy document as it is written: types whose every value knows its file, line and
// column, and the strict reading of YAML into them. It knows no organization; package policy gives the document
// its meaning. The comments of fields are what `btadmin policy schema` shows in editors.
package document

// Version is the version of documents that this package reads.
const Version = 1

// Document is a policy: who belongs to which group, what groups, people and service accounts may do. A section
// that is absent is not managed; one that is present and empty means none.
type Document struct {
	// Version of the document format: 1.
	Version Int `json:"version" jsonschema:"required"`
	// Org is the name of the organization, written in at least one file of a policy. With a credential of another
	// organization nothing is read or written.
	Org Text `json:"org,omitzero"`
	// Manage says what the document owns. Everything else is read and reported, never touched.
	Manage Manage `json:"manage,omitzero"`
	// Guards refuse the whole plan before the first write.
	Guards Guards `json:"guards,omitzero"`
	// Vars are texts that ${name} stands for in names and patterns.
	Vars Map[Text] `json:"vars,omitzero"`
	// Profiles are reusable rows of the permission page, taken up with use.
	Profiles Map[Rows] `json:"profiles,omitzero"`
	// IdentitySources are where members of groups come from that somebody else keeps.
	IdentitySources Map[IdentitySource] `json:"identity_sources,omitzero"`
	// Members are the people of the organization.
	Members List[Member] `json:"members,omitzero"`
	// Groups are the permission groups, by name.
	Groups Map[Group] `json:"groups,omitzero"`
	// ServiceAccounts are the service accounts, by name.
	ServiceAccounts Map[ServiceAccount] `json:"service_accounts,omitzero"`
	// Roles are the organization's own roles, by name, and who they are assigned to.
	Roles Map[Role] `json:"roles,omitzero"`
	// Tests are assertions on effective access, checked by every plan and after every apply.
	Tests List[Test] `json:"tests,omitzero"`
}

// Manage says what the document owns.
type Manage struct {
	At Pos `json:"-"`
	// Groups: "listed" owns the groups that are named; "all" with prune also deletes custom groups that are not.
	Groups Text `json:"groups,omitzero" enum:"listed|all"`
	// Members: "additive" invites who is listed; "exact" with prune also removes people who are not.
	Members Text `json:"members,omitzero" enum:"additive|exact"`
	// Memberships: "exact" makes the members of a group those listed; "additive" leaves others in.
	Memberships Text `json:"memberships,omitzero" enum:"exact|additive"`
	// Grants: "exact" makes the permissions of a group or service account those listed; "additive" leaves others.
	Grants Text `json:"grants,omitzero" enum:"exact|additive"`
	// DirectGrants: what happens to grants to one person that are not listed: "report" or "exact".
	DirectGrants Text `json:"direct_grants,omitzero" enum:"report|exact"`
	// ServiceAccounts: "listed", or "all" which with prune also deletes accounts that are not named.
	ServiceAccounts Text `json:"service_accounts,omitzero" enum:"listed|all"`
	// Roles: "listed", or "all" which with prune also deletes custom roles that are not named.
	Roles Text `json:"roles,omitzero" enum:"listed|all"`
	// Prune allows deleting and removing what the other words of this section include and the document does not name.
	Prune Bool `json:"prune,omitzero"`
	// Ignore are patterns of what the document never touches, whatever it says elsewhere.
	Ignore Ignore `json:"ignore,omitzero"`
}

// Ignore are patterns (* and ?) of what is never touched.
type Ignore struct {
	At Pos `json:"-"`
	// Groups are patterns of group names.
	Groups List[Text] `json:"groups,omitzero"`
	// Projects are patterns of project names.
	Projects List[Text] `json:"projects,omitzero"`
	// Members are patterns of e-mail addresses.
	Members List[Text] `json:"members,omitzero"`
	// ServiceAccounts are patterns of the names of service accounts.
	ServiceAccounts List[Text] `json:"service_accounts,omitzero"`
	// Roles are patterns of role names.
	Roles List[Text] `json:"roles,omitzero"`
}

// Guards refuse the whole plan before the first write.
type Guards struct {
	At Pos `json:"-"`
	// MaxRemovals limits what one plan may take away, for each class a number or a share such as 20%.
	MaxRemovals MaxRemovals `json:"max_removals,omitzero"`
	// Owners says who must remain an owner.
	Owners Owners `json:"owners,omitzero"`
	// KeepMyAccess refuses plans after which the caller could not manage access any more. The default is true.
	KeepMyAccess Bool `json:"keep_my_access,omitzero"`
	// NewSuperUsers says what happens when somebody newly gains manage_access on the organization or all projects.
	NewSuperUsers Text `json:"new_super_users,omitzero" enum:"deny|warn"`
}

// MaxRemovals limits what one plan may take away.
type MaxRemovals struct {
	At Pos `json:"-"`
	// Members who are removed from the organization.
	Members Limit `json:"members,omitzero"`
	// Memberships of people, accounts and groups in groups.
	Memberships Limit `json:"memberships,omitzero"`
	// Groups that are deleted.
	Groups Limit `json:"groups,omitzero"`
	// Grants (ACLs) that are removed.
	Grants Limit `json:"grants,omitzero"`
	// Roles that are deleted.
	Roles Limit `json:"roles,omitzero"`
	// ServiceAccounts that are deleted.
	ServiceAccounts Limit `json:"service_accounts,omitzero"`
	// Tokens that are deleted, except when they are rotated.
	Tokens Limit `json:"tokens,omitzero"`
}

// Owners says who must remain an owner.
type Owners struct {
	At Pos `json:"-"`
	// AtLeast is how many people must remain owners.
	AtLeast Int `json:"at_least,omitzero"`
	// MustInclude are principals that must remain owners: e-mails, or sa:NAME.
	MustInclude List[Text] `json:"must_include,omitzero"`
}
