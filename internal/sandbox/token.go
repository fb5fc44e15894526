package sandbox

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"btadmin/internal/sandbox/store"
	"btadmin/pkg/braintrust"
)

// serviceTokens are seen by owners only, and made with one that an owner has.
func serviceTokens() *resource {
	owner := func(c *call) error {
		if !c.isOwner() {
			return forbidden("Only organization owners can see service tokens")
		}
		return nil
	}
	return &resource{
		kind: kindServiceToken, label: "Service token",
		fields: []field{
			idField(), createdField(),
			{name: "name", kind: text, in: inAnswer | inCreate, required: true},
			{name: "preview_name", kind: text, in: inAnswer},
			// The schema says text, not UUID; which one it is is looked up.
			{name: "service_account_id", kind: text, in: inAnswer | inCreate, required: true},
			{name: "service_account_email", kind: text, in: inAnswer},
			{name: "service_account_name", kind: text, in: inAnswer},
			orgField(), orgNameField(),
		},
		filters: []filter{{param: "service_token_name", field: "name"}},
		decode:  decodeAs[braintrust.ServiceToken],
		mayList: owner,
		mayRead: func(c *call, _ *row) bool { return c.isOwner() },
		check:   func(c *call, _ *row, _ braintrust.Permission) error { return owner(c) },
		hard:    true,
	}
}

// apiKeys are their person's own; owners see and delete all.
func apiKeys() *resource {
	mine := func(c *call, r *row) bool {
		return r.value.(*braintrust.APIKey).UserID == c.caller.userID || c.isOwner()
	}
	return &resource{
		kind: kindAPIKey, label: "API key",
		fields: []field{
			idField(), createdField(), {name: "name", kind: text, in: inAnswer}, {name: "preview_name", kind: text, in: inAnswer},
			creatorField(), {name: "user_email", kind: text, in: inAnswer}, {name: "user_given_name", kind: text, in: inAnswer},
			{name: "user_family_name", kind: text, in: inAnswer}, orgField(),
		},
		filters:  []filter{{param: "api_key_name", field: "name"}},
		noCreate: true,
		decode:   decodeAs[braintrust.APIKey],
		mayRead:  mine,
		check: func(c *call, r *row, _ braintrust.Permission) error {
			if !mine(c, r) {
				return noAccess("API key", r.id)
			}
			return nil
		},
		hard: true,
	}
}

// tokenPage is where the first token of an organization is made.
const tokenPage = "https://www.braintrust.dev/app/~/configuration/org/service-tokens"

// mayMint is the rule for everything that makes a token.
func (c *call) mayMint() error {
	if !c.caller.service {
		return forbidden("User API keys cannot create service tokens: authenticate with a service token that has organization-owner permissions; the first one is made at %s", tokenPage)
	}
	if !c.isOwner() {
		return forbidden("This service token cannot create service tokens: it needs organization-owner permissions")
	}
	return nil
}

// mintToken answers POST /v1/service_token. Names need not be unique, so that each call makes one.
func mintToken(c *call) (answer, error) { return c.mint(false) }

// replaceToken answers PUT /v1/service_token: the newest token of that name goes, a new one comes.
func replaceToken(c *call) (answer, error) { return c.mint(true) }

func (c *call) mint(replace bool) (answer, error) {
	res := c.reg.byKind[kindServiceToken]
	if err := c.mayMint(); err != nil {
		return answer{}, err
	}
	body, err := strict(c.body, res.fields, inCreate)
	if err != nil {
		return answer{}, err
	}
	if err := c.thisOrganization(body); err != nil {
		return answer{}, err
	}
	id := strings.ToLower(body.text("service_account_id"))
	account := c.member(id)
	if account == nil {
		return answer{}, noAccess("Service account", id)
	}
	if !isAccount(account) {
		return answer{}, badRequest("User %s is not a service account", id)
	}
	name := body.text("name")
	if replace {
		if old := c.newestToken(name); old != nil {
			c.erase(old)
		}
	}
	key := c.s.newKey(ServiceTokenPrefix)
	r := c.insertToken(c.s.newID(), account, name, key, c.s.now(), false)
	return ok(r.body[:len(r.body)-1], []byte(`,"key":`), quoted(key), []byte{'}'}), nil
}

func (w *world) newestToken(name string) *row {
	rows := w.table(kindServiceToken).rows
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].live() && rows[i].value.(*braintrust.ServiceToken).Name == name {
			return rows[i]
		}
	}
	return nil
}

// insertToken stores a token by its hash.
func (w *world) insertToken(id string, account *row, name, key, created string, fixed bool) *row {
	u := account.value.(*braintrust.User)
	d := document{
		"id": quoted(id), "created": quoted(created), "name": quoted(name), "preview_name": quoted(preview(ServiceTokenPrefix, key)),
		"service_account_id": quoted(u.ID), "service_account_email": quoted(u.Email), "service_account_name": quoted(u.GivenName),
		"org_id": quoted(w.orgID()),
	}
	return w.insert(kindServiceToken, id, encode(w.reg.byKind[kindServiceToken].fields, d), secret(u.ID, key, fixed))
}

// insertAPIKey stores a person's key by its hash.
func (w *world) insertAPIKey(id string, person *row, name, key, created string, fixed bool) *row {
	u := person.value.(*braintrust.User)
	d := document{
		"id": quoted(id), "created": quoted(created), "name": quoted(name), "preview_name": quoted(preview(UserKeyPrefix, key)),
		"user_id": quoted(u.ID), "user_email": quoted(u.Email), "user_given_name": quoted(u.GivenName),
		"user_family_name": quoted(u.FamilyName), "org_id": quoted(w.orgID()),
	}
	return w.insert(kindAPIKey, id, encode(w.reg.byKind[kindAPIKey].fields, d), secret(u.ID, key, fixed))
}

func secret(userID, key string, fixed bool) []byte {
	sum := hashKey(key)
	return marshal(secretRow{Hash: hex.EncodeToString(sum[:]), UserID: userID, Fixed: fixed})
}

// preview is what lists show of a key: its prefix and its last four characters.
func preview(prefix, key string) string { return prefix + "****" + key[max(0, len(key)-4):] }

// deleteTokenByBody answers DELETE /v1/service_token.
func deleteTokenByBody(c *call) (answer, error) {
	body, err := strict(c.body, []field{{name: "id", kind: uuidText, in: inCreate, required: true}}, inCreate)
	if err != nil {
		return answer{}, err
	}
	return c.reg.byKind[kindServiceToken].remove(c, strings.ToLower(body.text("id")))
}

const (
	keyLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	keyLength  = 40 // 238 bits
)

// newKey draws a secret.
func (s *Server) newKey(prefix string) string {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	out := []byte(prefix)
	one := make([]byte, 1)
	for len(out) < len(prefix)+keyLength {
		if _, err := io.ReadFull(s.rand, one); err != nil {
			panic(fmt.Sprintf("sandbox: no random numbers: %v", err))
		}
		if int(one[0]) < 256/len(keyLetters)*len(keyLetters) { // no letter more often than another
			out = append(out, keyLetters[int(one[0])%len(keyLetters)])
		}
	}
	return string(out)
}

// NewToken makes a service token with owner permissions, without a request: for who has the store's folder and lost
// the keys. The last one of that name goes.
func (s *Server) NewToken(name string) (braintrust.Secret, error) {
	key, ticket, err := s.newToken(name)
	if err != nil {
		return braintrust.Secret{}, err
	}
	if err := ticket.Wait(); err != nil {
		return braintrust.Secret{}, fmt.Errorf("making a key for the sandbox: %w", err)
	}
	return braintrust.NewSecret(key), nil
}

func (s *Server) newToken(name string) (string, store.Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil {
		return "", store.Ticket{}, s.lost
	}
	account := s.world.ownerAccount()
	if account == nil {
		return "", store.Ticket{}, errors.New("making a key for the sandbox: no service account has owner permissions")
	}
	if s.store != nil {
		if err := s.store.Writable(); err != nil {
			return "", store.Ticket{}, fmt.Errorf("making a key for the sandbox: %w", err)
		}
	}
	if old := s.world.newestToken(name); old != nil {
		s.world.erase(old)
	}
	key := s.newKey(ServiceTokenPrefix)
	s.world.insertToken(s.newID(), account, name, key, s.now(), false)
	changes := s.world.changes
	s.world.changes = nil
	if s.store == nil {
		return key, store.Ticket{}, nil
	}
	return key, s.store.Append(changes...), nil
}
