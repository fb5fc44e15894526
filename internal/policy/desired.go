// Package policy gives a policy document its meaning: it finds and merges the files, checks everything that can be
// checked without the organization, and expands variables, profiles and words into what the document asks for
// (Desired). What needs the organization stays open and keeps its name: patterns over projects, members that an
// identity source knows, ids. Every part knows its file, line and column.
package policy

import (
	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Desired is what a document asks for. Of a section whose ...Managed is false nothing is asked; one that is managed
// and empty asks for nothing to be there.
type Desired struct {
	Org    document.Text
	Manage Manage
	Guards Guards

	// People are the entries of the members section, in the order of the file.
	PeopleManaged bool
	People        []Person
	GroupsManaged bool
	Groups        []*Group
	// AccountsManaged is whether the section service_accounts is there.
	AccountsManaged bool
	Accounts        []*Account
	RolesManaged    bool
	Roles           []*Role
	Sources         []Source
	Tests           []Test
}

// Manage is the manage section with its defaults filled in.
type Manage struct {
	AllGroups, AllAccounts, AllRoles bool // else: only those that are listed
	ExactMembers                     bool // people who are not listed are removed, with Prune
	ExactDirectGrants                bool // grants to people that are not listed are removed, else reported
	Prune                            bool
	Ignore                           Ignore
	At                               document.Pos // of the section, unknown when it is not written
}

// Ignore are patterns of what is never touched.
type Ignore struct{ Groups, Projects, Members, ServiceAccounts, Roles []Pattern }

// Guards is the guards section with its defaults filled in and the principals read.
type Guards struct {
	MaxRemovals   document.MaxRemovals
	OwnersAtLeast document.Int // unknown when it is not written
	MustInclude   []Principal
	KeepMyAccess  bool // the default is true
	// WarnNewSuperUsers is new_super_users: warn. Otherwise a new holder of manage_access needs approved_by.
	WarnNewSuperUsers bool
	At                document.Pos
}

// Person is somebody in the organization, or somebody who is to leave it.
type Person struct {
	Email     document.Text
	Removed   bool          // state: removed
	SendEmail bool          // the invitation mail; the default is true
	Until     document.Date // after this day the person is to be removed
	Reason    document.Text
	// GrantsManaged is whether permissions are written here; Grants are those of this person alone.
	GrantsManaged bool
	Grants        []Row
	At            document.Pos
}

// Group is a permission group.
type Group struct {
	Name       document.Text
	BuiltIn    bool
	Previously []document.Text
	// Description is unknown when it is not managed.
	Description document.Text

	// MembersManaged is whether the members are written. With MembersExact others are taken out.
	MembersManaged, MembersExact bool
	Members                      []Membership

	// GrantsManaged is whether permissions are written. With GrantsExact others are taken away.
	GrantsManaged, GrantsExact bool
	Grants                     []Row

	// AdministeredManaged is whether administered_by is written, which is always exact: Administrators are all
	// the grants on the group itself.
	AdministeredManaged bool
	Administrators      []Administrator

	// Unlisted is set on a group that the document only names elsewhere, as a group of a service account: nothing
	// but the memberships here is asked of it, and it must exist.
	Unlisted bool
	At       document.Pos
}

// Membership is a member of a group: a person, an account, a group, or what an identity source lists.
type Membership struct {
	Principal
	// Until is the last day. A membership that is over (Until.Over) is asked not to be there, also where the
	// memberships of the group are additive.
	Until  document.Date
	Reason document.Text
	// Via is the SOURCE/TEAM that named the member, once identity sources have been read (package source).
	Via string
}

// Administrator is a principal with what it may do with a group itself.
type Administrator struct {
	Principal
	Labels []access.Label
}

// Account is a service account.
type Account struct {
	Name    document.Text
	Removed bool // state: removed
	// Groups that the account names itself. They are among the Members of those groups as well.
	Groups                     []document.Text
	GrantsManaged, GrantsExact bool
	Grants                     []Row
	Purpose                    document.Text
	TokensManaged              bool
	Tokens                     []Token
	At                         document.Pos
}

// Token is a service token of an account.
type Token struct {
	Name    document.Text
	Removed bool // state: removed
	Expires document.Duration
	// Rotate is the age at which a new token is made; unknown: never. Overlap is how long the old one stays.
	Rotate, Overlap document.Duration
	// Command gets a new token on its standard input; else it is written to File. A file is relative to the
	// policy file that names it: Folder.
	Command []string
	File    string
	Mode    uint32
	Folder  string
	At      document.Pos
}

// Role is a named set of permissions.
type Role struct {
	Name        document.Text
	BuiltIn     bool
	Previously  []document.Text
	Description document.Text // unknown when it is not managed
	// PermissionsManaged is whether the permissions are written, which are always exact.
	PermissionsManaged bool
	Tuples             []access.Tuple
	IncludesManaged    bool
	Includes           []document.Text
	// AssignedManaged is whether assigned_to is written, which is always exact.
	AssignedManaged bool
	Assigned        []Assignment
	At              document.Pos
}

// Assignment gives the role to a principal on a target.
type Assignment struct {
	To         Principal
	On         Target
	ApprovedBy document.Text
	At         document.Pos
}

// Row is one row of a permission page: all that is granted on a target, restricted to one type of object or not
// restricted. A row without labels says that nothing is granted there.
type Row struct {
	On       Target
	Restrict braintrust.ObjectType // "" = not restricted
	// Labels may be shared with other rows, and must not be changed.
	Labels     []access.Label
	ApprovedBy document.Text
	// At is where the words are written, which is in a profile when the row comes from one; Used is then where
	// the profile is taken up.
	At, Used document.Pos
}

// Words are the labels' words as a reader would write them.
func (r Row) Words() []string { return words(r.Labels) }

// Items are the grants that the row stands for, to a principal, on the node that its target turned out to be.
func (r Row) Items(p access.Principal, n access.Node) []braintrust.ACLItem {
	var items []braintrust.ACLItem
	for _, label := range r.Labels {
		items = append(items, label.Items(p, n, r.Restrict)...)
	}
	return items
}
