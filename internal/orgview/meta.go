package orgview

import (
	"time"

	"btadmin/pkg/access"
)

// Meta says where a view is from and what it lacks. It is kept in snapshot files.
type Meta struct {
	File        string        // the snapshot file, "" when the organization was read just now
	Host        string        // of the API
	Taken       time.Time     // when reading began, UTC
	Tool        string        // version of btadmin that read it
	Fingerprint string        // of a file, already verified; Fingerprint of View computes that of a live view
	Objects     bool          // every object is listed, not only those that grants name
	Reader      string        // id of the user whose key read it, "" when the server does not tell
	NoOrgACLs   bool          // the list of all grants was refused: only those on listed things are there
	Unread      []access.Node // the grants on these were refused
}

// AllGrants reports whether every grant of the organization is in the view.
func (m Meta) AllGrants() bool { return !m.NoOrgACLs }
