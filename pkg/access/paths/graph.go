package paths

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// graph is the part of an organization that chains can lead through, in dense numbers: the organization, its
// groups and roles, and what contains the goal. Nothing on other projects and objects leads anywhere else.
type graph struct {
	state *access.State
	goal  Goal
	nodes []access.Node // the organization is the first
	at    map[access.Node]int
	goalN int
	// below lists, for the nodes that contain others, what they contain and themselves.
	below [][]int

	users  []member
	number map[string]int // of a user
	groups map[string]int // to nodes
	up     [][]int        // group to the groups that list it
	// ownerGroups are the groups whose users are owners by what the groups are granted.
	ownerGroups map[int]bool

	grants  []grant
	byGroup [][]int // group to the grants to it
	byUser  [][]int
	owners  map[string]bool

	useful []bool   // facts that can lead to the goal
	gives  [][]fact // what each grant makes true at once, if it is useful

	cutGrant map[int]bool
	cutEdge  map[[2]int]bool // group, inner
}

type member struct {
	id     string
	groups []int // that list him
}

// grant is one ACL on one of the nodes.
type grant struct {
	acl    braintrust.ACL
	on     int
	tuples []access.Tuple
	roles  []int // whose permissions it carries
}

func newGraph(s *access.State, goal Goal) *graph {
	g := &graph{
		state: s, goal: goal, at: map[access.Node]int{}, number: map[string]int{}, groups: map[string]int{},
		owners: map[string]bool{}, ownerGroups: map[int]bool{}, cutGrant: map[int]bool{}, cutEdge: map[[2]int]bool{},
	}
	g.add(organization(s))
	for _, id := range s.Groups() {
		g.groups[id] = g.add(access.Node{Type: braintrust.ObjectGroup, ID: id})
	}
	for _, id := range s.Roles() {
		g.add(access.Node{Type: braintrust.ObjectRole, ID: id})
	}
	chain := s.Chain(goal.Node)
	for _, n := range chain {
		g.add(n)
	}
	g.goalN = g.at[goal.Node]
	g.containment(chain)
	g.members()
	g.readGrants()
	g.findOwners()
	g.findUseful()
	return g
}

func (g *graph) add(n access.Node) int {
	i, known := g.at[n]
	if !known {
		i = len(g.nodes)
		g.at[n] = i
		g.nodes = append(g.nodes, n)
	}
	return i
}

// containment lists what grants on a node reach. The chain has the goal first and containers after it.
func (g *graph) containment(chain []access.Node) {
	g.below = make([][]int, len(g.nodes))
	for i := range g.nodes {
		g.below[i] = []int{i}
	}
	for i := 1; i < len(g.nodes); i++ {
		if t := g.nodes[i].Type; t == braintrust.ObjectGroup || t == braintrust.ObjectRole {
			g.below[0] = append(g.below[0], i)
		}
	}
	for _, n := range chain {
		for _, above := range g.state.Chain(n)[1:] {
			if a := g.at[above]; !slices.Contains(g.below[a], g.at[n]) {
				g.below[a] = append(g.below[a], g.at[n])
			}
		}
	}
}

func (g *graph) members() {
	g.up = make([][]int, len(g.nodes))
	for _, id := range g.state.Users() {
		g.number[id] = len(g.users)
		g.users = append(g.users, member{id: id})
	}
	for _, id := range g.state.Groups() {
		group, _ := g.state.Group(id)
		outer := g.groups[id]
		for _, user := range group.MemberUsers {
			if u, known := g.number[user]; known {
				g.users[u].groups = append(g.users[u].groups, outer)
			}
		}
		for _, inner := range group.MemberGroups {
			if i, live := g.groups[inner]; live && i != outer {
				g.up[i] = append(g.up[i], outer)
			}
		}
	}
}

// readGrants keeps the grants on the nodes to live subjects.
func (g *graph) readGrants() {
	g.byGroup, g.byUser = make([][]int, len(g.nodes)), make([][]int, len(g.users))
	roles := map[string]grant{}
	for on, n := range g.nodes {
		for _, acl := range g.state.ACLsOn(n) {
			one := grant{acl: acl, on: on, tuples: []access.Tuple{{Permission: acl.Permission, Restrict: acl.RestrictObjectType}}}
			if acl.RoleID != "" {
				role, read := roles[acl.RoleID]
				if !read {
					role = grant{tuples: g.state.RoleTuples(acl.RoleID), roles: g.inside(acl.RoleID)}
					roles[acl.RoleID] = role
				}
				one.tuples, one.roles = role.tuples, role.roles
			}
			g.keep(one)
		}
	}
}

func (g *graph) keep(one grant) {
	i := len(g.grants)
	switch p := access.PrincipalOf(one.acl.ACLItem); p.Kind {
	case access.PrincipalGroup:
		group, live := g.groups[p.ID]
		if !live {
			return
		}
		g.byGroup[group] = append(g.byGroup[group], i)
	case access.PrincipalUser:
		u, known := g.number[p.ID]
		if !known {
			return
		}
		g.byUser[u] = append(g.byUser[u], i)
	}
	g.grants = append(g.grants, one)
}

// inside lists a role and those whose permissions it also has: editing one of them changes what it gives.
func (g *graph) inside(roleID string) []int {
	var out []int
	seen := map[string]bool{}
	queue := []string{roleID}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		role, live := g.state.Role(id)
		if seen[id] || !live {
			continue
		}
		seen[id] = true
		out = append(out, g.at[access.Node{Type: braintrust.ObjectRole, ID: id}])
		queue = append(queue, role.MemberRoles...)
	}
	return out
}

// findOwners finds the members who are owners and the groups that make owners of those who join them, by what
// they are granted themselves.
func (g *graph) findOwners() {
	if !g.goal.Owner {
		return
	}
	for _, id := range g.state.Owners() {
		g.owners[id] = true
	}
	for _, n := range g.groups {
		g.ownerGroups[n] = g.complete(g.byGroup[n])
	}
}

// complete reports whether grants give all known permissions on the organization, each without restriction.
func (g *graph) complete(grants ...[]int) bool {
	held := map[braintrust.Permission]bool{}
	for _, some := range grants {
		for _, i := range some {
			for _, t := range g.grants[i].tuples {
				if g.grants[i].on == 0 && t.Restrict == "" && !g.cutGrant[i] {
					held[t.Permission] = true
				}
			}
		}
	}
	return !slices.ContainsFunc(braintrust.Permissions(), func(p braintrust.Permission) bool { return !held[p] })
}

// gives reports whether a grant gives a permission on things of a type.
func (one *grant) allows(permission braintrust.Permission, t braintrust.ObjectType) bool {
	return slices.ContainsFunc(one.tuples, func(have access.Tuple) bool {
		return have.Permission == permission && (have.Restrict == "" || have.Restrict == t)
	})
}

// editableRole reports whether a node is a role that somebody may edit.
func (g *graph) editableRole(node int) bool {
	if g.nodes[node].Type != braintrust.ObjectRole {
		return false
	}
	role, live := g.state.Role(g.nodes[node].ID)
	return live && role.OrgID != ""
}

// outer lists the groups that list a group, without those that are cut.
func (g *graph) outer(group int) []int {
	if len(g.cutEdge) == 0 {
		return g.up[group]
	}
	return slices.DeleteFunc(slices.Clone(g.up[group]), func(o int) bool { return g.cutEdge[[2]int{o, group}] })
}
