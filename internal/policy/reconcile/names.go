package reconcile

import (
	"slices"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// principal finds who a document names. One that is not there, and that the document does not make either, is an
// error.
func (c *comparison) principal(p policy.Principal) (access.Principal, bool) {
	user := func(id string) (access.Principal, bool) {
		return access.Principal{Kind: access.PrincipalUser, ID: id}, true
	}
	x := c.index
	switch p.Kind {
	case policy.Email:
		if c.departed[text.CanonicalEmail(p.Name)] {
			break // the members section says so, and nothing else that it says counts
		}
		if id, found := x.people[text.CanonicalEmail(p.Name)]; found {
			return user(id)
		}
		c.unknown(p, KindMember, keys(x.people)).WithHint("to invite: add %s to the section members; who has left is taken out here", p.Name)
	case policy.UserID:
		if _, found := x.users[p.Name]; found {
			return user(p.Name)
		}
		if c.options.Absent {
			c.absent(KindMember, p.Ref(), p.At, nil)
			break
		}
		c.problems.Errorf(p.At, "no member has the id %s", p.Name)
	case policy.ServiceAccount:
		if x.several[p.Name] {
			c.problems.Errorf(p.At, "%s service accounts are called %q", "several", p.Name).WithHint("name it by its id: user:UUID")
			return access.Principal{}, false
		}
		if id, found := x.accounts[p.Name]; found {
			return user(id)
		}
		c.unknown(p, KindAccount, keys(x.accounts))
	case policy.GroupName:
		if g, found := x.groupNamed[p.Name]; found {
			return access.Principal{Kind: access.PrincipalGroup, ID: g.ID}, true
		}
		c.unknown(p, KindGroup, keys(x.groupNamed))
	case policy.IDP:
		c.problems.Errorf(p.At, "the identity source of %s has not been read", p.Name)
	}
	return access.Principal{}, false
}

// knows reports whether somebody is there, or is going to be.
func (c *comparison) knows(p policy.Principal) bool {
	x, found := c.index, false
	switch p.Kind {
	case policy.Email:
		_, found = x.people[text.CanonicalEmail(p.Name)]
	case policy.UserID:
		_, found = x.users[p.Name]
	case policy.ServiceAccount:
		_, found = x.accounts[p.Name]
	case policy.GroupName:
		_, found = x.groupNamed[p.Name]
	}
	return found
}

// unknown is the error for a name that nobody has.
func (c *comparison) unknown(p policy.Principal, kind Kind, known []string) *problem {
	if p.Kind == policy.GroupName {
		for _, g := range c.desired.Groups {
			for _, old := range g.Previously {
				if old.Value == p.Name {
					c.problems.Errorf(p.At, "the group %q is renamed to %q here", p.Name, g.Name.Value).
						WithHint("write group:%s", g.Name.Value).See(old.At, "previously")
					return &problem{}
				}
			}
		}
	}
	if c.options.Absent {
		c.absent(kind, p.Ref(), p.At, text.Nearest(p.Name, known))
		return &problem{}
	}
	e := c.problems.Errorf(p.At, "no %s %q in %s", strings.ReplaceAll(string(kind), "_", " "), p.Name, c.index.org.Name)
	if near := text.Nearest(p.Name, known); len(near) > 0 {
		e.WithHint("did you mean %s?", near[0])
		return &problem{}
	}
	return &problem{set: func(format string, args ...any) { e.WithHint(format, args...) }}
}

// absent notes that the document names something that is not there.
func (c *comparison) absent(kind Kind, subject string, at document.Pos, near []string) {
	detail := "not in " + c.index.org.Name
	if len(near) > 0 {
		detail += " (did you mean " + near[0] + "?)"
	}
	c.differ(Difference{Kind: kind, Action: ActionAbsent, Subject: subject, Detail: detail, At: at})
}

// problem takes a hint unless there is a better one.
type problem struct{ set func(string, ...any) }

// WithHint sets the hint.
func (p *problem) WithHint(format string, args ...any) {
	if p.set != nil {
		p.set(format, args...)
	}
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// place is a node that a target stands for.
type place struct {
	node    access.Node
	project string // the name of its project, "" for none
}

// target finds what a row is on; a pattern stands for several projects, and is not asked here.
func (c *comparison) target(t policy.Target) (place, bool) {
	x := c.index
	if access.IsOwn(t.Type) {
		return place{node: access.Node{Type: t.Type, ID: x.org.ID}}, true
	}
	if n := (access.Node{Type: t.Type, ID: t.ID}); t.ID != "" && x.state.Exists(n) {
		return place{node: n, project: x.home[n]}, true
	}
	if t.Type == braintrust.ObjectProject && t.Word == "" || t.Word == "logs" && t.ID == "" {
		name, _ := t.Projects.Name()
		return c.project(t, name)
	}
	if t.Type == braintrust.ObjectGroup && t.Name != "" {
		if g, found := x.groupNamed[t.Name]; found {
			return place{node: access.Node{Type: t.Type, ID: g.ID}}, true
		}
	}
	if t.Type == braintrust.ObjectRole && t.Name != "" {
		if r, found := x.roleNamed[t.Name]; found {
			return place{node: access.Node{Type: t.Type, ID: r.ID}}, true
		}
	}
	found, err := x.view.Target(c.ctx, t.Ref())
	if err != nil {
		c.problems.Errorf(t.At, "%s: %v", t.Ref(), err)
		return place{}, false
	}
	at := place{node: found.Node, project: x.home[access.Node{Type: braintrust.ObjectProject, ID: found.ProjectID}]}
	if at.project != "" {
		x.home[found.Node] = at.project
	}
	return at, true
}

func (c *comparison) project(t policy.Target, name string) (place, bool) {
	found := c.index.projectNamed[name]
	switch len(found) {
	case 1:
		return place{node: access.Node{Type: t.Type, ID: found[0].ID}, project: name}, true
	case 0:
		if c.options.Absent {
			c.absent(KindProject, "project:"+name, t.At, text.Nearest(name, keys(c.index.projectNamed)))
			break
		}
		e := c.problems.Errorf(t.At, "no project %q in %s", name, c.index.org.Name)
		if near := text.Nearest(name, keys(c.index.projectNamed)); len(near) > 0 {
			e.WithHint("did you mean %s?", near[0])
		} else {
			e.WithHint("projects are not made here; a pattern such as %q may match none", name+"*")
		}
	default:
		c.problems.Errorf(t.At, "%d projects are called %q", len(found), name).WithHint("name it by its id: objects: [{type: project, id: UUID, ...}]")
	}
	return place{}, false
}

// groupID is the id of a group of the document, a placeholder before it is made.
func groupID(x *index, name string) string {
	if g, found := x.groupNamed[name]; found {
		return g.ID
	}
	return change.New("group", name)
}

func compareDifferences(a, b Difference) int {
	order := func(k Kind) int {
		return slices.Index([]Kind{KindMember, KindRole, KindGroup, KindMembership, KindAccount, KindToken, KindGrant}, k)
	}
	if d := strings.Compare(a.Subject, b.Subject); d != 0 {
		return d
	}
	if d := order(a.Kind) - order(b.Kind); d != 0 {
		return d
	}
	switch left, right := a.Action == ActionReport, b.Action == ActionReport; {
	case left && right:
		return strings.Compare(a.Detail, b.Detail) // and not by ids, which no reader sees
	case left:
		return 1
	case right:
		return -1
	}
	return 0 // as the document has them
}

func known(t document.Text, value string) bool { return t.Known() && t.Value != value }
