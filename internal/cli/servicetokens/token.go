package servicetokens

import (
	"time"

	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// row is one token, without its secret.
type row struct {
	ID                  string    `json:"id"`
	Name                string    `json:"name"`
	PreviewName         string    `json:"preview_name"`
	ServiceAccountID    string    `json:"service_account_id"`
	ServiceAccountName  string    `json:"service_account_name"`
	ServiceAccountEmail string    `json:"service_account_email"`
	OrgID               string    `json:"org_id"`
	Created             time.Time `json:"created,omitzero"`
}

func rowOf(t braintrust.ServiceToken) row {
	return row{
		ID: t.ID, Name: t.Name, PreviewName: t.PreviewName, ServiceAccountID: t.ServiceAccountID,
		ServiceAccountName: t.ServiceAccountName, ServiceAccountEmail: t.ServiceAccountEmail, OrgID: t.OrgID, Created: t.Created,
	}
}

func columns(now time.Time) []output.Column[row] {
	return []output.Column[row]{
		{Field: "name", Header: "NAME", Text: func(t row) string { return t.Name }},
		{Field: "service_account_name", Header: "ACCOUNT", Text: func(t row) string { return t.ServiceAccountName }},
		{Field: "preview_name", Header: "TOKEN", Wide: true, Text: func(t row) string { return t.PreviewName }},
		{
			Field: "created", Header: "CREATED", Wide: true,
			Text: func(t row) string { return output.RelTime(now, t.Created) },
			Raw:  func(t row) string { return output.Time(t.Created) },
		},
		{Field: "id", Header: "ID", Text: func(t row) string { return t.ID }},
	}
}

// minted is a new token. Fields are added, never renamed.
type minted struct {
	row
	AccountCreated bool   `json:"service_account_created"`
	ReplacedID     string `json:"replaced_id,omitempty"` // the token that rotation deletes
	Key            string `json:"key,omitempty"`         // the secret, only here and only once
}

func mintedColumns() []output.Column[minted] {
	return []output.Column[minted]{
		{Field: "name", Header: "NAME", Text: func(m minted) string { return m.Name }},
		{Field: "service_account_name", Header: "ACCOUNT", Text: func(m minted) string { return m.ServiceAccountName }},
		{Field: "id", Header: "ID", Text: func(m minted) string { return m.ID }},
		{Field: "key", Header: "KEY", Text: func(m minted) string { return m.Key }},
	}
}
