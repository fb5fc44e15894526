package access

import "btadmin/pkg/braintrust"

// Parents returns the nodes directly above n, the containers whose grants reach it. It is empty for the
// organization and for what the state does not know.
func (s *State) Parents(n Node) []Node {
	org := Node{Type: braintrust.ObjectOrganization, ID: s.org.ID}
	switch n.Type {
	case braintrust.ObjectOrganization:
		return nil
	case braintrust.ObjectOrgProject, braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs,
		braintrust.ObjectOrgAISecret, braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup:
		return []Node{org}
	case braintrust.ObjectProject:
		parents := []Node{{Type: braintrust.ObjectOrgProject, ID: s.org.ID}}
		for _, set := range sortedKeys(s.setsOfPrj[n.ID]) {
			parents = append(parents, Node{Type: braintrust.ObjectProjectGroup, ID: set})
		}
		return parents
	case braintrust.ObjectProjectLog:
		return []Node{{Type: braintrust.ObjectProject, ID: n.ID}}
	}
	if o, known := s.objects[n]; known {
		return []Node{{Type: braintrust.ObjectProject, ID: o.ProjectID}}
	}
	return nil
}

// Exists reports whether n can be granted anything: organization-level nodes of this organization, and
// live groups, roles, projects and project groups. An object known to be deleted, or whose project is gone,
// does not exist. One that the state does not know is taken to exist, because playgrounds and newer types
// cannot be listed; of the types that can be, only when the snapshot was not complete.
func (s *State) Exists(n Node) bool {
	if IsOwn(n.Type) {
		return n.ID == s.org.ID
	}
	switch n.Type {
	case braintrust.ObjectGroup:
		return has(s.groups, n.ID)
	case braintrust.ObjectRole:
		return has(s.roles, n.ID)
	case braintrust.ObjectProject, braintrust.ObjectProjectLog:
		return has(s.projects, n.ID)
	case braintrust.ObjectProjectGroup:
		return has(s.sets, n.ID)
	}
	if o, known := s.objects[n]; known {
		return has(s.projects, o.ProjectID)
	}
	return !s.dead[n] && !(s.complete && Listable(n.Type))
}

// Listable reports whether the API lists the objects of a type, so that one that is not listed is not there.
func Listable(t braintrust.ObjectType) bool {
	return t == braintrust.ObjectExperiment || t == braintrust.ObjectDataset || t == braintrust.ObjectPrompt
}

// Chain returns n and all its ancestors, n first, each once; nil when n does not exist.
func (s *State) Chain(n Node) []Node {
	if !s.Exists(n) {
		return nil
	}
	chain := []Node{n}
	for i := 0; i < len(chain); i++ {
		for _, parent := range s.Parents(chain[i]) {
			known := false
			for _, seen := range chain {
				known = known || seen == parent
			}
			if !known {
				chain = append(chain, parent)
			}
		}
	}
	return chain
}

func has[V any](m map[string]V, id string) bool {
	_, ok := m[id]
	return ok
}
