package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"btadmin/pkg/braintrust"
)

// server is what an organization has, read past the proxies.
type server struct {
	t        *testing.T
	users    []braintrust.User
	groups   []braintrust.Group
	roles    []braintrust.Role
	acls     []braintrust.ACL
	tokens   []braintrust.ServiceToken
	projects map[string]string // names by id
	killed   bool              // a run was killed: a token may be left that nobody has
	people   map[string]string // e-mails of people and names of accounts, by id
}

func look(t *testing.T, address string) *server {
	t.Helper()
	c, ctx := client(t, address), t.Context()
	s := &server{t: t, projects: map[string]string{}, people: map[string]string{}}
	var errs [6]error
	var all []braintrust.Project
	s.users, errs[0] = braintrust.Collect(c.Users(ctx, braintrust.UserFilter{}))
	s.groups, errs[1] = braintrust.Collect(c.Groups(ctx, braintrust.GroupFilter{}))
	s.roles, errs[2] = braintrust.Collect(c.Roles(ctx, braintrust.RoleFilter{}))
	s.acls, errs[3] = braintrust.Collect(c.OrgACLs(ctx, braintrust.ACLFilter{}))
	s.tokens, errs[4] = braintrust.Collect(c.ServiceTokens(ctx, braintrust.ServiceTokenFilter{}))
	all, errs[5] = braintrust.Collect(c.Projects(ctx, braintrust.ProjectFilter{}))
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range all {
		s.projects[p.ID] = p.Name
	}
	for _, u := range s.users {
		s.people[u.ID] = u.Email
		if !strings.HasSuffix(u.Email, "example.com") {
			s.people[u.ID] = "sa:" + u.GivenName
		}
	}
	return s
}

// id of the group with this name. It fails the test when there is none, or several.
func (s *server) id(name string) string {
	s.t.Helper()
	var ids []string
	for _, g := range s.groups {
		if g.Name == name {
			ids = append(ids, g.ID)
		}
	}
	if len(ids) != 1 {
		s.t.Errorf("%d groups are called %s", len(ids), name)
		return ""
	}
	return ids[0]
}

func (s *server) groupName(id string) string {
	for _, g := range s.groups {
		if g.ID == id {
			return g.Name
		}
	}
	return id
}

// has fails the test unless the organization is exactly what was wished for, each thing once.
func (s *server) has(w wish, home string) {
	s.t.Helper()
	named := map[string]bool{}
	for _, t := range w.teams {
		named[t.name] = true
		s.hasTeam(w, t)
	}
	for _, g := range s.groups {
		if w.all && !named[g.Name] && !strings.HasPrefix(g.Name, "Group ") && !slices.Contains([]string{"Owners", "Engineers", "Viewers"}, g.Name) {
			s.t.Errorf("the group %s is still there", g.Name)
		}
	}
	for _, r := range w.roles {
		s.hasRole(r)
	}
	for _, a := range w.accounts {
		s.hasAccount(a, home)
	}
	seen := map[braintrust.ACLItem]bool{}
	for _, a := range s.acls {
		if seen[a.ACLItem] {
			s.t.Errorf("the grant %+v is there twice", a.ACLItem)
		}
		seen[a.ACLItem] = true
	}
}

func (s *server) hasTeam(w wish, t team) {
	s.t.Helper()
	id := s.id(t.name)
	if id == "" {
		return
	}
	g := s.groups[slices.IndexFunc(s.groups, func(g braintrust.Group) bool { return g.ID == id })]
	if g.Description != t.description {
		s.t.Errorf("the group %s is described %q, want %q", t.name, g.Description, t.description)
	}
	var got, want []string
	for _, id := range g.MemberUsers {
		got = append(got, s.people[id])
	}
	for _, id := range g.MemberGroups {
		got = append(got, "group:"+s.groupName(id))
	}
	for _, n := range t.members {
		want = append(want, userMail(n))
	}
	for _, name := range t.includes {
		want = append(want, "group:"+name)
	}
	for _, a := range w.accounts {
		if slices.Contains(a.teams, t.name) {
			want = append(want, "sa:"+a.name)
		}
	}
	s.same("members of "+t.name, got, want)
	got, want = nil, nil
	for _, a := range s.acls {
		if a.GroupID == id && a.RoleID == "" {
			got = append(got, fmt.Sprintf("%s %s of %s", a.Permission, a.RestrictObjectType, s.projects[a.ObjectID]))
		}
	}
	for n, rows := range t.grants {
		for row, allow := range rows {
			kind := map[string]string{"project": "", "datasets": "dataset", "experiments": "experiment"}[row]
			for _, word := range allow {
				want = append(want, fmt.Sprintf("%s %s of %s", word, kind, projectName(n)))
			}
		}
	}
	s.same("grants of "+t.name, got, want)
}

func (s *server) hasRole(r role) {
	s.t.Helper()
	at := -1
	for i, one := range s.roles {
		if one.Name == r.name {
			if at >= 0 {
				s.t.Errorf("the role %s is there twice", r.name)
			}
			at = i
		}
	}
	if at < 0 {
		s.t.Errorf("the role %s is not there", r.name)
		return
	}
	var got, want []string
	for _, p := range s.roles[at].MemberPermissions {
		got = append(got, fmt.Sprint(p.Permission, " ", p.RestrictObjectType))
	}
	for _, word := range r.datasets {
		want = append(want, word+" dataset")
	}
	s.same("permissions of "+r.name, got, want)
	got, want = nil, nil
	for _, a := range s.acls {
		if a.RoleID == s.roles[at].ID {
			got = append(got, s.groupName(a.GroupID)+" on "+s.projects[a.ObjectID])
		}
	}
	for _, n := range r.projects {
		want = append(want, r.team+" on "+projectName(n))
	}
	s.same("holders of "+r.name, got, want)
}

// hasAccount also looks whether what is in the file of an account is its token. There is one, unless a run was killed.
func (s *server) hasAccount(a account, home string) {
	s.t.Helper()
	var ids, tokens []string
	for _, u := range s.users {
		if s.people[u.ID] == "sa:"+a.name {
			ids = append(ids, u.ID)
		}
	}
	if len(ids) != 1 {
		s.t.Errorf("%d service accounts are called %s", len(ids), a.name)
		return
	}
	for _, token := range s.tokens {
		if token.ServiceAccountID == ids[0] {
			tokens = append(tokens, token.Name+" "+token.PreviewName)
		}
	}
	if a.token == "" {
		s.same("tokens of "+a.name, tokens, nil)
		return
	}
	raw, err := os.ReadFile(filepath.Join(home, a.tokenFile()))
	secret := strings.TrimSpace(string(raw))
	if err != nil || len(tokens) == 0 || len(tokens) > 1 && !s.killed {
		s.t.Errorf("the service account %s has the tokens %q; its file: %v", a.name, tokens, err)
		return
	}
	is := func(token string) bool {
		return strings.HasPrefix(token, a.token+" ") && strings.HasSuffix(secret, token[len(token)-4:])
	}
	if !slices.ContainsFunc(tokens, is) {
		s.t.Errorf("what is in the file of %s is none of its tokens %q", a.name, tokens)
	}
}

func (s *server) same(what string, got, want []string) {
	s.t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.t.Errorf("%s: %q, want %q", what, got, want)
	}
}
