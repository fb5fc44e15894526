package change

import (
	"slices"
	"strings"

	"btadmin/internal/change/journal"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// invited takes people out of the organization whom the run invited.
func (u *undoer) invited(made []journal.Made) {
	var users []braintrust.User
	for _, m := range made {
		if user, member := u.now.User(m.ID); member {
			users = append(users, user)
		} else {
			name, _ := IsNew(m.Placeholder)
			u.skip("%s is no member any more, or has not entered yet", name)
		}
	}
	if len(users) > 0 {
		u.lose("an invitation mail cannot be unsent")
		u.out.Steps = append(u.out.Steps, &RemoveMembers{Users: users})
	}
}

// returning is somebody who is invited again, and the groups that the invitation is into.
type returning struct {
	email  string
	groups []string
}

// invitedAgain notes whom the undoing invites again: what the run did to their memberships before they left comes back
// with the invitation, under the id that they get then.
func (u *undoer) invitedAgain(sent []sentStep) {
	u.returning = map[string]returning{}
	for _, s := range sent {
		step, is := s.step.(*RemoveMembers)
		if !is || s.Outcome != "confirmed" {
			continue
		}
		for _, user := range step.Users {
			if left := step.left(user.ID); left.Account == "" && user.Email != "" {
				u.returning[user.ID] = returning{email: user.Email, groups: left.Groups}
			}
		}
	}
}

// removedMembers invites people again, into the groups in which they were, and makes service accounts anew.
func (u *undoer) removedMembers(step *RemoveMembers) {
	type into struct {
		emails []string
		groups []braintrust.Group
	}
	var invitations []*into
	byGroups := map[string]*into{}
	for _, user := range step.Users {
		if _, member := u.now.User(user.ID); member {
			u.skip("%s is a member again", user.Email)
			continue
		}
		left := step.left(user.ID)
		var groups []braintrust.Group
		for _, id := range left.Groups {
			if g, live := u.now.Group(id); live {
				groups = append(groups, g)
			} else if u.newID(id) == id {
				u.skip("a group that %s was in is gone", user.Email)
			}
		}
		if left.Account != "" {
			u.out.Steps = append(u.out.Steps, &CreateServiceAccount{Name: left.Account, Groups: groups})
			u.lose("the service account %s would come back with a new id, without its tokens and without what it was granted directly", left.Account)
			continue
		}
		if user.Email == "" {
			u.lose("a member without an e-mail address cannot be invited again")
			continue
		}
		key := strings.Join(left.Groups, " ")
		if byGroups[key] == nil {
			byGroups[key] = &into{groups: groups}
			invitations = append(invitations, byGroups[key])
		}
		byGroups[key].emails = append(byGroups[key].emails, user.Email)
	}
	for _, i := range invitations {
		u.note("%s would be invited again by mail", text.Count(len(i.emails), "person"))
		u.out.Steps = append(u.out.Steps, &InviteMembers{Emails: i.emails, Groups: i.groups})
	}
}

// left is what a member had.
func (r *RemoveMembers) left(id string) Leaving {
	i := slices.IndexFunc(r.Leaving, func(l Leaving) bool { return l.UserID == id })
	if i < 0 {
		return Leaving{}
	}
	return r.Leaving[i]
}

func (u *undoer) createdAccount(step *CreateServiceAccount, id string) {
	user, member := u.now.User(id)
	if !member {
		u.skip("the service account %s is gone already", step.Name)
		return
	}
	u.out.Steps = append(u.out.Steps, &RemoveMembers{Users: []braintrust.User{user}})
}

func (u *undoer) minted(step *MintToken, id string) {
	token, there := u.tokens[id]
	switch {
	case u.tokens == nil:
		u.skip("this key may not list the service tokens, so %s is left", step.Name)
	case !there:
		u.skip("the service token %s is gone already", step.Name)
	default:
		u.out.Steps = append(u.out.Steps, &DeleteToken{Token: token})
	}
}

// patchedOrganization gives settings back that are as the run left them.
func (u *undoer) patchedOrganization(step *PatchOrganization) {
	back := &PatchOrganization{Organization: u.org}
	word := func(field, was, is string, set *string, into **string) {
		switch {
		case set == nil || *set == was:
		case is != *set:
			u.skip("the setting %s has changed since", field)
		default:
			*into = &was
			back.Changes = append(back.Changes, field+": "+was)
		}
	}
	truth := func(field string, was, is, set *bool, into **bool) {
		switch {
		case set == nil || was != nil && *was == *set:
		case is == nil || *is != *set:
			u.skip("the setting %s has changed since", field)
		case was == nil:
			u.lose("the setting %s was not set before, and cannot be unset", field)
		default:
			*into = was
			back.Changes = append(back.Changes, field+": "+map[bool]string{true: "true", false: "false"}[*was])
		}
	}
	was, is, q := step.Organization, u.org, step.Patch
	word("name", was.Name, is.Name, q.Name, &back.Patch.Name)
	word("api_url", was.APIURL, is.APIURL, q.APIURL, &back.Patch.APIURL)
	word("proxy_url", was.ProxyURL, is.ProxyURL, q.ProxyURL, &back.Patch.ProxyURL)
	word("realtime_url", was.RealtimeURL, is.RealtimeURL, q.RealtimeURL, &back.Patch.RealtimeURL)
	word("image_rendering_mode", was.ImageRenderingMode, is.ImageRenderingMode, q.ImageRenderingMode, &back.Patch.ImageRenderingMode)
	truth("is_universal_api", was.IsUniversalAPI, is.IsUniversalAPI, q.IsUniversalAPI, &back.Patch.IsUniversalAPI)
	truth("is_dataplane_private", was.IsDataplanePrivate, is.IsDataplanePrivate, q.IsDataplanePrivate, &back.Patch.IsDataplanePrivate)
	if len(back.Changes) > 0 {
		u.out.Steps = append(u.out.Steps, back)
	}
}

// HowUndone says what undo does about something that a run has sent, in general; what it finds changed since, it
// leaves alone.
func HowUndone(s journal.Sent) string {
	if s.Outcome != "confirmed" {
		return "left alone: not confirmed"
	}
	switch s.Action {
	case "AddACLs":
		return "takes the grants away"
	case "RemoveACLs":
		return "gives the grants back, with new ids"
	case "CreateGroup", "CreateRole", "CreateServiceAccount", "MintToken":
		return "deletes it"
	case "PatchGroup", "PatchRole", "PatchOrganization":
		return "changes it back"
	case "DeleteGroup", "DeleteRole":
		return "makes it anew, with a new id"
	case "InviteMembers":
		return "removes them; the mail cannot be unsent"
	case "RemoveMembers":
		return "invites them again"
	}
	return "cannot be taken back"
}
