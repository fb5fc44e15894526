package change

import (
	"context"
	"fmt"
	"time"

	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Undoing is what it takes to take back what a run has changed, as the organization is now.
type Undoing struct {
	Steps   []Step
	Notes   []string // what comes back differently
	Lost    []string // what cannot be given back
	Skipped []string // what has changed since, and is left alone
	// Unproven are changes without a confirmed outcome, and whether they are there now. They are left alone.
	Unproven []string
}

// Empty reports whether there is nothing to send.
func (u *Undoing) Empty() bool { return len(u.Steps) == 0 }

// Undo builds the inverse of what a run has confirmed, and leaves out what is not any more as the run left it. The
// steps go through Review and Run like any others; the plan's UndoOf is the run's id.
func (r *Runner) Undo(ctx context.Context, org braintrust.Organization, run journal.Run) (*Undoing, error) {
	var sent []sentStep
	for _, s := range run.Sent() {
		step, err := decodeStep(typed{Type: s.Action, Step: s.Change})
		if err != nil {
			return nil, fmt.Errorf("run %s cannot be undone: %w", run.ID, err)
		}
		sent = append(sent, sentStep{Sent: s, step: step})
	}
	now, tokens, err := r.present(ctx, org, sent)
	if err != nil {
		return nil, err
	}
	u := &undoer{
		now: now, org: org, names: r.Names, tokens: tokens, out: &Undoing{}, leaves: map[string]leaves{}, leftRoles: map[string]CreateRole{},
		again: map[string]string{}, gone: map[string]bool{}, patches: map[string]*PatchGroup{},
	}
	u.follow(sent)
	u.invitedAgain(sent)
	for i := len(sent) - 1; i >= 0; i-- {
		if sent[i].Outcome != "confirmed" {
			u.unproven(sent[i])
			continue
		}
		u.invert(sent[i])
	}
	u.finish()
	return u.out, nil
}

// sentStep is a step of a run, or a chunk of one.
type sentStep struct {
	journal.Sent
	step Step
}

// undoer builds an Undoing.
type undoer struct {
	now    *access.State
	org    braintrust.Organization
	names  Namer
	tokens map[string]braintrust.ServiceToken // nil: they may not be listed
	out    *Undoing

	leaves    map[string]leaves      // by id: how the run left the groups that it made or changed
	leftRoles map[string]CreateRole  // by id: how the run left the roles that it made
	again     map[string]string      // ids of what was deleted -> placeholders of what is made anew
	gone      map[string]bool        // ids of what the undoing deletes
	returning map[string]returning   // by the old id: people whom the undoing invites again
	patches   map[string]*PatchGroup // one a group, by its id
	add       []braintrust.ACLItem
	remove    []braintrust.ACL
}

func (u *undoer) skip(format string, args ...any) {
	u.out.Skipped = append(u.out.Skipped, fmt.Sprintf(format, args...))
}

func (u *undoer) note(format string, args ...any) {
	u.out.Notes = append(u.out.Notes, fmt.Sprintf(format, args...))
}

func (u *undoer) lose(format string, args ...any) {
	u.out.Lost = append(u.out.Lost, fmt.Sprintf(format, args...))
}

// present reads what the run has touched, as it is now.
func (r *Runner) present(ctx context.Context, org braintrust.Organization, sent []sentStep) (*access.State, map[string]braintrust.ServiceToken, error) {
	need := orgstate.Need{Users: true, Groups: true, Roles: true, Projects: true, Tokens: true, OptionalTokens: true}
	for _, s := range sent {
		items := itemsOf(s.step)
		switch d := s.step.(type) {
		case *DeleteGroup:
			items = contentsOf(d.Grants)
		case *DeleteRole:
			items = contentsOf(d.Grants)
		}
		for _, item := range items {
			node := access.NodeOf(item)
			if (node.Type == braintrust.ObjectGroup || node.Type == braintrust.ObjectRole) && isDeleted(sent, node.ID) {
				continue // it has no grants that could be listed
			}
			need = need.Merge(orgstate.Need{ACLsOn: []access.Node{node}})
		}
	}
	snapshot, err := r.lists(ctx, org, &need)
	if err != nil {
		return nil, nil, fmt.Errorf("read what the run has touched: %w", err)
	}
	var tokens map[string]braintrust.ServiceToken
	if snapshot.TokensKnown {
		tokens = map[string]braintrust.ServiceToken{}
		for _, token := range snapshot.Tokens {
			tokens[token.ID] = token
		}
	}
	return access.NewState(snapshot), tokens, nil
}

// isDeleted reports whether the run deleted a group or role.
func isDeleted(sent []sentStep, id string) bool {
	for _, s := range sent {
		switch d := s.step.(type) {
		case *DeleteGroup:
			if d.Group.ID == id {
				return true
			}
		case *DeleteRole:
			if d.Role.ID == id {
				return true
			}
		}
	}
	return false
}

func contentsOf(acls []braintrust.ACL) []braintrust.ACLItem {
	return (&RemoveACLs{ACLs: acls}).items()
}

func (u *undoer) invert(s sentStep) {
	switch step := s.step.(type) {
	case *AddACLs:
		u.added(step, s)
	case *RemoveACLs:
		u.removed(step)
	case *CreateGroup:
		u.createdGroup(step, madeID(s))
	case *PatchGroup:
		u.patchedGroup(step)
	case *DeleteGroup:
		u.deletedGroup(step)
	case *CreateRole:
		u.createdRole(step, madeID(s))
	case *PatchRole:
		u.patchedRole(step)
	case *DeleteRole:
		u.deletedRole(step)
	case *InviteMembers:
		u.invited(s.Things)
	case *RemoveMembers:
		u.removedMembers(step)
	case *CreateServiceAccount:
		u.createdAccount(step, madeID(s))
	case *MintToken:
		u.minted(step, madeID(s))
	case *DeleteToken:
		u.lose("the service token %s of %s is gone for good; a new one has another secret", step.Token.Name, step.Token.ServiceAccountName)
	case *DeleteAPIKey:
		u.lose("the API key %s of %s is gone for good", step.Key.Name, step.Key.UserEmail)
	case *PatchOrganization:
		u.patchedOrganization(step)
	case *RawRequest:
		u.lose("the raw request %s %s cannot be taken back", step.Method, step.Path)
	}
}

// madeID is the id of the one thing that a step made, "" in journals of versions that did not keep it.
func madeID(s sentStep) string {
	if len(s.Things) == 1 {
		return s.Things[0].ID
	}
	return ""
}

// finish puts the parts together: grants in one step each way.
func (u *undoer) finish() {
	u.nested()
	u.out.Steps = without(u.out.Steps, func(step Step) bool {
		patch, is := step.(*PatchRole)
		return is && u.gone[patch.Role.ID]
	})
	for _, patch := range u.patches {
		if !u.gone[patch.Group.ID] && (patch.adds() || patch.removes() || patch.Patch.Name != nil || patch.Patch.Description != nil) {
			u.out.Steps = append(u.out.Steps, patch)
		}
	}
	sortSteps(u.out.Steps)
	if len(u.add) > 0 {
		u.note("%s with new ids", text.Count(len(u.add), "grant")+" would come back")
		u.out.Steps = append(u.out.Steps, &AddACLs{Items: u.add})
	}
	// Grants on groups that are deleted are void by that.
	kept := without(u.remove, func(acl braintrust.ACL) bool { return u.gone[acl.ObjectID] })
	if len(kept) > 0 {
		u.out.Steps = append(u.out.Steps, &RemoveACLs{ACLs: kept})
	}
}

// unproven looks whether a change without a confirmed outcome is there now.
func (u *undoer) unproven(s sentStep) {
	is := "whether it was made cannot be seen"
	switch there, seen := u.there(s.step); {
	case seen && there:
		is = "it looks as if it was made"
	case seen:
		is = "it is not there now"
	}
	for _, line := range s.Lines {
		u.out.Unproven = append(u.out.Unproven, line+" ("+s.Outcome+": "+is+")")
	}
}

// there reports whether what a step wanted is so now.
func (u *undoer) there(step Step) (there, seen bool) {
	switch s := step.(type) {
	case *AddACLs:
		for _, item := range s.Items {
			if _, found := u.now.FindACL(item); !found {
				return false, true
			}
		}
		return true, true
	case *RemoveACLs:
		for _, acl := range s.ACLs {
			if _, found := u.now.FindACL(acl.ACLItem); found {
				return false, true
			}
		}
		return true, true
	case *CreateGroup:
		_, found := u.now.GroupNamed(s.Name)
		return found, true
	case *PatchGroup:
		g, found := u.now.Group(s.Group.ID)
		return found && s.holds(g), true
	case *DeleteGroup:
		_, found := u.now.Group(s.Group.ID)
		return !found, true
	case *CreateRole:
		_, found := roleNamed(u.now, s.Name)
		return found, true
	case *PatchRole:
		role, found := u.now.Role(s.Role.ID)
		return found && s.holds(role), true
	case *DeleteRole:
		_, found := u.now.Role(s.Role.ID)
		return !found, true
	}
	return false, false
}

// clockDrift is how far the clocks of the server and of this machine may be apart.
const clockDrift = 2 * time.Minute
