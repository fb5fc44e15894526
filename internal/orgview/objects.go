package orgview

import (
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// stored are the lists of the snapshot, for the resolver.
func (v *View) stored() *resolve.Stored {
	s := v.Snapshot
	name := "the snapshot"
	if v.Meta.File != "" {
		name += " " + v.Meta.File
	}
	return &resolve.Stored{
		Name: name, Organization: s.Organization,
		Users: given(s.Users), Groups: living(given(s.Groups), groupDeleted), Roles: living(given(s.Roles), roleDeleted),
		Projects: living(given(s.Projects), projectDeleted),
		Tokens:   given(s.Tokens), TokensKnown: s.TokensKnown, AllObjects: v.Meta.Objects,
		Objects: func(kind braintrust.ObjectKind, projectID string) ([]braintrust.Object, error) {
			var found []access.Object
			for i := range s.Objects {
				if s.Objects[i].ProjectID == projectID {
					found = append(found, s.Objects[i])
				}
			}
			return ofKind(found, kind), nil
		},
		Object: v.object,
	}
}

func given[T any](items []T) func() ([]T, error) {
	return func() ([]T, error) { return items, nil }
}

func (v *View) object(kind braintrust.ObjectKind, id string) (braintrust.Object, bool, error) {
	for i := range v.Snapshot.Objects {
		if o := &v.Snapshot.Objects[i]; o.ID == id && o.Kind == kind && o.DeletedAt == nil {
			return o.Object, true, nil
		}
	}
	return braintrust.Object{}, false, nil
}

// objectOr asks elsewhere for what the snapshot lacks.
func (v *View) objectOr(elsewhere func(braintrust.ObjectKind, string) (braintrust.Object, bool, error)) func(braintrust.ObjectKind, string) (braintrust.Object, bool, error) {
	return func(kind braintrust.ObjectKind, id string) (braintrust.Object, bool, error) {
		if found, is, err := v.object(kind, id); is || err != nil {
			return found, is, err
		}
		return elsewhere(kind, id)
	}
}

// place puts an object that was found by its name into the snapshot, when it is not there.
func (v *View) place(t resolve.Target) {
	switch t.Node.Type {
	case braintrust.ObjectProject, braintrust.ObjectProjectLog:
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.Meta.Objects || v.placed[t.Node] {
		return
	}
	for i := range v.Snapshot.Objects {
		if v.Snapshot.Objects[i].Node() == t.Node {
			return
		}
	}
	v.placed[t.Node] = true
	v.Snapshot.Objects = append(v.Snapshot.Objects, access.Object{
		Kind: braintrust.ObjectKind(t.Node.Type), Object: braintrust.Object{ID: t.Node.ID, ProjectID: t.ProjectID, Name: t.Name},
	})
	v.state, v.engine = nil, nil
}
