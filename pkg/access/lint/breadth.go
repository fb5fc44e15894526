package lint

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// changes are the permissions with which something can be changed. Reading is none.
func changes() []braintrust.Permission {
	return []braintrust.Permission{
		braintrust.PermissionCreate, braintrust.PermissionUpdate, braintrust.PermissionDelete,
		braintrust.PermissionCreateACLs, braintrust.PermissionDeleteACLs,
	}
}

// broadOrganization finds grants on the organization with which more than its settings can be changed. Those
// that the built-in groups stand for are meant.
func (l *linter) broadOrganization() []Finding {
	found, words := newGather(), map[pair][]string{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		if access.NodeOf(a.ACLItem) != l.org || l.top.IsBaseGrant(a.ACLItem) {
			continue
		}
		key := pair{access.PrincipalOf(a.ACLItem), l.org}
		if len(l.reached(key.principal)) == 0 {
			continue
		}
		broad := false
		for _, t := range l.held(a) {
			settings := t.Restrict == braintrust.ObjectOrganization && t.Permission == braintrust.PermissionUpdate
			if slices.Contains(changes(), t.Permission) && !settings {
				broad = true
				if word := t.String(); !slices.Contains(words[key], word) {
					words[key] = append(words[key], word)
				}
			}
		}
		if broad {
			found.add(i, a)
		}
	}
	return found.findings(func(key pair, _ []string) string {
		return fmt.Sprintf("%s has %s on the organization, which reaches everything in it", l.who(key.principal), strings.Join(words[key], ", "))
	})
}

// who is a principal with how many people it stands for.
func (l *linter) who(p access.Principal) string {
	if p.Kind == access.PrincipalUser {
		return l.name(p)
	}
	return fmt.Sprintf("%s (%s)", l.name(p), count(len(l.usersOf(p.ID)), "member"))
}

func (l *linter) broadAllProjects() []Finding {
	if l.opts.LargeGroup <= 0 {
		return nil
	}
	found, words := newGather(), map[pair][]string{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		if a.ObjectType != braintrust.ObjectOrgProject || a.GroupID == "" || l.top.IsBaseGrant(a.ACLItem) || len(l.usersOf(a.GroupID)) < l.opts.LargeGroup {
			continue
		}
		key := pair{access.PrincipalOf(a.ACLItem), access.NodeOf(a.ACLItem)}
		broad := false
		for _, t := range l.held(a) {
			if slices.Contains(changes(), t.Permission) {
				broad = true
				if word := t.String(); !slices.Contains(words[key], word) {
					words[key] = append(words[key], word)
				}
			}
		}
		if broad {
			found.add(i, a)
		}
	}
	return found.findings(func(key pair, _ []string) string {
		return fmt.Sprintf("%s has %s on all projects, those of tomorrow included", l.who(key.principal), strings.Join(words[key], ", "))
	})
}

// manageAccessSprawl counts who may manage access on each thing by grants there. Owners may everywhere: they
// count only on the organization.
func (l *linter) manageAccessSprawl() []Finding {
	if l.opts.MaxManagers <= 0 {
		return nil
	}
	var order []access.Node
	grants := map[access.Node][]int{}
	for i := range l.in.Snapshot.ACLs {
		a := &l.in.Snapshot.ACLs[i]
		n := access.NodeOf(a.ACLItem)
		if !counted(n.Type) || !l.manages(a) {
			continue
		}
		if grants[n] == nil {
			order = append(order, n)
		}
		grants[n] = append(grants[n], i)
	}
	var out []Finding
	for _, n := range order {
		if f, found := l.sprawl(n, grants[n]); found {
			out = append(out, f)
		}
	}
	return out
}

// counted are the types of things whose managers are counted. Single objects belong to their creators.
func counted(t braintrust.ObjectType) bool {
	switch t {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectProject, braintrust.ObjectProjectGroup, braintrust.ObjectGroup, braintrust.ObjectRole:
		return true
	}
	return false
}

func (l *linter) manages(a *braintrust.ACL) bool {
	return slices.ContainsFunc(l.held(a), func(t access.Tuple) bool {
		return t.Permission == braintrust.PermissionCreateACLs && (t.Restrict == "" || t.Restrict == a.ObjectType)
	})
}

func (l *linter) sprawl(n access.Node, grants []int) (Finding, bool) {
	acls := l.in.Snapshot.ACLs
	people := func(i int) []int { return l.reached(access.PrincipalOf(acls[i].ACLItem)) }
	size := func(grants []int) int {
		l.round++
		number := 0
		for _, i := range grants {
			for _, place := range people(i) {
				if l.seen[place] != l.round && (n == l.org || !l.owner[place]) {
					l.seen[place] = l.round
					number++
				}
			}
		}
		return number
	}
	most := 0
	for _, i := range grants {
		most += len(people(i))
	}
	if most <= l.opts.MaxManagers {
		return Finding{}, false
	}
	all := size(grants)
	if all <= l.opts.MaxManagers {
		return Finding{}, false
	}
	// Those that reach most people go first, until few enough are left.
	slices.SortStableFunc(grants, func(a, b int) int { return len(people(b)) - len(people(a)) })
	f := Finding{Nodes: []access.Node{n}}
	besides := " besides the owners"
	if n == l.org {
		besides = ""
	}
	left := grants
	var through []string
	for len(left) > 0 && size(left) > l.opts.MaxManagers {
		a := &acls[left[0]]
		left = left[1:]
		if l.top.IsBaseGrant(a.ACLItem) {
			continue // Owners are what they are: their members are the way
		}
		f.ACLs = append(f.ACLs, a.ID)
		if name := l.who(access.PrincipalOf(a.ACLItem)); !slices.Contains(through, name) {
			through = append(through, name)
		}
	}
	f.Message = fmt.Sprintf("%s may manage access on %s%s", count(all, "member"), l.node(n), besides)
	if len(through) > 0 {
		f.Message += ", most of them through " + strings.Join(through[:min(3, len(through))], ", ")
	}
	f.Fix = deleteACLs(f.ACLs)
	if len(f.Fix) == 0 {
		f.Fix = []Command{{"btadmin", "groups", "members", "list", access.OwnersGroup}}
	}
	return f, true
}
