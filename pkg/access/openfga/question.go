package openfga

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Check is the question whether a principal has a permission on a thing.
func Check(p access.Principal, permission braintrust.Permission, n access.Node) Tuple {
	return Tuple{User: principal(p), Relation: itself(permission), Object: node(n)}
}

// CheckChild is the question whether a principal has a permission on a child of a type in a container, such as
// create on a dataset that does not exist yet. For a type without relations of its own in the model it asks about
// "other": what is granted without restriction.
func (m *Model) CheckChild(p access.Principal, permission braintrust.Permission, child braintrust.ObjectType, container access.Node) Tuple {
	return Tuple{User: principal(p), Relation: on(permission, m.shape.suffix(child)), Object: node(container)}
}

func principal(p access.Principal) string {
	if p.Kind == access.PrincipalGroup {
		return group(p.ID)
	}
	return user(p.ID)
}
