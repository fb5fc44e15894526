package members

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// inviteChunk is how many people one request invites; its limit is not published.
const inviteChunk = 500

type inviteOptions struct {
	groups  []string
	file    string
	noEmail bool
}

// invited is one person of an invitation.
type invited struct {
	ID      string   `json:"id"` // "" while the server has not said it
	Email   string   `json:"email"`
	Invited bool     `json:"invited"` // false: was a member before
	Groups  []string `json:"groups"`
}

func newInvite(a *app.App) *cobra.Command {
	var opts inviteOptions
	cmd := &cobra.Command{
		Use:   "invite [EMAIL...]",
		Short: "invite people into the organization",
		Long: `Invite people by e-mail, one or thousands, and put them into groups at once. Who is a member already is not
invited again, but enters the groups too. --file reads CSV, JSON, JSON lines or one e-mail a line; "-" is
standard input.`,
		Example: `  btadmin members invite ana@example.com --group Engineers
  btadmin members invite ana@example.com ben@example.com --group QA --group Viewers --no-email
  btadmin members invite --file new-people.csv --group QA --dry-run`,
		Args: tree.Args("[EMAIL...]"),
		RunE: func(cmd *cobra.Command, args []string) error { return runInvite(cmd.Context(), a, args, opts) },
	}
	fs := cmd.Flags()
	fs.StringArrayVar(&opts.groups, "group", nil, "put them into this group (repeatable)")
	fs.StringVar(&opts.file, "file", "", "read the e-mails from this file, - for standard input")
	fs.BoolVar(&opts.noEmail, "no-email", false, "send no invitation mail")
	return cmd
}

func runInvite(ctx context.Context, a *app.App, args []string, opts inviteOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	emails, err := collectEmails(ctx, a, args, opts.file)
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	groups, err := findGroups(ctx, r, opts.groups)
	if err != nil {
		return err
	}
	fresh, present, err := sortOut(ctx, r, emails)
	if err != nil {
		return err
	}
	steps := inviteSteps(fresh, present, groups, opts.noEmail)
	if len(steps) == 0 {
		a.Status.Done("Nothing to do: %s", already(present))
		return printInvited(p, invitedRows(nil, fresh, present, groups))
	}
	result, err := a.Mutate(ctx, app.Change{Steps: steps, Title: "Inviting members", Bulk: opts.file != ""})
	if err != nil || result == nil {
		return err
	}
	ids, err := idsOf(ctx, a, steps, fresh)
	if err != nil {
		return err
	}
	switch {
	case len(fresh) == 1:
		a.Status.Done("Invited %s", fresh[0])
	case len(fresh) > 0:
		a.Status.Done("Invited %d people", len(fresh))
	}
	for _, user := range present {
		a.Status.Note("%s is a member already", resolve.UserLabel(user))
	}
	return printInvited(p, invitedRows(ids, fresh, present, groups))
}

// already says that nobody is left to invite.
func already(present []braintrust.User) string {
	if len(present) == 1 {
		return resolve.UserLabel(present[0]) + " is a member already"
	}
	return fmt.Sprintf("all %d are members already", len(present))
}

func findGroups(ctx context.Context, r *resolve.Resolver, typed []string) ([]braintrust.Group, error) {
	var groups []braintrust.Group
	for _, name := range typed {
		group, err := r.Group(ctx, name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(groups, func(g braintrust.Group) bool { return g.ID == group.ID }) {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

func inviteSteps(fresh []string, present []braintrust.User, groups []braintrust.Group, noEmail bool) []change.Step {
	var sendEmail *bool
	if noEmail {
		sendEmail = new(bool)
	}
	var steps []change.Step
	for chunk := range slices.Chunk(fresh, inviteChunk) {
		steps = append(steps, &change.InviteMembers{Emails: chunk, Groups: groups, SendEmail: sendEmail})
	}
	for _, group := range groups {
		var enter []string
		for _, user := range present {
			if !slices.Contains(group.MemberUsers, user.ID) {
				enter = append(enter, user.ID)
			}
		}
		if len(enter) > 0 {
			steps = append(steps, &change.PatchGroup{Group: group, Patch: braintrust.GroupPatch{AddMemberUsers: enter}})
		}
	}
	return steps
}

func printInvited(p *output.Printer, rows []invited) error {
	if p.Human() {
		return nil
	}
	return output.List(p, []output.Column[invited]{
		{Field: "email", Header: "EMAIL", Text: func(i invited) string { return i.Email }},
		{Field: "id", Header: "ID", Text: func(i invited) string { return i.ID }},
	}, rows)
}
