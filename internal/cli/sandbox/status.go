package sandbox

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/sandbox"
)

// statusDocument is what there is. Its fields are added, never renamed.
type statusDocument struct {
	Exists          bool   `json:"exists"`
	Dir             string `json:"dir"`
	OrgID           string `json:"org_id"`
	OrgName         string `json:"org_name"`
	Plan            string `json:"plan"`
	Seed            string `json:"seed"`
	People          int    `json:"people"`
	ServiceAccounts int    `json:"service_accounts"`
	Groups          int    `json:"groups"`
	Roles           int    `json:"roles"`
	Projects        int    `json:"projects"`
	ProjectGroups   int    `json:"project_groups"`
	Objects         int    `json:"objects"`
	ACLs            int    `json:"acls"`
	ServiceTokens   int    `json:"service_tokens"`
	APIKeys         int    `json:"api_keys"`
}

// statusWait is how long another command that has the store is waited for.
const statusWait = 2 * time.Second

func newStatus(a *app.App) *cobra.Command {
	var where place
	cmd := &cobra.Command{
		Use:   "status",
		Short: "show what is in the sandbox and where it is kept",
		Example: `  btadmin sandbox status
  btadmin sandbox status --jq .dir`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error { return runStatus(a, where) },
	}
	where.bind(cmd)
	return cmd
}

func runStatus(a *app.App, where place) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	dir, err := where.folder(a)
	if err != nil {
		return err
	}
	doc := statusDocument{Dir: dir}
	if doc.Exists, err = where.exists(a); err != nil {
		return err
	}
	if !doc.Exists {
		a.Status.Note("there is no sandbox yet: --sandbox makes one at first use")
		return output.Object(p, statusColumns()[:1], doc)
	}
	server, err := where.open(a, sandbox.Options{LockWait: statusWait})
	if err != nil {
		return err
	}
	a.OnClose(server)
	st := server.Status()
	return output.Object(p, statusColumns(), statusDocument{
		Exists: true, Dir: st.Dir, OrgID: st.OrgID, OrgName: st.OrgName, Plan: string(st.Plan), Seed: string(st.Seed),
		People: st.People, ServiceAccounts: st.ServiceAccounts, Groups: st.Groups, Roles: st.Roles, Projects: st.Projects,
		ProjectGroups: st.ProjectGroups, Objects: st.Objects, ACLs: st.ACLs, ServiceTokens: st.ServiceTokens, APIKeys: st.APIKeys,
	})
}

func statusColumns() []output.Column[statusDocument] {
	count := func(field, header string, of func(statusDocument) int) output.Column[statusDocument] {
		return output.Column[statusDocument]{Field: field, Header: header, Text: func(d statusDocument) string { return strconv.Itoa(of(d)) }}
	}
	return []output.Column[statusDocument]{
		{Field: "dir", Header: "FOLDER", Text: func(d statusDocument) string { return d.Dir }},
		{Field: "org_name", Header: "ORGANIZATION", Text: func(d statusDocument) string { return d.OrgName }},
		{Field: "org_id", Header: "ORG ID", Text: func(d statusDocument) string { return d.OrgID }},
		{Field: "plan", Header: "PLAN", Text: func(d statusDocument) string { return d.Plan }},
		{Field: "seed", Header: "SEED", Text: func(d statusDocument) string { return d.Seed }},
		count("people", "PEOPLE", func(d statusDocument) int { return d.People }),
		count("service_accounts", "SERVICE ACCOUNTS", func(d statusDocument) int { return d.ServiceAccounts }),
		count("groups", "GROUPS", func(d statusDocument) int { return d.Groups }),
		count("roles", "ROLES", func(d statusDocument) int { return d.Roles }),
		count("projects", "PROJECTS", func(d statusDocument) int { return d.Projects }),
		count("objects", "OBJECTS", func(d statusDocument) int { return d.Objects }),
		count("acls", "GRANTS", func(d statusDocument) int { return d.ACLs }),
		count("service_tokens", "SERVICE TOKENS", func(d statusDocument) int { return d.ServiceTokens }),
		count("api_keys", "API KEYS", func(d statusDocument) int { return d.APIKeys }),
	}
}
