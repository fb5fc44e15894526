package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// pages reads a list to its empty page.
func (c *client) pages(path string, limit int, each func(n int)) []string {
	c.t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var all []string
	for n := 0; ; n++ {
		at := fmt.Sprintf("%s%slimit=%d", path, sep, limit)
		if len(all) > 0 {
			at += "&starting_after=" + all[len(all)-1]
		}
		ids := c.ids(at)
		if len(ids) == 0 {
			return all
		}
		all = append(all, ids...)
		if each != nil {
			each(n)
		}
	}
}

func TestListsAreNewestFirstAndPage(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		"organization", "user", "group", "role", "project", "experiment", "dataset", "prompt", "function",
		"service_token", "api_key", "acl/list_org",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := tokenClient(t, newServer(t, Options{}))
			all := c.ids("/v1/" + kind)
			if len(all) == 0 {
				t.Fatal("the demo has none")
			}
			for _, limit := range []int{1, 2, 3, len(all), len(all) + 1} {
				if diff := cmp.Diff(all, c.pages("/v1/"+kind, limit, nil)); diff != "" {
					t.Errorf("limit %d (-whole +pages):\n%s", limit, diff)
				}
			}
			last := all[len(all)-1]
			if got := c.ids(fmt.Sprintf("/v1/%s?limit=2&ending_before=%s", kind, last)); len(all) > 2 {
				if diff := cmp.Diff(all[len(all)-3:len(all)-1], got); diff != "" {
					t.Errorf("the page before the last (-want +got):\n%s", diff)
				}
			}
			if got := c.ids(fmt.Sprintf("/v1/%s?ending_before=%s", kind, all[0])); len(got) != 0 {
				t.Errorf("something before the first: %v", got)
			}
			if got := c.ids("/v1/" + kind + "?limit=0"); len(got) != 0 {
				t.Errorf("limit 0 gives %v", got)
			}
			var created []string
			for _, item := range items(t, c, "/v1/"+kind) {
				created = append(created, item["created"].(string))
			}
			if !slices.IsSortedFunc(created, func(a, b string) int { return strings.Compare(b, a) }) {
				t.Errorf("not newest first: %v", created)
			}
		})
	}
}

func items(t *testing.T, c *client, path string) []obj {
	t.Helper()
	r := c.want(http.StatusOK, http.MethodGet, path, nil)
	var out []obj
	list, isObject := r.object["objects"].([]any)
	if !isObject {
		return decodeList(t, r.body)
	}
	for _, item := range list {
		out = append(out, item.(obj))
	}
	return out
}

// TestPagingUnderChange: a list that is read page by page while others create and delete has everything that was
// there from the first page to the last, and nothing twice (C6).
func TestPagingUnderChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newServer(t, Options{Seed: SeedSpec{Kind: SeedEmpty}})
		c := tokenClient(t, s)
		c.transport = s.Transport()
		n, made := 0, []string{}
		create := func() {
			n++
			made = append(made, c.want(200, "POST", "/v1/project", obj{"name": fmt.Sprint("p", n)}).id())
		}
		for range rapid.IntRange(0, 20).Draw(rt, "before") {
			create()
		}
		steady := slices.Clone(made)
		got := c.pages("/v1/project", rapid.IntRange(1, 5).Draw(rt, "limit"), func(int) {
			for range rapid.IntRange(0, 3).Draw(rt, "new") {
				create()
			}
			if len(steady) > 0 && rapid.Bool().Draw(rt, "delete") {
				i := rapid.IntRange(0, len(steady)-1).Draw(rt, "which")
				c.want(200, "DELETE", "/v1/project/"+steady[i], nil)
				steady = slices.Delete(steady, i, i+1)
			}
		})
		seen := make(map[string]bool)
		for _, id := range got {
			if seen[id] {
				rt.Fatalf("%s came twice", id)
			}
			seen[id] = true
		}
		for _, id := range steady {
			if !seen[id] {
				rt.Fatalf("%s was there all the time and did not come", id)
			}
		}
	})
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	users := c.ids("/v1/user")
	project := c.ids("/v1/project?project_name=Chatbot")[0]
	missing := "00000000-0000-4000-8000-000000000000"
	for _, test := range []struct {
		path string
		want int
	}{
		{"/v1/user?ids=" + users[0] + "&ids=" + users[3], 2},
		{"/v1/user?ids=" + users[0] + "," + strings.ToUpper(users[3]) + "," + missing, 2},
		{"/v1/user?given_name=Bo&given_name=Dana", 2},
		{"/v1/user?given_name=Bo,Dana", 2},
		{"/v1/user?given_name=Bo&family_name=Reyes", 0},
		{"/v1/user?email=" + url.QueryEscape("ada@acme.example.com"), 1},
		{"/v1/group?group_name=Owners", 1},
		{"/v1/group?group_name=owners", 0},
		{"/v1/group?org_name=Acme", 6},
		{"/v1/group?org_name=Other", 0},
		{"/v1/group?org_id=" + missing + "&cursor=x&unknown=1", 6},
		{"/v1/organization?org_name=Acme", 1},
		{"/v1/organization?org_name=Other", 0},
		{"/v1/role?role_name=Viewer", 1},
		{"/v1/project?project_name=Chatbot", 1},
		{"/v1/experiment?project_name=Chatbot", 2},
		{"/v1/experiment?project_id=" + project, 2},
		{"/v1/experiment?project_id=" + project + "&experiment_name=baseline", 1},
		{"/v1/experiment?project_name=Nowhere", 0},
		{"/v1/dataset?dataset_name=handbook", 1},
		{"/v1/prompt?slug=system-prompt&project_name=Chatbot", 1},
		{"/v1/prompt?prompt_name=system-prompt", 1},
		{"/v1/function?function_name=tone-scorer&slug=tone-scorer", 1},
		{"/v1/function?project_name=Chatbot", 3},
		{"/v1/service_token?service_token_name=ci-evals", 1},
		{"/v1/api_key?api_key_name=notebook", 2},
		{"/v1/acl?object_type=project&object_id=" + project + "&permission=read", 4},
		{"/v1/acl?object_type=project&object_id=" + project + "&permission=read&restrict_object_type=dataset", 1},
		{"/v1/acl/list_org?object_type=project&object_id=" + project + "&permission=read", 4},
		{"/v1/acl/list_org?object_type=group,org_project&permission=update", 1},
		{"/v1/acl/list_org?org_name=Other", 0},
	} {
		if got := c.ids(test.path); len(got) != test.want {
			t.Errorf("%s: %d rows, want %d", test.path, len(got), test.want)
		}
	}
	for _, bad := range []string{
		"/v1/user?ids=nonsense", "/v1/user?limit=-1", "/v1/user?limit=many", "/v1/user?starting_after=x",
		"/v1/user?starting_after=" + missing, "/v1/user?starting_after=" + users[0] + "&ending_before=" + users[1],
		"/v1/acl", "/v1/acl?object_type=project", "/v1/acl?object_id=" + project, "/v1/acl?object_type=thing&object_id=" + project,
		"/v1/acl?object_type=project&object_id=x", "/v1/acl?object_type=project&object_id=" + missing,
		"/v1/acl/list_org?permission=fly", "/v1/experiment?project_id=x", "/v1/user?limit=1;x", "/v1/user/nonsense", "/v1/user/" + missing,
	} {
		c.want(http.StatusBadRequest, http.MethodGet, bad, nil)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	c := tokenClient(t, newServer(t, Options{}))
	for _, at := range []struct{ method, path string }{
		{"GET", "/v1/nothing"}, {"GET", "/v2/group"}, {"GET", "/v1/group/x/y"}, {"GET", "/v1/prompt_session"},
		{"POST", "/v1/prompt_session"}, {"POST", "/v1/api_key"}, {"POST", "/v1/user"}, {"DELETE", "/v1/user"},
		{"PUT", "/v1/project"}, {"PATCH", "/v1/acl"}, {"PUT", "/v1/acl"}, {"POST", "/v1/organization"},
		{"DELETE", "/v1/organization/" + c.ids("/v1/organization")[0]}, {"GET", "/v1/organization/members"},
	} {
		if r := c.do(at.method, at.path, nil); r.status != http.StatusNotFound {
			// A known prefix with something that is no id behind it is a malformed id.
			if r.status != http.StatusBadRequest || !strings.Contains(at.path, "members") {
				t.Errorf("%s %s: %d", at.method, at.path, r.status)
			}
		}
	}
	if r := c.want(200, "GET", "/ping", nil); r.id() == "" {
		t.Error("ping does not say who I am")
	}
	if r := c.do("HEAD", "/v1/user", nil); r.status != 200 || len(r.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", r.status, len(r.body))
	}
	if r := c.do("OPTIONS", "/v1/user", nil); r.status/100 != 2 {
		t.Errorf("OPTIONS: %d", r.status)
	}
}
