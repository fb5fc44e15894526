package snapshotfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"btadmin/internal/snapshotfile"
	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// strange is an organization with what a newer server or a broken one may send.
func strange() *access.Snapshot {
	s := synthetic.Organization(synthetic.Size{Name: "strange", Users: 30, Groups: 12, Depth: 3, Projects: 8, Objects: 6, ACLs: 120, Cycles: true}, 7)
	org := s.Organization.ID
	at := time.Date(2026, 3, 4, 5, 6, 7, 123456789, time.UTC)
	zero := time.Time{}
	s.ACLs = append(s.ACLs,
		braintrust.ACL{ID: "not-a-uuid", ACLItem: braintrust.ACLItem{ObjectType: "spaceship", ObjectID: "NCC-1701", UserID: "Kirk", Permission: "engage", RestrictObjectType: "shuttle"}, ObjectOrgID: org, Created: at, Unknown: jsontext.Value(`{"shields":true}`)},
		braintrust.ACL{ID: strings.ToUpper(org), ACLItem: braintrust.ACLItem{ObjectType: "organization", ObjectID: strings.ToUpper(org), GroupID: "g", RoleID: "r"}},
	)
	s.Groups[4].DeletedAt, s.Groups[5].DeletedAt, s.Groups[5].Unknown = &at, &zero, jsontext.Value(`{"a":[1,2]}`)
	s.Roles[3].MemberPermissions = append(s.Roles[3].MemberPermissions, braintrust.RolePermission{Permission: "fly", RestrictObjectType: "moon"})
	s.Users[0].Created, s.Users[0].FamilyName = at, "日本 \x1b[31m"
	s.Tokens = append(s.Tokens, braintrust.ServiceToken{ID: "t-1", Name: "ci", ServiceAccountID: s.Users[3].ID, Created: at})
	s.Objects[0].Slug, s.Objects[0].FunctionType, s.Objects[0].UserID = "slug", "oracle", s.Users[1].ID
	return s
}

// canonical is a snapshot in the file's order, so that two can be compared.
func canonical(s *access.Snapshot) *access.Snapshot {
	c := *s
	c.Users, c.Groups, c.Roles = slices.Clone(s.Users), slices.Clone(s.Groups), slices.Clone(s.Roles)
	c.Projects, c.ProjectGroups, c.Tokens = slices.Clone(s.Projects), slices.Clone(s.ProjectGroups), slices.Clone(s.Tokens)
	c.ACLs, c.Objects = slices.Clone(s.ACLs), slices.Clone(s.Objects)
	sortBy(c.Users, func(x braintrust.User) string { return x.ID })
	sortBy(c.Groups, func(x braintrust.Group) string { return x.ID })
	sortBy(c.Roles, func(x braintrust.Role) string { return x.ID })
	sortBy(c.Projects, func(x braintrust.Project) string { return x.ID })
	sortBy(c.ProjectGroups, func(x braintrust.ProjectGroup) string { return x.ID })
	sortBy(c.Tokens, func(x braintrust.ServiceToken) string { return x.ID })
	sortBy(c.ACLs, func(x braintrust.ACL) string { return x.ID })
	sortBy(c.Objects, func(x access.Object) string { return x.ID })
	for i := range c.Groups {
		c.Groups[i].MemberUsers, c.Groups[i].MemberGroups = sorted(c.Groups[i].MemberUsers), sorted(c.Groups[i].MemberGroups)
	}
	for i := range c.Roles {
		c.Roles[i].MemberRoles = sorted(c.Roles[i].MemberRoles)
		c.Roles[i].MemberPermissions = slices.Clone(c.Roles[i].MemberPermissions)
		sortBy(c.Roles[i].MemberPermissions, func(p braintrust.RolePermission) string {
			return string(p.Permission) + "/" + string(p.RestrictObjectType)
		})
	}
	for i := range c.ProjectGroups {
		c.ProjectGroups[i].MemberProjects = sorted(c.ProjectGroups[i].MemberProjects)
	}
	return &c
}

func sortBy[T any](items []T, key func(T) string) {
	slices.SortStableFunc(items, func(a, b T) int { return strings.Compare(key(a), key(b)) })
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }

func encode(t testing.TB, s *access.Snapshot, o snapshotfile.Origin) ([]byte, snapshotfile.Header) {
	t.Helper()
	data, h, err := snapshotfile.Encode(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return data, h
}

func TestEverythingComesBack(t *testing.T) {
	t.Parallel()
	want := strange()
	from := origin()
	from.Reader, from.NoOrgACLs, from.Unread = want.Users[0].ID, true, []access.Node{{Type: "org_member", ID: want.Organization.ID}}
	data, h := encode(t, want, from)
	f, err := snapshotfile.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(canonical(want), canonical(got), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-kept +came back):\n%s", diff)
	}
	if diff := cmp.Diff(h, f.Header, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("header (-written +read):\n%s", diff)
	}
	if !reflect.DeepEqual(f.Header.Origin, from) {
		t.Errorf("origin %+v, want %+v", f.Header.Origin, from)
	}
}

// Nothing of a secret is kept: not the preview of a token, nor fields of objects that nobody has looked at.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	s := strange()
	const secret = "sk-very-secret"
	s.Tokens[0].PreviewName, s.Tokens[0].Unknown = secret, jsontext.Value(`{"key":"`+secret+`"}`)
	s.Users[0].Unknown, s.Organization.Unknown = jsontext.Value(`{"k":"`+secret+`"}`), jsontext.Value(`{"k":"`+secret+`"}`)
	s.Projects[0].Settings, s.Objects[0].Unknown = jsontext.Value(`{"k":"`+secret+`"}`), jsontext.Value(`{"k":"`+secret+`"}`)
	s.Objects[0].Description = secret
	data, _ := encode(t, s, origin())
	f, err := snapshotfile.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if text := reflectText(got); strings.Contains(text, secret) {
		t.Error("a secret is kept")
	}
}

func reflectText(s *access.Snapshot) string {
	return cmp.Diff(&access.Snapshot{}, s)
}

// The fingerprint depends on what is there, not on the order in which a server lists it.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	s := strange()
	_, h := encode(t, s, origin())
	shuffled := strange()
	random := rand.New(rand.NewPCG(1, 1))
	mix(random, shuffled.Users)
	mix(random, shuffled.Groups)
	mix(random, shuffled.Roles)
	mix(random, shuffled.ACLs)
	mix(random, shuffled.Projects)
	mix(random, shuffled.ProjectGroups)
	mix(random, shuffled.Objects)
	mix(random, shuffled.Tokens)
	for i := range shuffled.Groups {
		mix(random, shuffled.Groups[i].MemberUsers)
	}
	later := origin()
	later.Taken, later.Tool, later.Host = later.Taken.Add(time.Hour), "9.9.9", "elsewhere.example.com"
	if got, err := snapshotfile.Fingerprint(shuffled, later); err != nil || got != h.Fingerprint {
		t.Errorf("in another order: %s, want %s, %v", got, h.Fingerprint, err)
	}
	for name, change := range map[string]func(*access.Snapshot, *snapshotfile.Origin){
		"a member less": func(s *access.Snapshot, _ *snapshotfile.Origin) {
			s.Groups[3].MemberUsers = s.Groups[3].MemberUsers[1:]
		},
		"another permission":   func(s *access.Snapshot, _ *snapshotfile.Origin) { s.ACLs[9].RoleID, s.ACLs[9].Permission = "", "fly" },
		"another name":         func(s *access.Snapshot, _ *snapshotfile.Origin) { s.Projects[0].Name += "!" },
		"tokens unknown":       func(s *access.Snapshot, _ *snapshotfile.Origin) { s.TokensKnown = false },
		"not all objects":      func(_ *access.Snapshot, o *snapshotfile.Origin) { o.Objects = false },
		"something is unread":  func(_ *access.Snapshot, o *snapshotfile.Origin) { o.Unread = []access.Node{{Type: "group", ID: "x"}} },
		"another organization": func(s *access.Snapshot, _ *snapshotfile.Origin) { s.Organization.Name += "!" },
	} {
		changed, from := strange(), origin()
		changed.Groups[3].MemberUsers = append(changed.Groups[3].MemberUsers, "somebody")
		before, err := snapshotfile.Fingerprint(changed, from)
		if err != nil {
			t.Fatal(err)
		}
		change(changed, &from)
		if after, err := snapshotfile.Fingerprint(changed, from); err != nil || after == before {
			t.Errorf("%s: the fingerprint is the same, %v", name, err)
		}
	}
}

func mix[T any](random *rand.Rand, items []T) {
	random.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
}

// An edited byte, wherever it is, and a truncation are found before anything is believed.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	data, _ := encode(t, strange(), origin())
	read := func(data []byte) error {
		f, err := snapshotfile.Decode(data)
		if err != nil {
			return err
		}
		_, err = f.Snapshot()
		return err
	}
	if err := read(data); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); i += 7 {
		changed := bytes.Clone(data)
		changed[i] ^= 1 << (i % 8)
		if err := read(changed); err == nil {
			t.Fatalf("byte %d of %d was changed and nobody noticed", i, len(data))
		}
	}
	for n := 0; n < len(data); n += 17 {
		if err := read(data[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d were taken for all", n, len(data))
		}
	}
	if err := read(append(bytes.Clone(data), 0)); !errors.Is(err, snapshotfile.ErrDamaged) {
		t.Errorf("something behind the end: %v", err)
	}
	newer := bytes.Clone(data)
	binary.LittleEndian.PutUint32(newer[16:], snapshotfile.Version+1)
	if err := read(newer); !errors.Is(err, snapshotfile.ErrNewer) {
		t.Errorf("a newer format: %v", err)
	}
	if err := read([]byte("PK\x03\x04 and what else there is in other files")); !errors.Is(err, snapshotfile.ErrNotSnapshot) {
		t.Errorf("another file: %v", err)
	}
}

// A question reads a part of the file, and gets the same as from the whole.
func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	s := synthetic.Organization(synthetic.Size{Name: "parts", Users: 60, Groups: 30, Depth: 3, Projects: 300, Objects: 20, ACLs: 9500}, 3)
	data, _ := encode(t, s, origin())
	f, err := snapshotfile.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	byNode := map[access.Node][]string{}
	for _, a := range s.ACLs {
		n := access.NodeOf(a.ACLItem)
		byNode[n] = append(byNode[n], a.ID)
	}
	for n, want := range byNode {
		got, err := f.ACLsOn([]access.Node{n, {Type: "project", ID: "nowhere"}})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, a := range got {
			ids = append(ids, a.ID)
		}
		if diff := cmp.Diff(sorted(want), sorted(ids)); diff != "" {
			t.Fatalf("%s:\n%s", n, diff)
		}
	}
	if got, err := f.ACLsOn([]access.Node{{Type: "project", ID: "nowhere"}}); err != nil || len(got) > 0 {
		t.Errorf("of nothing: %d grants, %v", len(got), err)
	}
	for _, p := range s.Projects[:40] {
		var want []string
		for _, o := range s.Objects {
			if o.ProjectID == p.ID {
				want = append(want, o.ID)
			}
		}
		objects, err := f.ObjectsIn(p.ID)
		var got []string
		for _, o := range objects {
			got = append(got, o.ID)
		}
		if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" || err != nil {
			t.Fatalf("objects of %s: %v\n%s", p.Name, err, diff)
		}
	}
	last := s.Objects[len(s.Objects)-1]
	if o, found, err := f.Object(last.Kind, last.ID); err != nil || !found || o.Name != last.Name || o.ProjectID != last.ProjectID {
		t.Errorf("%+v, %v, %v", o, found, err)
	}
	user := s.Users[5].ID
	groups, err := f.GroupsWith([]string{user})
	if err != nil || len(groups) != len(s.Groups) {
		t.Fatalf("%d groups, %v", len(groups), err)
	}
	listed := map[string]bool{}
	for _, g := range s.Groups {
		listed[g.ID] = slices.Contains(g.MemberUsers, user)
	}
	for _, g := range groups {
		if listed[g.ID] != slices.Contains(g.MemberUsers, user) || len(g.MemberUsers) > 1 {
			t.Errorf("%s has %v", g.Name, g.MemberUsers)
		}
	}
}

func TestFileIsPrivateAndNotReplaced(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.btsnap")
	if _, err := snapshotfile.Write(path, strange(), origin(), false); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := snapshotfile.Write(path, strange(), origin(), false); err == nil {
		t.Error("it was replaced")
	}
	f, err := snapshotfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Snapshot(); err != nil {
		t.Error(err)
	}
	if _, err := snapshotfile.Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
}
