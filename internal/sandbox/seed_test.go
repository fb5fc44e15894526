package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSeedCounts(t *testing.T) {
	t.Parallel()
	ignore := cmpopts.IgnoreFields(Status{}, "OrgID")
	for _, test := range []struct {
		seed SeedSpec
		want Status
	}{
		{SeedSpec{}, Status{
			OrgName: "Acme", Plan: PlanEnterprise, Seed: SeedDemo, People: 12, ServiceAccounts: 4, Groups: 6, Roles: 5, Projects: 5,
			Objects: 29, ACLs: 35, ServiceTokens: 3, APIKeys: 3,
		}},
		{SeedSpec{Kind: SeedEmpty, OrgName: "Mine"}, Status{
			OrgName: "Mine", Plan: PlanEnterprise, Seed: SeedEmpty, People: 1, ServiceAccounts: 1, Groups: 3, Roles: 3, ACLs: 3,
			ServiceTokens: 1, APIKeys: 1,
		}},
		{SeedSpec{Kind: SeedLarge, Users: 300, Groups: 40, Projects: 10, ACLs: 2000}, Status{
			OrgName: "Large", Plan: PlanEnterprise, Seed: SeedLarge, People: 301, ServiceAccounts: 1, Groups: 43, Roles: 3, Projects: 10,
			ACLs: 2003, ServiceTokens: 1, APIKeys: 1,
		}},
	} {
		if diff := cmp.Diff(test.want, newServer(t, Options{Seed: test.seed}).Status(), ignore); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.seed.Kind, diff)
		}
	}
}

// TestLargeSeedIsDeterministic: ids, members and grants are the same for the same seed.
func TestLargeSeedIsDeterministic(t *testing.T) {
	t.Parallel()
	list := func(seed uint64, path string) []string {
		s := newServer(t, Options{Clock: new(clock).now, Seed: SeedSpec{Kind: SeedLarge, Users: 50, Groups: 10, Projects: 5, ACLs: 100, RandomSeed: seed}})
		return tokenClient(t, s).ids(path)
	}
	for _, path := range []string{"/v1/user", "/v1/group", "/v1/acl/list_org"} {
		if diff := cmp.Diff(list(1, path), list(1, path)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
		if cmp.Equal(list(1, path), list(2, path)) {
			t.Errorf("%s is the same with another seed", path)
		}
	}
}

// TestFixedIdentity: other clients' test suites bring their own ids and keys.
func TestFixedIdentity(t *testing.T) {
	t.Parallel()
	spec := SeedSpec{
		OrgID: "11111111-2222-4333-8444-555555555555", UserID: "866A8A8A-fee9-4a5b-8278-12970de499c2", UserEmail: "me@example.com",
		UserKey: UserKeyPrefix + "12345678", TokenKey: ServiceTokenPrefix + "12345678",
	}
	s := newServer(t, Options{Seed: spec})
	c := &client{t: t, transport: watched(t, s), base: baseURL, key: spec.UserKey}
	if got := c.want(200, "GET", "/ping", nil).id(); got != strings.ToLower(spec.UserID) {
		t.Errorf("I am %s", got)
	}
	if got := c.want(200, "GET", "/v1/user/"+spec.UserID, nil).object["email"]; got != spec.UserEmail {
		t.Errorf("my address is %s", got)
	}
	c.want(200, "GET", "/v1/organization/"+spec.OrgID, nil)
	c.key = spec.TokenKey
	c.want(200, "GET", "/v1/service_token", nil)
	// As such suites do: grants to the fixed user, the organization by id where the description has only its name.
	project := c.want(200, "POST", "/v1/project", obj{"name": "test-acl-project"}).id()
	c.want(200, "POST", "/v1/acl", obj{"object_type": "project", "object_id": project, "user_id": spec.UserID, "permission": "read"})
	c.want(200, "GET", "/v1/group?org_id="+spec.OrgID+"&limit=5", nil)
	c.transport = s.Transport() // the description does not have it
	c.want(200, "POST", "/v1/group", obj{"name": "by id", "org_id": spec.OrgID})

	for _, bad := range []SeedSpec{
		{OrgID: "x"}, {UserID: "x"}, {UserKey: "sk-12345678"}, {TokenKey: UserKeyPrefix + "12345678"}, {TokenKey: ServiceTokenPrefix + "1"},
		{UserKey: UserKeyPrefix + "1234 5678"}, {Kind: "huge"}, {Kind: SeedLarge, Users: -1},
	} {
		if _, err := s.Seed(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// TestSeedAgain replaces everything, the keys too.
func TestSeedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	old := tokenClient(t, s)
	seeded, err := s.Seed(SeedSpec{Kind: SeedEmpty, OrgName: "Second"})
	if err != nil {
		t.Fatal(err)
	}
	old.want(401, "GET", "/ping", nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Status(); got.OrgName != "Second" || got.People != 1 {
		t.Errorf("%+v", got)
	}
	if !s.Seeded().TokenKey.IsZero() {
		t.Error("the key is known after it was reopened")
	}
	c := &client{t: t, transport: watched(t, s), base: baseURL, key: seeded.TokenKey.Reveal()}
	c.want(200, "GET", "/v1/organization/"+seeded.OrgID, nil)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	c := userClient(t, s)
	r := c.want(200, "POST", "/api/apikey/login", nil)
	org := r.object["org_info"].([]any)[0].(obj)
	if org["id"] != s.Seeded().OrgID || org["name"] != "Acme" || org["api_url"] != baseURL {
		t.Errorf("%v", org)
	}
	c.want(200, "PATCH", "/v1/organization/"+s.Seeded().OrgID, obj{"api_url": "https://api.example.com", "name": "Renamed"})
	org = c.want(200, "POST", "/api/apikey/login", obj{}).object["org_info"].([]any)[0].(obj)
	if org["name"] != "Renamed" || org["api_url"] != "https://api.example.com" {
		t.Errorf("%v", org)
	}
	c.want(200, "POST", "/v1/group", obj{"name": "x", "org_name": "Renamed"})
	c.key = "nonsense"
	c.want(401, "POST", "/api/apikey/login", nil)
}
