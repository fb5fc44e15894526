package groups

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/batch"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// membersVerb is one of add, remove and set: they differ in the patch that they make of a list of members.
type membersVerb struct {
	use, short, long, example string
	aliases                   []string
	patch                     func(group braintrust.Group, who people) braintrust.GroupPatch
	question                  func(group braintrust.Group, patch braintrust.GroupPatch) string
	// rest says that those who were not named are removed: they count for guard G5.
	rest bool
	// offer is what a person is asked about, of everybody who can be in the group; who is in it is ticked.
	offer func(everybody []ask.Choice) []ask.Choice
}

func removalQuestion(group braintrust.Group, patch braintrust.GroupPatch) string {
	removed := len(patch.RemoveMemberUsers) + len(patch.RemoveMemberGroups)
	return fmt.Sprintf("Remove %d of %s from %s? They lose what the group allows.",
		removed, text.Count(len(group.MemberUsers)+len(group.MemberGroups), "member"), group.Name)
}

func newMembersVerb(a *app.App, verb membersVerb) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: verb.use, Short: verb.short, Long: verb.long, Example: verb.example, Aliases: verb.aliases,
		Args: tree.Args("GROUP", "[MEMBER...]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runMembersVerb(cmd.Context(), a, verb, args[0], args[1:], file)
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "read the members from this file, - for standard input")
	return cmd
}

func runMembersVerb(ctx context.Context, a *app.App, verb membersVerb, name string, typed []string, file string) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if slices.Contains(typed, "-") {
		if len(typed) > 1 || file != "" {
			return exit.BadInputf(`"-" stands for the members on standard input and goes alone`)
		}
		typed, file = nil, "-"
	}
	if file != "" {
		more, err := readMembers(a, file)
		if err != nil {
			return err
		}
		typed = append(slices.Clone(typed), more...)
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	bulk := file != "" || verb.rest && len(typed) > 0
	if len(typed) == 0 && file == "" {
		if !a.Prompt.CanPrompt() {
			return exit.BadInputf("missing argument MEMBER").WithHint("name the members, or give --file FILE")
		}
		choices, err := candidates(ctx, r, &group)
		if err != nil {
			return err
		}
		if typed, err = askMembers(ctx, a.Prompt.WithContext(ctx), r, verb.offer(choices)); err != nil {
			return err
		}
	}
	who, err := resolveMembers(ctx, r, typed)
	if err != nil {
		return err
	}
	patch := verb.patch(group, who)
	step := &change.PatchGroup{Group: group, Patch: patch}
	added := len(patch.AddMemberUsers) + len(patch.AddMemberGroups)
	removed := len(patch.RemoveMemberUsers) + len(patch.RemoveMemberGroups)
	if added+removed == 0 {
		a.Status.Done("Nothing to change: group %s has %s", group.Name, text.Count(len(group.MemberUsers)+len(group.MemberGroups), "member"))
		return printGroup(a, p, group)
	}
	if slices.Contains(patch.AddMemberGroups, group.ID) {
		return exit.BadInputf("group %q cannot be a member of itself", group.Name)
	}
	if removed > 0 { // those who were not named have names, too
		if err := nameMembers(ctx, r, patch); err != nil {
			return err
		}
	}
	c := app.Change{Steps: []change.Step{step}, Title: "Changing members", Bulk: bulk}
	if verb.rest && len(typed) == 0 {
		c.Limits.Emptied = []string{"the group " + group.Name}
	}
	if verb.question != nil {
		c.Question = verb.question(group, patch)
	}
	result, err := a.Mutate(ctx, c)
	if err != nil || result == nil {
		return err
	}
	a.Status.Done("Group %s: %s added, %d removed, %d now", step.Out.Name, text.Count(added, "member"), removed, len(step.Out.MemberUsers)+len(step.Out.MemberGroups))
	return printGroup(a, p, step.Out)
}

// nameMembers makes the names of those known who are removed.
func nameMembers(ctx context.Context, r *resolve.Resolver, patch braintrust.GroupPatch) error {
	if len(patch.RemoveMemberUsers) > 0 {
		if _, err := r.Users(ctx); err != nil {
			return err
		}
	}
	if len(patch.RemoveMemberGroups) == 0 {
		return nil
	}
	_, err := r.Groups(ctx)
	return err
}

// readMembers reads a file of members: one a line, or rows that name one, such as those that btadmin groups
// members and btadmin members list print. Columns that say something else are passed over.
func readMembers(a *app.App, file string) ([]string, error) {
	doc, err := batch.Open(file, a.IO.In, batch.Options{
		Columns: []string{"member", "user_id", "group_id", "user_email", "name"}, IgnoreUnknown: true,
		Aliases: map[string]string{"email": "user_email", "e-mail": "user_email", "user": "member", "id": "user_id"},
	})
	const forms = "one member a line, or columns with a header: member, email, user_id, group_id or name; btadmin prints them with --json or -o csv"
	if err != nil {
		return nil, exit.New(exit.BadInput, err).WithHint(forms)
	}
	members := make([]string, len(doc.Rows))
	for i, row := range doc.Rows {
		if doc.Format == batch.FormatCSV && doc.Header == "" && len(row.Fields) > 1 {
			return nil, exit.BadInputf("%s:%d: several columns, and no header that names them", doc.Name, row.Line).WithHint(forms)
		}
		if members[i] = memberIn(row); members[i] == "" {
			return nil, exit.BadInputf("%s:%d: no member, email or id", doc.Name, row.Line).WithHint(forms)
		}
	}
	return members, nil
}

// memberIn is what a row calls a member, the surest name first.
func memberIn(row batch.Row) string {
	if id := row.Get("group_id"); id != "" {
		return "group:" + id
	}
	for _, column := range []string{"member", "user_id", "user_email", "name"} {
		if name := row.Get(column); name != "" {
			return name
		}
	}
	return ""
}

// without is what is in list and not in other.
func without(list, other []string) []string {
	have := make(map[string]bool, len(other))
	for _, id := range other {
		have[id] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return have[id] })
}

// both is what is in list and in other.
func both(list, other []string) []string {
	return without(list, without(list, other))
}
