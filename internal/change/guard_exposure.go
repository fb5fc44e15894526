package change

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// mostExposed is how many people may newly reach one object without G8.
const mostExposed = 50

// newExposure is G8: not many people at once newly reach one object, or the objects of a type in one. Only nodes that
// the plan touches are looked at: those that get a grant, and those on which a group has one that grows.
func newExposure(v *view, after *access.State) []Finding {
	numbers := map[string]int{}
	was, is := v.newCensus(v.before, numbers), v.newCensus(after, numbers)
	grown := grownGroups(v.steps, after)
	if v.mostNew(was, is, grown) <= mostExposed {
		return nil
	}
	type exposed struct {
		node access.Node
		n    int
	}
	var all []exposed
	for node, targets := range v.touched(after, grown) {
		most := 0
		for _, target := range targets {
			most = max(most, is.reach(node, target).without(was.reach(node, target)))
		}
		if most > mostExposed {
			all = append(all, exposed{node, most})
		}
	}
	slices.SortFunc(all, func(a, b exposed) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.node.String(), b.node.String()))
	})
	var findings []Finding
	for _, e := range all {
		if len(findings) == mostShown {
			break
		}
		name := nodeName(v.names, e.node)
		findings = append(findings, Finding{
			Bypass: "exposure", Names: []string{name}, subject: e.node.String(), Message: fmt.Sprintf("%d people would newly reach %s", e.n, name),
		})
	}
	if rest := len(all) - len(findings); rest > 0 {
		findings = append(findings, Finding{
			Bypass: "exposure", Message: fmt.Sprintf("more than %d people would newly reach each of %d further objects", mostExposed, rest),
		})
	}
	return append(findings, v.unseenExposure(is, was, grown)...)
}

// mostShown is how many objects G8 names one by one.
const mostShown = 5

// grownGroups are the groups that get users by a plan, by themselves or through a group inside them.
func grownGroups(steps []Step, after *access.State) map[string]bool {
	grown := map[string]bool{}
	grow := func(id string) {
		if id == "" || grown[id] {
			return
		}
		grown[id] = true
		for _, above := range after.GroupsAbove(id) {
			grown[above] = true
		}
	}
	for _, step := range steps {
		switch s := step.(type) {
		case *PatchGroup:
			if s.adds() {
				grow(s.Group.ID)
			}
		case *CreateGroup:
			grow(New("group", s.Name))
		case *InviteMembers:
			for _, g := range s.Groups {
				grow(g.ID)
			}
		}
	}
	return grown
}

// mostNew is a bound: nobody reaches anything newly but users whom a group gets, and those behind the subjects of new
// grants.
func (v *view) mostNew(was, is *census, grown map[string]bool) int {
	var all crowd
	for id := range grown {
		p := access.Principal{Kind: access.PrincipalGroup, ID: id}
		fresh := slices.Clone(is.of(p))
		for i, word := range was.of(p) {
			if i < len(fresh) {
				fresh[i] &^= word
			}
		}
		all.join(fresh)
	}
	for _, step := range v.steps {
		switch s := step.(type) {
		case *AddACLs:
			for _, item := range s.Items {
				all.join(is.of(access.PrincipalOf(item)))
			}
		case *PatchRole:
			if len(s.Patch.AddMemberPermissions)+len(s.Patch.AddMemberRoles) > 0 {
				return mostExposed + 1 // whoever has the role anywhere
			}
		}
	}
	return all.without(nil)
}

// touched are the nodes that may be reached newly, with the types of what may be reached there.
func (v *view) touched(after *access.State, grown map[string]bool) map[access.Node][]braintrust.ObjectType {
	nodes := map[access.Node][]braintrust.ObjectType{}
	note := func(n access.Node) {
		if nodes[n] == nil {
			nodes[n] = append([]braintrust.ObjectType{n.Type}, typesIn(n.Type)...)
		}
	}
	roles := map[string]bool{}
	for _, step := range v.steps {
		switch s := step.(type) {
		case *AddACLs:
			for _, item := range s.Items {
				note(access.NodeOf(item))
			}
		case *PatchRole:
			roles[s.Role.ID] = true
		}
	}
	for _, n := range after.NodesOf(func(p access.Principal) bool { return p.Kind == access.PrincipalGroup && grown[p.ID] }) {
		note(n)
	}
	if len(roles) > 0 {
		for _, n := range after.NodesOf(func(access.Principal) bool { return true }) {
			if slices.ContainsFunc(after.ACLsOn(n), func(a braintrust.ACL) bool { return a.RoleID != "" }) {
				note(n)
			}
		}
	}
	return nodes
}

// typesIn are the types of what a container holds and grants on it can be restricted to.
func typesIn(container braintrust.ObjectType) []braintrust.ObjectType {
	in := []braintrust.ObjectType{
		braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession, braintrust.ObjectProjectLog,
	}
	switch container {
	case braintrust.ObjectProject:
		return in
	case braintrust.ObjectProjectGroup, braintrust.ObjectOrgProject:
		return append(in, braintrust.ObjectProject)
	case braintrust.ObjectOrganization:
		return append(in, braintrust.ObjectProject, braintrust.ObjectGroup, braintrust.ObjectRole)
	}
	return nil
}

// unseenExposure is what is said of a group that many people enter when what it may do cannot be read.
func (v *view) unseenExposure(is, was *census, grown map[string]bool) []Finding {
	if v.known.AllACLs || len(grown) == 0 {
		return nil
	}
	var findings []Finding
	for id := range grown {
		p := access.Principal{Kind: access.PrincipalGroup, ID: id}
		if _, isNew := IsNew(id); isNew {
			continue // it may do what this plan grants, which is seen
		}
		if n := is.of(p).without(was.of(p)); n > mostExposed {
			findings = append(findings, Finding{
				Bypass: "exposure", Names: []string{groupName(v.names, id)}, subject: id, Message: fmt.Sprintf(
					"%d people would newly get whatever the group %s may do, which this key may not read", n, groupName(v.names, id)),
			})
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int { return strings.Compare(a.subject, b.subject) })
	return findings
}

// loadExposed reads what G8 needs besides, where a first look at the groups says that it could fire. What the key may
// not read is taken to have reached nobody before: G8 can be answered.
func (r *Runner) loadExposed(ctx context.Context, v *view, have orgstate.Need, s *access.Snapshot) (orgstate.Need, error) {
	if !slices.ContainsFunc(v.steps, func(step Step) bool { return step.phase() <= phaseAdd || len(v.steps) == 1 }) {
		return have, nil
	}
	first := access.NewState(&access.Snapshot{Organization: s.Organization, Groups: s.Groups, Users: s.Users})
	v.members = orgstate.Classify(s.Users, s.Tokens, s.TokensKnown)
	after := first.Clone()
	for _, step := range v.steps {
		if step.phase() <= phaseAdd || len(v.steps) == 1 {
			step.apply(after)
		}
	}
	numbers := map[string]int{}
	grown := grownGroups(v.steps, after)
	v.before = first
	if v.mostNew(v.newCensus(first, numbers), v.newCensus(after, numbers), grown) <= mostExposed {
		return have, nil
	}
	more := orgstate.Need{ACLsOn: topNodes(v.org), Roles: true, Projects: true}
	if len(grown) > 0 {
		more.AllACLs = true
	}
	for _, step := range v.steps {
		for _, item := range itemsOf(step) {
			node := access.NodeOf(item)
			more = more.Merge(orgstate.Need{ACLsOn: []access.Node{node}})
			if node.Type == braintrust.ObjectProjectLog { // its project has the same id
				more = more.Merge(orgstate.Need{ACLsOn: []access.Node{{Type: braintrust.ObjectProject, ID: node.ID}}})
			}
		}
	}
	read, err := r.lists(ctx, v.org, &more)
	if refused(err) {
		return have, nil
	}
	if err != nil {
		return have, fmt.Errorf("read what the guards need: %w", err)
	}
	s.ACLs = append(s.ACLs, read.ACLs...) // those that are known already are not doubled
	if !have.Roles {
		s.Roles = read.Roles
	}
	if !have.Projects {
		s.Projects, s.ProjectGroups = read.Projects, read.ProjectGroups
	}
	return have.Merge(more), nil
}
