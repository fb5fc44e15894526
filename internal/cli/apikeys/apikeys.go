// Package apikeys holds the commands about people's API keys, which the API can list and delete but not make.
package apikeys

import (
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// New makes `btadmin api-keys`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "api-keys", "api-key", "people's API keys: list and delete",
		newList,
		newDelete,
	)
}

// row is one key, without its secret, which no list has.
type row struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	PreviewName    string    `json:"preview_name"`
	UserID         string    `json:"user_id"`
	UserEmail      string    `json:"user_email"`
	UserGivenName  string    `json:"user_given_name"`
	UserFamilyName string    `json:"user_family_name"`
	OrgID          string    `json:"org_id"`
	Created        time.Time `json:"created,omitzero"`
}

func rowOf(k braintrust.APIKey) row {
	return row{
		ID: k.ID, Name: k.Name, PreviewName: k.PreviewName, UserID: k.UserID, UserEmail: k.UserEmail,
		UserGivenName: k.UserGivenName, UserFamilyName: k.UserFamilyName, OrgID: k.OrgID, Created: k.Created,
	}
}

func columns(now time.Time) []output.Column[row] {
	return []output.Column[row]{
		{Field: "name", Header: "NAME", Text: func(k row) string { return k.Name }},
		{Field: "preview_name", Header: "KEY", Wide: true, Text: func(k row) string { return k.PreviewName }},
		{Field: "user_email", Header: "USER", Text: func(k row) string { return k.UserEmail }},
		{
			Field: "created", Header: "CREATED", Wide: true,
			Text: func(k row) string { return output.RelTime(now, k.Created) },
			Raw:  func(k row) string { return output.Time(k.Created) },
		},
		{Field: "id", Header: "ID", Text: func(k row) string { return k.ID }},
	}
}
