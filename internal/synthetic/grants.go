package synthetic

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// grants are first those of the built-in groups, then seven of ten on projects, nine of ten of those to
// groups, then three of ten on objects, six of ten of those the creators' own.
func (m *maker) grants() {
	org := m.s.Organization.ID
	group := func(i int) access.Principal {
		return access.Principal{Kind: access.PrincipalGroup, ID: m.s.Groups[i].ID}
	}
	m.add(access.RoleItem(group(0), access.Node{Type: braintrust.ObjectOrganization, ID: org}, m.s.Roles[0].ID))
	m.add(access.RoleItem(group(1), access.Node{Type: braintrust.ObjectOrgProject, ID: org}, m.s.Roles[1].ID))
	m.add(access.RoleItem(group(2), access.Node{Type: braintrust.ObjectOrgProject, ID: org}, m.s.Roles[2].ID))
	for len(m.s.ACLs) < m.ACLs {
		switch {
		case m.oneIn(200): // listed under two ids
			m.add(pick(m, m.s.ACLs).ACLItem)
		case m.IntN(10) < 7:
			m.add(m.give(m.subject(90), access.Node{Type: braintrust.ObjectProject, ID: pick(m, m.s.Projects).ID}))
		case m.IntN(10) < 6:
			m.add(access.RoleItem(m.user(), pick(m, m.s.Objects).Node(), m.owner))
		default:
			m.add(m.give(m.subject(70), m.elsewhere()))
		}
	}
}

func (m *maker) add(item braintrust.ACLItem) {
	m.s.ACLs = append(m.s.ACLs, braintrust.ACL{ID: m.id(), ACLItem: item, Created: m.made})
}

// give is a role in four of ten grants.
func (m *maker) give(p access.Principal, n access.Node) braintrust.ACLItem {
	if m.IntN(10) < 4 {
		return access.RoleItem(p, n, pick(m, m.s.Roles[1:]).ID)
	}
	return access.GrantItem(p, n, access.Tuple{Permission: m.permission(), Restrict: m.restrict()})
}

func (m *maker) user() access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: pick(m, m.s.Users).ID}
}

// subject is a group in so many of a hundred grants; the built-in ones have theirs.
func (m *maker) subject(groups int) access.Principal {
	if m.IntN(100) < groups {
		return access.Principal{Kind: access.PrincipalGroup, ID: pick(m, m.s.Groups[3:]).ID}
	}
	return m.user()
}

// elsewhere is mostly an object; one in five is a thing of the organization, a log, or gone.
func (m *maker) elsewhere() access.Node {
	switch m.IntN(50) {
	case 0, 1:
		return access.Node{Type: braintrust.ObjectGroup, ID: pick(m, m.s.Groups).ID}
	case 2, 3:
		return access.Node{Type: braintrust.ObjectRole, ID: pick(m, m.s.Roles).ID}
	case 4, 5:
		return access.Node{Type: braintrust.ObjectProjectGroup, ID: pick(m, m.s.ProjectGroups).ID}
	case 6, 7:
		return access.Node{Type: braintrust.ObjectProjectLog, ID: pick(m, m.s.Projects).ID}
	case 8:
		if !m.oneIn(20) {
			return access.Node{Type: braintrust.ObjectPromptSession, ID: m.id()} // not listed
		}
		return access.Node{Type: *pick(m, []braintrust.ObjectType{"org_member", "org_audit_logs", "org_ai_secret"}), ID: m.s.Organization.ID}
	case 9:
		return access.Node{Type: braintrust.ObjectProject, ID: m.id()} // nowhere
	}
	return pick(m, m.s.Objects).Node()
}
