package lint

// Severity is how bad a finding is.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Rank orders severities; a higher one is worse, an unknown one is 0.
func (s Severity) Rank() int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 2
	case Note:
		return 1
	}
	return 0
}

// need is something that a rule concludes from the absence of.
type need int

const (
	needGrants need = iota
	needTokens
	needGroups
	needRoles
	needProjects
)

// Rule is one kind of finding. Ids are a contract: rules are added, never renamed.
type Rule struct {
	ID       string
	Severity Severity
	Title    string
	Help     string // why it matters
	needs    []need
	find     func(*linter) []Finding
}

// Rules lists all rules, in the order in which findings of one severity are shown.
func Rules() []Rule {
	return []Rule{
		{
			ID: "broad-organization", Severity: Error, Title: "The whole organization may be changed outside Owners",
			Help: "A grant of create, update, delete or of managing access on the organization reaches every group, role and project in it, so that it leads to everything. Only Owners should have one.",
			find: (*linter).broadOrganization,
		},
		{
			ID: "broad-all-projects", Severity: Warning, Title: "A large group may change every project",
			Help: "What is granted on all projects also reaches those that are made later. For a large group, grants on the projects that it works in say what is meant.",
			find: (*linter).broadAllProjects,
		},
		{
			ID: "manage-access-sprawl", Severity: Warning, Title: "Too many people may manage access",
			Help: "Whoever may add grants on something can give himself and others anything there. Few people should.",
			find: (*linter).manageAccessSprawl,
		},
		{
			ID: "service-account-owner", Severity: Warning, Title: "A service account is an owner of the organization",
			Help: "Whoever has one of its tokens is an owner, and nobody can see who has. One such account is needed to mint service tokens: ignore that one by name.",
			find: (*linter).accountOwners,
		},
		{
			ID: "old-token", Severity: Warning, Title: "A service token is old",
			Help: "A token that is never replaced may be in places that nobody remembers.",
			find: (*linter).oldTokens, needs: []need{needTokens},
		},
		{
			ID: "unknown-permission", Severity: Warning, Title: "A permission is unknown to this version",
			Help: "It could allow anything, so it counts as privileged until a newer version of btadmin knows it.",
			find: (*linter).unknownPermissions,
		},
		{
			ID: "partial-manage-access", Severity: Warning, Title: "Manage access is granted in part",
			Help: "The web application writes the four permissions together. Some of them alone are mostly left over from a change that was not finished; create_acls alone is already enough to take everything. read_acls alone is not reported, because auditors are given it.",
			find: (*linter).partialManageAccess,
		},
		{
			ID: "group-cycle", Severity: Warning, Title: "Groups are members of each other",
			Help: "All groups of a cycle have the same users and grants, which is hardly meant.",
			find: (*linter).groupCycles,
		},
		{
			ID: "role-cycle", Severity: Warning, Title: "Roles include each other",
			Help: "All roles of a cycle give the same, which is hardly meant.",
			find: (*linter).roleCycles,
		},
		{
			ID: "confusable-name", Severity: Warning, Title: "Two names read the same",
			Help: "People who pick one of them from a list can take the wrong one.",
			find: (*linter).confusableNames,
		},
		{
			ID: "dangling-subject", Severity: Warning, Title: "A grant is to somebody who is gone",
			Help: "The group is deleted, or the user is no member any more. Where ids come back, so does the access.",
			find: (*linter).danglingSubjects, needs: []need{needGroups},
		},
		{
			ID: "dangling-role", Severity: Warning, Title: "A grant is of a role that is gone",
			Help: "It gives nothing, and hides what somebody was meant to have.",
			find: (*linter).danglingRoles, needs: []need{needRoles},
		},
		{
			ID: "dangling-object", Severity: Warning, Title: "A grant is on something that is gone",
			Help: "It gives nothing and makes every list of grants longer.",
			find: (*linter).danglingObjects, needs: []need{needGroups, needRoles, needProjects},
		},
		{
			ID: "powerless-grant", Severity: Warning, Title: "A grant gives nothing",
			Help: "Its role holds nothing, or it is restricted to a type that the object neither is nor contains.",
			find: (*linter).powerlessGrants, needs: []need{needGroups, needRoles, needProjects},
		},
		{
			ID: "dangling-member", Severity: Note, Title: "A group or role lists something that is gone",
			Help: "It contributes nothing.",
			find: (*linter).danglingMembers, needs: []need{needGroups, needRoles},
		},
		{
			ID: "grant-to-empty-group", Severity: Note, Title: "A grant is to a group without users",
			Help: "It gives nothing today, and everything to the next person who is put into the group.",
			find: (*linter).grantsToEmptyGroups, needs: []need{needGroups},
		},
		{
			ID: "redundant-grant", Severity: Note, Title: "A grant gives nothing that others do not give",
			Help: "All that are reported can be removed together and nobody loses anything.",
			find: (*linter).redundantGrants,
		},
		{
			ID: "direct-grant", Severity: Note, Title: "Grants of a person outlive his groups",
			Help: "Leaving a group, or a change of what the group may do, does not end them. Most come from creating things.",
			find: (*linter).directGrants,
		},
		{
			ID: "empty-group", Severity: Note, Title: "A group has no users",
			Help: "Neither itself nor by the groups in it.",
			find: (*linter).emptyGroups, needs: []need{needGroups},
		},
		{
			ID: "unmanaged-group", Severity: Note, Title: "Nobody but the owners may administer a group",
			Help: "Every change of its members needs an owner.",
			find: (*linter).unmanagedGroups, needs: []need{needGrants, needGroups},
		},
		{
			ID: "unused-role", Severity: Note, Title: "A role is granted to nobody",
			Help: "No grant carries it and no role includes it.",
			find: (*linter).unusedRoles, needs: []need{needGrants, needRoles},
		},
		{
			ID: "member-without-access", Severity: Note, Title: "A person has no access at all",
			Help: "In no group and with no grant of his own he can do nothing. Perhaps he was meant to leave, or nobody finished letting him in.",
			find: (*linter).membersWithoutAccess, needs: []need{needGrants, needGroups},
		},
	}
}
