package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// User is a member: a person or a service account. Nothing in it tells which.
type User struct {
	ID         string         `json:"id"`
	GivenName  string         `json:"given_name,omitzero"`
	FamilyName string         `json:"family_name,omitzero"`
	Email      string         `json:"email,omitzero"`
	AvatarURL  string         `json:"avatar_url,omitzero"`
	Created    time.Time      `json:"created,omitzero"`
	Unknown    jsontext.Value `json:",embed"`
}

// UserFilter narrows Users; several values of one field mean any of them.
type UserFilter struct {
	IDs         []string
	GivenNames  []string
	FamilyNames []string
	Emails      []string
}
