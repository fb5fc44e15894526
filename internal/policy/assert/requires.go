package assert

import (
	"fmt"
	"strings"

	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// requires checks what is written in the document beside what people have: an end or a reason beside every
// membership, an approval beside every grant.
func (x *run) requires(r *Result) {
	n := newNotes(x.desired, r.Test.Requires)
	users, groups := x.people.meant(r.Test.Who, func(s policy.Selector) {
		r.Warnings = append(r.Warnings, selector(s)+" matches nobody")
	})
	except := x.except(r)
	if r.Test.Requires == "approved_by" {
		asked := map[string]bool{}
		for _, g := range groups {
			x.approved(r, n, g.ID, asked)
		}
		for _, u := range users {
			if !except[u] {
				x.ownGrants(r, n, u)
				for _, id := range x.state.GroupsOf(u.ID) {
					x.approved(r, n, id, asked)
				}
			}
		}
		return
	}
	for _, u := range users {
		if !except[u] {
			x.memberships(r, n, u)
		}
	}
}

// notes are the annotations of a document.
type notes struct {
	key         string
	groups      map[string]*policy.Group
	people      map[string]policy.Person
	accounts    map[string]*policy.Account
	assigned    map[string][]policy.Assignment
	memberships map[string]map[string]policy.Membership // by principal, by group
}

func newNotes(d *policy.Desired, key string) *notes {
	n := &notes{
		key: key, groups: map[string]*policy.Group{}, people: map[string]policy.Person{}, accounts: map[string]*policy.Account{},
		assigned: map[string][]policy.Assignment{}, memberships: map[string]map[string]policy.Membership{},
	}
	for _, p := range d.People {
		n.people[policy.Principal{Kind: policy.Email, Name: p.Email.Value}.Key()] = p
	}
	for _, a := range d.Accounts {
		n.accounts[policy.Principal{Kind: policy.ServiceAccount, Name: a.Name.Value}.Key()] = a
	}
	for _, g := range d.Groups {
		n.groups[g.Name.Value] = g
		for _, m := range g.Members {
			if n.memberships[m.Key()] == nil {
				n.memberships[m.Key()] = map[string]policy.Membership{}
			}
			n.memberships[m.Key()][g.Name.Value] = m
		}
	}
	for _, r := range d.Roles {
		for _, a := range r.Assigned {
			n.assigned[a.To.Key()] = append(n.assigned[a.To.Key()], a)
		}
	}
	return n
}

func (n *notes) on(m policy.Membership) bool {
	if n.key == "reason" {
		return m.Reason.Value != ""
	}
	return m.Until.Known()
}

// memberships checks each group that lists a user, and each that the document puts him into. What is written at the
// entry of a person in the members section is about all of them.
func (x *run) memberships(r *Result, n *notes, u access.Principal) {
	r.Asked++
	keys := x.keys(u)
	entry, listed := n.people[keys[0]]
	if listed && (n.key == "until" && entry.Until.Known() || n.key == "reason" && entry.Reason.Value != "") {
		return
	}
	written := map[string]policy.Membership{}
	for _, key := range keys {
		for group, m := range n.memberships[key] {
			written[group] = m
		}
	}
	told := map[string]bool{}
	for _, id := range x.state.MemberOf(u.ID) {
		g, _ := x.state.Group(id)
		told[g.Name] = true
		if m, is := written[g.Name]; !is {
			r.missing(u, document.Pos{}, "is in the group %s without %s: the document does not list the membership", text.Visible(g.Name), n.key)
		} else if !n.on(m) {
			r.missing(u, m.At, "is in the group %s without %s", text.Visible(g.Name), n.key)
		}
	}
	for _, g := range x.desired.Groups { // those that are still to come
		if m, is := written[g.Name.Value]; is && !told[g.Name.Value] && !n.on(m) {
			r.missing(u, m.At, "is to be in the group %s without %s", text.Visible(g.Name.Value), n.key)
		}
	}
}

// keys are the ways in which a document can name a user.
func (x *run) keys(u access.Principal) []string {
	m, _ := x.view.Members.ByID(u.ID)
	return []string{
		policy.Principal{Kind: policy.Email, Name: m.User.Email}.Key(),
		policy.Principal{Kind: policy.ServiceAccount, Name: m.Name}.Key(),
		policy.Principal{Kind: policy.UserID, Name: u.ID}.Key(),
	}
}

// approved checks every grant of a group, once for a test.
func (x *run) approved(r *Result, n *notes, id string, asked map[string]bool) {
	if asked[id] {
		return
	}
	asked[id] = true
	r.Asked++
	g, _ := x.state.Group(id)
	p := access.Principal{Kind: access.PrincipalGroup, ID: id}
	written, listed := n.groups[g.Name]
	if !listed || !written.GrantsManaged {
		if len(x.state.ACLsOf(p)) > 0 {
			r.missing(p, document.Pos{}, "has grants without approved_by: the document does not list them")
		}
		return
	}
	x.rows(r, p, written.Grants, n.assigned[policy.Principal{Kind: policy.GroupName, Name: g.Name}.Key()])
}

// ownGrants checks what is granted to a user alone and written in the document. Grants that only the server knows,
// such as those of a creator, are what plan reports.
func (x *run) ownGrants(r *Result, n *notes, u access.Principal) {
	r.Asked++
	keys := x.keys(u)
	rows := n.people[keys[0]].Grants
	if a := n.accounts[keys[1]]; a != nil {
		rows = append(rows[:len(rows):len(rows)], a.Grants...)
	}
	var assigned []policy.Assignment
	for _, key := range keys {
		assigned = append(assigned, n.assigned[key]...)
	}
	x.rows(r, u, rows, assigned)
}

func (x *run) rows(r *Result, p access.Principal, rows []policy.Row, assigned []policy.Assignment) {
	for _, row := range rows {
		if len(row.Labels) > 0 && !row.ApprovedBy.Known() {
			r.missing(p, row.At, "has %s on %s without approved_by", strings.Join(row.Words(), ", "), text.Visible(row.On.Ref()))
		}
	}
	for _, a := range assigned {
		if !a.ApprovedBy.Known() {
			r.missing(p, a.At, "has a role on %s without approved_by", text.Visible(a.On.Ref()))
		}
	}
}

// missing notes an annotation that is not there.
func (r *Result) missing(p access.Principal, at document.Pos, format string, args ...any) {
	r.Failures = append(r.Failures, Failure{Principal: p, Message: fmt.Sprintf(format, args...), At: at})
}
