package access

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/accessdiff"
	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// holding is what a principal may do in one place. Fields are added, never renamed.
type holding struct {
	Principal     string `json:"principal"`
	PrincipalType string `json:"principal_type"`
	PrincipalID   string `json:"principal_id"`
	spot
	Permissions []braintrust.Permission `json:"permissions"` // the raw ones
	Words       []string                `json:"words"`       // manage-access when all of it is there
	Inherited   bool                    `json:"inherited"`   // no more than what contains the place gives
	// ByMembership: to read it needs no grant, every member may.
	ByMembership bool `json:"by_membership"`
}

type listOptions struct {
	snapshot, permission, kind string
	all, objects               bool
}

func newList(a *app.App) *cobra.Command {
	var opts listOptions
	cmd := &cobra.Command{
		Use:     "list PRINCIPAL",
		Aliases: []string{"ls"},
		Short:   "list everything that somebody may do",
		Long: `List what a principal may do, by grants of his own, through groups, roles and whatever contains a thing: on the
organization, on all projects, on each project, on the kinds of object in it, on single objects. OBJECTS says that
the line is about the things of that kind in the object, those that exist and those to come.

A line is left out when it says no more than one above it does: who reads all projects is told so once. --all
lists every place, and what every member may without a grant: to read the organization, its members and the
system roles. Single objects are those that some grant names; --objects reads all of them, or take a snapshot
that has them.

"me" is whoever the key belongs to.`,
		Example: `  btadmin access list user:ana@example.com
  btadmin access list group:QA --permission delete,manage-access
  btadmin access list sa:ci --kind datasets --all --jq '.[].object'
  btadmin access list user:ana@example.com --snapshot acme.btsnap`,
		Args: tree.Args("PRINCIPAL"),
		RunE: func(cmd *cobra.Command, args []string) error { return runList(cmd.Context(), a, args[0], opts) },
	}
	cmd.Flags().StringVar(&opts.permission, "permission", "", "only these permissions: read,update, manage-access, ...")
	cmd.Flags().StringVar(&opts.kind, "kind", "", "only these: projects, experiments, datasets, logs, groups, ...")
	cmd.Flags().BoolVar(&opts.all, "all", false, "list every place, not only where more is given than above")
	cmd.Flags().BoolVar(&opts.objects, "objects", false, "read every object, not only those that grants name")
	addSnapshotFlag(cmd, &opts.snapshot)
	return cmd
}

func runList(ctx context.Context, a *app.App, ref string, opts listOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	wanted, err := wantedPermissions(opts.permission)
	if err != nil {
		return err
	}
	kinds, err := parseKinds(opts.kind)
	if err != nil {
		return err
	}
	v, err := a.View(ctx, opts.snapshot, orgview.Options{Objects: opts.objects})
	if err != nil {
		return err
	}
	who, err := whoIsIn(ctx, a, v, ref)
	if err != nil {
		return err
	}
	if err := warnIncomplete(ctx, a, v); err != nil {
		return err
	}
	if opts.all && !v.Meta.Objects {
		a.Status.Note("single objects are listed only where a grant names them; --objects lists all")
	}
	return output.List(p, holdingColumns(), holdings(v, who, wanted, access.RestrictTypes(kinds), opts.all))
}

// wantedPermissions reads the words of --permission; nil wants every one.
func wantedPermissions(words string) ([]braintrust.Permission, error) {
	if words == "" {
		return nil, nil
	}
	labels, err := access.Table{}.ParseWords(access.ScopeProject, words)
	if err != nil {
		return nil, badWord(err)
	}
	var out []braintrust.Permission
	for _, l := range labels {
		for _, g := range l.Grants {
			out = append(out, g.Tuple.Permission)
		}
	}
	if len(out) == 0 {
		return nil, exit.BadInputf("--permission %q lists nothing", words)
	}
	return out, nil
}

// whoIsIn resolves a principal in a view; "me" is whoever read it.
func whoIsIn(ctx context.Context, a *app.App, v *orgview.View, ref string) (resolve.Named, error) {
	if ref != "me" && ref != "self" {
		return v.Principal(ctx, ref)
	}
	id := v.Meta.Reader
	if v.Meta.File == "" {
		caller, err := a.Caller(ctx)
		if err != nil {
			return resolve.Named{}, err
		}
		id = caller.UserID
	}
	if id == "" {
		return resolve.Named{}, exit.Newf(exit.Failure, "the server does not tell who this key belongs to").
			WithHint("name the principal instead of %q, such as user:EMAIL or sa:NAME", ref)
	}
	return v.Principal(ctx, "user:"+id)
}

// holdings lists what a principal may do, place by place.
func holdings(v *orgview.View, who resolve.Named, wanted []braintrust.Permission, types []braintrust.ObjectType, all bool) []holding {
	places, parents := diff.Places(v.Snapshot)
	permissions := append(braintrust.Permissions(), v.Engine().OtherPermissions()...)
	if wanted != nil {
		permissions = wanted
	}
	given := make([][]braintrust.Permission, len(places))
	rows := []holding{}
	for i, place := range places {
		given[i] = held(v.Engine(), who.Principal, place, permissions)
		inherited := parents[i] >= 0 && len(given[i]) == len(given[parents[i]])
		told, member := given[i], false
		if all {
			told, member = withMembership(v, who.Principal, place, given[i], permissions)
		}
		if len(told) == 0 || inherited && !all || !ofTypes(place, types) {
			continue
		}
		rows = append(rows, holding{
			Principal: v.Names().Principal(who.Principal), PrincipalType: string(who.Principal.Kind), PrincipalID: who.Principal.ID,
			spot: spotOf(v, place), Permissions: told, Words: accessdiff.Words(told), Inherited: inherited && !member, ByMembership: member,
		})
	}
	byName(rows, func(h holding) (access.Node, string) {
		return access.Node{Type: braintrust.ObjectType(h.ObjectType), ID: h.ObjectID}, h.Object
	})
	return rows
}

// withMembership adds what every member may to what is given by grants, and reports whether that is more.
func withMembership(v *orgview.View, who access.Principal, p diff.Place, given, wanted []braintrust.Permission) ([]braintrust.Permission, bool) {
	var told []braintrust.Permission
	for _, permission := range wanted {
		if slices.Contains(given, permission) || p.Child == "" && v.State().ByMembership(who, permission, p.Node) {
			told = append(told, permission)
		}
	}
	return told, len(told) > len(given)
}

// ofTypes reports whether a place is about things of one of some types; no types are all.
func ofTypes(p diff.Place, types []braintrust.ObjectType) bool {
	t := p.Child
	if t == "" {
		t = p.Node.Type
	}
	return len(types) == 0 || slices.Contains(types, t)
}

func holdingColumns() []output.Column[holding] {
	return []output.Column[holding]{
		{Field: "object", Header: "OBJECT", Text: func(h holding) string { return h.Object }},
		{Field: "kind", Header: "OBJECTS", Text: func(h holding) string { return h.Kind }},
		{Field: "words", Header: "PERMISSIONS", Text: func(h holding) string { return strings.Join(h.Words, ", ") }, Raw: func(h holding) string { return strings.Join(h.Words, ",") }},
	}
}
