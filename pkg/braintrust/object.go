package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ObjectKind names an endpoint of things that live in a project. Prompts and functions have one
// object type (prompt) and two endpoints.
type ObjectKind string

// The kinds of object that the API can list.
const (
	KindExperiment ObjectKind = "experiment"
	KindDataset    ObjectKind = "dataset"
	KindPrompt     ObjectKind = "prompt"
	KindFunction   ObjectKind = "function"
)

// Type is the object type that grants on this kind carry.
func (k ObjectKind) Type() ObjectType {
	if k == KindFunction {
		return ObjectPrompt
	}
	return ObjectType(k)
}

// Object is an experiment, dataset, prompt or function: what access control needs to know of it. The
// rest of its fields are in Unknown.
type Object struct {
	ID           string         `json:"id"`
	ProjectID    string         `json:"project_id"`
	Name         string         `json:"name"`
	Slug         string         `json:"slug,omitzero"`          // prompts and functions
	FunctionType string         `json:"function_type,omitzero"` // scorer, tool, task, classifier, ...
	Description  string         `json:"description,omitzero"`
	Created      time.Time      `json:"created,omitzero"`
	DeletedAt    *time.Time     `json:"deleted_at,omitzero"`
	UserID       string         `json:"user_id,omitzero"`
	Unknown      jsontext.Value `json:",embed"`
}

// ObjectFilter narrows Objects. Slug only fits prompts and functions.
type ObjectFilter struct {
	IDs         []string
	ProjectID   string
	ProjectName string
	Name        string
	Slug        string
}
