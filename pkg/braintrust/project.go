package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Project holds experiments, datasets, prompts, functions and logs.
type Project struct {
	ID          string         `json:"id"`
	OrgID       string         `json:"org_id"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Created     time.Time      `json:"created,omitzero"`
	DeletedAt   *time.Time     `json:"deleted_at,omitzero"`
	UserID      string         `json:"user_id,omitzero"`
	Settings    jsontext.Value `json:"settings,omitzero"`
	Unknown     jsontext.Value `json:",embed"`
}

// ProjectFilter narrows Projects.
type ProjectFilter struct {
	IDs  []string
	Name string
}

// ProjectCreate is the body of CreateProject.
type ProjectCreate struct {
	Name        string `json:"name"`
	Description string `json:"description,omitzero"`
	OrgName     string `json:"org_name,omitzero"`
}

// ProjectPatch is the body of UpdateProject.
type ProjectPatch struct {
	Name        *string        `json:"name,omitzero"`
	Description *string        `json:"description,omitzero"`
	Settings    jsontext.Value `json:"settings,omitzero"`
}

// ProjectGroup is a named set of projects; grants on it reach the projects in it. The endpoint is
// newer than openapi.json: a server without it answers 404, which lists as none.
type ProjectGroup struct {
	ID             string         `json:"id"`
	OrgID          string         `json:"org_id,omitzero"`
	UserID         string         `json:"user_id,omitzero"`
	Created        time.Time      `json:"created,omitzero"`
	Name           string         `json:"name"`
	Description    string         `json:"description,omitzero"`
	DeletedAt      *time.Time     `json:"deleted_at,omitzero"`
	MemberProjects []string       `json:"member_projects,omitzero"`
	Unknown        jsontext.Value `json:",embed"`
}
