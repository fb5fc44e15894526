package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"btadmin/internal/sandbox/store"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Seed replaces everything in the organization by new starting data and tells the keys, which cannot be read
// again. Errors: what is wrong with the specification, or the store's.
func (s *Server) Seed(spec SeedSpec) (Seeded, error) {
	w, seeded, err := s.grow(spec)
	if err != nil {
		return Seeded{}, err
	}
	changes := w.changes
	w.changes = nil
	ticket, err := s.replaceWorld(w, seeded, changes)
	if err != nil {
		return Seeded{}, err
	}
	if err := ticket.Wait(); err != nil {
		return Seeded{}, fmt.Errorf("seeding the sandbox: %w", err)
	}
	return seeded, nil
}

func (s *Server) replaceWorld(w *world, seeded Seeded, changes []store.Change) (store.Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil {
		return store.Ticket{}, s.lost
	}
	var ticket store.Ticket
	if s.store != nil {
		if err := s.store.Writable(); err != nil {
			return store.Ticket{}, fmt.Errorf("seeding the sandbox: %w", err)
		}
		records := make([]store.Record, 0, len(changes))
		for _, c := range changes {
			records = append(records, c.Record)
		}
		ticket = s.store.Replace(records)
	}
	s.world, s.seeded = w, seeded
	return ticket, nil
}

// check says what is wrong with a specification.
func (spec SeedSpec) check() error {
	var errs []error
	for name, id := range map[string]string{"organization": spec.OrgID, "user": spec.UserID} {
		if id != "" && !isUUID(id) {
			errs = append(errs, fmt.Errorf("the %s id %q is not a UUID", name, id))
		}
	}
	fixed := func(what, key, prefix string) {
		if key != "" && (!strings.HasPrefix(key, prefix) || len(key) < len(prefix)+8 || strings.ContainsAny(key, " \t\r\n\x00")) {
			errs = append(errs, fmt.Errorf("the %s must start with %s and have at least eight more characters, no spaces", what, prefix))
		}
	}
	fixed("user key", spec.UserKey, UserKeyPrefix)
	fixed("token key", spec.TokenKey, ServiceTokenPrefix)
	switch spec.Kind {
	case "", SeedDemo, SeedEmpty, SeedLarge:
	default:
		errs = append(errs, fmt.Errorf("unknown seed %q: one of demo, empty, large", spec.Kind))
	}
	if slices.Min([]int{spec.Users, spec.Groups, spec.Projects, spec.ACLs}) < 0 {
		errs = append(errs, errors.New("counts of a seed cannot be negative"))
	}
	return errors.Join(errs...)
}

// grow makes a new world. Nobody else sees it yet.
func (s *Server) grow(spec SeedSpec) (*world, Seeded, error) {
	if err := spec.check(); err != nil {
		return nil, Seeded{}, err
	}
	g := &seeder{s: s, id: s.newID, at: s.opts.Clock().Add(-120 * 24 * time.Hour), step: 10 * time.Hour}
	if spec.Kind == "" {
		spec.Kind = SeedDemo
	}
	if spec.Kind == SeedLarge {
		spec = spec.withCounts()
		g.id = newIDs(spec.RandomSeed)
		g.step = 100 * 24 * time.Hour / time.Duration(spec.Users+spec.Groups+spec.Projects+spec.ACLs+100)
	}
	seeded := g.base(spec)
	switch spec.Kind {
	case SeedDemo:
		g.demo()
	case SeedLarge:
		g.large(spec)
	}
	return g.world, seeded, nil
}

// seeder makes rows with the server's own hands: no permission is checked.
type seeder struct {
	*world
	s    *Server
	id   func() string
	at   time.Time
	step time.Duration

	owner, account *row              // the first owner and his service account
	users          map[string]string // id by name
	byName         map[string]string // group id by name
	enterprise     bool
}

func (g *seeder) time() string {
	g.at = g.at.Add(g.step)
	return stamp(g.at)
}

// or is the chosen id, else a new one.
func (g *seeder) or(id string) string {
	if id != "" {
		return strings.ToLower(id)
	}
	return g.id()
}

// base is what every organization has: itself, an owner, his service account, system roles and built-in groups.
func (g *seeder) base(spec SeedSpec) Seeded {
	orgID, orgName := g.or(spec.OrgID), spec.OrgName
	if orgName == "" {
		orgName = map[SeedKind]string{SeedDemo: "Acme", SeedEmpty: "Empty", SeedLarge: "Large"}[spec.Kind]
	}
	g.world = newWorld(g.s.reg, braintrust.Organization{ID: orgID, Name: orgName})
	g.users, g.byName = make(map[string]string), make(map[string]string)
	plan := g.s.opts.Plan
	if plan == "" {
		plan = PlanEnterprise
	}
	g.enterprise = plan == PlanEnterprise
	g.setMeta(meta{OrgID: orgID, Plan: plan, Kind: spec.Kind})
	g.put(kindOrganization, orgID, document{"name": quoted(orgName)})

	email := spec.UserEmail
	if email == "" {
		email = "ada@acme.example.com"
	}
	g.owner = g.user(g.or(spec.UserID), document{"given_name": quoted("Ada"), "family_name": quoted("Lindqvist"), "email": quoted(email)}, userRow{})
	g.account = g.serviceAccount("platform-admin")
	g.systemRoles()
	g.builtInGroups(plan)

	userKey, tokenKey := spec.UserKey, spec.TokenKey
	if userKey == "" {
		userKey = g.s.newKey(UserKeyPrefix)
	}
	if tokenKey == "" {
		tokenKey = g.s.newKey(ServiceTokenPrefix)
	}
	g.insertAPIKey(g.id(), g.owner, "laptop", userKey, g.time(), spec.UserKey != "")
	g.insertToken(g.id(), g.account, "platform-admin", tokenKey, g.time(), spec.TokenKey != "")
	return Seeded{
		OrgID: orgID, OrgName: orgName, UserID: g.owner.id, UserKey: braintrust.NewSecret(userKey),
		ServiceAccountID: g.account.id, TokenKey: braintrust.NewSecret(tokenKey),
	}
}

// put inserts a row of any kind from its particular fields.
func (g *seeder) put(kind, id string, d document) *row {
	d["id"], d["created"] = quoted(id), quoted(g.time())
	if _, given := d["org_id"]; !given {
		d["org_id"] = quoted(g.orgID())
	}
	if _, given := d["user_id"]; !given && g.owner != nil {
		d["user_id"] = quoted(g.owner.id)
	}
	return g.insert(kind, id, encode(g.reg.byKind[kind].fields, d), nil)
}

func (g *seeder) user(id string, d document, state userRow) *row {
	return g.insertUser(id, d, g.time(), state)
}

func (g *seeder) serviceAccount(name string) *row {
	id := g.id()
	g.users[name] = id
	return g.user(id, document{"given_name": quoted(name), "email": quoted(accountEmail(name, id))}, userRow{Service: true})
}

func (g *seeder) systemRoles() {
	all := braintrust.Permissions()
	for _, r := range []struct {
		name, description string
		permissions       []braintrust.Permission
	}{
		{"Owner", "Can do everything", all},
		{"Engineer", "Can create, read, update and delete", all[:4]},
		{"Viewer", "Can read", []braintrust.Permission{braintrust.PermissionRead}},
	} {
		members := make([]braintrust.RolePermission, len(r.permissions))
		for i, p := range r.permissions {
			members[i].Permission = p
		}
		g.put(kindRole, g.id(), document{
			"org_id": null(), "user_id": null(), "name": quoted(r.name), "description": quoted(r.description),
			"member_permissions": marshal(members),
		})
	}
}

// null is the value of what is not set.
func null() []byte { return []byte("null") }

func (g *seeder) builtInGroups(plan Plan) {
	for _, b := range []struct {
		name, description, role string
		on                      braintrust.ObjectType
		members                 []string
	}{
		{"Owners", "Can do everything in the organization", "Owner", braintrust.ObjectOrganization, []string{g.owner.id, g.account.id}},
		{"Engineers", "Can work on all projects, without managing access", "Engineer", braintrust.ObjectOrgProject, nil},
		{"Viewers", "Can see all projects", "Viewer", braintrust.ObjectOrgProject, nil},
	} {
		if plan == PlanStarter && b.name != "Owners" {
			continue
		}
		id := g.group(b.name, b.description, b.members, nil)
		g.grantRole(group(id), access.Node{Type: b.on, ID: g.orgID()}, b.role)
	}
}

func (g *seeder) group(name, description string, users, groups []string) string {
	id := g.id()
	g.byName[name] = id
	g.put(kindGroup, id, document{"name": quoted(name), "description": quoted(description), "member_groups": list(groups)})
	g.addMembers(id, users)
	return id
}

func (g *seeder) grantRole(p access.Principal, n access.Node, role string) {
	r := g.systemRole(role)
	if r == nil {
		r = g.table(kindRole).byKey[g.orgID()+"/"+role]
	}
	g.grantItem(access.RoleItem(p, n, r.id))
}

func (g *seeder) grantItem(item braintrust.ACLItem) bool {
	if g.findACL(item) != nil {
		return false
	}
	g.insertACL(g.id(), item, g.time())
	return true
}

// created is the creator's own grant, as the server gives it.
func (g *seeder) created(userID string, n access.Node) {
	if !g.s.opts.NoCreatorGrants {
		g.grantRole(user(userID), n, "Owner")
	}
}

func user(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func group(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}
