package change

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// CreateGroup makes a group with its members. Out is the group as the server has it.
type CreateGroup struct {
	braintrust.GroupCreate
	Out braintrust.Group `json:"-"`
}

// Lines implements Step.
func (c *CreateGroup) Lines(names Namer) []Line {
	lines := []Line{{Action: "create", Target: "group " + c.Name, Detail: c.Description}}
	for _, id := range c.MemberUsers {
		lines = append(lines, Line{Action: "add", Target: "group " + c.Name, Detail: "member " + userName(names, id)})
	}
	for _, id := range c.MemberGroups {
		lines = append(lines, Line{Action: "add", Target: "group " + c.Name, Detail: "member group " + groupName(names, id)})
	}
	return lines
}

func (c *CreateGroup) phase() phase { return phaseCreate }
func (c *CreateGroup) size() int    { return 1 }

func (c *CreateGroup) needs(braintrust.Organization) need {
	return need{must: orgstate.Need{Groups: true}} // names that look like another's (G12)
}

func (c *CreateGroup) apply(s *access.State) {
	s.PutGroup(braintrust.Group{ID: New("group", c.Name), Name: c.Name, MemberUsers: c.MemberUsers, MemberGroups: c.MemberGroups})
}

func (c *CreateGroup) bind(ids map[string]string) {
	bindAll(ids, c.MemberUsers)
	bindAll(ids, c.MemberGroups)
}

func (c *CreateGroup) target() string       { return "" }
func (c *CreateGroup) uses() []string       { return slices.Concat(c.MemberUsers, c.MemberGroups) }
func (c *CreateGroup) makes() []string      { return []string{New("group", c.Name)} }
func (c *CreateGroup) lists() orgstate.Need { return orgstate.Need{Groups: true} }

func (c *CreateGroup) unchanged(s *seen) error {
	g, exists := s.groupNamed(c.Name)
	switch {
	case !exists:
		return nil
	case c.matches(g):
		return errDone
	}
	return &AlreadyExistsError{Kind: "group", Name: c.Name, ID: g.ID}
}

// shows wants the members that were given; the plan may add others.
func (c *CreateGroup) shows(s *seen) (all, none bool) {
	g, exists := s.groupNamed(c.Name)
	if !exists {
		return false, true
	}
	c.Out = g
	return g.Description == c.Description && containsAll(g.MemberUsers, c.MemberUsers) && containsAll(g.MemberGroups, c.MemberGroups), false
}

func (c *CreateGroup) run(e *execution) error {
	created, err := e.client.CreateGroup(e.ctx, c.GroupCreate)
	switch {
	case err != nil:
		err = e.settle(err, func() (all, none bool, err error) {
			found, err := braintrust.Collect(e.client.Groups(e.ctx, braintrust.GroupFilter{Name: c.Name}))
			if len(found) == 1 {
				created.Object = found[0]
			}
			return len(found) == 1 && c.matches(found[0]), len(found) == 0, err
		})
		if err != nil {
			return err
		}
	case created.Existed && !(e.again(created.Attempts) && c.ours(e, created.Object)):
		e.nothingChanged()
		return &AlreadyExistsError{Kind: "group", Name: c.Name, ID: created.Object.ID}
	}
	c.Out = created.Object
	if c.matches(c.Out) {
		return nil
	}
	// The answer to a creation may lack the members.
	return e.verify("group "+c.Name, func() (bool, error) {
		c.Out, err = e.client.Group(e.ctx, created.Object.ID)
		return err == nil && c.matches(c.Out), err
	})
}

// ours reports whether a group that was there at the second attempt is the work of the first, whose answer was
// lost: the answer may lack the members.
func (c *CreateGroup) ours(e *execution, g braintrust.Group) bool {
	if g.Name != c.Name || g.Description != c.Description {
		return false
	}
	same, err := e.poll(settleFor, func() (bool, error) {
		if c.matches(g) {
			return true, nil
		}
		var err error
		g, err = e.client.Group(e.ctx, g.ID)
		return err == nil && c.matches(g), err
	})
	return same && err == nil
}

func (c *CreateGroup) matches(g braintrust.Group) bool {
	return g.Name == c.Name && g.Description == c.Description && sameSet(g.MemberUsers, c.MemberUsers) && sameSet(g.MemberGroups, c.MemberGroups)
}

// PatchGroup changes a group's name, description or members. Group is how it was before.
type PatchGroup struct {
	Group braintrust.Group
	Patch braintrust.GroupPatch
	Out   braintrust.Group `json:"-"`
}

// Lines implements Step.
func (p *PatchGroup) Lines(names Namer) []Line {
	target := "group " + p.Group.Name
	var lines []Line
	if p.Patch.Name != nil {
		lines = append(lines, Line{Action: "update", Target: target, Detail: fmt.Sprintf("name: %s", *p.Patch.Name)})
	}
	if p.Patch.Description != nil {
		lines = append(lines, Line{Action: "update", Target: target, Detail: fmt.Sprintf("description: %s", *p.Patch.Description)})
	}
	for _, part := range []struct {
		action, what string
		ids          []string
		name         func(Namer, string) string
	}{
		{"add", "member ", p.Patch.AddMemberUsers, userName},
		{"add", "member group ", p.Patch.AddMemberGroups, groupName},
		{"remove", "member ", p.Patch.RemoveMemberUsers, userName},
		{"remove", "member group ", p.Patch.RemoveMemberGroups, groupName},
	} {
		for _, id := range part.ids {
			lines = append(lines, Line{Action: part.action, Target: target, Detail: part.what + part.name(names, id)})
		}
	}
	return lines
}

func (p *PatchGroup) removes() bool {
	return len(p.Patch.RemoveMemberUsers)+len(p.Patch.RemoveMemberGroups) > 0
}

func (p *PatchGroup) adds() bool {
	return len(p.Patch.AddMemberUsers)+len(p.Patch.AddMemberGroups) > 0
}

// split makes one step that gives and one that takes of a step that does both. Their Out is not that of p.
func (p *PatchGroup) split() (gives, takes Step) {
	q := p.Patch
	if !p.removes() || !p.adds() && q.Name == nil && q.Description == nil {
		return nil, nil
	}
	less := braintrust.GroupPatch{RemoveMemberUsers: q.RemoveMemberUsers, RemoveMemberGroups: q.RemoveMemberGroups}
	q.RemoveMemberUsers, q.RemoveMemberGroups = nil, nil
	return &PatchGroup{Group: p.Group, Patch: q}, &PatchGroup{Group: p.Group, Patch: less}
}

func (p *PatchGroup) phase() phase {
	if p.removes() {
		return phaseRemove
	}
	return phaseAdd
}

func (p *PatchGroup) size() int {
	q := p.Patch
	return max(1, len(q.AddMemberUsers)+len(q.AddMemberGroups)+len(q.RemoveMemberUsers)+len(q.RemoveMemberGroups))
}

func (p *PatchGroup) needs(org braintrust.Organization) need {
	n := need{}
	if p.adds() {
		n = joinNeed(org, []braintrust.Group{p.Group}, p.Patch.AddMemberGroups)
	}
	if p.removes() {
		n = n.merge(need{must: lossNeed(org), caller: true})
	}
	if p.Patch.Name != nil {
		n.must.Groups = true
	}
	return n
}

func (p *PatchGroup) apply(s *access.State) {
	group, known := s.Group(p.Group.ID)
	if !known {
		group = p.Group
	}
	if p.Patch.Name != nil {
		group.Name = *p.Patch.Name
	}
	group.MemberUsers = changed(group.MemberUsers, p.Patch.AddMemberUsers, p.Patch.RemoveMemberUsers)
	group.MemberGroups = changed(group.MemberGroups, p.Patch.AddMemberGroups, p.Patch.RemoveMemberGroups)
	s.PutGroup(group)
}

func (p *PatchGroup) bind(ids map[string]string) {
	p.Group.ID = bound(ids, p.Group.ID)
	bindAll(ids, p.Patch.AddMemberUsers)
	bindAll(ids, p.Patch.AddMemberGroups)
}

func (p *PatchGroup) target() string { return p.Group.ID }

func (p *PatchGroup) uses() []string {
	q := p.Patch
	return slices.Concat([]string{p.Group.ID}, q.AddMemberUsers, q.AddMemberGroups)
}

func (p *PatchGroup) lists() orgstate.Need { return orgstate.Need{Groups: true} }

func (p *PatchGroup) unchanged(s *seen) error {
	g, there := s.groups[p.Group.ID]
	_, made := IsNew(p.Group.ID)
	switch {
	case made:
		return nil
	case !there:
		return errGone
	case p.holds(g):
		return errDone
	case !sameGroup(g, p.Group):
		return errChanged
	}
	return nil
}

func (p *PatchGroup) shows(s *seen) (all, none bool) {
	g, there := s.groups[p.Group.ID]
	if !there {
		return false, false
	}
	if p.holds(g) {
		p.Out = g
		return true, false
	}
	return false, true // one PATCH is done whole or not at all
}

func (p *PatchGroup) run(e *execution) error {
	group, err := e.client.UpdateGroup(e.ctx, p.Group.ID, p.Patch)
	if err != nil {
		return e.settle(err, func() (all, none bool, err error) {
			p.Out, err = e.client.Group(e.ctx, p.Group.ID)
			return p.holds(p.Out), !p.holds(p.Out), err // one PATCH is done whole or not at all
		})
	}
	p.Out = group
	if p.holds(group) {
		return nil
	}
	return e.verify("group "+p.Group.Name, func() (bool, error) {
		p.Out, err = e.client.Group(e.ctx, p.Group.ID)
		return err == nil && p.holds(p.Out), err
	})
}

// holds reports whether a group looks as the patch wants it.
func (p *PatchGroup) holds(g braintrust.Group) bool {
	q := p.Patch
	return (q.Name == nil || g.Name == *q.Name) && (q.Description == nil || g.Description == *q.Description) &&
		containsAll(g.MemberUsers, q.AddMemberUsers) && containsAll(g.MemberGroups, q.AddMemberGroups) &&
		containsNone(g.MemberUsers, q.RemoveMemberUsers) && containsNone(g.MemberGroups, q.RemoveMemberGroups)
}

// DeleteGroup deletes a group; its grants go with it.
type DeleteGroup struct {
	Group braintrust.Group
	Loss  string `json:"-"` // what its members lose, for people: "read on 3 projects"
	// Review notes what goes with it, for undo: the grants that it has and those on it, and the groups that list it.
	Grants       []braintrust.ACL `json:",omitempty"`
	GrantsUnread bool             `json:",omitzero"` // they may not be read with this key
	Inside       []string         `json:",omitempty"`
	Out          braintrust.Group `json:"-"`
}

// Lines implements Step.
func (d *DeleteGroup) Lines(Namer) []Line {
	return []Line{{Action: "delete", Target: "group " + d.Group.Name, Detail: d.consequence()}}
}

// consequence says who loses what.
func (d *DeleteGroup) consequence() string {
	members := text.Count(len(d.Group.MemberUsers), "member")
	if n := len(d.Group.MemberGroups); n > 0 {
		members += " and the users of " + text.Count(n, "group")
	}
	if d.Loss == "" {
		return members
	}
	if len(d.Group.MemberUsers) == 1 && len(d.Group.MemberGroups) == 0 {
		return members + " loses " + d.Loss
	}
	return members + " lose " + d.Loss
}

func (d *DeleteGroup) phase() phase { return phaseDelete }
func (d *DeleteGroup) size() int    { return 1 }

func (d *DeleteGroup) needs(org braintrust.Organization) need {
	return need{must: lossNeed(org), caller: true}
}

func (d *DeleteGroup) apply(s *access.State)      { s.DeleteGroup(d.Group.ID) }
func (d *DeleteGroup) bind(ids map[string]string) {}
func (d *DeleteGroup) target() string             { return "" }
func (d *DeleteGroup) lists() orgstate.Need       { return orgstate.Need{Groups: true} }

func (d *DeleteGroup) unchanged(s *seen) error {
	g, there := s.groups[d.Group.ID]
	switch {
	case !there:
		return errDone
	case !sameGroup(g, d.Group):
		return errChanged
	}
	return nil
}

func (d *DeleteGroup) shows(s *seen) (all, none bool) {
	_, there := s.groups[d.Group.ID]
	return !there, there
}

func (d *DeleteGroup) run(e *execution) error {
	group, err := e.client.DeleteGroup(e.ctx, d.Group.ID)
	d.Out = group
	return e.deleted(err, func() error {
		_, err := e.client.Group(e.ctx, d.Group.ID)
		return err
	})
}

func changed(have, add, remove []string) []string {
	out := slices.DeleteFunc(slices.Clone(have), func(id string) bool { return slices.Contains(remove, id) })
	known := make(map[string]bool, len(out))
	for _, id := range out {
		known[id] = true
	}
	for _, id := range add {
		if !known[id] {
			known[id] = true
			out = append(out, id)
		}
	}
	return out
}

func sameSet(a, b []string) bool { return containsAll(a, b) && containsAll(b, a) }

func containsAll(have, want []string) bool {
	set := setOf(have)
	return !slices.ContainsFunc(want, func(id string) bool { return !set[id] })
}

func containsNone(have, unwanted []string) bool {
	set := setOf(have)
	return !slices.ContainsFunc(unwanted, func(id string) bool { return set[id] })
}

func setOf(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, id := range list {
		set[strings.ToLower(id)] = true
		set[id] = true
	}
	return set
}
