package snapshot

import (
	"strconv"
	"strings"
	"time"

	"btadmin/internal/output"
	"btadmin/internal/snapshotfile"
)

// summary is what a snapshot file holds. Fields are added, never renamed.
type summary struct {
	File        string              `json:"file"`
	Fingerprint string              `json:"fingerprint"`
	OrgID       string              `json:"org_id"`
	OrgName     string              `json:"org_name"`
	Host        string              `json:"host"`
	Taken       time.Time           `json:"taken"`
	Tool        string              `json:"tool"`
	Complete    bool                `json:"complete"`    // every grant could be read
	AllObjects  bool                `json:"all_objects"` // not only those that grants name
	Missing     []string            `json:"missing"`     // what is not in it, in words
	Counts      snapshotfile.Counts `json:"counts"`
	Requests    int                 `json:"requests,omitempty"` // that reading took; only of snapshot save
}

func summarize(file string, h snapshotfile.Header) summary {
	s := summary{
		File: file, Fingerprint: h.Fingerprint, OrgID: h.OrgID, OrgName: h.OrgName, Host: h.Host, Taken: h.Taken, Tool: h.Tool,
		Complete: !h.NoOrgACLs && len(h.Unread) == 0, AllObjects: h.Objects, Counts: h.Counts, Missing: []string{},
	}
	if h.NoOrgACLs {
		s.Missing = append(s.Missing, "grants on what the key could not list, playgrounds among them")
		if !h.Objects {
			s.Missing = append(s.Missing, "grants on experiments, datasets, prompts and functions")
		}
	}
	if n := len(h.Unread); n > 0 {
		s.Missing = append(s.Missing, "the grants on "+strconv.Itoa(n)+" things, which were refused")
	}
	if h.NoTokens {
		s.Missing = append(s.Missing, "service tokens")
	}
	if !h.Objects {
		s.Missing = append(s.Missing, "objects that no grant names")
	}
	return s
}

func columns(now time.Time) []output.Column[summary] {
	count := func(field, header string, of func(snapshotfile.Counts) int) output.Column[summary] {
		return output.Column[summary]{Field: field, Header: header, Text: func(s summary) string { return strconv.Itoa(of(s.Counts)) }}
	}
	return []output.Column[summary]{
		{Field: "file", Header: "FILE", Text: func(s summary) string { return s.File }},
		{Field: "org_name", Header: "ORGANIZATION", Text: func(s summary) string { return s.OrgName }},
		{Field: "org_id", Header: "ID", Text: func(s summary) string { return s.OrgID }},
		{Field: "host", Header: "HOST", Text: func(s summary) string { return s.Host }},
		{
			Field: "taken", Header: "TAKEN",
			Text: func(s summary) string { return output.RelTime(now, s.Taken) },
			Raw:  func(s summary) string { return output.Time(s.Taken) },
		},
		{Field: "fingerprint", Header: "FINGERPRINT", Text: func(s summary) string { return s.Fingerprint }},
		count("users", "MEMBERS", func(c snapshotfile.Counts) int { return c.Users }),
		count("service_tokens", "SERVICE TOKENS", func(c snapshotfile.Counts) int { return c.Tokens }),
		count("groups", "GROUPS", func(c snapshotfile.Counts) int { return c.Groups }),
		count("roles", "ROLES", func(c snapshotfile.Counts) int { return c.Roles }),
		count("acls", "ACLS", func(c snapshotfile.Counts) int { return c.ACLs }),
		count("projects", "PROJECTS", func(c snapshotfile.Counts) int { return c.Projects }),
		count("project_groups", "PROJECT GROUPS", func(c snapshotfile.Counts) int { return c.ProjectGroups }),
		count("objects", "OBJECTS", func(c snapshotfile.Counts) int { return c.Objects }),
		{Field: "missing", Header: "MISSING", Text: func(s summary) string { return strings.Join(s.Missing, "; ") }},
	}
}
