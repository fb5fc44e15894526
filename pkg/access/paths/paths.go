package paths

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Goal is the power that is asked about.
type Goal struct {
	// Node is where create_acls is the power: whoever has it may give himself anything there.
	Node access.Node
	// Owner asks who could become an owner of the organization; Node is then the organization.
	Owner bool
}

// ToOwner is the goal of owning the organization.
func ToOwner(s *access.State) Goal { return Goal{Node: organization(s), Owner: true} }

// ToManage is the goal of managing access on a node.
func ToManage(n access.Node) Goal { return Goal{Node: n} }

// Action is what a link does.
type Action string

// The actions.
const (
	JoinGroup Action = "join-group" // puts himself into a group, with update on it
	EditRole  Action = "edit-role"  // adds permissions to a role that a grant of his carries, with update on it
	Grant     Action = "grant"      // gives himself everything on a node, with create_acls on it
)

// Proof is why somebody has a right: a stored grant, or what he gave himself before.
type Proof struct {
	ACL     braintrust.ACL // zero when Step made the right and no stored grant is behind it
	BuiltIn bool           // the server gives the grant without listing it
	// Subjects leads from the member, or from the group that he joined, to the subject of the grant.
	Subjects []access.Principal
	// Step is the number, from 1, of the earlier link that the right needs; 0 when there is none.
	Step int
}

// Link is one step of a chain.
type Link struct {
	Action Action
	On     access.Node           // the group, role or node
	Right  braintrust.Permission // update or create_acls, which he has on On
	By     Proof                 // of the right
	// Carried are the grants that carry what was added to the role.
	Carried []Proof
}

// Climber is a member who could get the power.
type Climber struct {
	UserID string
	// Links is a chain of fewest steps, in the order in which they must be taken. Where a role is edited,
	// another chain may be as short.
	Links []Link
	// Power says what the goal rests on after the last link. A member of a group that owns the organization
	// has no single grant to name.
	Power Proof
}

// Cut is one thing whose removal keeps climbers from the goal: a grant, or a group in a group.
type Cut struct {
	ACL          braintrust.ACL // zero when it is a nesting
	Group, Inner string         // Group lists Inner as a member group; "" when it is a grant
	// Stopped are the climbers who reach the goal no more, after all cuts before this one.
	Stopped []string
}

// Report is the answer for one goal.
type Report struct {
	Goal     Goal
	Exists   bool     // false: nothing can be granted on the goal's node
	Holders  []string // members who have the power already, sorted
	Climbers []Climber
	// Cuts are chosen one after the other, each the one that stops most climbers. They need not stop all.
	Cuts []Cut
}

// maxCuts is how many cuts a report names at most.
const maxCuts = 5

// Find answers who has the power and who could get it.
func Find(s *access.State, goal Goal) *Report {
	report := &Report{Goal: goal, Exists: s.Exists(goal.Node)}
	if !report.Exists {
		return report
	}
	g := newGraph(s, goal)
	search := newSearch(g)
	for u := range g.users {
		switch search.run(u) {
		case holds:
			report.Holders = append(report.Holders, g.users[u].id)
		case climbs:
			report.Climbers = append(report.Climbers, search.climber())
		}
	}
	report.Cuts = g.cuts(report.Climbers)
	return report
}

func organization(s *access.State) access.Node {
	return access.Node{Type: braintrust.ObjectOrganization, ID: s.Organization().ID}
}
