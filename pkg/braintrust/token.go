package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ServiceToken is a service account's credential, without its secret.
type ServiceToken struct {
	ID                  string         `json:"id"`
	Created             time.Time      `json:"created,omitzero"`
	Name                string         `json:"name"` // need not be unique
	PreviewName         string         `json:"preview_name"`
	ServiceAccountID    string         `json:"service_account_id,omitzero"`
	ServiceAccountEmail string         `json:"service_account_email,omitzero"`
	ServiceAccountName  string         `json:"service_account_name,omitzero"`
	OrgID               string         `json:"org_id,omitzero"`
	Unknown             jsontext.Value `json:",embed"`
}

// ServiceTokenFilter narrows ServiceTokens.
type ServiceTokenFilter struct {
	IDs  []string
	Name string
}

// ServiceTokenCreate is the body of CreateServiceToken.
type ServiceTokenCreate struct {
	Name             string `json:"name"`
	ServiceAccountID string `json:"service_account_id"`
	OrgName          string `json:"org_name,omitzero"`
}

// MintedToken is the answer of CreateServiceToken: the only time the secret is shown.
type MintedToken struct {
	ServiceToken
	Key Secret `json:"key"`
}

// APIKey is a person's key, without its secret. The API cannot create one.
type APIKey struct {
	ID             string         `json:"id"`
	Created        time.Time      `json:"created,omitzero"`
	Name           string         `json:"name"`
	PreviewName    string         `json:"preview_name"`
	UserID         string         `json:"user_id,omitzero"`
	UserEmail      string         `json:"user_email,omitzero"`
	UserGivenName  string         `json:"user_given_name,omitzero"`
	UserFamilyName string         `json:"user_family_name,omitzero"`
	OrgID          string         `json:"org_id,omitzero"`
	Unknown        jsontext.Value `json:",embed"`
}

// APIKeyFilter narrows APIKeys.
type APIKeyFilter struct {
	IDs  []string
	Name string
}
