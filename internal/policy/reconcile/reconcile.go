// Package reconcile compares what a policy asks for with an organization: the steps that make the organization what
// is asked, and every difference with its place in the document. It asks nobody but the view it is given, and decides
// nothing about safety: that is for the guards of internal/change, which are told the limits here.
//
// What belongs to whom: the rows of a group are its grants, except those of roles, which belong to the role's
// assigned_to, and those on groups, which belong to the administered_by of that group. What a document cannot say
// (permissions and types that this version does not know, grants on what is gone) is told and left alone.
package reconcile

import (
	"context"
	"slices"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/sink"
	"btadmin/internal/policy/syntax"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Kind says what sort of thing a difference is about.
type Kind string

// The kinds of difference.
const (
	KindMember     Kind = "member" // of the organization
	KindGroup      Kind = "group"
	KindMembership Kind = "membership"
	KindGrant      Kind = "grant"
	KindRole       Kind = "role"
	KindAccount    Kind = "service_account"
	KindToken      Kind = "token"
	KindProject    Kind = "project" // only ever absent: none is made here
)

// Action says what makes a difference go away.
type Action string

// The actions. What is only reported is not owned by the document: an apply leaves it as it is. What is absent is named by
// the document and not there, and no apply can bring it (see Options.Absent).
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionAdd    Action = "add"
	ActionRemove Action = "remove"
	ActionDelete Action = "delete"
	ActionReport Action = "report"
	ActionAbsent Action = "absent"
)

// Difference is one thing that is not as the document asks. Names in it are the server's.
type Difference struct {
	Kind   Kind
	Action Action
	// Subject is the group, role, member or account that it is about, as a reference: group:QA.
	Subject string
	Detail  string // in words
	// Grant is the raw tuple of a KindGrant.
	Grant *braintrust.ACLItem
	// At is where the document speaks of it; unknown when it does not.
	At document.Pos
}

// Match is a pattern over projects and what it stands for now.
type Match struct {
	Group   string // whose row it is
	Pattern string
	// Projects match; those of New have none of the row's grants yet.
	Projects, New []string
	At            document.Pos
}

// Result is a comparison.
type Result struct {
	Steps       []change.Step
	Limits      change.Limits
	Differences []Difference
	Matches     []Match
	// Warnings are remarks about the document and this organization that keep nobody from going on.
	Warnings []syntax.Problem
}

// Changes reports whether an apply has something to do.
func (r *Result) Changes() bool { return len(r.Steps) > 0 }

// Options are what a comparison is told beside the document and the organization.
type Options struct {
	Now time.Time // for days that are over and tokens that are old
	// Sink opens the place where a new token goes. Nil leaves tokens without one, for plans that are only looked at.
	Sink func(sink.Spec) change.Sink
	// Lost picks the tokens whose secret nobody received, by id. Nil: nothing is known of that.
	Lost func([]braintrust.ServiceToken) map[string]change.Loss
	// Stored reports whether a token is in its place, as far as that can be seen. Nil: it cannot.
	Stored func(sink.Spec) bool
	// Source is the file of the document, for messages.
	Source string
	// Absent makes a difference of who and which project the document names and the organization does not have, instead of
	// an error. It is for looking only: there are no steps then.
	Absent bool
	// OrgName steers a key of several organizations, "" when it has one.
	OrgName string
}

// Compare says how an organization differs from what a document asks for. Identity sources must have been read
// (package source). Errors are the document's: *syntax.InvalidError with every name that means nothing here.
func Compare(ctx context.Context, d *policy.Desired, v *orgview.View, o Options) (*Result, error) {
	c := &comparison{
		ctx: ctx, desired: d, view: v, options: o, result: &Result{}, problems: &syntax.Problems{},
		index: newIndex(v), kept: map[*braintrust.ACL]bool{}, added: map[braintrust.ACLItem]bool{}, limits: newLimits(d, o.Source),
		administered: map[string]bool{}, reported: map[*braintrust.ACL]bool{}, dropped: map[*braintrust.ACL]bool{},
	}
	c.desired = c.heed(d)
	c.findLost()
	c.people()
	c.accounts()
	c.roles()
	c.groups()
	c.assignments()
	c.heldRoles()
	c.administrators()
	c.directGrants()
	c.grownRoles()
	c.removeUnlisted()
	c.circles()
	c.checkOwners()
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	c.collect()
	if o.Absent {
		c.result.Steps = nil
	}
	return c.result, nil
}

// comparison is one Compare on its way.
type comparison struct {
	ctx      context.Context
	desired  *policy.Desired
	view     *orgview.View
	options  Options
	index    *index
	result   *Result
	problems *syntax.Problems
	limits   *limits

	lost         map[string]change.Loss // tokens whose secret nobody received, by id
	administered map[string]bool        // ids of groups whose administered_by is written
	later        *access.State          // the roles as they will be, once asked for

	invited  map[bool][]string // by whether a mail is sent
	leaving  []braintrust.User
	made     map[string]bool // ids of new roles whose creation is among the steps
	departed map[string]bool // canonical addresses of people who are to be out of the organization
	creates  []change.Step   // in order: roles, accounts, groups
	patches  []change.Step
	deletes  []change.Step
	add      []braintrust.ACLItem
	added    map[braintrust.ACLItem]bool // what is in add
	remove   []*braintrust.ACL
	reported map[*braintrust.ACL]bool
	dropped  map[*braintrust.ACL]bool // what is in remove
	kept     map[*braintrust.ACL]bool // asked for by some row: no exact section takes it away
}

// collect puts the steps together; change.Plan puts them in order.
func (c *comparison) collect() {
	var steps []change.Step
	for _, mail := range []bool{true, false} {
		if emails := c.invited[mail]; len(emails) > 0 {
			steps = append(steps, &change.InviteMembers{Emails: emails, SendEmail: &mail})
		}
	}
	steps = append(steps, c.creates...)
	steps = append(steps, c.patches...)
	if len(c.add) > 0 {
		steps = append(steps, &change.AddACLs{Items: c.add})
	}
	if remove := c.unwanted(); len(remove) > 0 {
		steps = append(steps, &change.RemoveACLs{ACLs: remove})
	}
	steps = append(steps, c.deletes...)
	if len(c.leaving) > 0 { // after their tokens
		steps = append(steps, &change.RemoveMembers{Users: c.leaving})
	}
	c.result.Steps = steps
	c.result.Limits = c.limits.done()
	slices.SortStableFunc(c.result.Differences, compareDifferences)
}

// unwanted are the grants to remove, less those that another section of the document asks for.
func (c *comparison) unwanted() []braintrust.ACL {
	var remove []braintrust.ACL
	for _, acl := range c.remove {
		if !c.kept[acl] {
			remove = append(remove, *acl)
		}
	}
	c.result.Differences = slices.DeleteFunc(c.result.Differences, func(d Difference) bool {
		return d.Kind == KindGrant && d.Action != ActionAdd && slices.ContainsFunc(c.index.same(*d.Grant), func(acl *braintrust.ACL) bool { return c.kept[acl] })
	})
	return remove
}

// want asks for grants: those that are not there are added.
func (c *comparison) want(items []braintrust.ACLItem, subject string, at document.Pos) {
	for _, item := range items {
		there := c.index.same(item)
		for _, acl := range there {
			c.kept[acl] = true
		}
		if len(there) > 0 || c.added[item] {
			continue
		}
		c.added[item] = true
		c.add = append(c.add, item)
		c.differ(Difference{Kind: KindGrant, Action: ActionAdd, Subject: subject, Detail: c.grantText(item), Grant: &item, At: at})
	}
}

// drop takes grants away unless they are asked for elsewhere.
func (c *comparison) drop(acls []*braintrust.ACL, subject string, at document.Pos) {
	for _, acl := range acls {
		if c.kept[acl] || c.dropped[acl] || c.ignores(access.PrincipalOf(acl.ACLItem)) {
			continue
		}
		c.dropped[acl] = true
		c.remove = append(c.remove, acl)
		c.differ(Difference{Kind: KindGrant, Action: ActionRemove, Subject: subject, Detail: c.grantText(acl.ACLItem), Grant: &acl.ACLItem, At: at})
	}
}

func (c *comparison) differ(d Difference) { c.result.Differences = append(c.result.Differences, d) }

// report tells what an apply would leave alone.
func (c *comparison) report(kind Kind, subject, detail string, at document.Pos) {
	c.differ(Difference{Kind: kind, Action: ActionReport, Subject: subject, Detail: detail, At: at})
}

// reportGrant tells of a grant that an apply would leave alone, once, whoever meets it.
func (c *comparison) reportGrant(acl *braintrust.ACL, subject, why string, at document.Pos) {
	if c.reported[acl] {
		return
	}
	c.reported[acl] = true
	c.differ(Difference{Kind: KindGrant, Action: ActionReport, Subject: subject, Detail: why + ": " + c.grantText(acl.ACLItem), Grant: &acl.ACLItem, At: at})
}

func (c *comparison) warn(at document.Pos, format string, args ...any) {
	var p syntax.Problems
	p.Warnf(at, format, args...)
	c.result.Warnings = append(c.result.Warnings, p.All()...)
}

// grantText is a grant in words: read on project:Chatbot, for datasets only.
func (c *comparison) grantText(item braintrust.ACLItem) string {
	what := string(item.Permission)
	if item.RoleID != "" {
		what = "role " + c.index.roleName(item.RoleID)
	}
	text := what + " on " + c.index.nodeName(access.NodeOf(item))
	if item.RestrictObjectType != "" {
		text += ", restricted to " + string(item.RestrictObjectType)
	}
	return text
}
