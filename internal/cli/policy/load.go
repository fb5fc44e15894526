package policy

import (
	"btadmin/internal/app"
	"btadmin/internal/policy"
)

// load reads a policy by the label table of this run.
func load(a *app.App, paths []string) (*policy.Policy, error) {
	table, err := a.Labels()
	if err != nil {
		return nil, err
	}
	return policy.Load(paths, a.IO.In, table)
}
