package sandbox

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// The kinds of row that have an endpoint of their own, by its name: /v1/<kind>. Playgrounds have none; they
// are there because grants are attached to them.
const (
	kindOrganization = "organization"
	kindUser         = "user"
	kindRole         = "role"
	kindGroup        = "group"
	kindProject      = "project"
	kindProjectGroup = "project_group"
	kindExperiment   = "experiment"
	kindDataset      = "dataset"
	kindPrompt       = "prompt"
	kindFunction     = "function"
	kindPlayground   = "prompt_session"
	kindACL          = "acl"
	kindServiceToken = "service_token"
	kindAPIKey       = "api_key"
)

// exists reports whether something live can be granted on at n.
func (w *world) exists(n access.Node) bool {
	switch n.Type {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember,
		braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
		return n.ID == w.orgID()
	case braintrust.ObjectProjectLog:
		return w.table(kindProject).live(n.ID) != nil
	case braintrust.ObjectPrompt: // prompts and functions share a store
		return w.table(kindPrompt).live(n.ID) != nil || w.table(kindFunction).live(n.ID) != nil
	case braintrust.ObjectProject, braintrust.ObjectExperiment, braintrust.ObjectDataset,
		braintrust.ObjectPromptSession, braintrust.ObjectGroup, braintrust.ObjectRole, braintrust.ObjectProjectGroup:
		return w.table(string(n.Type)).live(n.ID) != nil
	default:
		return false
	}
}

// ofOrganization reports the types of node whose id is the organization's.
func ofOrganization(t braintrust.ObjectType) bool {
	switch t {
	case braintrust.ObjectOrganization, braintrust.ObjectOrgProject, braintrust.ObjectOrgMember,
		braintrust.ObjectOrgAuditLogs, braintrust.ObjectOrgAISecret:
		return true
	}
	return false
}

// objectTypes and permissionNames are what the API takes, as texts.
func objectTypes() []string {
	var out []string
	for _, t := range braintrust.ObjectTypes() {
		out = append(out, string(t))
	}
	return out
}

func permissionNames() []string {
	var out []string
	for _, p := range braintrust.Permissions() {
		out = append(out, string(p))
	}
	return out
}
