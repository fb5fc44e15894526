// Package cedar answers questions about an organization with cedar-go. It reads the records of a snapshot by itself
// and shares no code with the evaluators of btadmin.
package cedar

import (
	"errors"
	"slices"

	"github.com/cedar-policy/cedar-go"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Organization is an organization as entities of Cedar, with one policy for each permission and type. Groups and
// places are followed by Cedar; roles are written out as the tuples they carry, and what project groups give is
// kept with each project, because a policy cannot walk over a list.
type Organization struct {
	entities cedar.EntityMap
	policies map[[2]string]*cedar.PolicySet
}

const (
	typeUser  = "User"
	typeGroup = "Group"
	typeThing = "Thing"
	container = "container"
)

func thing(n access.Node) cedar.EntityUID {
	return cedar.NewEntityUID(typeThing, cedar.String(string(n.Type)+"\x00"+n.ID))
}

func principal(p access.Principal) cedar.EntityUID {
	if p.Kind == access.PrincipalGroup {
		return cedar.NewEntityUID(typeGroup, cedar.String(p.ID))
	}
	return cedar.NewEntityUID(typeUser, cedar.String(p.ID))
}

// New reads a snapshot and the grants that a server gives without listing them.
func New(s *access.Snapshot, implied []braintrust.ACLItem) (*Organization, error) {
	b := &builder{
		s: s, org: s.Organization.ID, groups: map[string]*braintrust.Group{}, roles: map[string]*braintrust.Role{},
		places: map[access.Node]access.Node{}, attributes: map[access.Node]map[string][]cedar.Value{}, sets: map[string][]string{},
	}
	b.live()
	b.things()
	seen := map[string]bool{}
	for i := range s.ACLs {
		if a := &s.ACLs[i]; !seen[a.ID] {
			seen[a.ID] = true
			b.grant(a.ACLItem)
		}
	}
	for _, item := range implied {
		b.grant(item)
	}
	o := &Organization{entities: b.entities()}
	return o, o.writePolicies(b)
}

// Check asks one question.
func (o *Organization) Check(p access.Principal, permission braintrust.Permission, n access.Node) (bool, error) {
	policies, named := o.policies[[2]string{string(permission), string(n.Type)}]
	if !named {
		return false, nil
	}
	decision, diagnostic := cedar.Authorize(policies, o.entities, cedar.Request{
		Principal: principal(p), Action: cedar.NewEntityUID("Action", cedar.String(permission)), Resource: thing(n),
	})
	if len(diagnostic.Errors) > 0 {
		return false, errors.New(diagnostic.Errors[0].String())
	}
	return decision == cedar.Allow, nil
}

// Holders asks about everybody: Cedar cannot be asked who.
func (o *Organization) Holders(s *access.Snapshot, permission braintrust.Permission, n access.Node) (int, error) {
	count := 0
	for i := range s.Users {
		yes, err := o.Check(access.Principal{Kind: access.PrincipalUser, ID: s.Users[i].ID}, permission, n)
		if err != nil {
			return 0, err
		}
		if yes {
			count++
		}
	}
	return count, nil
}

type builder struct {
	s          *access.Snapshot
	org        string
	groups     map[string]*braintrust.Group
	roles      map[string]*braintrust.Role
	places     map[access.Node]access.Node // what exists, and what contains it
	dead       map[access.Node]bool
	attributes map[access.Node]map[string][]cedar.Value
	sets       map[string][]string // project group -> live projects
	types      []braintrust.ObjectType
}

// live keeps the last row of each id, unless it is deleted.
func (b *builder) live() {
	for i := range b.s.Groups {
		g := &b.s.Groups[i]
		delete(b.groups, g.ID)
		if g.DeletedAt == nil {
			b.groups[g.ID] = g
		}
	}
	for i := range b.s.Roles {
		r := &b.s.Roles[i]
		delete(b.roles, r.ID)
		if r.DeletedAt == nil {
			b.roles[r.ID] = r
		}
	}
}

func (b *builder) things() {
	organization := access.Node{Type: "organization", ID: b.org}
	b.places[organization] = access.Node{}
	for _, t := range []braintrust.ObjectType{"org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		b.places[access.Node{Type: t, ID: b.org}] = organization
	}
	for id := range b.groups {
		b.places[access.Node{Type: "group", ID: id}] = organization
	}
	for id := range b.roles {
		b.places[access.Node{Type: "role", ID: id}] = organization
	}
	for _, p := range b.s.Projects {
		project, log := access.Node{Type: "project", ID: p.ID}, access.Node{Type: "project_log", ID: p.ID}
		if p.DeletedAt != nil {
			delete(b.places, project)
			delete(b.places, log)
			continue
		}
		b.places[project], b.places[log] = access.Node{Type: "org_project", ID: b.org}, project
	}
	for _, g := range b.s.ProjectGroups {
		set := access.Node{Type: "project_group", ID: g.ID}
		delete(b.places, set)
		delete(b.sets, g.ID)
		if g.DeletedAt == nil {
			b.places[set], b.sets[g.ID] = organization, g.MemberProjects
		}
	}
	b.dead = map[access.Node]bool{}
	placed := []braintrust.ObjectType{"organization", "org_project", "org_member", "org_audit_logs", "org_ai_secret", "group", "role", "project", "project_log", "project_group"}
	for _, o := range b.s.Objects {
		n, project := o.Node(), access.Node{Type: "project", ID: o.ProjectID}
		if slices.Contains(placed, n.Type) {
			continue
		}
		delete(b.places, n)
		_, live := b.places[project]
		b.dead[n] = o.DeletedAt != nil || !live
		if !b.dead[n] {
			b.places[n] = project
		}
	}
	b.types = append(placed, b.unplaced(placed)...)
}

// unplaced are the types of objects.
func (b *builder) unplaced(placed []braintrust.ObjectType) []braintrust.ObjectType {
	types := []braintrust.ObjectType{"experiment", "dataset", "prompt", "prompt_session"}
	for _, o := range b.s.Objects {
		types = append(types, o.Node().Type)
	}
	for i := range b.s.ACLs {
		types = append(types, b.s.ACLs[i].ObjectType)
	}
	slices.Sort(types)
	return slices.DeleteFunc(slices.Compact(types), func(t braintrust.ObjectType) bool { return slices.Contains(placed, t) })
}

func (b *builder) grant(item braintrust.ACLItem) {
	n, who := access.Node{Type: item.ObjectType, ID: item.ObjectID}, access.Principal{Kind: access.PrincipalUser, ID: item.UserID}
	if item.GroupID != "" {
		who = access.Principal{Kind: access.PrincipalGroup, ID: item.GroupID}
		if b.groups[item.GroupID] == nil {
			return
		}
	}
	if _, exists := b.places[n]; !exists {
		listable := n.Type == "experiment" || n.Type == "dataset" || n.Type == "prompt"
		if b.dead[n] || slices.Contains(b.types[:10], n.Type) || b.s.Complete && listable {
			return
		}
		b.places[n] = access.Node{} // not listed: only what is granted on it
	}
	for attribute := range b.carried(item) {
		b.put(n, attribute, who)
		if item.ObjectType == "project_group" {
			for _, id := range b.sets[item.ObjectID] {
				b.put(access.Node{Type: "project", ID: id}, "sets:"+attribute, who)
			}
		}
	}
}

// carried are the tuples of a grant, those of roles collected until there are no more.
func (b *builder) carried(item braintrust.ACLItem) map[string]bool {
	if item.RoleID == "" {
		return map[string]bool{attribute(item.Permission, item.RestrictObjectType): true}
	}
	reached := map[string]bool{item.RoleID: true}
	for grown := true; grown; {
		grown = false
		for id := range reached {
			for _, inner := range b.role(id).MemberRoles {
				if !reached[inner] {
					reached[inner], grown = true, true
				}
			}
		}
	}
	given := map[string]bool{}
	for id := range reached {
		for _, m := range b.role(id).MemberPermissions {
			given[attribute(m.Permission, m.RestrictObjectType)] = true
		}
	}
	return given
}

func (b *builder) role(id string) braintrust.Role {
	if r := b.roles[id]; r != nil {
		return *r
	}
	return braintrust.Role{}
}

func attribute(p braintrust.Permission, restrict braintrust.ObjectType) string {
	return string(p) + "/" + string(restrict)
}

func (b *builder) put(n access.Node, attribute string, who access.Principal) {
	if b.attributes[n] == nil {
		b.attributes[n] = map[string][]cedar.Value{}
	}
	b.attributes[n][attribute] = append(b.attributes[n][attribute], principal(who))
}

func (b *builder) entities() cedar.EntityMap {
	all := cedar.EntityMap{}
	add := func(uid cedar.EntityUID, above []cedar.EntityUID, attributes cedar.RecordMap) {
		all[uid] = cedar.Entity{UID: uid, Parents: cedar.NewEntityUIDSet(above...), Attributes: cedar.NewRecord(attributes)}
	}
	above := map[cedar.EntityUID][]cedar.EntityUID{} // a member -> the groups that list it
	for id, g := range b.groups {
		whole := cedar.NewEntityUID(typeGroup, cedar.String(id))
		for _, u := range g.MemberUsers {
			member := cedar.NewEntityUID(typeUser, cedar.String(u))
			above[member] = append(above[member], whole)
		}
		for _, inner := range g.MemberGroups {
			if b.groups[inner] != nil {
				member := cedar.NewEntityUID(typeGroup, cedar.String(inner))
				above[member] = append(above[member], whole)
			}
		}
	}
	for member, groups := range above {
		add(member, groups, nil)
	}
	for n, place := range b.places {
		record := cedar.RecordMap{}
		if place.Type != "" {
			record[container] = thing(place)
		}
		for name, holders := range b.attributes[n] {
			record[cedar.String(name)] = cedar.NewSet(holders...)
		}
		add(thing(n), nil, record)
	}
	return all
}
