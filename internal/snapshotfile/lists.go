package snapshotfile

import (
	"fmt"
	"slices"

	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Organization is the organization itself.
func (f *File) Organization() (braintrust.Organization, error) {
	data, err := f.only(sectionOrganization)
	if err != nil {
		return braintrust.Organization{}, err
	}
	org, err := getOrganization(data)
	if err != nil {
		return org, fmt.Errorf("%w: its organization: %w", ErrDamaged, err)
	}
	return org, nil
}

// Users are the members.
func (f *File) Users() ([]braintrust.User, error) { return readList(f, sectionUsers, getUser) }

// Groups are the groups with all their members.
func (f *File) Groups() ([]braintrust.Group, error) { return readList(f, sectionGroups, getGroup(nil)) }

// GroupsWith are the groups, but as users only those that are named: all that matters for questions about them.
func (f *File) GroupsWith(users []string) ([]braintrust.Group, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	named := map[uint32]bool{}
	for _, id := range users {
		if n, known := t.number(id); known {
			named[n] = true
		}
	}
	return readList(f, sectionGroups, getGroup(func(n uint32) bool { return named[n] }))
}

// Roles are the roles, those of the system too.
func (f *File) Roles() ([]braintrust.Role, error) { return readList(f, sectionRoles, getRole) }

// Projects are the projects, without their settings.
func (f *File) Projects() ([]braintrust.Project, error) {
	return readList(f, sectionProjects, getProject)
}

// ProjectGroups are the project groups.
func (f *File) ProjectGroups() ([]braintrust.ProjectGroup, error) {
	return readList(f, sectionProjectGroups, getProjectGroup)
}

// Tokens are the service tokens, without anything of their secrets.
func (f *File) Tokens() ([]braintrust.ServiceToken, error) {
	return readList(f, sectionTokens, getToken)
}

// ACLsOn are the grants on some nodes.
func (f *File) ACLsOn(nodes []access.Node) ([]braintrust.ACL, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	keys := []uint64{}
	for _, n := range nodes {
		typeNumber, known := t.wordNumber(string(n.Type))
		if objectNumber, listed := t.number(n.ID); known && listed {
			keys = append(keys, aclKey(typeNumber, objectNumber))
		}
	}
	return readBlocks(f, sectionACLs, keys, getACL, skipACL)
}

// ObjectsIn are the objects of a project.
func (f *File) ObjectsIn(project string) ([]access.Object, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	n, known := t.number(project)
	if !known {
		return nil, nil
	}
	return readBlocks(f, sectionObjects, []uint64{uint64(n)}, getObject, skipObject)
}

// Objects are all objects that the snapshot has.
func (f *File) Objects() ([]access.Object, error) {
	return readBlocks(f, sectionObjects, nil, getObject, skipObject)
}

// Object finds an object by its id.
func (f *File) Object(kind braintrust.ObjectKind, id string) (o access.Object, found bool, err error) {
	t, err := f.tables()
	if err != nil {
		return o, false, err
	}
	if _, known := t.number(id); !known {
		return o, false, nil
	}
	all, err := f.Objects()
	i := slices.IndexFunc(all, func(o access.Object) bool { return o.ID == id && o.Kind == kind })
	if err != nil || i < 0 {
		return o, false, err
	}
	return all[i], true, nil
}

// Snapshot reads everything.
func (f *File) Snapshot() (*access.Snapshot, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	t.expand()
	s := &access.Snapshot{TokensKnown: !f.Header.NoTokens}
	var work parallel.Group
	take(&work, &s.Organization, f.Organization)
	take(&work, &s.Users, f.Users)
	take(&work, &s.Groups, f.Groups)
	take(&work, &s.Roles, f.Roles)
	take(&work, &s.Projects, f.Projects)
	take(&work, &s.ProjectGroups, f.ProjectGroups)
	take(&work, &s.Tokens, f.Tokens)
	take(&work, &s.Objects, f.Objects)
	take(&work, &s.ACLs, func() ([]braintrust.ACL, error) { return readBlocks(f, sectionACLs, nil, getACL, skipACL) })
	if err := work.Wait(); err != nil {
		return nil, err
	}
	c := f.Header.Counts
	if got := (Counts{
		Users: len(s.Users), Groups: len(s.Groups), Roles: len(s.Roles), ACLs: len(s.ACLs), Projects: len(s.Projects),
		ProjectGroups: len(s.ProjectGroups), Objects: len(s.Objects), Tokens: len(s.Tokens),
	}); got != c {
		return nil, fmt.Errorf("%w: it does not hold as much as its header says", ErrDamaged)
	}
	return s, nil
}

func take[T any](work *parallel.Group, into *T, read func() (T, error)) {
	work.Go(func() (err error) {
		*into, err = read()
		return err
	})
}

func readList[T any](f *File, name string, get func(*decoder, *T)) ([]T, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	data, err := f.only(name)
	if err != nil {
		return nil, err
	}
	items, err := decodeList(data, t, get)
	if err != nil {
		return nil, fmt.Errorf("read the snapshot's %s: %w", name, err)
	}
	return items, nil
}

// readBlocks reads the rows with some keys, or with nil all, from those sections that can have them.
func readBlocks[T any](f *File, name string, keys []uint64, get func(*decoder, uint64, *T), skip func(*decoder)) ([]T, error) {
	t, err := f.tables()
	if err != nil {
		return nil, err
	}
	var blocks []section
	for _, s := range f.Header.Sections {
		if s.Name == name {
			blocks = append(blocks, s)
		}
	}
	var wanted func(uint64) bool
	if keys != nil {
		keys = slices.Sorted(slices.Values(keys))
		wanted = func(key uint64) bool { _, is := slices.BinarySearch(keys, key); return is }
	}
	var rows []T
	for i, s := range blocks {
		if keys != nil {
			at, _ := slices.BinarySearch(keys, s.First)
			if at == len(keys) || i+1 < len(blocks) && keys[at] > blocks[i+1].First {
				continue
			}
		}
		data, err := f.unpack(s)
		if err != nil {
			return nil, err
		}
		if rows, err = decodeBlock(data, t, wanted, get, skip, rows); err != nil {
			return nil, fmt.Errorf("read the snapshot's %s: %w", name, err)
		}
	}
	return rows, nil
}
