package document

// Test is an assertion on effective access: exactly one of can, cannot and requires; "only" goes with can and says
// that nobody else can.
type Test struct {
	At Pos `json:"-"`
	// Name of the test, shown when it fails.
	Name Text `json:"name" jsonschema:"required"`
	// Who the test is about: an e-mail, sa:NAME, group:NAME, or a pattern of them such as *@partner.com or sa:*.
	Who Text `json:"who,omitzero"`
	// Only are the principals who may; everybody else may not.
	Only List[Text] `json:"only,omitzero"`
	// Can are words that everybody of who must be able to do.
	Can Words `json:"can,omitzero"`
	// Cannot are words that nobody of who may be able to do.
	Cannot Words `json:"cannot,omitzero"`
	// Requires is something that every membership of who must have written beside it: until, reason or approved_by.
	Requires Text `json:"requires,omitzero" enum:"until|reason|approved_by"`
	// Where: organization, all_projects, "KIND in PROJECT", or a reference such as project:NAME.
	Where Text `json:"at,omitzero"`
	// Except are principals that the test leaves out.
	Except List[Text] `json:"except,omitzero"`
}

// IdentitySource is a place that knows who belongs to which team. One that cannot be read stops everything; it
// never means "nobody".
type IdentitySource struct {
	At Pos `json:"-"`
	// Type of the source: "csv" or "command". "okta", "scim" and "ldap" are not supported yet.
	Type Text `json:"type" jsonschema:"required" enum:"csv|command|okta|scim|ldap"`
	// Path of a csv source, relative to the policy file.
	Path Text `json:"path,omitzero"`
	// Email is the column of a csv source that holds the address. The default is email.
	Email Text `json:"email,omitzero"`
	// Group is the column of a csv source that holds the team. The default is group.
	Group Text `json:"group,omitzero"`
	// Run is the command of a command source with its arguments, run without a shell in the folder of the policy
	// file. It prints JSON lines: {"email": ..., "group": ...}.
	Run List[Text] `json:"run,omitzero"`
	// Timeout of a command source. The default is 1m.
	Timeout Duration `json:"timeout,omitzero"`
	// AllowEmpty accepts that a team has nobody in it. Otherwise an empty team stops the plan.
	AllowEmpty Bool `json:"allow_empty,omitzero"`
	// Domain of an okta source, which is not supported yet.
	Domain Text `json:"domain,omitzero"`
	// URL of a scim or ldap source, which are not supported yet.
	URL Text `json:"url,omitzero"`
	// Base of an ldap source, which is not supported yet.
	Base Text `json:"base,omitzero"`
	// Token of an okta or scim source, which are not supported yet.
	Token SourceToken `json:"token,omitzero"`
}

// SourceToken says where the token of an identity source comes from.
type SourceToken struct {
	At Pos `json:"-"`
	// Env is an environment variable.
	Env Text `json:"env,omitzero"`
	// Command prints the token.
	Command List[Text] `json:"command,omitzero"`
}
