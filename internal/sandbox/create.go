package sandbox

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// post answers POST /v1/<kind>: get-or-create by the natural key. What exists comes back unmodified.
func (res *resource) post(c *call) (answer, error) { return res.create(c, false) }

// replace answers PUT /v1/<kind>: as POST, but what exists is replaced.
func (res *resource) replace(c *call) (answer, error) { return res.create(c, true) }

func (res *resource) create(c *call, replace bool) (answer, error) {
	body, err := strict(c.body, res.fields, inCreate)
	if err != nil {
		return answer{}, err
	}
	if err := c.thisOrganization(body); err != nil {
		return answer{}, err
	}
	container, err := res.place(c, body)
	if err != nil {
		return answer{}, err
	}
	body["org_id"] = quoted(c.orgID()) // part of some keys
	existing := c.table(res.kind).byKey[res.key(body)]
	if existing != nil && !body.flag("ensure_new") {
		c.header.Set(headerExisting, "true")
		if replace {
			return res.overwrite(c, existing, body)
		}
		if !c.reader(res)(existing) {
			return answer{}, forbidden("missing read access on the %s that exists already", res.kind)
		}
		return ok(res.show(c.world, existing)...), nil
	}
	if err := c.needChild(res.objectType, container); err != nil {
		return answer{}, err
	}
	if res.mayCreate != nil {
		if err := res.mayCreate(c, body); err != nil {
			return answer{}, err
		}
	}
	if err := res.completed(c, body); err != nil {
		return answer{}, err
	}
	id := c.s.newID()
	body["id"], body["created"], body["user_id"] = quoted(id), quoted(c.s.now()), quoted(c.caller.userID)
	r := c.insert(res.kind, id, encode(res.fields, body), nil)
	if res.created != nil {
		res.created(c, r, body)
	}
	c.grantCreator(res.node(r))
	c.header.Set(headerExisting, "false")
	return ok(res.show(c.world, r)...), nil
}

func (res *resource) completed(c *call, body document) error {
	if res.complete == nil {
		return nil
	}
	return res.complete(c, body)
}

// overwrite is a PUT over something that exists: everything that the body may say is taken from it, what the
// server decided once stays.
func (res *resource) overwrite(c *call, r *row, body document) (answer, error) {
	if err := c.permit(res, r, braintrust.PermissionUpdate); err != nil {
		return answer{}, err
	}
	if err := res.completed(c, body); err != nil {
		return answer{}, err
	}
	old, err := parseDocument(r.body)
	if err != nil {
		return answer{}, internalError("reading %s %s: %v", res.kind, r.id, err)
	}
	for _, f := range res.fields {
		if v, was := old[f.name]; was && f.in&inCreate == 0 && f.name != "_xact_id" {
			body[f.name] = v
		}
	}
	r = c.update(r, encode(res.fields, body), r.private)
	if res.replaced != nil {
		res.replaced(c, r, body)
	}
	return ok(res.show(c.world, r)...), nil
}

// thisOrganization refuses bodies that are meant for another organization. org_id is no part of the schemas of
// groups and roles; clients that steer by id send it, and it says nothing new.
func (c *call) thisOrganization(body document) error {
	if body.has("org_name") && body.text("org_name") != c.orgName() {
		return badRequest("Organization %q does not exist or you do not have access", body.text("org_name"))
	}
	if body.has("org_id") && body.text("org_id") != c.orgID() {
		return noAccess("Organization", body.text("org_id"))
	}
	return nil
}

// grantCreator gives the caller the role Owner on what he made. It is the server's own grant, so that plan
// limits do not apply (domain.md, section 8).
func (c *call) grantCreator(n access.Node) {
	if c.s.opts.NoCreatorGrants {
		return
	}
	role := c.systemRole("Owner")
	if role == nil {
		return
	}
	item := access.RoleItem(c.caller.subject, n, role.id)
	if c.findACL(item) == nil {
		c.insertACL(c.s.newID(), item, c.s.now())
	}
}
