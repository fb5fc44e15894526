// Package orgview is a whole organization to ask: read live just now, or from a snapshot file. Nothing in it makes a
// request, except to place an object of a live organization that no grant names.
package orgview

import (
	"context"
	"fmt"
	"sync"
	"time"

	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// Options says how much of an organization is read. It has no effect on a file, which has what it has.
type Options struct {
	// Objects reads every experiment, dataset, prompt and function, not only those that grants name.
	Objects bool
	// SkipNamed leaves out the objects that grants name: for work that asks about nothing below projects. Grants on
	// them are there, but nobody knows which project they are in.
	SkipNamed bool
	// SkipTokens leaves out service tokens; who is a service account is then told from addresses alone.
	SkipTokens bool
	// Rows is told how many more rows have been read, for a progress bar.
	Rows func(n int)
}

// View is a whole organization. Its Snapshot must not be changed. It is safe for concurrent use.
type View struct {
	Snapshot *access.Snapshot
	Meta     Meta
	Members  orgstate.Members

	resolver *resolve.Resolver
	names    func() *resolve.Names

	mu     sync.Mutex
	state  *access.State
	engine *compiled.Engine
	placed map[access.Node]bool // objects that were added to Snapshot
}

// Live reads the organization that a client's key works in.
func Live(ctx context.Context, client *braintrust.Client, org braintrust.Organization, host string, now time.Time, o Options) (*View, error) {
	whole, err := orgstate.ReadWhole(ctx, client, org, orgstate.Extent{
		Objects: o.Objects, SkipNamed: o.SkipNamed, SkipTokens: o.SkipTokens, Rows: o.Rows,
	})
	if err != nil {
		return nil, fmt.Errorf("read the organization %s: %w", org.Name, err)
	}
	v := New(whole.Snapshot, Meta{
		Host: host, Taken: now.UTC(), Objects: whole.Objects, NoOrgACLs: whole.NoOrgACLs, Unread: whole.Unread,
	})
	whole.Snapshot.Complete = !o.SkipNamed && v.concludes()
	stored := v.stored()
	stored.Name, stored.AllObjects = "the organization as it is", true // the server is asked for what is missing
	if !whole.Objects {
		stored.Objects = func(kind braintrust.ObjectKind, projectID string) ([]braintrust.Object, error) {
			return braintrust.Collect(client.Objects(ctx, kind, braintrust.ObjectFilter{ProjectID: projectID}))
		}
		stored.Object = v.objectOr(func(kind braintrust.ObjectKind, id string) (braintrust.Object, bool, error) {
			object, err := client.Object(ctx, kind, id)
			if braintrust.IsNotFound(err) || braintrust.IsForbidden(err) {
				return object, false, nil
			}
			return object, err == nil, err
		})
	}
	v.resolver = resolve.NewStored(stored)
	return v, nil
}

// concludes reports whether what no list shows is not there, rather than hidden from the key that read: it saw every
// grant and, where it is known whose it is, may read all projects and what is in them.
func (v *View) concludes() bool {
	if !v.Meta.AllGrants() || v.Meta.Reader == "" {
		return v.Meta.AllGrants()
	}
	reader := access.Principal{Kind: access.PrincipalUser, ID: v.Meta.Reader}
	state := access.NewState(v.Snapshot)
	state.AddImplied()
	all := access.Node{Type: braintrust.ObjectOrgProject, ID: v.Snapshot.Organization.ID}
	for _, kind := range []braintrust.ObjectType{braintrust.ObjectProject, braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt} {
		if !state.AllowedChild(reader, braintrust.PermissionRead, kind, all) {
			return false
		}
	}
	return true
}

// ReadBy notes whose key read a live view.
func (v *View) ReadBy(userID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Meta.Reader = userID
	v.Snapshot.Complete = v.Snapshot.Complete && v.concludes()
	v.state, v.engine = nil, nil
}

// New makes a view of a snapshot that is in memory.
func New(s *access.Snapshot, meta Meta) *View {
	v := &View{
		Snapshot: s, Meta: meta, Members: orgstate.Classify(s.Users, s.Tokens, s.TokensKnown),
		placed: map[access.Node]bool{},
	}
	v.names = sync.OnceValue(func() *resolve.Names { return resolve.NamesOf(s, v.Members) })
	v.resolver = resolve.NewStored(v.stored())
	return v
}

// State is the plain evaluator over the view, with the grants of built-in groups that a server gives without listing
// them. It must not be changed: Clone it.
func (v *View) State() *access.State {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.state == nil {
		v.state = access.NewState(v.Snapshot)
		v.state.AddImplied()
	}
	return v.state
}

// Engine is the compiled evaluator over the view, with the same grants as State.
func (v *View) Engine() *compiled.Engine {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.engine == nil {
		v.engine = compiled.Compile(v.Snapshot, compiled.WithImplied())
	}
	return v.engine
}

// Names turns ids into what people call things.
func (v *View) Names() *resolve.Names { return v.names() }

// Resolver looks names up in the view, without a request.
func (v *View) Resolver() *resolve.Resolver { return v.resolver }

// WithLabels says what the words for permissions stand for; without it, they are the published ones.
func (v *View) WithLabels(table access.Table) *View {
	v.resolver.WithLabels(table)
	return v
}

// Labels is the label table that words are read and grants are shown with.
func (v *View) Labels() access.Table { return v.resolver.Labels() }

// Principal resolves a reference to a principal: user:EMAIL, group:NAME, sa:NAME, or a bare name.
func (v *View) Principal(ctx context.Context, ref string) (resolve.Named, error) {
	return v.resolver.Principal(ctx, ref)
}

// Target resolves a reference to an object. One that the view does not list yet, because no grant names it, is looked
// up when the view is live and put into the snapshot; resolve before asking State or Engine, which are made anew then.
func (v *View) Target(ctx context.Context, ref string) (resolve.Target, error) {
	target, err := v.resolver.Target(ctx, ref)
	if err == nil && target.ProjectID != "" {
		v.place(target)
	}
	return target, err
}

// Placed reports whether it is known what contains a node. It is not for playgrounds, for types that cannot be
// listed, and in a file without all objects for those that no grant names: no "no" about them is proven.
func (v *View) Placed(n access.Node) bool {
	return n.Type == braintrust.ObjectOrganization || len(v.State().Parents(n)) > 0 || !v.State().Exists(n)
}
