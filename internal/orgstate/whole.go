package orgstate

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Extent says how much of an organization ReadWhole reads. The zero value is everything that access needs.
type Extent struct {
	// Objects reads every experiment, dataset, prompt and function; otherwise only those that grants name.
	Objects bool
	// SkipNamed leaves out even those: for callers that ask about nothing below projects.
	SkipNamed bool
	// SkipTokens leaves out the service tokens; who is a service account is then told from addresses alone.
	SkipTokens bool
	// Rows is told how many more rows have been read. It may be called from several goroutines.
	Rows func(n int)
}

// Whole is a whole organization, and what of it the key may not see.
type Whole struct {
	Snapshot *access.Snapshot
	// NoOrgACLs says that the list of all grants was refused: there are those on things that are listed.
	NoOrgACLs bool
	// Unread are the nodes whose grants are hidden from the key.
	Unread []access.Node
	// Objects says that every object is there, not only those that grants name.
	Objects bool
}

// whole is one reading of a whole organization.
type whole struct {
	client *braintrust.Client
	extent Extent
	out    *Whole
	s      *access.Snapshot

	groupsRead chan struct{} // closed when s.Groups is there
}

// ReadWhole reads the whole access state of an organization, all lists at the same time. Every list is complete, or
// there is an error. What the key may not see is told in the answer.
func ReadWhole(ctx context.Context, client *braintrust.Client, org braintrust.Organization, extent Extent) (*Whole, error) {
	if extent.Rows == nil {
		extent.Rows = func(int) {}
	}
	ctx = braintrust.Patient(ctx)
	s := &access.Snapshot{Organization: org}
	w := &whole{client: client, extent: extent, s: s, out: &Whole{Snapshot: s, Objects: extent.Objects}, groupsRead: make(chan struct{})}
	if err := w.lists(ctx); err != nil {
		return nil, err
	}
	if w.out.NoOrgACLs {
		if err := w.grantsByNode(ctx); err != nil {
			return nil, err
		}
	}
	if !extent.Objects && !extent.SkipNamed {
		items := make([]braintrust.ACLItem, len(s.ACLs))
		for i, acl := range s.ACLs {
			items[i] = acl.ACLItem
		}
		named, err := NamedObjects(ctx, client, items)
		if err != nil {
			return nil, err
		}
		s.Objects = named
	}
	return w.out, nil
}

// lists reads everything that needs nothing else first.
func (w *whole) lists(ctx context.Context) error {
	work, ctx := parallel.WithContext(ctx)
	read(work, w, "members", &w.s.Users, w.client.Users(ctx, braintrust.UserFilter{}))
	read(work, w, "roles", &w.s.Roles, w.client.Roles(ctx, braintrust.RoleFilter{}))
	read(work, w, "projects", &w.s.Projects, w.client.Projects(ctx, braintrust.ProjectFilter{}))
	read(work, w, "project groups", &w.s.ProjectGroups, w.client.ProjectGroups(ctx))
	work.Go(func() (err error) {
		if w.s.Groups, err = collect(w.client.Groups(ctx, braintrust.GroupFilter{}), w.extent.Rows); err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		close(w.groupsRead)
		return nil
	})
	work.Go(func() (err error) {
		w.s.ACLs, err = w.orgGrants(ctx)
		if braintrust.IsForbidden(err) {
			w.out.NoOrgACLs = true
			return nil
		}
		if err != nil {
			return fmt.Errorf("list the organization's ACLs: %w", err)
		}
		return nil
	})
	if !w.extent.SkipTokens {
		work.Go(func() (err error) {
			w.s.Tokens, err = collect(w.client.ServiceTokens(ctx, braintrust.ServiceTokenFilter{}), w.extent.Rows)
			w.s.TokensKnown = err == nil
			if err != nil && !braintrust.IsForbidden(err) {
				return fmt.Errorf("list service tokens: %w", err)
			}
			return nil
		})
	}
	perKind := make([][]braintrust.Object, len(objectKinds()))
	if w.extent.Objects {
		for i, kind := range objectKinds() {
			read(work, w, string(kind)+"s", &perKind[i], w.client.Objects(ctx, kind, braintrust.ObjectFilter{}))
		}
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, kind := range objectKinds() {
		w.keep(kind, perKind[i])
	}
	return nil
}

func (w *whole) keep(kind braintrust.ObjectKind, objects []braintrust.Object) {
	w.s.Objects = slices.Grow(w.s.Objects, len(objects))
	for _, o := range objects {
		w.s.Objects = append(w.s.Objects, access.Object{Kind: kind, Object: o})
	}
}

func objectKinds() []braintrust.ObjectKind {
	return []braintrust.ObjectKind{braintrust.KindExperiment, braintrust.KindDataset, braintrust.KindPrompt, braintrust.KindFunction}
}

func read[T any](work *parallel.Group, w *whole, what string, into *[]T, items iter.Seq2[T, error]) {
	list(work, true, what, into, func() ([]T, error) { return collect(items, w.extent.Rows) })
}

// rowsAtOnce is how many rows are reported together.
const rowsAtOnce = 100

// collect is braintrust.Collect that tells how far it is.
func collect[T any](seq iter.Seq2[T, error], rows func(int)) ([]T, error) {
	var all []T
	for item, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
		if len(all)%rowsAtOnce == 0 {
			rows(rowsAtOnce)
		}
	}
	rows(len(all) % rowsAtOnce)
	return all, nil
}
