package access

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
)

// whoCanRow is somebody who has a permission. Fields are added, never renamed.
type whoCanRow struct {
	Principal     string   `json:"principal"`
	PrincipalType string   `json:"principal_type"` // user or group
	PrincipalID   string   `json:"principal_id"`
	PrincipalKind string   `json:"principal_kind"` // person, service_account, unknown or group
	Permission    string   `json:"permission"`     // the word
	Presence      string   `json:"presence"`       // full, or partial: some of the word's permissions
	Permissions   []string `json:"permissions"`    // those of the word that are there
	Object        string   `json:"object"`
	ObjectType    string   `json:"object_type"`
	ObjectID      string   `json:"object_id"`
	Kind          string   `json:"kind"`    // of --objects, "" when the object itself was asked about
	Through       string   `json:"through"` // the shortest way to it
}

type whoCanOptions struct {
	snapshot, objects        string
	people, accounts, groups bool
}

func newWhoCan(a *app.App) *cobra.Command {
	var opts whoCanOptions
	cmd := &cobra.Command{
		Use:   "who-can PERMISSION OBJECT",
		Short: "list everybody who may do something",
		Long: `List the people, service accounts and groups that have permissions on an object, by grants of their own, through
groups, roles and whatever contains the object. THROUGH is the shortest way to it; access explain tells all.

PERMISSION and OBJECT are those of access check, and so is --objects. A word that stands for several permissions,
such as manage-access, is told as partial where only some of them are there. What every member may do without a
grant, to read the organization, its members and the system roles, is told so.`,
		Example: `  btadmin access who-can delete project:Chatbot
  btadmin access who-can manage-access organization --people
  btadmin access who-can create project:Chatbot --objects datasets --json
  btadmin access who-can read project:Chatbot --snapshot acme.btsnap -o csv`,
		Args: tree.Args("PERMISSION", "OBJECT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runWhoCan(cmd.Context(), a, args[0], args[1], opts)
		},
	}
	cmd.Flags().StringVar(&opts.objects, "objects", "", "ask about things of these kinds in the object: experiments, datasets, logs, ...")
	cmd.Flags().BoolVar(&opts.people, "people", false, "list people, and members of whom it is not known that they are accounts")
	cmd.Flags().BoolVar(&opts.accounts, "service-accounts", false, "list service accounts")
	cmd.Flags().BoolVar(&opts.groups, "groups", false, "list groups")
	addSnapshotFlag(cmd, &opts.snapshot)
	return cmd
}

func runWhoCan(ctx context.Context, a *app.App, words, ref string, opts whoCanOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	v, err := a.View(ctx, opts.snapshot, orgview.Options{})
	if err != nil {
		return err
	}
	target, err := v.Target(ctx, ref)
	if err != nil {
		return err
	}
	asked, err := questions(v.Labels(), target, words, opts.objects)
	if err != nil {
		return err
	}
	if err := warnIncomplete(ctx, a, v); err != nil {
		return err
	}
	rows := []whoCanRow{}
	for _, q := range asked {
		for _, h := range holders(v, q) {
			h.Object, h.ObjectType, h.ObjectID = target.Ref, string(target.Node.Type), target.Node.ID
			if opts.wants(h.PrincipalKind) {
				rows = append(rows, h)
			}
		}
	}
	return output.List(p, holderColumns(), rows)
}

// wants reports whether a kind of principal is listed: all of them when none is chosen.
func (o whoCanOptions) wants(kind string) bool {
	switch {
	case !o.people && !o.accounts && !o.groups:
		return true
	case kind == kindGroup:
		return o.groups
	case kind == kindAccount:
		return o.accounts
	}
	return o.people
}

// holders are everybody who has at least a part of what a question asks for.
func holders(v *orgview.View, q question) []whoCanRow {
	engine, state := v.Engine(), v.State()
	parts := map[access.Principal][]part{}
	for _, p := range q.parts {
		found := engine.WhoCan(p.permission, p.node, compiled.Users|compiled.Groups)
		if p.child != "" {
			found = engine.WhoCanChild(p.permission, p.child, p.node, compiled.Users|compiled.Groups)
		}
		given := map[access.Principal]bool{}
		for who := range found {
			given[who] = true
			parts[who] = append(parts[who], p)
		}
		for who := range membersWho(v, p) {
			if !given[who] {
				parts[who] = append(parts[who], p)
			}
		}
	}
	rows := make([]whoCanRow, 0, len(parts))
	for who, held := range parts {
		h := whoCanRow{
			Principal: v.Names().Principal(who), PrincipalType: string(who.Kind), PrincipalID: who.ID, PrincipalKind: kindOf(v, who),
			Permission: q.word, Presence: string(access.Full), Kind: q.kind, Through: shortest(v, held[0].explain(state.Trace(who))),
		}
		if len(held) < len(q.parts) {
			h.Presence = string(access.Partial)
		}
		for _, p := range held {
			h.Permissions = append(h.Permissions, string(p.permission))
		}
		rows = append(rows, h)
	}
	slices.SortFunc(rows, func(a, b whoCanRow) int {
		return cmp.Or(
			cmp.Compare(kindOrder(a.PrincipalKind), kindOrder(b.PrincipalKind)),
			strings.Compare(a.Principal, b.Principal), strings.Compare(a.PrincipalID, b.PrincipalID),
		)
	})
	return rows
}

// membersWho are all members when every member may do what is asked for.
func membersWho(v *orgview.View, p part) iter.Seq[access.Principal] {
	return func(yield func(access.Principal) bool) {
		for _, m := range v.Members.All {
			who := access.Principal{Kind: access.PrincipalUser, ID: m.User.ID}
			if p.child != "" || !v.State().ByMembership(who, p.permission, p.node) || !yield(who) {
				return
			}
		}
	}
}

func holderColumns() []output.Column[whoCanRow] {
	return []output.Column[whoCanRow]{
		{Field: "principal", Header: "PRINCIPAL", Text: func(h whoCanRow) string { return h.Principal }},
		{Field: "principal_kind", Header: "KIND", Text: func(h whoCanRow) string { return strings.ReplaceAll(h.PrincipalKind, "_", " ") }, Raw: func(h whoCanRow) string { return h.PrincipalKind }},
		{Field: "permission", Header: "PERMISSION", Text: func(h whoCanRow) string {
			if h.Presence == string(access.Partial) {
				return h.Permission + " (partial: " + strings.Join(h.Permissions, ", ") + ")"
			}
			return h.Permission
		}},
		{Field: "object", Header: "OBJECT", Text: func(h whoCanRow) string { return h.Object }},
		{Field: "kind", Header: "OBJECTS", Text: func(h whoCanRow) string { return h.Kind }},
		{Field: "through", Header: "THROUGH", Text: func(h whoCanRow) string { return h.Through }},
	}
}
