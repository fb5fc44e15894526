package assert

import (
	"cmp"
	"fmt"
	"slices"

	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/pkg/access"
)

// people are the principals of an organization, for selectors.
type people struct {
	state   *access.State
	members []orgstate.Member
	groups  []named // live ones, by name
}

type named struct{ id, name string }

func newPeople(v *orgview.View) *people {
	p := &people{state: v.State(), members: v.Members.All}
	for _, g := range v.Snapshot.Groups {
		if g.DeletedAt == nil {
			p.groups = append(p.groups, named{g.ID, g.Name})
		}
	}
	slices.SortFunc(p.groups, func(a, b named) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	return p
}

// matches lists the principals that a selector means itself: users, or groups.
func (p *people) matches(s policy.Selector) []access.Principal {
	var out []access.Principal
	if s.Kind == policy.GroupName {
		for _, g := range p.groups {
			if s.Pattern.Match(g.name) {
				out = append(out, access.Principal{Kind: access.PrincipalGroup, ID: g.id})
			}
		}
		return out
	}
	for _, m := range p.members {
		name := m.Name
		switch {
		case s.Kind == policy.Email:
			name = m.User.Email
		case s.Kind == policy.UserID:
			name = m.User.ID
		case m.Kind == orgstate.Person:
			continue // a person's name is no account's
		}
		if name != "" && s.Matches(s.Kind, name) {
			out = append(out, access.Principal{Kind: access.PrincipalUser, ID: m.User.ID})
		}
	}
	return out
}

// meant lists the users that selectors mean, those of groups among them, and the groups that they name. What matches
// nobody is given to unmatched.
func (p *people) meant(selectors []policy.Selector, unmatched func(policy.Selector)) (users, groups []access.Principal) {
	seen := map[access.Principal]bool{}
	add := func(to *[]access.Principal, who access.Principal) {
		if !seen[who] {
			seen[who] = true
			*to = append(*to, who)
		}
	}
	for _, s := range selectors {
		found := p.matches(s)
		if len(found) == 0 && unmatched != nil {
			unmatched(s)
		}
		for _, who := range found {
			if who.Kind == access.PrincipalUser {
				add(&users, who)
				continue
			}
			add(&groups, who)
			for _, id := range p.state.UsersOf(who.ID) {
				add(&users, access.Principal{Kind: access.PrincipalUser, ID: id})
			}
		}
	}
	return users, groups
}

// excepted are the principals that selectors leave out: users, groups, and all that is in those groups.
func (p *people) excepted(selectors []policy.Selector, unmatched func(policy.Selector)) map[access.Principal]bool {
	users, groups := p.meant(selectors, unmatched)
	out := map[access.Principal]bool{}
	for _, u := range users {
		out[u] = true
	}
	for _, g := range groups {
		for _, id := range p.state.GroupsIn(g.ID) {
			out[access.Principal{Kind: access.PrincipalGroup, ID: id}] = true
		}
	}
	return out
}

// who lists the principals that a test is about. A group stands for its users. What a group itself may do is asked
// too where nobody may (its next user would be one who may), and where nobody is in it who could be asked.
func (x *run) who(r *Result, groupsToo bool) []access.Principal {
	t := r.Test
	users, groups := x.people.meant(t.Who, func(s policy.Selector) {
		if _, one := s.Pattern.Name(); one && len(t.Can) > 0 {
			r.Problems = append(r.Problems, fmt.Sprintf("%s is not in the organization, and so can do nothing", selector(s)))
			return
		}
		r.Warnings = append(r.Warnings, selector(s)+" matches nobody")
	})
	for _, g := range groups {
		if empty := len(x.state.UsersOf(g.ID)) == 0; groupsToo || empty {
			users = append(users, g)
			if empty {
				r.Warnings = append(r.Warnings, fmt.Sprintf("nobody is in %s: the group itself was asked about", x.names.Principal(g)))
			}
		}
	}
	except := x.except(r)
	return slices.DeleteFunc(users, func(p access.Principal) bool { return except[p] })
}

// others lists every user who is not among only and except.
func (x *run) others(r *Result) []access.Principal {
	allowed := x.allowed(r, true)
	var out []access.Principal
	for _, m := range x.people.members {
		if p := (access.Principal{Kind: access.PrincipalUser, ID: m.User.ID}); !allowed[p] {
			out = append(out, p)
		}
	}
	return out
}

func (x *run) allowed(r *Result, tell bool) map[access.Principal]bool {
	warn := func(s policy.Selector) { r.Warnings = append(r.Warnings, selector(s)+" matches nobody") }
	if !tell {
		warn = nil
	}
	return x.people.excepted(slices.Concat(r.Test.Only, r.Test.Except), warn)
}

func (x *run) except(r *Result) map[access.Principal]bool {
	return x.people.excepted(r.Test.Except, func(s policy.Selector) {
		r.Warnings = append(r.Warnings, "except: "+selector(s)+" matches nobody")
	})
}

// unmanned warns of groups beside those of only that hold what nobody else may, while nobody is in them.
func (x *run) unmanned(r *Result, asks []ask) {
	allowed := x.allowed(r, false)
	for _, g := range x.people.groups {
		p := access.Principal{Kind: access.PrincipalGroup, ID: g.id}
		if allowed[p] || len(x.state.UsersOf(g.id)) > 0 {
			continue
		}
		if len(x.holds(p, asks)) > 0 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s can, too; nobody is in it now", x.names.Principal(p)))
		}
	}
}

// selector is who a test is about, as a reference.
func selector(s policy.Selector) string {
	if s.Kind == policy.UserID {
		return "user:" + s.Pattern.String()
	}
	return string(s.Kind) + ":" + s.Pattern.String()
}
