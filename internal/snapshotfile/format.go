// Package snapshotfile keeps a whole organization's access state in one file: small, complete, checked against
// damage, and quick to open for a single question. docs/snapshot.md describes the format.
package snapshotfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"btadmin/pkg/access"
)

// magic begins every file; Version is the format that this program writes and reads.
const (
	magic   = "btadmin-snapshot"
	Version = 1
)

// Limits, so that a file made to harm costs little. A section that a writer could pack tighter than mostPacked is not
// packed at all.
const (
	mostHeader  = 8 << 20
	mostSection = 1 << 30
	mostPlain   = 2 << 30
	mostPacked  = 200     // times
	smallPacked = 1 << 20 // below this the ratio does not matter
)

// The errors that a file can have, for classification.
var (
	ErrNotSnapshot = errors.New("this is not a snapshot of btadmin")
	ErrNewer       = errors.New("the snapshot was made by a newer btadmin")
	ErrDamaged     = errors.New("the snapshot is damaged or was edited")
)

// Origin says where a snapshot is from and what it lacks.
type Origin struct {
	Host      string        `json:"host"`              // of the API
	Taken     time.Time     `json:"taken"`             // when reading began
	Tool      string        `json:"tool"`              // version of btadmin
	Reader    string        `json:"reader,omitempty"`  // id of the user whose key read it
	Objects   bool          `json:"objects"`           // every object, not only those that grants name
	NoOrgACLs bool          `json:"no_org_acls"`       // only the grants on listed things
	Unread    []access.Node `json:"unread,omitempty"`  // the grants on these were refused
	NoTokens  bool          `json:"no_service_tokens"` // they were refused or left out
}

// Counts says how much is in a snapshot.
type Counts struct {
	Users         int `json:"users"`
	Groups        int `json:"groups"`
	Roles         int `json:"roles"`
	ACLs          int `json:"acls"`
	Projects      int `json:"projects"`
	ProjectGroups int `json:"project_groups"`
	Objects       int `json:"objects"`
	Tokens        int `json:"service_tokens"`
}

// Header is what a file says of itself. It is readable with any tool that shows text.
type Header struct {
	Origin
	OrgID       string    `json:"org_id"`
	OrgName     string    `json:"org_name"`
	Counts      Counts    `json:"counts"`
	Fingerprint string    `json:"fingerprint"` // of the contents, whatever order the server listed them in
	Sections    []section `json:"sections"`
}

// section is one packed part of the file. Long lists are several sections of one name.
type section struct {
	Name   string `json:"name"`
	Packed string `json:"packed"` // how: "none" or "zstd"
	Offset int64  `json:"offset"` // in the file
	Stored int64  `json:"stored"` // bytes there
	Size   int64  `json:"size"`   // bytes unpacked
	SHA256 string `json:"sha256"` // of the unpacked bytes
	Sealed string `json:"sealed"` // the SHA-256 of the bytes in the file
	First  uint64 `json:"first,omitempty"`
}

// The names of sections, in the order in which they are in the file and in the fingerprint.
const (
	sectionTables        = "tables"
	sectionOrganization  = "organization"
	sectionUsers         = "users"
	sectionGroups        = "groups"
	sectionRoles         = "roles"
	sectionProjects      = "projects"
	sectionProjectGroups = "project_groups"
	sectionTokens        = "service_tokens"
	sectionACLs          = "acls"
	sectionObjects       = "objects"
)

// fingerprint is the hash of the contents: of the hash of every section, and of what is known to be missing.
func fingerprint(o Origin, sections []section) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d\nobjects %v, no_org_acls %v, no_service_tokens %v\n", magic, Version, o.Objects, o.NoOrgACLs, o.NoTokens)
	for _, n := range sortedNodes(o.Unread) {
		fmt.Fprintf(h, "unread %q %q\n", n.Type, n.ID)
	}
	for _, s := range sections {
		fmt.Fprintf(h, "%s %s\n", s.Name, s.SHA256)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
