package orgstate_test

import (
	"testing"

	"btadmin/internal/orgstate"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func demo(t *testing.T) (*sandbox.Server, func(key braintrust.Secret) *braintrust.Client) {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return server, func(key braintrust.Secret) *braintrust.Client {
		client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: key, Transport: server.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
}

func TestLoadReadsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	server, as := demo(t)
	client := as(server.Seeded().TokenKey)
	org := braintrust.Organization{ID: server.Seeded().OrgID}
	all, err := orgstate.Load(t.Context(), client, org, orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: true, AllACLs: true, Projects: true, Objects: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Users) != 16 || len(all.Groups) != 6 || len(all.Projects) != 5 || len(all.Objects) == 0 || !all.TokensKnown || len(all.ACLs) == 0 {
		t.Errorf("users %d, groups %d, projects %d, objects %d, ACLs %d", len(all.Users), len(all.Groups), len(all.Projects), len(all.Objects), len(all.ACLs))
	}
	if owners := access.NewState(all).Owners(); len(owners) != 3 {
		t.Errorf("owners: %v", owners)
	}
	some, err := orgstate.Load(t.Context(), client, org, orgstate.Need{ACLsOn: []access.Node{{Type: "organization", ID: org.ID}}})
	if err != nil || len(some.Users) > 0 || len(some.ACLs) == 0 || len(some.ACLs) >= len(all.ACLs) {
		t.Errorf("%d ACLs of %d, %d users, %v", len(some.ACLs), len(all.ACLs), len(some.Users), err)
	}
}

// A list that is refused is an error: nothing is concluded from half a view.
func TestLoadIsCompleteOrAnError(t *testing.T) {
	t.Parallel()
	server, as := demo(t)
	owner := as(server.Seeded().TokenKey)
	result, err := owner.UpdateMembers(t.Context(), braintrust.MembersPatch{Invite: &braintrust.Invitation{
		ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: "nobody", TokenName: "t"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	nobody := as(result.AddedUsers[0].APIKey)
	snapshot, err := orgstate.Load(t.Context(), nobody, braintrust.Organization{ID: server.Seeded().OrgID}, orgstate.Need{Users: true, AllACLs: true})
	if !braintrust.IsForbidden(err) || snapshot != nil {
		t.Errorf("snapshot %v, error %v", snapshot, err)
	}
	if _, err := orgstate.Load(t.Context(), nobody, braintrust.Organization{}, orgstate.Need{Tokens: true, OptionalTokens: true}); err != nil {
		t.Errorf("tokens that are optional: %v", err)
	}
}

func TestWhoAmI(t *testing.T) {
	t.Parallel()
	server, as := demo(t)
	seeded := server.Seeded()
	caller, err := orgstate.WhoAmI(t.Context(), as(seeded.TokenKey), seeded.TokenKey)
	if err != nil || caller.UserID != seeded.ServiceAccountID || caller.CredentialID == "" || !caller.ServiceToken {
		t.Errorf("service token: %+v, %v", caller, err)
	}
	caller, err = orgstate.WhoAmI(t.Context(), as(seeded.UserKey), seeded.UserKey)
	if err != nil || caller.UserID != seeded.UserID || caller.CredentialID == "" || caller.ServiceToken {
		t.Errorf("API key: %+v, %v", caller, err)
	}
}

// The server is only asked who reads when something is named that is not listed.
func TestReader(t *testing.T) {
	t.Parallel()
	server, as := demo(t)
	seeded := server.Seeded()
	m := &meddler{next: server.Transport()}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: seeded.UserKey, Transport: m})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := orgstate.ReadWhole(t.Context(), as(seeded.TokenKey), braintrust.Organization{ID: seeded.OrgID}, orgstate.Extent{})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := orgstate.Reader(t.Context(), client, seeded.TokenKey, whole.Snapshot); id != seeded.ServiceAccountID || err != nil || len(m.paths) > 0 {
		t.Errorf("a service token: %q, %v, %d requests", id, err, len(m.paths))
	}
	if id, err := orgstate.Reader(t.Context(), client, seeded.UserKey, whole.Snapshot); id != "" || err != nil || len(m.paths) > 0 {
		t.Errorf("a user's key, nothing dangles: %q, %v, %d requests", id, err, len(m.paths))
	}
	whole.Snapshot.Groups[0].MemberGroups = append(whole.Snapshot.Groups[0].MemberGroups, "00000000-0000-4000-8000-000000000000")
	if id, err := orgstate.Reader(t.Context(), client, seeded.UserKey, whole.Snapshot); id != seeded.UserID || err != nil || len(m.paths) != 1 {
		t.Errorf("a user's key, a group is gone: %q, %v, %d requests", id, err, len(m.paths))
	}
}
