package change

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// capsRemovals is G5: what a file, a document or "set" takes away is at most a share of what is there. Targets that
// were named on the command line do not count. What is there is, for a plan that was judged on the whole organization,
// all of the class; else the members of the groups and the grants on the objects that the plan touches.
func capsRemovals(v *view) []Finding {
	if !v.bulk {
		return nil
	}
	var findings []Finding
	removed := v.removals()
	for _, class := range Classes() {
		n := removed[class]
		there := max(n, v.there(class))
		most, rule := v.limits.most(class, there)
		if n <= most {
			continue
		}
		findings = append(findings, Finding{Bypass: "override", count: n, subject: string(class), Message: fmt.Sprintf(
			"%d of %d %s would be removed, and at most %d may be at once (%s)", n, there, class, most, rule)})
	}
	return findings
}

// removals counts what the steps take away.
func (v *view) removals() map[Class]int {
	removed := map[Class]int{}
	for _, step := range v.steps {
		switch s := step.(type) {
		case *RemoveMembers:
			for _, u := range s.Users {
				removed[v.classOf(u.ID)]++
			}
		case *DeleteRole:
			removed[ClassRoles]++
		case *PatchGroup:
			removed[ClassMemberships] += len(s.Patch.RemoveMemberUsers) + len(s.Patch.RemoveMemberGroups)
		case *DeleteGroup:
			removed[ClassGroups]++
		case *RemoveACLs:
			removed[ClassGrants] += len(s.ACLs)
		case *DeleteToken, *DeleteAPIKey:
			removed[ClassTokens]++
		}
	}
	return removed
}

// classOf tells service accounts from people; who cannot be told is taken for a person.
func (v *view) classOf(userID string) Class {
	if m, known := v.members.ByID(userID); known && m.Kind == orgstate.ServiceAccount {
		return ClassAccounts
	}
	return ClassMembers
}

// there counts what there is of a class, as far as it was read.
func (v *view) there(class Class) int {
	switch class {
	case ClassMembers, ClassAccounts:
		count := 0
		for _, id := range v.before.Users() {
			if v.classOf(id) == class {
				count++
			}
		}
		return count
	case ClassRoles:
		count := 0
		for _, id := range v.before.Roles() {
			if r, _ := v.before.Role(id); r.OrgID != "" { // those of the system cannot be deleted
				count++
			}
		}
		return count
	case ClassGroups:
		return len(v.before.Groups())
	case ClassTokens:
		return len(v.tokens)
	case ClassMemberships:
		count := 0
		for _, id := range v.groupsWhose() {
			if g, live := v.before.Group(id); live {
				count += len(g.MemberUsers) + len(g.MemberGroups)
			}
		}
		return count
	case ClassGrants:
		count := 0
		for _, node := range v.nodesWhose() {
			count += len(v.before.ACLsOn(node))
		}
		return count
	}
	return 0
}

// whole reports whether the plan is one of the whole organization.
func (v *view) whole() bool { return v.known.AllACLs && v.limits.Source != nil }

func (v *view) groupsWhose() []string {
	if v.whole() {
		return v.before.Groups()
	}
	var ids []string
	seen := map[string]bool{}
	for _, step := range v.steps {
		if p, is := step.(*PatchGroup); is && !seen[p.Group.ID] {
			seen[p.Group.ID] = true
			ids = append(ids, p.Group.ID)
		}
	}
	return ids
}

func (v *view) nodesWhose() []access.Node {
	if v.whole() {
		return v.before.NodesOf(func(access.Principal) bool { return true })
	}
	var nodes []access.Node
	seen := map[access.Node]bool{}
	for _, step := range v.steps {
		remove, is := step.(*RemoveACLs)
		if !is {
			continue
		}
		for _, acl := range remove.ACLs {
			if node := access.NodeOf(acl.ACLItem); !seen[node] {
				seen[node] = true
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

// removalNeed is what G5 reads besides: how many grants there are where some are removed. So few that the least
// that is always allowed covers them need no reading.
func removalNeed(steps []Step) orgstate.Need {
	v := &view{steps: steps}
	if v.removals()[ClassGrants] <= defaultLeast {
		return orgstate.Need{}
	}
	return orgstate.Need{ACLsOn: v.nodesWhose()}
}

// emptiesNothing is G6: a section that wants nothing of what is there was meant that way.
func emptiesNothing(v *view) []Finding {
	if len(v.limits.Emptied) == 0 {
		return nil
	}
	sections := slices.Clone(v.limits.Emptied)
	slices.Sort(sections)
	message := "this empties " + strings.Join(sections, ", ")
	if v.limits.Source != nil {
		message = fmt.Sprintf("%s is empty in %s, and what is there would be removed", strings.Join(sections, ", "), text.Visible(v.limits.Source.Name))
	}
	return []Finding{{Bypass: "override", Names: sections, Message: message}}
}

// prunedOnly is G10: a plan that was made from a document deletes only what the document takes away in so many words.
func prunedOnly(v *view, step Step) []Finding {
	if v.limits.Source == nil {
		return nil
	}
	var findings []Finding
	check := func(kind, name, id string) {
		if !slices.Contains(v.limits.Source.Pruned, id) {
			findings = append(findings, Finding{Names: []string{name}, subject: id, Message: fmt.Sprintf(
				"the %s %s would be deleted, and %s does not say so with prune: true", kind, name, text.Visible(v.limits.Source.Name))})
		}
	}
	switch s := step.(type) {
	case *DeleteGroup:
		check("group", s.Group.Name, s.Group.ID)
	case *DeleteRole:
		check("role", s.Role.Name, s.Role.ID)
	case *RemoveMembers:
		for _, u := range s.Users {
			check("member", v.memberName(u), u.ID)
		}
	case *DeleteToken:
		check("service token", s.Token.Name, s.Token.ID)
	case *DeleteAPIKey:
		check("API key", s.Key.Name, s.Key.ID)
	}
	return findings
}

// ownOrganization is G14: the organization that a document is for is the one that the credential leads to.
func ownOrganization(v *view) []Finding {
	source := v.limits.Source
	if source == nil || source.Organization == "" || source.Organization == v.org.Name || source.Organization == v.org.ID {
		return nil
	}
	return []Finding{{Message: fmt.Sprintf("%s is for the organization %s, and this key acts in %s",
		text.Visible(source.Name), text.Visible(source.Organization), v.org.Name)}}
}
