package resolve

import "btadmin/pkg/braintrust"

// Loaded is what a run has listed completely; a list that was not read is nil.
type Loaded struct {
	Groups   []braintrust.Group
	Roles    []braintrust.Role
	Projects []braintrust.Project
	Users    []braintrust.User
}

// Loaded returns the lists that are there already. It asks nobody.
func (r *Resolver) Loaded() Loaded {
	var l Loaded
	l.Groups, _ = r.groups.loaded()
	l.Roles, _ = r.roles.loaded()
	l.Projects, _ = r.projects.loaded()
	l.Users, _ = r.users.loaded()
	return l
}
