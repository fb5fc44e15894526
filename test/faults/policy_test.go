package faults

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// wish is an organization as a test wants it: it is written as a policy, and held against what the server has in the end.
type wish struct {
	teams    []team
	roles    []role
	accounts []account
	all      bool // groups that are not among the teams are deleted
}

// team is a group.
type team struct {
	name, previously, description string
	members                       []int         // numbers of users
	includes                      []string      // names of teams
	grants                        map[int]words // by number of the project
}

// words are permissions by the row of the permission page: project, datasets.
type words map[string][]string

// role has permissions on datasets, and is held by a team on projects.
type role struct {
	name     string
	datasets []string
	team     string
	projects []int
}

// account is a service account in teams, with a token in a file.
type account struct {
	name  string
	teams []string
	token string // its name, "" for none
	pipe  bool   // the token goes to a command, not to a file
}

func userMail(n int) string    { return fmt.Sprintf("user%05d@large.example.com", n) }
func projectName(n int) string { return fmt.Sprintf("Project %05d", n) }

// tokenFile is where the token of an account is in the end.
func (a account) tokenFile() string { return a.name + ".token" }

// policy is the document. Its limits are wide: the guards are tested elsewhere.
func (w wish) policy() string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, strings.Repeat("  ", indent)+format+"\n", args...)
	}
	line(0, "version: 1\norg: %s", orgName)
	if w.all {
		line(0, "manage: {groups: all, prune: true, ignore: {groups: [\"Group *\"]}}")
	}
	line(0, "guards: {max_removals: {memberships: 100%%, groups: 100%%, grants: 100%%, tokens: 100%%}}")
	line(0, "groups:")
	for _, t := range w.teams {
		line(1, "%s:", t.name)
		if t.previously != "" {
			line(2, "previously: [%s]", t.previously)
		}
		if t.description != "" {
			line(2, "description: %s", t.description)
		}
		line(2, "members:%s", empty(len(t.members)+len(t.includes)+w.machines(t.name), " []"))
		for _, n := range t.members {
			line(3, "- %s", userMail(n))
		}
		for _, name := range t.includes {
			line(3, "- {group: %s}", name)
		}
		for _, a := range w.accounts {
			if slices.Contains(a.teams, t.name) {
				line(3, "- \"sa:%s\"", a.name)
			}
		}
		line(2, "permissions:%s", empty(len(t.grants), " {}"))
		if len(t.grants) > 0 {
			line(3, "projects:")
		}
		for _, n := range slices.Sorted(maps.Keys(t.grants)) {
			line(4, "%s:", projectName(n))
			for _, row := range slices.Sorted(maps.Keys(t.grants[n])) {
				line(5, "%s: [%s]", row, strings.Join(t.grants[n][row], ", "))
			}
		}
	}
	if len(w.roles) > 0 {
		line(0, "roles:")
	}
	for _, r := range w.roles {
		var names []string
		for _, n := range r.projects {
			names = append(names, projectName(n))
		}
		line(1, "%s:", r.name)
		line(2, "permissions: {datasets: [%s]}", strings.Join(r.datasets, ", "))
		line(2, "assigned_to: [{group: %s, projects: [%s]}]", r.team, strings.Join(names, ", "))
	}
	if len(w.accounts) > 0 {
		line(0, "service_accounts:")
	}
	for _, a := range w.accounts {
		line(1, "%s:", a.name)
		line(2, "groups: [%s]", strings.Join(a.teams, ", "))
		switch {
		case a.pipe:
			line(2, "tokens: {%s: {store: {command: [sh, -c, \"cat > %s\"]}}}", a.token, a.tokenFile())
		case a.token != "":
			line(2, "tokens: {%s: {store: {file: %s}}}", a.token, a.tokenFile())
		}
	}
	return b.String()
}

func empty(n int, text string) string {
	if n > 0 {
		return ""
	}
	return text
}

// machines is how many service accounts are in a team.
func (w wish) machines(team string) int {
	n := 0
	for _, a := range w.accounts {
		if slices.Contains(a.teams, team) {
			n++
		}
	}
	return n
}
