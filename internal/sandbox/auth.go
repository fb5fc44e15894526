package sandbox

import (
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Prefixes of the sandbox's keys: they look like the real server's, and like nothing that it would take.
const (
	UserKeyPrefix      = "sk-sandbox-"
	ServiceTokenPrefix = "bt-st-sandbox-"
)

// authenticate finds out who asks. Every member may; nothing is said about why a key fails, except that
// one which belongs to another server is told so (E8).
func (c *call) authenticate() error {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return unauthorized("Unauthorized: no API key was given")
	}
	key, found := cutScheme(header)
	if !found || key == "" {
		return unauthorized("Unauthorized: the Authorization header must be 'Bearer KEY'")
	}
	if !strings.HasPrefix(key, UserKeyPrefix) && !strings.HasPrefix(key, ServiceTokenPrefix) {
		return unauthorized("Unauthorized: this is a sandbox; it takes only keys that start %s or %s", UserKeyPrefix, ServiceTokenPrefix)
	}
	cred, known := c.creds[hashKey(key)]
	if !known || c.table(kindUser).live(cred.userID) == nil {
		return unauthorized("Unauthorized: invalid API key")
	}
	if cred.fixed && cameFromOutside(c.r) {
		return unauthorized("Unauthorized: a key that was chosen when seeding is taken over loopback only; use the generated one")
	}
	c.caller = caller{credential: cred, subject: access.Principal{Kind: access.PrincipalUser, ID: cred.userID}}
	return nil
}

func cutScheme(header string) (key string, ok bool) {
	scheme, key, ok := strings.Cut(header, " ")
	return strings.TrimSpace(key), ok && strings.EqualFold(scheme, "bearer")
}

// may asks the evaluator.
func (c *call) may(p braintrust.Permission, n access.Node) bool {
	return c.access.Allowed(c.caller.subject, p, n)
}

// need refuses with the words of the real server when the caller lacks a permission.
func (c *call) need(p braintrust.Permission, n access.Node) error {
	if c.may(p, n) {
		return nil
	}
	return forbidden("missing %s access on %s %s", p, n.Type, n.ID)
}

// needChild is need for creating something inside a container.
func (c *call) needChild(child braintrust.ObjectType, container access.Node) error {
	if c.access.AllowedChild(c.caller.subject, braintrust.PermissionCreate, child, container) {
		return nil
	}
	return forbidden("missing create access for %s on %s %s", child, container.Type, container.ID)
}

func (c *call) isOwner() bool { return c.access.IsOwner(c.caller.userID) }

func (c *call) orgNode(t braintrust.ObjectType) access.Node {
	return access.Node{Type: t, ID: c.orgID()}
}
