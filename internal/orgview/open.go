package orgview

import (
	"errors"
	"io/fs"
	"slices"
	"sync"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/snapshotfile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Open reads and checks a whole snapshot file.
func Open(path string) (*View, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := f.file.Snapshot()
	if err != nil {
		return nil, f.bad(err)
	}
	v := New(s, f.Meta)
	s.Complete = v.concludes()
	return v, nil
}

// File is a snapshot file of which only what a question needs is read: for a few questions, that is quicker than the
// whole. It is not safe for concurrent use.
type File struct {
	Meta     Meta
	Header   snapshotfile.Header
	file     *snapshotfile.File
	resolver *resolve.Resolver
	projects func() ([]braintrust.Project, error)
}

// OpenFile opens a snapshot file. Each part is checked when it is read.
func OpenFile(path string) (*File, error) {
	file, err := snapshotfile.Open(path)
	if err != nil {
		return nil, badFile(path, err)
	}
	f := &File{Header: file.Header, file: file, Meta: metaOf(path, file.Header)}
	org, err := file.Organization()
	if err != nil {
		return nil, f.bad(errors.Join(err, file.Close()))
	}
	f.projects = sync.OnceValues(file.Projects)
	f.resolver = resolve.NewStored(&resolve.Stored{
		Name: "the snapshot " + path, Organization: org, TokensKnown: !file.Header.NoTokens, AllObjects: file.Header.Objects,
		Users: file.Users, Groups: living(file.Groups, groupDeleted), Roles: living(file.Roles, roleDeleted),
		Projects: living(f.projects, projectDeleted), Tokens: file.Tokens,
		Objects: func(kind braintrust.ObjectKind, projectID string) ([]braintrust.Object, error) {
			objects, err := file.ObjectsIn(projectID)
			return ofKind(objects, kind), err
		},
		Object: func(kind braintrust.ObjectKind, id string) (braintrust.Object, bool, error) {
			o, found, err := file.Object(kind, id)
			return o.Object, found && o.DeletedAt == nil, err
		},
	})
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Verify reads and checks every part.
func (f *File) Verify() error {
	if _, err := f.file.Snapshot(); err != nil {
		return f.bad(err)
	}
	return nil
}

// Resolver looks names up in the file.
func (f *File) Resolver() *resolve.Resolver { return f.resolver }

// Around is what questions about some users need besides grants and objects: all groups, with only these of their
// users, roles, projects and project groups.
func (f *File) Around(users []string) (*access.Snapshot, error) {
	s := &access.Snapshot{}
	var errs [5]error
	s.Organization, errs[0] = f.file.Organization()
	s.Groups, errs[1] = f.file.GroupsWith(users)
	s.Roles, errs[2] = f.file.Roles()
	s.Projects, errs[3] = f.projects()
	s.ProjectGroups, errs[4] = f.file.ProjectGroups()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, f.bad(err)
	}
	return s, nil
}

// ACLsOn are the grants on some nodes.
func (f *File) ACLsOn(nodes []access.Node) ([]braintrust.ACL, error) {
	acls, err := f.file.ACLsOn(nodes)
	if err != nil {
		return nil, f.bad(err)
	}
	return acls, nil
}

// ACLs are all grants; false when the key could not list them as a whole.
func (f *File) ACLs() ([]braintrust.ACL, bool, error) {
	if f.Meta.NoOrgACLs {
		return nil, false, nil
	}
	s, err := f.file.Snapshot()
	if err != nil {
		return nil, false, f.bad(err)
	}
	return s.ACLs, true, nil
}

func (f *File) bad(err error) error { return badFile(f.Meta.File, err) }

// badFile makes what is wrong with a file an error of the input.
func badFile(path string, err error) error {
	bad := exit.New(exit.BadInput, err)
	switch {
	case errors.Is(err, snapshotfile.ErrNewer):
		return bad.WithHint("install a newer btadmin, or make the snapshot again: btadmin snapshot save %s --overwrite", path)
	case errors.Is(err, snapshotfile.ErrDamaged), errors.Is(err, snapshotfile.ErrNotSnapshot):
		return bad.WithHint("make it again: btadmin snapshot save %s --overwrite", path)
	case errors.Is(err, fs.ErrNotExist):
		return bad.WithHint("btadmin snapshot save %s makes one", path)
	}
	return bad
}

func metaOf(path string, h snapshotfile.Header) Meta {
	return Meta{
		File: path, Host: h.Host, Taken: h.Taken, Tool: h.Tool, Fingerprint: h.Fingerprint, Objects: h.Objects, Reader: h.Reader,
		NoOrgACLs: h.NoOrgACLs, Unread: h.Unread,
	}
}

// Origin is what a file of the view says about where it is from.
func (m Meta) Origin() snapshotfile.Origin {
	return snapshotfile.Origin{
		Host: m.Host, Taken: m.Taken, Tool: m.Tool, Reader: m.Reader, Objects: m.Objects, NoOrgACLs: m.NoOrgACLs, Unread: m.Unread,
	}
}

// Fingerprint is the hash of the contents, the same for a live view and a file with the same contents.
func (v *View) Fingerprint() (string, error) {
	if v.Meta.Fingerprint != "" {
		return v.Meta.Fingerprint, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return snapshotfile.Fingerprint(v.Snapshot, v.Meta.Origin())
}

// Sees reports whether every grant on a node could be read.
func (m Meta) Sees(n access.Node) bool {
	if !m.NoOrgACLs {
		return true
	}
	if access.IsOwn(n.Type) {
		return !slices.Contains(m.Unread, n)
	}
	switch n.Type {
	case braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt:
		return m.Objects && !slices.Contains(m.Unread, n)
	case braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProject,
		braintrust.ObjectProjectLog, braintrust.ObjectProjectGroup:
		return !slices.Contains(m.Unread, n)
	}
	return false // what no list shows was not asked for
}
