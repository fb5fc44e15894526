package change

import (
	"context"
	"slices"

	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// judged is a step of which lists tell whether it is done.
type judged interface {
	Step
	// lists says which lists.
	lists() orgstate.Need
	// unchanged says before anything is sent how the step stands: nil when its target is as the plan saw it, or
	// is made by the plan, errDone when what it wants is there, else what is different.
	unchanged(s *seen) error
	// shows reports afterwards whether all that was wanted is there, and whether nothing is for sure. It keeps
	// what was found.
	shows(s *seen) (all, none bool)
}

// seen are lists of an organization, read at one time, to look things up in.
type seen struct {
	snapshot *access.Snapshot
	groups   map[string]braintrust.Group // by id
	named    map[string]string           // names of groups -> ids
	roles    map[string]braintrust.Role
	users    map[string]braintrust.User
	emails   map[string]string // -> ids of users
	tokens   map[string]bool
	acls     map[braintrust.ACLItem]braintrust.ACL
	rows     map[row][]braintrust.ACLItem
	allACLs  bool
	nodes    map[access.Node]bool // whose grants were read, when not all were
}

// lists reports whether the grants on a node were read.
func (s *seen) lists(node access.Node) bool { return s.allACLs || s.nodes[node] }

// row is what one line of a permission page is about.
type row struct {
	node access.Node
	who  access.Principal
}

func rowOf(item braintrust.ACLItem) row {
	return row{access.NodeOf(item), access.PrincipalOf(item)}
}

func newSeen(s *access.Snapshot) *seen {
	out := &seen{
		snapshot: s, groups: map[string]braintrust.Group{}, named: map[string]string{}, emails: map[string]string{}, roles: map[string]braintrust.Role{}, users: map[string]braintrust.User{},
		tokens: map[string]bool{}, acls: map[braintrust.ACLItem]braintrust.ACL{}, rows: map[row][]braintrust.ACLItem{},
		nodes: map[access.Node]bool{},
	}
	for _, g := range s.Groups {
		if g.DeletedAt == nil {
			out.groups[g.ID], out.named[g.Name] = g, g.ID
		}
	}
	for _, r := range s.Roles {
		if r.DeletedAt == nil {
			out.roles[r.ID] = r
		}
	}
	for _, u := range s.Users {
		out.users[u.ID], out.emails[text.CanonicalEmail(u.Email)] = u, u.ID
	}
	for _, t := range s.Tokens {
		out.tokens[t.ID] = true
	}
	for _, a := range s.ACLs {
		out.acls[a.ACLItem] = a
		out.rows[rowOf(a.ACLItem)] = append(out.rows[rowOf(a.ACLItem)], a.ACLItem)
	}
	return out
}

func (s *seen) groupNamed(name string) (braintrust.Group, bool) {
	g, there := s.groups[s.named[name]]
	return g, there
}

func (s *seen) roleNamed(name string) (braintrust.Role, bool) {
	for _, r := range s.roles {
		if r.Name == name {
			return r, true
		}
	}
	return braintrust.Role{}, false
}

func (s *seen) userWith(email string) (braintrust.User, bool) {
	u, there := s.users[s.emails[text.CanonicalEmail(email)]]
	return u, there
}

// sameRow reports whether a line of a permission page is the same in both.
func (s *seen) sameRow(other *seen, r row) bool {
	a, b := s.rows[r], other.rows[r]
	if len(a) != len(b) {
		return false
	}
	for _, item := range a {
		if _, there := other.acls[item]; !there {
			return false
		}
	}
	return true
}

// listsOf is what must be read to judge tasks.
func listsOf(steps []judged) orgstate.Need {
	var need orgstate.Need
	nodes := map[access.Node]bool{}
	for _, step := range steps {
		n := step.lists()
		for _, node := range n.ACLsOn {
			if _, made := IsNew(node.ID); !made && !nodes[node] {
				nodes[node] = true
				need.ACLsOn = append(need.ACLsOn, node)
			}
		}
		n.ACLsOn = nil
		need = need.Merge(n)
	}
	return need
}

// read reads lists, the grants in the way that takes fewer requests: all of the organization, of which there
// were known before, or those of each node.
func read(ctx context.Context, client *braintrust.Client, org braintrust.Organization, need orgstate.Need, known int) (*seen, error) {
	const page = 1000 // what the client asks for at once
	each := need
	if 2*len(need.ACLsOn) > known/page+2 {
		need.AllACLs, need.ACLsOn = true, nil
	}
	snapshot, err := orgstate.Load(ctx, client, org, need)
	if need.AllACLs && refused(err) {
		need = each
		snapshot, err = orgstate.Load(ctx, client, org, need)
	}
	if err != nil {
		return nil, err
	}
	s := newSeen(snapshot)
	s.allACLs = need.AllACLs
	for _, node := range need.ACLsOn {
		s.nodes[node] = true
	}
	return s, nil
}

// granted counts those of items that are granted.
func (s *seen) granted(items []braintrust.ACLItem) int {
	n := 0
	for _, item := range items {
		if _, there := s.acls[item]; there {
			n++
		}
	}
	return n
}

func sameGroup(a, b braintrust.Group) bool {
	return a.Name == b.Name && a.Description == b.Description && sameSet(a.MemberUsers, b.MemberUsers) && sameSet(a.MemberGroups, b.MemberGroups)
}

func sameRole(a, b braintrust.Role) bool {
	return a.Name == b.Name && a.Description == b.Description && sameSet(a.MemberRoles, b.MemberRoles) &&
		holdsAll(a.MemberPermissions, b.MemberPermissions) && holdsAll(b.MemberPermissions, a.MemberPermissions)
}

func without[T any](list []T, drop func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), drop)
}
