package orgview

import (
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// living is a list without what is deleted: names only mean what is there.
func living[T any](list func() ([]T, error), deleted func(T) bool) func() ([]T, error) {
	return func() ([]T, error) {
		items, err := list()
		if !slices.ContainsFunc(items, deleted) {
			return items, err
		}
		return slices.DeleteFunc(slices.Clone(items), deleted), err
	}
}

func groupDeleted(g braintrust.Group) bool     { return g.DeletedAt != nil }
func roleDeleted(r braintrust.Role) bool       { return r.DeletedAt != nil }
func projectDeleted(p braintrust.Project) bool { return p.DeletedAt != nil }

func ofKind(objects []access.Object, kind braintrust.ObjectKind) []braintrust.Object {
	var found []braintrust.Object
	for i := range objects {
		if objects[i].Kind == kind && objects[i].DeletedAt == nil {
			found = append(found, objects[i].Object)
		}
	}
	return found
}
