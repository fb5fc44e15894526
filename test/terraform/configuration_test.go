package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// size is an organization: every group has one member and may read every project.
type size struct{ projects, groups int }

func (s size) acls() int { return s.projects * s.groups }

func (s size) String() string { return fmt.Sprintf("%d / %d / %d", s.projects, s.groups, s.acls()) }

func groupName(g int) string   { return fmt.Sprintf("team-%02d", g) }
func member(g int) string      { return fmt.Sprintf("user%05d@large.example.com", g+1) }
func projectName(p int) string { return fmt.Sprintf("Project %05d", p+1) }

// policy is the document of btadmin; with more, the first group may update the first project, too.
func policy(org string, s size, more bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\norg: %q\ngroups:\n", org)
	for g := range s.groups {
		fmt.Fprintf(&b, "  %s:\n    members: [%s]\n    permissions:\n      projects:\n", groupName(g), member(g))
		for p := range s.projects {
			permissions := "read"
			if more && g == 0 && p == 0 {
				permissions = "read, update"
			}
			fmt.Fprintf(&b, "        %s: [%s]\n", projectName(p), permissions)
		}
	}
	return b.String()
}

// variant is a way of writing the same thing for Terraform.
type variant struct {
	projects        bool // projects are resources, too; they must not be there before
	membersByUpdate bool // new groups get their members in a second request
}

// configuration is the same for Terraform, one block for each resource. Ids of people, and of projects that are not resources,
// are written down as if somebody had looked them up: data sources would cost requests.
func configuration(t testing.TB, w *site, s size, v variant, more bool) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `terraform {
  required_providers {
    model = { source = "example.com/acme/model" }
  }
}

provider "model" {
  api_url           = %q
  api_key           = %q
  members_by_update = %t
}
`, w.url, w.key(), v.membersByUpdate)
	people, projects := w.named(t, "/v1/user?", "email"), w.named(t, "/v1/project?", "name")
	block := func(kind, name string, lines ...string) {
		fmt.Fprintf(&b, "\nresource %q %q {\n  %s\n}\n", "model_"+kind, name, strings.Join(lines, "\n  "))
	}
	grant := func(name string, g, p int, permission string) {
		id := fmt.Sprintf("%q", projects[projectName(p)])
		if v.projects {
			id = fmt.Sprintf("model_project.p%d.id", p)
		}
		block("acl", name, `object_type = "project"`, "object_id   = "+id, fmt.Sprintf("group_id    = model_group.g%d.id", g),
			fmt.Sprintf("permission  = %q", permission))
	}
	for p := range s.projects {
		if v.projects {
			block("project", fmt.Sprintf("p%d", p), fmt.Sprintf("name = %q", projectName(p)))
		}
	}
	for g := range s.groups {
		block("group", fmt.Sprintf("g%d", g), fmt.Sprintf("name         = %q", groupName(g)), fmt.Sprintf("member_users = [%q]", people[member(g)]))
		for p := range s.projects {
			grant(fmt.Sprintf("g%d_p%d", g, p), g, p, "read")
		}
	}
	if more {
		grant("more", 0, 0, "update")
	}
	return b.String()
}

// terraform is Terraform at work on a site, with the model instead of a provider from a registry. With such an override no
// `terraform init` is needed, and nothing is asked of anybody else.
func terraform(t testing.TB, w *site) *tool {
	t.Helper()
	settings := filepath.Join(t.TempDir(), "terraformrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"example.com/acme/model\" = %q\n  }\n  direct {}\n}\n", built.providers)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, w, built.terraform, "TF_CLI_CONFIG_FILE="+settings, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
}

// btadmin is btadmin at work on a site.
func btadmin(t testing.TB, w *site) *tool {
	t.Helper()
	return start(t, w, built.btadmin, "BRAINTRUST_API_URL="+w.url, "BRAINTRUST_API_KEY="+w.key())
}

func orgName(t testing.TB, w *site) string {
	t.Helper()
	return w.list(t, "/v1/organization?")[0].text("name")
}
