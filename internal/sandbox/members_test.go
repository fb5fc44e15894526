package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

func membersPath() string { return "/v1/organization/members" }

func added(r reply) []obj {
	var out []obj
	for _, item := range r.object["added_users"].([]any) {
		out = append(out, item.(obj))
	}
	return out
}

func TestInviteAndRemove(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	c := tokenClient(t, s)
	before := len(c.ids("/v1/user"))
	groups := c.ids("/v1/group?group_name=Contractors")
	r := c.want(200, "PATCH", membersPath(), obj{"invite_users": obj{
		"emails": []string{"New@acme.example.com", "new@acme.example.com", "bo@acme.example.com"}, "send_invite_emails": true,
		"group_ids": groups, "group_name": "Viewers",
	}})
	if r.object["status"] != "success" || r.object["org_id"] != s.Seeded().OrgID || len(added(r)) != 1 || added(r)[0]["email"] != "New@acme.example.com" {
		t.Fatalf("%s", r.body)
	}
	id := added(r)[0]["id"].(string)
	if got := len(c.ids("/v1/user")); got != before+1 {
		t.Errorf("%d users, want %d", got, before+1)
	}
	for _, name := range []string{"Contractors", "Viewers"} {
		g := items(t, c, "/v1/group?group_name="+name)[0]
		users := fmt.Sprint(g["member_users"])
		if bo := c.ids("/v1/user?given_name=Bo")[0]; !strings.Contains(users, id) || !strings.Contains(users, bo) {
			t.Errorf("%s: %s", name, users)
		}
	}
	// He leaves: his places in groups go for good; grants to himself stay, reach nobody, and can be taken away.
	project := c.ids("/v1/project")[0]
	grant := c.grant(obj{"object_type": "project", "object_id": project, "user_id": id, "permission": "read"})
	c.want(200, "PATCH", membersPath(), obj{"remove_users": obj{"emails": []string{"NEW@acme.example.com", "nobody@acme.example.com"}}})
	c.want(400, "GET", "/v1/user/"+id, nil)
	c.want(200, "GET", "/v1/acl/"+grant, nil)
	c.want(200, "DELETE", "/v1/acl/"+grant, nil)
	r = c.want(200, "PATCH", membersPath(), obj{"invite_users": obj{"ids": []string{id}}, "org_name": "Acme", "org_id": s.Seeded().OrgID})
	if len(added(r)) != 1 || added(r)[0]["id"] != id {
		t.Errorf("%s", r.body)
	}
	if g := items(t, c, "/v1/group?group_name=Viewers")[0]; strings.Contains(fmt.Sprint(g["member_users"]), id) {
		t.Error("he is in the group again")
	}
	for _, bad := range []obj{
		{"invite_users": obj{"emails": []string{"no address"}}}, {"invite_users": obj{"emails": []string{"@x"}}},
		{"invite_users": obj{"ids": []string{project}}}, {"invite_users": obj{"emails": []string{"a@example.com"}, "group_names": []string{"Nobody"}}},
		{"invite_users": obj{"service_accounts": []obj{{"token_name": "x"}}}}, {"org_name": "Other"}, {"org_id": project},
	} {
		c.want(400, "PATCH", membersPath(), bad)
	}
	c.want(200, "PATCH", membersPath(), obj{})
	c.want(200, "PATCH", membersPath(), obj{"invite_users": nil, "remove_users": nil})
}

func TestServiceAccounts(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	token, person := tokenClient(t, s), userClient(t, s)
	with := obj{"invite_users": obj{"service_accounts": []obj{{"name": "bot", "token_name": "first"}}, "group_names": []string{"Engineers"}}}
	without := obj{"invite_users": obj{"service_accounts": []obj{{"name": "bot"}}}}

	r := person.want(403, "PATCH", membersPath(), with)
	if !strings.Contains(string(r.body), tokenPage) {
		t.Errorf("no link in %s", r.body)
	}
	r = person.want(200, "PATCH", membersPath(), without)
	if one := added(r)[0]; one["api_key"] != nil || !strings.HasSuffix(one["email"].(string), "@"+accountDomain) {
		t.Errorf("%v", one)
	}
	r = token.want(200, "PATCH", membersPath(), with)
	one := added(r)[0]
	key, id := one["api_key"].(string), one["id"].(string)
	if one["token_name"] != "first" || !strings.HasPrefix(key, ServiceTokenPrefix) {
		t.Errorf("%v", one)
	}
	bot := &client{t: t, transport: token.transport, base: baseURL, key: key}
	if got := bot.want(200, "GET", "/ping", nil).id(); got != id {
		t.Errorf("the key belongs to %s, not to %s", got, id)
	}
	tokens := items(t, token, "/v1/service_token?service_token_name=first")
	if len(tokens) != 1 || tokens[0]["service_account_id"] != id || tokens[0]["service_account_name"] != "bot" || tokens[0]["key"] != nil {
		t.Errorf("%v", tokens)
	}
	if !strings.HasSuffix(tokens[0]["preview_name"].(string), key[len(key)-4:]) {
		t.Errorf("the preview %s does not end like the key", tokens[0]["preview_name"])
	}
	token.want(200, "PATCH", membersPath(), obj{"remove_users": obj{"ids": []string{id}}})
	bot.want(401, "GET", "/ping", nil)
	if left := token.ids("/v1/service_token?service_token_name=first"); len(left) != 0 {
		t.Errorf("the token is still there: %v", left)
	}
}

func TestServiceTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	token, person := tokenClient(t, s), userClient(t, s)
	account := token.ids("/v1/user?given_name=ci-evals")[0]
	body := obj{"name": "nightly", "service_account_id": account}
	if r := person.want(403, "POST", "/v1/service_token", body); !strings.Contains(string(r.body), "User API keys cannot") {
		t.Errorf("%s", r.body)
	}
	one, two := token.want(200, "POST", "/v1/service_token", body), token.want(200, "POST", "/v1/service_token", body)
	if one.id() == two.id() || one.object["key"] == two.object["key"] {
		t.Error("names need not be unique: each POST makes one")
	}
	if got := len(token.ids("/v1/service_token?service_token_name=nightly")); got != 2 {
		t.Errorf("%d tokens", got)
	}
	weak := &client{t: t, transport: token.transport, base: baseURL, key: one.object["key"].(string)}
	weak.want(403, "POST", "/v1/service_token", body) // a service token, but no owner's
	weak.want(403, "GET", "/v1/service_token", nil)
	weak.want(400, "GET", "/v1/service_token/"+one.id(), nil)
	weak.want(403, "DELETE", "/v1/service_token/"+one.id(), nil)
	three := token.want(200, "PUT", "/v1/service_token", body)
	token.want(400, "GET", "/v1/service_token/"+two.id(), nil)
	if got := len(token.ids("/v1/service_token?service_token_name=nightly")); got != 2 {
		t.Errorf("%d tokens after PUT", got)
	}
	person.want(200, "GET", "/v1/service_token/"+three.id(), nil)
	if r := person.want(200, "DELETE", "/v1/service_token", obj{"id": three.id()}); r.object["key"] != nil {
		t.Errorf("%s", r.body)
	}
	person.want(200, "DELETE", "/v1/service_token/"+one.id(), nil)
	weak.want(401, "GET", "/ping", nil)
	for _, bad := range []obj{
		{"name": "x"}, {"service_account_id": account}, {"name": "x", "service_account_id": "y"},
		{"name": "x", "service_account_id": s.Seeded().UserID}, {"name": "x", "service_account_id": account, "org_name": "Other"},
	} {
		token.want(400, "POST", "/v1/service_token", bad)
	}
}

func TestAPIKeysAreOnesOwn(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	owner := tokenClient(t, s)
	bot, _ := owner.account("bot")
	all := owner.ids("/v1/api_key")
	if len(all) != 3 {
		t.Errorf("an owner sees %d", len(all))
	}
	if got := bot.ids("/v1/api_key"); len(got) != 0 {
		t.Errorf("somebody else's: %v", got)
	}
	bot.want(400, "GET", "/v1/api_key/"+all[0], nil)
	bot.want(400, "DELETE", "/v1/api_key/"+all[0], nil)
	person := userClient(t, s)
	mine := person.ids("/v1/api_key?api_key_name=laptop")
	person.want(200, "DELETE", "/v1/api_key/"+mine[0], nil)
	person.want(401, "GET", "/ping", nil)
	owner.want(200, "DELETE", "/v1/api_key/"+all[0], nil)
}

// TestLastMember: an organization keeps at least one.
func TestLastMember(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{Seed: SeedSpec{Kind: SeedEmpty}})
	c := tokenClient(t, s)
	everybody := c.ids("/v1/user")
	remove := obj{"ids": everybody}
	if r := c.want(400, "PATCH", membersPath(), obj{"remove_users": remove}); !strings.Contains(string(r.body), "last member") {
		t.Errorf("%s", r.body)
	}
	if got := c.ids("/v1/user"); len(got) != len(everybody) {
		t.Error("somebody went all the same")
	}
	// With somebody new in the same request it is not the last.
	c.want(200, "PATCH", membersPath(), obj{"remove_users": remove, "invite_users": obj{"emails": []string{"next@example.com"}}})
	if got := s.Status(); got.People != 1 || got.ServiceAccounts != 0 {
		t.Errorf("%+v", got)
	}
	c.want(401, "GET", "/v1/user", nil)
}

// TestNewToken is the way back in for who lost the keys but has the folder.
func TestNewToken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openServer(t, dir, Options{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openServer(t, dir, Options{})
	first, err := s.NewToken("local")
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.NewToken("local")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, transport: watched(t, s), base: baseURL, key: second.Reveal()}
	if got := c.ids("/v1/service_token?service_token_name=local"); len(got) != 1 {
		t.Errorf("%d tokens", len(got))
	}
	c.key = first.Reveal()
	c.want(401, "GET", "/ping", nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.NewToken("local"); err == nil {
		t.Error("a closed store took a token")
	}
}
