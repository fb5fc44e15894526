package change

import (
	"fmt"
	"slices"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// CreateRole makes a role.
type CreateRole struct {
	braintrust.RoleCreate
	Out braintrust.Role `json:"-"`
}

// Lines implements Step.
func (c *CreateRole) Lines(names Namer) []Line {
	lines := []Line{{Action: "create", Target: "role " + c.Name, Detail: c.Description}}
	return append(lines, roleLines("add", c.Name, names, c.MemberPermissions, c.MemberRoles)...)
}

func (c *CreateRole) phase() phase { return phaseCreate }
func (c *CreateRole) size() int    { return 1 }
func (c *CreateRole) needs(braintrust.Organization) need {
	return need{must: orgstate.Need{Roles: true}}
}

func (c *CreateRole) apply(s *access.State) {
	s.PutRole(braintrust.Role{
		ID: New("role", c.Name), OrgID: s.Organization().ID, Name: c.Name,
		MemberPermissions: c.MemberPermissions, MemberRoles: c.MemberRoles,
	})
}

func (c *CreateRole) bind(ids map[string]string) { bindAll(ids, c.MemberRoles) }

func (c *CreateRole) target() string       { return "" }
func (c *CreateRole) uses() []string       { return c.MemberRoles }
func (c *CreateRole) makes() []string      { return []string{New("role", c.Name)} }
func (c *CreateRole) lists() orgstate.Need { return orgstate.Need{Roles: true} }

func (c *CreateRole) unchanged(s *seen) error {
	role, exists := s.roleNamed(c.Name)
	switch {
	case !exists:
		return nil
	case c.matches(role):
		return errDone
	}
	return &AlreadyExistsError{Kind: "role", Name: c.Name, ID: role.ID}
}

// shows wants what was given; the plan may add more.
func (c *CreateRole) shows(s *seen) (all, none bool) {
	role, exists := s.roleNamed(c.Name)
	if !exists {
		return false, true
	}
	c.Out = role
	return role.Description == c.Description && containsAll(role.MemberRoles, c.MemberRoles) &&
		holdsAll(role.MemberPermissions, c.MemberPermissions), false
}

func (c *CreateRole) run(e *execution) error {
	created, err := e.client.CreateRole(e.ctx, c.RoleCreate)
	switch {
	case err != nil:
		err = e.settle(err, func() (all, none bool, err error) {
			found, err := braintrust.Collect(e.client.Roles(e.ctx, braintrust.RoleFilter{Name: c.Name}))
			if len(found) == 1 {
				created.Object = found[0]
			}
			return len(found) == 1 && c.matches(found[0]), len(found) == 0, err
		})
		if err != nil {
			return err
		}
	case created.Existed && !(e.again(created.Attempts) && c.matches(created.Object)):
		e.nothingChanged()
		return &AlreadyExistsError{Kind: "role", Name: c.Name, ID: created.Object.ID}
	}
	c.Out = created.Object
	if c.matches(c.Out) {
		return nil
	}
	return e.verify("role "+c.Name, func() (bool, error) {
		c.Out, err = e.client.Role(e.ctx, created.Object.ID)
		return err == nil && c.matches(c.Out), err
	})
}

func (c *CreateRole) matches(r braintrust.Role) bool {
	return r.Name == c.Name && r.Description == c.Description && sameSet(r.MemberRoles, c.MemberRoles) &&
		holdsAll(r.MemberPermissions, c.MemberPermissions) && holdsAll(c.MemberPermissions, r.MemberPermissions)
}

// PatchRole changes a role. Role is how it was before.
type PatchRole struct {
	Role  braintrust.Role
	Patch braintrust.RolePatch
	Out   braintrust.Role `json:"-"`
}

// Lines implements Step.
func (p *PatchRole) Lines(names Namer) []Line {
	var lines []Line
	if p.Patch.Name != nil {
		lines = append(lines, Line{Action: "update", Target: "role " + p.Role.Name, Detail: "name: " + *p.Patch.Name})
	}
	if p.Patch.Description != nil {
		lines = append(lines, Line{Action: "update", Target: "role " + p.Role.Name, Detail: "description: " + *p.Patch.Description})
	}
	lines = append(lines, roleLines("add", p.Role.Name, names, p.Patch.AddMemberPermissions, p.Patch.AddMemberRoles)...)
	return append(lines, roleLines("remove", p.Role.Name, names, p.Patch.RemoveMemberPermissions, p.Patch.RemoveMemberRoles)...)
}

func roleLines(action, role string, names Namer, permissions []braintrust.RolePermission, roles []string) []Line {
	var lines []Line
	for _, m := range permissions {
		tuple := access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}
		lines = append(lines, Line{Action: action, Target: "role " + role, Detail: "permission " + tuple.String()})
	}
	for _, id := range roles {
		lines = append(lines, Line{Action: action, Target: "role " + role, Detail: "member role " + roleName(names, id)})
	}
	return lines
}

func (p *PatchRole) removes() bool {
	return len(p.Patch.RemoveMemberPermissions)+len(p.Patch.RemoveMemberRoles) > 0
}

// split makes one step that gives and one that takes of a step that does both. Their Out is not that of p.
func (p *PatchRole) split() (gives, takes Step) {
	q := p.Patch
	if !p.removes() || len(q.AddMemberPermissions)+len(q.AddMemberRoles) == 0 && q.Name == nil && q.Description == nil {
		return nil, nil
	}
	less := braintrust.RolePatch{RemoveMemberPermissions: q.RemoveMemberPermissions, RemoveMemberRoles: q.RemoveMemberRoles}
	q.RemoveMemberPermissions, q.RemoveMemberRoles = nil, nil
	return &PatchRole{Role: p.Role, Patch: q}, &PatchRole{Role: p.Role, Patch: less}
}

func (p *PatchRole) phase() phase {
	if p.removes() {
		return phaseRemove
	}
	return phaseAdd
}

func (p *PatchRole) size() int { return 1 }

func (p *PatchRole) needs(org braintrust.Organization) need {
	n := need{must: orgstate.Need{Roles: true}}
	if len(p.Patch.AddMemberPermissions)+len(p.Patch.AddMemberRoles) > 0 {
		n.must = n.must.Merge(gainNeed(org))
	}
	if p.removes() {
		n.must, n.caller = n.must.Merge(lossNeed(org)), true
	}
	return n
}

func (p *PatchRole) apply(s *access.State) {
	role, known := s.Role(p.Role.ID)
	if !known {
		role = p.Role
	}
	if p.Patch.Name != nil {
		role.Name = *p.Patch.Name
	}
	kept := slices.DeleteFunc(slices.Clone(role.MemberPermissions), func(m braintrust.RolePermission) bool {
		return slices.Contains(p.Patch.RemoveMemberPermissions, m)
	})
	role.MemberPermissions = append(kept, p.Patch.AddMemberPermissions...)
	role.MemberRoles = changed(role.MemberRoles, p.Patch.AddMemberRoles, p.Patch.RemoveMemberRoles)
	s.PutRole(role)
}

func (p *PatchRole) bind(ids map[string]string) {
	p.Role.ID = bound(ids, p.Role.ID)
	bindAll(ids, p.Patch.AddMemberRoles)
}

func (p *PatchRole) target() string       { return p.Role.ID }
func (p *PatchRole) uses() []string       { return append([]string{p.Role.ID}, p.Patch.AddMemberRoles...) }
func (p *PatchRole) lists() orgstate.Need { return orgstate.Need{Roles: true} }

func (p *PatchRole) unchanged(s *seen) error {
	role, there := s.roles[p.Role.ID]
	_, made := IsNew(p.Role.ID)
	switch {
	case made:
		return nil
	case !there:
		return errGone
	case p.holds(role):
		return errDone
	case !sameRole(role, p.Role):
		return errChanged
	}
	return nil
}

func (p *PatchRole) shows(s *seen) (all, none bool) {
	role, there := s.roles[p.Role.ID]
	if !there {
		return false, false
	}
	if p.holds(role) {
		p.Out = role
		return true, false
	}
	return false, true // one PATCH is done whole or not at all
}

func (p *PatchRole) run(e *execution) error {
	role, err := e.client.UpdateRole(e.ctx, p.Role.ID, p.Patch)
	if err != nil {
		return e.settle(err, func() (all, none bool, err error) {
			p.Out, err = e.client.Role(e.ctx, p.Role.ID)
			return p.holds(p.Out), !p.holds(p.Out), err // one PATCH is done whole or not at all
		})
	}
	p.Out = role
	if p.holds(role) {
		return nil
	}
	return e.verify("role "+p.Role.Name, func() (bool, error) {
		p.Out, err = e.client.Role(e.ctx, p.Role.ID)
		return err == nil && p.holds(p.Out), err
	})
}

func (p *PatchRole) holds(r braintrust.Role) bool {
	q := p.Patch
	removed := slices.ContainsFunc(q.RemoveMemberPermissions, func(m braintrust.RolePermission) bool {
		return slices.Contains(r.MemberPermissions, m)
	})
	return !removed && holdsAll(r.MemberPermissions, q.AddMemberPermissions) &&
		(q.Name == nil || r.Name == *q.Name) && (q.Description == nil || r.Description == *q.Description) &&
		containsAll(r.MemberRoles, q.AddMemberRoles) && containsNone(r.MemberRoles, q.RemoveMemberRoles)
}

func holdsAll(have, want []braintrust.RolePermission) bool {
	return !slices.ContainsFunc(want, func(m braintrust.RolePermission) bool { return !slices.Contains(have, m) })
}

// DeleteRole deletes a role; grants of it give nothing any more.
type DeleteRole struct {
	Role braintrust.Role
	// Review notes what goes with it, for undo: the grants of it, and the roles that list it.
	Grants       []braintrust.ACL `json:",omitempty"`
	GrantsUnread bool             `json:",omitzero"` // they may not be read with this key
	Inside       []string         `json:",omitempty"`

	Out braintrust.Role `json:"-"`
}

// Lines implements Step.
func (d *DeleteRole) Lines(Namer) []Line {
	return []Line{{Action: "delete", Target: "role " + d.Role.Name, Detail: fmt.Sprintf("%d permissions", len(d.Role.MemberPermissions))}}
}

func (d *DeleteRole) phase() phase { return phaseDelete }
func (d *DeleteRole) size() int    { return 1 }
func (d *DeleteRole) needs(org braintrust.Organization) need {
	return need{must: lossNeed(org), caller: true}
}
func (d *DeleteRole) apply(s *access.State)  { s.DeleteRole(d.Role.ID) }
func (d *DeleteRole) bind(map[string]string) {}
func (d *DeleteRole) target() string         { return "" }
func (d *DeleteRole) lists() orgstate.Need   { return orgstate.Need{Roles: true} }

func (d *DeleteRole) unchanged(s *seen) error {
	role, there := s.roles[d.Role.ID]
	switch {
	case !there:
		return errDone
	case !sameRole(role, d.Role):
		return errChanged
	}
	return nil
}

func (d *DeleteRole) shows(s *seen) (all, none bool) {
	_, there := s.roles[d.Role.ID]
	return !there, there
}

func (d *DeleteRole) run(e *execution) error {
	role, err := e.client.DeleteRole(e.ctx, d.Role.ID)
	d.Out = role
	return e.deleted(err, func() error {
		_, err := e.client.Role(e.ctx, d.Role.ID)
		return err
	})
}
