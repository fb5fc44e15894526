package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// accountOwners finds service accounts that own the organization.
func (l *linter) accountOwners() []Finding {
	tokens := map[string]int{}
	for _, token := range l.in.Snapshot.Tokens {
		tokens[token.ServiceAccountID]++
	}
	var out []Finding
	for i := range l.in.Snapshot.Users {
		id := l.in.Snapshot.Users[i].ID
		if !l.owners[id] || !l.in.IsAccount(id) {
			continue
		}
		message := l.name(userOf(id)) + " is an owner"
		if l.in.Snapshot.TokensKnown {
			message += ", and so is whoever has one of its tokens: it has " + strconv.Itoa(tokens[id])
		}
		out = append(out, Finding{Message: message, Principals: []access.Principal{userOf(id)}, Fix: l.endOwnership(id)})
	}
	return out
}

// endOwnership takes a user out of the groups that list him and own the organization, and deletes his own grants
// there.
func (l *linter) endOwnership(user string) []Command {
	var fix []Command
	for _, id := range l.top.Groups() {
		group := l.groups[id]
		if slices.Contains(group.MemberUsers, user) && l.top.Owns(groupOf(id)) {
			fix = append(fix, Command{"btadmin", "groups", "members", "remove", group.Name, l.name(userOf(user))})
		}
	}
	var ids []string
	for _, a := range l.top.ACLsOn(l.org) {
		if a.UserID == user {
			ids = append(ids, a.ID)
		}
	}
	return append(fix, deleteACLs(ids)...)
}

func (l *linter) oldTokens() []Finding {
	if l.opts.TokenAge <= 0 {
		return nil
	}
	var out []Finding
	for _, token := range l.in.Snapshot.Tokens {
		age := l.in.Now.Sub(token.Created)
		if token.Created.IsZero() || age <= l.opts.TokenAge {
			continue
		}
		out = append(out, Finding{
			Message:    fmt.Sprintf("the token %q of %s was made %s ago", token.Name, l.name(userOf(token.ServiceAccountID)), count(int(age/(24*time.Hour)), "day")),
			Principals: []access.Principal{userOf(token.ServiceAccountID)}, Tokens: []string{token.ID},
			Fix: []Command{{"btadmin", "service-tokens", "rotate", token.ID}},
		})
	}
	return out
}

func (l *linter) emptyGroups() []Finding {
	var out []Finding
	for _, id := range l.top.Groups() {
		if group := l.groups[id]; !access.IsBuiltInGroup(group.Name) && len(l.usersOf(id)) == 0 {
			out = append(out, Finding{
				Message: l.name(groupOf(id)) + " has no users", Principals: []access.Principal{groupOf(id)},
				Fix: []Command{{"btadmin", "groups", "delete", group.Name}},
			})
		}
	}
	return out
}

// unmanagedGroups are custom groups that no one but the owners may edit or hand out.
func (l *linter) unmanagedGroups() []Finding {
	var out []Finding
	for _, id := range l.top.Groups() {
		group := l.groups[id]
		if access.IsBuiltInGroup(group.Name) || len(l.usersOf(id)) == 0 || l.administered(id) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("nobody but the owners may administer %s", l.name(groupOf(id))), Principals: []access.Principal{groupOf(id)}}
		if user := l.candidate(id); user != "" {
			f.Fix = []Command{{"btadmin", "groups", "access", "grant", group.Name, "--to", l.name(userOf(user)), "--allow", "read,update"}}
		}
		out = append(out, f)
	}
	return out
}

// candidate is who could administer a group, for example: a person in it, else an account in it, "" when only
// owners are.
func (l *linter) candidate(group string) string {
	account := ""
	for _, place := range l.usersOf(group) {
		switch id := l.in.Snapshot.Users[place].ID; {
		case l.owners[id]:
		case l.person(id):
			return id
		case account == "":
			account = id
		}
	}
	return account
}

func (l *linter) administered(group string) bool {
	n := access.Node{Type: braintrust.ObjectGroup, ID: group}
	for _, permission := range []braintrust.Permission{braintrust.PermissionUpdate, braintrust.PermissionCreateACLs} {
		for p := range l.top.Holders(permission, n) {
			if _, member := l.users[p.ID]; member && p.Kind == access.PrincipalUser && !l.owners[p.ID] {
				return true
			}
		}
	}
	return false
}

func (l *linter) membersWithoutAccess() []Finding {
	has := map[string]bool{}
	for _, group := range l.groups {
		for _, user := range group.MemberUsers {
			has[user] = true
		}
	}
	for i := range l.in.Snapshot.ACLs {
		has[l.in.Snapshot.ACLs[i].UserID] = true
	}
	var out []Finding
	for i := range l.in.Snapshot.Users {
		id := l.in.Snapshot.Users[i].ID
		if has[id] || !l.person(id) {
			continue
		}
		out = append(out, Finding{
			Message: l.name(userOf(id)) + " is in no group and has no grant", Principals: []access.Principal{userOf(id)},
			Fix: []Command{{"btadmin", "members", "remove", strings.TrimPrefix(l.name(userOf(id)), "user:")}},
		})
	}
	return out
}

// confusableNames compares names within their kind: groups, roles, projects.
func (l *linter) confusableNames() []Finding {
	var out []Finding
	kind := func(t braintrust.ObjectType, each func(yield func(id, name string, edit Command))) {
		first := map[string][2]string{}
		each(func(id, name string, edit Command) {
			key := l.in.Skeleton(name)
			other, seen := first[key]
			if !seen {
				first[key] = [2]string{id, name}
				return
			}
			nodes := []access.Node{{Type: t, ID: id}, {Type: t, ID: other[0]}}
			out = append(out, Finding{
				Message: fmt.Sprintf("the %ss %q and %q read the same", t, other[1], name), Nodes: nodes, Fix: []Command{edit},
			})
		})
	}
	// What a person would rename is not the built-in one and not the system's: they come first.
	kind(braintrust.ObjectGroup, func(yield func(id, name string, edit Command)) {
		ids := l.top.Groups()
		slices.SortStableFunc(ids, func(a, b string) int {
			return before(access.IsBuiltInGroup(l.groups[a].Name), access.IsBuiltInGroup(l.groups[b].Name))
		})
		for _, id := range ids {
			yield(id, l.groups[id].Name, Command{"btadmin", "groups", "edit", id, "--name", renamed(braintrust.ObjectGroup, l.groups[id].Name, id)})
		}
	})
	kind(braintrust.ObjectRole, func(yield func(id, name string, edit Command)) {
		ids := l.top.Roles()
		slices.SortStableFunc(ids, func(a, b string) int { return before(l.roles[a].OrgID == "", l.roles[b].OrgID == "") })
		for _, id := range ids {
			yield(id, l.roles[id].Name, Command{"btadmin", "roles", "edit", id, "--name", renamed(braintrust.ObjectRole, l.roles[id].Name, id)})
		}
	})
	kind(braintrust.ObjectProject, func(yield func(id, name string, edit Command)) {
		for i := range l.in.Snapshot.Projects {
			if p := &l.in.Snapshot.Projects[i]; p.DeletedAt == nil {
				yield(p.ID, p.Name, Command{"btadmin", "api", "PATCH", "/v1/project/" + p.ID, "-f", "name=" + renamed(braintrust.ObjectProject, p.Name, p.ID)})
			}
		}
	})
	return out
}

func before(a, b bool) int {
	switch {
	case a && !b:
		return -1
	case b && !a:
		return 1
	}
	return 0
}

// renamed is a name that tells two things apart until somebody finds a better one. A name with characters that
// nobody can type is not kept: they may be what makes it confusable.
func renamed(t braintrust.ObjectType, name, id string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
		name = string(t)
	}
	return strings.TrimSpace(name) + " (" + id[:min(8, len(id))] + ")"
}
