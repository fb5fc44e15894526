package groups

import (
	"context"
	"sort"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/parallel"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// memberRow is one member of a group.
type memberRow struct {
	Kind      string `json:"kind"` // person, service_account, unknown, group
	Name      string `json:"name"`
	UserID    string `json:"user_id,omitempty"`
	UserEmail string `json:"user_email,omitempty"`
	GroupID   string `json:"group_id,omitempty"`
	GroupName string `json:"group_name,omitempty"`
}

func (m memberRow) id() string {
	if m.GroupID != "" {
		return m.GroupID
	}
	return m.UserID
}

// label is how commands name the member.
func (m memberRow) label() string {
	switch {
	case m.Kind == "group":
		return "group:" + m.Name
	case m.Kind == string(orgstate.ServiceAccount) && m.Name != "":
		return "sa:" + m.Name
	case m.UserEmail != "":
		return m.UserEmail
	case m.Name != "":
		return m.Name
	}
	return m.id()
}

func newMembers(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "members GROUP",
		Aliases: []string{"member"},
		Short:   "list, add, remove or set the members of a group",
		Long: `List the members of a group: people, service accounts and nested groups. The users of a nested group
receive what this group allows; the users of this group do not receive what the nested group allows.

A member is an e-mail, a name, sa:NAME, group:NAME or an id.`,
		Example: `  btadmin groups members QA
  btadmin groups members QA --jq '.[] | select(.kind == "person") | .user_email'
  btadmin groups members add QA ana@example.com sa:ci group:Labelers
  btadmin groups members set QA --file members.csv`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runMembers(cmd.Context(), a, args[0]) },
	}
	cmd.AddCommand(newMembersList(a), newMembersAdd(a), newMembersRemove(a), newMembersSet(a))
	return cmd
}

func runMembers(ctx context.Context, a *app.App, name string) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	group, err := r.Group(ctx, name)
	if err != nil {
		return err
	}
	rows, err := memberRows(ctx, r, group)
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	return output.List(p, memberColumns(), rows)
}

// memberRows names the members of a group: people by e-mail, then service accounts, then groups.
func memberRows(ctx context.Context, r *resolve.Resolver, group braintrust.Group) ([]memberRow, error) {
	rows := []memberRow{}
	var members orgstate.Members
	work, workCtx := parallel.WithContext(ctx)
	if len(group.MemberUsers) > 0 {
		work.Go(func() (err error) {
			members, err = r.Members(workCtx)
			return err
		})
	}
	if len(group.MemberGroups) > 0 {
		work.Go(func() error {
			_, err := r.Groups(workCtx)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	for _, id := range group.MemberUsers {
		row := memberRow{Kind: string(orgstate.Unknown), UserID: id}
		if m, known := members.ByID(id); known {
			row.Kind, row.Name, row.UserEmail = string(m.Kind), m.Name, m.User.Email
		}
		rows = append(rows, row)
	}
	for _, id := range group.MemberGroups {
		name := r.Seen().Group(id)
		rows = append(rows, memberRow{Kind: "group", Name: name, GroupID: id, GroupName: name})
	}
	sort.SliceStable(rows, func(i, j int) bool {
		if a, b := kindOrder(rows[i].Kind), kindOrder(rows[j].Kind); a != b {
			return a < b
		}
		return rows[i].label() < rows[j].label()
	})
	return rows, nil
}

func kindOrder(kind string) int {
	switch kind {
	case string(orgstate.Person):
		return 0
	case string(orgstate.ServiceAccount):
		return 1
	case string(orgstate.Unknown):
		return 2
	}
	return 3
}

func memberColumns() []output.Column[memberRow] {
	return []output.Column[memberRow]{
		{Field: "kind", Text: func(m memberRow) string { return m.Kind }},
		{Field: "name", Text: func(m memberRow) string { return m.Name }},
		{Field: "user_email", Header: "EMAIL", Text: func(m memberRow) string { return m.UserEmail }},
		{Field: "user_id", Header: "ID", Text: func(m memberRow) string { return m.id() }},
	}
}
