// Package profiles is the noun profiles: the sets of credentials that commands can use, and which one is the default.
package profiles

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/output"
)

// New makes the noun with its verbs.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "profiles", "profile", "list, choose and delete profiles",
		newList, newUse, newDelete)
}

// row is a profile as lists show it. It never has the key.
type row struct {
	Name     string          `json:"name"`
	Default  bool            `json:"default"`
	Active   bool            `json:"active"` // used by this very command
	OrgName  string          `json:"org_name"`
	APIURL   string          `json:"api_url"`
	AppURL   string          `json:"app_url"`
	SecretAt config.SecretAt `json:"secret_at"` // "" after logging out
}

func rowOf(p config.Profile, s *config.Settings) row {
	return row{
		Name: p.Name, Default: p.Name == s.DefaultProfile(), Active: p.Name == s.Profile(),
		OrgName: p.Org, APIURL: p.APIURL, AppURL: p.AppURL, SecretAt: p.SecretAt,
	}
}

func columns() []output.Column[row] {
	return []output.Column[row]{
		{Field: "name", Header: "NAME", Text: func(r row) string { return r.Name }},
		{Field: "default", Header: "DEFAULT", Text: func(r row) string { return yes(r.Default) }, Raw: func(r row) string { return boolean(r.Default) }},
		{Field: "org_name", Header: "ORGANIZATION", Text: func(r row) string { return r.OrgName }},
		{Field: "api_url", Header: "API URL", Text: func(r row) string { return r.APIURL }},
		{Field: "secret_at", Header: "KEY IN", Text: func(r row) string { return place(r.SecretAt) }, Raw: func(r row) string { return string(r.SecretAt) }},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func place(at config.SecretAt) string {
	if at == "" {
		return "(logged out)"
	}
	return string(at)
}
