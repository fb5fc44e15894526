package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

// caseFile is an organization in testdata/access, written down as what is done to make it, and the answers: lines
// "holds WHO PLACE PERMISSION..." for everything that anybody may. What has no line, nobody may. The answers were
// worked out by a program of its own, written from the definition of effective access, and checked by hand.
type caseFile struct {
	*site
	asks       *person
	ids        map[string]string // of "group:A", "project:P", "ann", ...
	projects   map[string]string // of what is in a project: its project, "project:P"
	principals []string          // as the file has them, those that are left
	places     []string          // object, or object>kind
	holds      map[string]string // "WHO PLACE" -> permissions
}

// caseKinds are the kinds of things that are asked about in what contains them.
func caseKinds(object string) []string {
	inProject := []string{"experiments", "datasets", "logs", "prompts", "playgrounds"}
	switch kind, _, _ := strings.Cut(object, ":"); kind {
	case "organization":
		return []string{"groups", "roles", "project-groups"}
	case "all-projects":
		return append([]string{"projects"}, inProject...)
	case "project":
		return inProject
	}
	return nil
}

func readCase(t *testing.T, text string) *caseFile {
	t.Helper()
	s := newBareSite(t, sandbox.Options{NoCreatorGrants: true, Seed: sandbox.SeedSpec{Kind: sandbox.SeedEmpty}})
	c := &caseFile{site: s, asks: s.owner(t), ids: map[string]string{}, projects: map[string]string{}, holds: map[string]string{}}
	org := s.server.Seeded().OrgID
	for _, ref := range []string{"organization", "all-projects", "members", "audit-logs"} {
		c.ids[ref] = org
		c.addPlace(ref)
	}
	for _, name := range []string{"Owners", "Engineers", "Viewers"} {
		c.ids["group:"+name] = s.named("group", name)["id"].(string)
		c.principals = append(c.principals, "group:"+name)
		c.addPlace("group:" + name)
	}
	for _, name := range []string{"Owner", "Engineer", "Viewer"} {
		c.ids["role:"+name] = s.named("role", name)["id"].(string)
		c.addPlace("role:" + name)
	}
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			c.step(words[0], words[1:])
		}
	}
	return c
}

func (c *caseFile) addPlace(ref string) {
	c.places = append(c.places, ref)
	for _, kind := range caseKinds(ref) {
		c.places = append(c.places, ref+">"+kind)
	}
}

// collection is the endpoint of a kind of thing.
func collection(kind string) string {
	if kind == "set" {
		return "project_group"
	}
	return kind
}

func (c *caseFile) create(kind, name string, body map[string]any) {
	ref := kind + ":" + name
	if project, own, within := strings.Cut(name, "/"); within {
		body["project_id"], name = c.ids["project:"+project], own
		c.projects[ref] = "project:" + project
	}
	body["name"] = name
	switch kind {
	case "function":
		body["function_data"] = map[string]any{"type": "prompt"}
		fallthrough
	case "prompt":
		body["slug"] = name
	}
	c.ids[ref] = c.site.do(http.MethodPost, "/v1/"+collection(kind), body)["id"].(string)
	c.addPlace(ref)
}

// step does one line.
func (c *caseFile) step(verb string, args []string) {
	c.t.Helper()
	members := "/v1/organization/members"
	switch verb {
	case "member", "account":
		invite := map[string]any{"emails": []any{args[0] + "@example.com"}}
		if verb == "account" {
			invite = map[string]any{"service_accounts": []any{map[string]any{"name": args[0]}}}
		}
		added := c.site.do(http.MethodPatch, members, map[string]any{"invite_users": invite})["added_users"].([]any)
		c.ids[args[0]] = added[0].(map[string]any)["id"].(string)
		c.principals = append(c.principals, args[0])
	case "remove":
		c.site.do(http.MethodPatch, members, map[string]any{"remove_users": map[string]any{"ids": []any{c.ids[args[0]]}}})
		c.forget(args[0])
	case "group":
		users, groups := []any{}, []any{}
		for _, ref := range args[1:] {
			if strings.HasPrefix(ref, "group:") {
				groups = append(groups, c.ids[ref])
			} else {
				users = append(users, c.ids[ref])
			}
		}
		c.create(verb, args[0], map[string]any{"member_users": users, "member_groups": groups})
		c.principals = append(c.principals, "group:"+args[0])
	case "include":
		c.site.do(http.MethodPatch, "/v1/group/"+c.ids["group:"+args[0]], map[string]any{"add_member_groups": []any{c.ids["group:"+args[1]]}})
	case "role":
		pairs := []any{}
		for _, pair := range args[1:] {
			pairs = append(pairs, permissionPair(pair))
		}
		c.create(verb, args[0], map[string]any{"member_permissions": pairs})
	case "carry":
		c.site.do(http.MethodPatch, "/v1/role/"+c.ids["role:"+args[0]], map[string]any{"add_member_roles": []any{c.ids["role:"+args[1]]}})
	case "project", "experiment", "dataset", "prompt", "function":
		c.create(verb, args[0], map[string]any{})
	case "set":
		projects := []any{}
		for _, name := range args[1:] {
			projects = append(projects, c.ids["project:"+name])
		}
		c.create(verb, args[0], map[string]any{"member_projects": projects})
	case "grant":
		c.grant(args[0], args[1], args[2])
	case "delete":
		ref := args[0] + ":" + args[1]
		c.site.do(http.MethodDelete, "/v1/"+collection(args[0])+"/"+c.ids[ref], nil)
		c.forget(ref)
	case "holds":
		c.holds[args[0]+" "+args[1]] = strings.Join(args[2:], " ")
	default:
		c.t.Fatalf("what is %q?", verb)
	}
}

// permissionPair is read, or read/dataset.
func permissionPair(text string) map[string]any {
	permission, restrict, restricted := strings.Cut(text, "/")
	pair := map[string]any{"permission": permission}
	if restricted {
		pair["restrict_object_type"] = restrict
	}
	return pair
}

func (c *caseFile) grant(who, what, ref string) {
	c.t.Helper()
	acl := permissionPair(what)
	if strings.HasPrefix(what, "role:") {
		acl = map[string]any{"role_id": c.ids[what]}
	}
	kind, name, _ := strings.Cut(ref, ":")
	types := map[string]string{
		"all-projects": "org_project", "members": "org_member", "audit-logs": "org_audit_logs", "set": "project_group",
		"function": "prompt", "logs": "project_log",
	}
	if kind == "logs" {
		ref = "project:" + name
	}
	if other, named := types[kind]; named {
		kind = other
	}
	acl["object_type"], acl["object_id"] = kind, c.ids[ref]
	subject := "user_id"
	if strings.HasPrefix(who, "group:") {
		subject = "group_id"
	}
	acl[subject] = c.ids[who]
	c.site.do(http.MethodPost, "/v1/acl", acl)
}

// forget takes what is deleted out of what is asked about, with what is in it.
func (c *caseFile) forget(ref string) {
	keep := func(list []string) (left []string) {
		for _, other := range list {
			object, _, _ := strings.Cut(other, ">")
			if object != ref && c.projects[object] != ref {
				left = append(left, other)
			}
		}
		return left
	}
	c.principals, c.places = keep(c.principals), keep(c.places)
}

// typed is what is typed for a principal or an object.
func (c *caseFile) typed(ref string) string {
	switch {
	case strings.HasPrefix(ref, "set:"):
		return "project_group:" + c.ids[ref]
	case strings.Contains(ref, ":") || caseKinds(ref) != nil || ref == "members" || ref == "audit-logs":
		return ref
	}
	return "user:" + c.ids[ref]
}

// permissionsOf are the permissions of a place, in the words of the file.
func (c *caseFile) permissionsOf(who, place string) []string {
	words := c.holds[who+" "+place]
	if words != "all" {
		return strings.Fields(words)
	}
	var all []string
	for _, p := range braintrust.Permissions() {
		all = append(all, string(p))
	}
	return all
}
