package diff

import (
	"iter"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Place is what a right is about: a node, or the things of a type in a container, those that exist and those
// to come. The log of a project is the place "project_log in the project".
type Place struct {
	Node  access.Node
	Child braintrust.ObjectType // "" is the node itself
}

// String is the place as TYPE:ID or TYPE:ID/CHILD.
func (p Place) String() string {
	if p.Child == "" {
		return p.Node.String()
	}
	return p.Node.String() + "/" + string(p.Child)
}

// Report is the difference between two states of an organization.
type Report struct {
	// Appeared and Vanished are what only the later or only the earlier state has: users, groups, roles,
	// projects, project groups and objects.
	Appeared, Vanished []Thing
	// Renamed are those that both have under different names, which is no change of access.
	Renamed []Rename
	// BecameOwner are the members who are owners of the organization now, NoLongerOwner those who were.
	BecameOwner, NoLongerOwner []access.Principal
	// Changes are what was gained and lost: the gains first, each part from the organization downwards.
	Changes []Change

	universe *universe
}

// KindUser is the kind of a Thing that is a user; all others are the types of the API.
const KindUser braintrust.ObjectType = "user"

// Thing is something that appeared or vanished.
type Thing struct {
	Kind braintrust.ObjectType
	ID   string
}

// Rename is something that is called differently now.
type Rename struct {
	Thing
	From, To string
}

// Change is one thing that happened to some principals: each of them gained or lost each of the permissions
// in each of the places, but for the exceptions.
type Change struct {
	Gained      bool // false: lost
	Principals  []access.Principal
	Permissions []braintrust.Permission
	Places      []Place
	// Through is what gives the permissions now, or gave what was lost: every way, so that a loss needs all
	// of them gone.
	Through []Reason

	named  []braintrust.Permission // what the bits of exceptions stand for
	except []exception
	u      *universe
}

// Exceptions lists what did not change although a place of the change contains it. They can be many: of
// everybody who gains reading all projects, each has one for whatever he read before.
func (c *Change) Exceptions() iter.Seq[Exception] {
	return func(yield func(Exception) bool) {
		for _, e := range c.except {
			if !yield(Exception{Principal: c.Principals[e.who], Permissions: e.permissions.list(c.named), Place: c.u.places[e.place]}) {
				return
			}
		}
	}
}

// CountExceptions is the number of Exceptions.
func (c *Change) CountExceptions() int { return len(c.except) }

// Exception is a place below one of a change's places where a principal's right did not change: he held it
// before he gained it above, or holds it still.
type Exception struct {
	Principal   access.Principal
	Permissions []braintrust.Permission
	Place       Place
}

// Reason is a grant, or several that differ in nothing but their permissions, and the ways from the
// principals of a change to its subject.
type Reason struct {
	// Group is the group that holds the grant; its zero value says that each principal holds it himself.
	Group access.Principal
	// On is where the grant is; its zero value says on the very node of each place. What is on the
	// organization or on all projects is always named.
	On access.Node
	// Role is the role by which the permission is granted, "" when it is granted by itself.
	Role string
	// BuiltIn marks what the server gives a built-in group without listing it.
	BuiltIn bool
	// ACLs are the ids of the grants, sorted.
	ACLs []string
	// Via are the chains of groups from one that lists a principal up to Group, each once; none when the
	// principals hold the grant themselves.
	Via [][]access.Principal
	// Changed says which links do not exist in the other state: what the change is due to.
	Changed []Link
}

// Link is one link between a principal and a right.
type Link string

// The links.
const (
	LinkGrant     Link = "grant"     // the grant itself
	LinkMember    Link = "member"    // the principal's own membership, or his being in the organization
	LinkGroup     Link = "group"     // a group's being a member of another
	LinkRole      Link = "role"      // what is in the role
	LinkContainer Link = "container" // where the node is: in a project group, in another project
)

// Empty reports whether nobody's access changed and nothing appeared or vanished. Renames do not count.
func (r *Report) Empty() bool {
	return len(r.Changes) == 0 && len(r.Appeared) == 0 && len(r.Vanished) == 0
}
