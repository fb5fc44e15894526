package change

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// InviteMembers invites people by e-mail and puts them into groups.
type InviteMembers struct {
	Emails    []string
	Groups    []braintrust.Group     // they enter at once
	SendEmail *bool                  // nil leaves it to the server
	Out       []braintrust.AddedUser `json:"-"`
}

// Lines implements Step.
func (i *InviteMembers) Lines(Namer) []Line {
	detail := ""
	if len(i.Groups) > 0 {
		var names []string
		for _, g := range i.Groups {
			names = append(names, g.Name)
		}
		detail = "into " + strings.Join(names, ", ")
	}
	lines := make([]Line, len(i.Emails))
	for n, email := range i.Emails {
		lines[n] = Line{Action: "invite", Target: "member " + email, Detail: detail}
	}
	return lines
}

func (i *InviteMembers) phase() phase { return phaseCreate }
func (i *InviteMembers) size() int    { return len(i.Emails) }

func (i *InviteMembers) needs(org braintrust.Organization) need {
	if len(i.Groups) == 0 {
		return need{}
	}
	return joinNeed(org, i.Groups, nil)
}

func (i *InviteMembers) apply(s *access.State) {
	for _, email := range i.Emails {
		id := New("user", email)
		s.PutUser(braintrust.User{ID: id, Email: email})
		for _, g := range i.Groups {
			s.AddMember(g.ID, id)
		}
	}
}

func (i *InviteMembers) bind(ids map[string]string) { i.Groups = boundGroups(ids, i.Groups) }

func boundGroups(ids map[string]string, groups []braintrust.Group) []braintrust.Group {
	out := slices.Clone(groups)
	for i := range out {
		out[i].ID = bound(ids, out[i].ID)
	}
	return out
}

func (i *InviteMembers) run(e *execution) error {
	result, err := e.client.UpdateMembers(e.ctx, braintrust.MembersPatch{
		Invite:  &braintrust.Invitation{Emails: i.Emails, GroupIDs: groupIDs(i.Groups), SendInviteEmails: i.SendEmail},
		OrgName: e.orgName(),
	})
	if err != nil {
		return err
	}
	if result.SendEmailError != "" {
		e.warn("the invitation mail could not be sent: " + result.SendEmailError)
	}
	i.Out = result.AddedUsers
	return nil
}

func (i *InviteMembers) target() string { return membersTarget }
func (i *InviteMembers) uses() []string { return groupIDs(i.Groups) }

func (i *InviteMembers) makes() []string {
	var out []string
	for _, email := range i.Emails {
		out = append(out, New("user", email))
	}
	return out
}

func (i *InviteMembers) lists() orgstate.Need { return orgstate.Need{Users: true} }

// unchanged wants that nobody is a member already: an invitation would change nothing of him.
func (i *InviteMembers) unchanged(s *seen) error {
	for _, email := range i.Emails {
		if _, member := s.userWith(email); member {
			return fmt.Errorf("%s is a member already", email)
		}
	}
	return nil
}

func (i *InviteMembers) shows(s *seen) (all, none bool) {
	var found []braintrust.AddedUser
	for _, email := range i.Emails {
		if user, member := s.userWith(email); member {
			found = append(found, braintrust.AddedUser{ID: user.ID, Email: user.Email})
		}
	}
	if len(found) == len(i.Emails) && len(i.Out) == 0 {
		i.Out = found
	}
	return len(found) == len(i.Emails), len(found) == 0
}

// membersTarget is what all steps are about that make members: names and e-mails must not meet.
const membersTarget = "members"

func groupIDs(groups []braintrust.Group) []string {
	ids := make([]string, len(groups))
	for n, g := range groups {
		ids[n] = g.ID
	}
	return ids
}

// RemoveMembers takes members out of the organization.
type RemoveMembers struct {
	Users   []braintrust.User
	Leaving []Leaving `json:",omitempty"` // Review notes what they had, for undo
}

// Leaving is what a member had.
type Leaving struct {
	UserID  string
	Account string   `json:",omitzero"`  // its name, when it is a service account
	Groups  []string `json:",omitempty"` // ids of the groups that list it
}

// Lines implements Step.
func (r *RemoveMembers) Lines(Namer) []Line {
	lines := make([]Line, len(r.Users))
	for n, u := range r.Users {
		lines[n] = Line{Action: "remove", Target: "member " + u.Email, Detail: "from the organization"}
	}
	return lines
}

func (r *RemoveMembers) phase() phase { return phaseDelete }
func (r *RemoveMembers) size() int    { return len(r.Users) }

func (r *RemoveMembers) needs(org braintrust.Organization) need {
	return need{must: lossNeed(org), caller: true}
}

func (r *RemoveMembers) apply(s *access.State) {
	for _, u := range r.Users {
		s.DeleteUser(u.ID)
	}
}

// RemoveMembers has no target, so that it runs after the deletions before it: an account's tokens go first.

func (r *RemoveMembers) bind(map[string]string) {}
func (r *RemoveMembers) lists() orgstate.Need   { return orgstate.Need{Users: true} }
func (r *RemoveMembers) gather([]Step)          {}

func (r *RemoveMembers) rows(from, to int) Step { return &RemoveMembers{Users: r.Users[from:to]} }

func (r *RemoveMembers) unchanged(s *seen) error {
	if all, _ := r.shows(s); all {
		return errDone
	}
	return nil
}

func (r *RemoveMembers) shows(s *seen) (all, none bool) {
	left := 0
	for _, u := range r.Users {
		if _, member := s.users[u.ID]; member {
			left++
		}
	}
	return left == 0, left == len(r.Users)
}

func (r *RemoveMembers) run(e *execution) error {
	ids := make([]string, len(r.Users))
	for n, u := range r.Users {
		ids[n] = u.ID
	}
	left := func() (int, error) {
		users, err := braintrust.Collect(e.client.Users(e.ctx, braintrust.UserFilter{IDs: ids}))
		return len(users), err
	}
	_, err := e.client.UpdateMembers(e.ctx, braintrust.MembersPatch{Remove: &braintrust.Removal{IDs: ids}, OrgName: e.orgName()})
	if err != nil {
		return e.settle(err, func() (all, none bool, err error) {
			n, err := left()
			return err == nil && n == 0, n == len(ids), err
		})
	}
	return e.verify("members", func() (bool, error) {
		n, err := left()
		return err == nil && n == 0, err
	})
}
