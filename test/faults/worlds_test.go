package faults

import (
	"fmt"
	"math/rand/v2"
)

// manyTeams are so many groups with two members each: each needs a request of its own.
func manyTeams(n int) wish {
	var w wish
	for i := range n {
		w.teams = append(w.teams, team{name: fmt.Sprintf("team-%04d", i), members: []int{1 + i%users, 1 + (i+1)%users}})
	}
	return w
}

// drawn is an organization of twenty groups.
func drawn(draw *rand.Rand) wish { return drawnOf(draw, 20, 4, 3) }

// drawnOf is an organization of so many groups, roles and service accounts, drawn from a source: members, nesting, grants on projects and on what is in
// them, roles that are held, service accounts with tokens.
func drawnOf(draw *rand.Rand, teams, roles, accounts int) wish {
	var w wish
	for i := range teams {
		t := team{name: fmt.Sprintf("team-%02d", i), description: fmt.Sprintf("drawn %d", draw.IntN(1000)), grants: map[int]words{}}
		t.members = some(draw, users, 1+draw.IntN(5))
		for _, n := range some(draw, projects, 1+draw.IntN(5)) {
			t.grants[n] = words{"project": someOf(draw, "read", "create", "update", "delete")}
			if draw.IntN(2) == 0 {
				t.grants[n]["datasets"] = someOf(draw, "read", "create", "update")
			}
			if draw.IntN(3) == 0 {
				t.grants[n]["experiments"] = someOf(draw, "create", "update")
			}
		}
		if i > 0 && draw.IntN(3) == 0 {
			t.includes = []string{w.teams[draw.IntN(i)].name}
		}
		w.teams = append(w.teams, t)
	}
	for i := range roles {
		w.roles = append(w.roles, role{
			name: fmt.Sprintf("role-%d", i), datasets: someOf(draw, "read", "create", "update", "delete"),
			team: w.teams[draw.IntN(len(w.teams))].name, projects: some(draw, projects, 1+draw.IntN(4)),
		})
	}
	for i := range accounts {
		a := account{name: fmt.Sprintf("robot-%d", i), teams: []string{w.teams[draw.IntN(len(w.teams))].name}, pipe: i%2 == 0}
		a.token = fmt.Sprintf("token-%d", i)
		w.accounts = append(w.accounts, a)
	}
	return w
}

// changed is the same organization some months later: groups are renamed, new and gone, members, grants and roles are others.
func changed(draw *rand.Rand, before wish) wish {
	after := drawn(draw)
	after.all, after.accounts = true, before.accounts
	for i := range after.teams {
		after.teams[i].includes = nil
	}
	names := map[string]string{}
	for i := range after.teams { // four are renamed, four are gone and new under another name
		t := &after.teams[i]
		switch {
		case i < 4:
			names[t.name] = "renamed-" + t.name
			t.previously, t.name = t.name, "renamed-"+t.name
		case i < 8:
			names[t.name] = "new-" + t.name
			t.name = "new-" + t.name
		}
	}
	rename := func(name string) string {
		if other, there := names[name]; there {
			return other
		}
		return name
	}
	for i := range after.roles {
		after.roles[i].team = rename(after.roles[i].team)
	}
	after.accounts = nil
	for _, a := range before.accounts {
		a.teams = []string{rename(a.teams[0])}
		after.accounts = append(after.accounts, a)
	}
	after.accounts = append(after.accounts, account{name: "robot-new", token: "fresh", teams: []string{after.teams[0].name}})
	return after
}

// some are so many different numbers from 1 to n.
func some(draw *rand.Rand, n, count int) []int {
	var out []int
	for _, i := range draw.Perm(n)[:count] {
		out = append(out, i+1)
	}
	return out
}

// someOf is one of the words at least.
func someOf(draw *rand.Rand, all ...string) []string {
	var out []string
	for _, i := range draw.Perm(len(all))[:1+draw.IntN(len(all))] {
		out = append(out, all[i])
	}
	return out
}
