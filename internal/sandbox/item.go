package sandbox

import (
	"bytes"

	"btadmin/pkg/braintrust"
)

// find is the live row that the caller may know of.
func (c *call) find(res *resource, id string) (*row, error) {
	if !isUUID(id) {
		return nil, badRequest("Invalid uuid '%s' at path [%s_id]", id, res.kind)
	}
	if r := c.table(res.kind).live(id); r != nil {
		return r, nil
	}
	return nil, noAccess(res.label, id)
}

// get answers GET /v1/<kind>/<id>.
func (res *resource) get(c *call, id string) (answer, error) {
	r, err := c.find(res, id)
	if err != nil {
		return answer{}, err
	}
	if !c.reader(res)(r) {
		return answer{}, noAccess(res.label, id)
	}
	return ok(res.show(c.world, r)...), nil
}

// permit is the check before an update or delete. Who may not even read the row is not told that it is there.
func (c *call) permit(res *resource, r *row, verb braintrust.Permission) error {
	if res.check != nil {
		if err := res.check(c, r, verb); err != nil {
			return err
		}
	} else if n := res.node(r); !c.may(verb, n) {
		if !c.reader(res)(r) {
			return noAccess(res.label, r.id)
		}
		return forbidden("missing %s access on %s %s", verb, n.Type, n.ID)
	}
	if res.allow != nil {
		return res.allow(c, r, verb)
	}
	return nil
}

// change answers PATCH /v1/<kind>/<id>.
func (res *resource) change(c *call, id string) (answer, error) {
	r, err := c.find(res, id)
	if err != nil {
		return answer{}, err
	}
	if err := c.permit(res, r, braintrust.PermissionUpdate); err != nil {
		return answer{}, err
	}
	body, err := strict(c.body, res.fields, inPatch)
	if err != nil {
		return answer{}, err
	}
	doc, err := parseDocument(r.body)
	if err != nil {
		return answer{}, internalError("reading %s %s: %v", res.kind, id, err)
	}
	finish := func() {}
	if res.patched != nil {
		if finish, err = res.patched(c, r, body, doc); err != nil {
			return answer{}, err
		}
	}
	for _, f := range res.fields {
		if v, given := body[f.name]; given && f.in&inAnswer != 0 {
			if was, has := doc[f.name]; has {
				v = merge(was, v)
			}
			doc[f.name] = v
		}
	}
	if err := c.freeKey(res, r, doc); err != nil {
		return answer{}, err
	}
	if fresh := encode(res.fields, doc); !bytes.Equal(fresh, r.body) {
		r = c.update(r, fresh, r.private)
	}
	finish()
	return ok(res.show(c.world, r)...), nil
}

// freeKey refuses a name that another live row of the same place has.
func (c *call) freeKey(res *resource, r *row, doc document) error {
	if res.key == nil {
		return nil
	}
	key := res.key(doc)
	if other := c.table(res.kind).byKey[key]; other != nil && other.id != r.id {
		return badRequest("%s with the same %s already exists", res.label, res.keyWord())
	}
	return nil
}

func (res *resource) keyWord() string {
	if res.kind == kindPrompt || res.kind == kindFunction {
		return "slug"
	}
	return "name"
}

// remove answers DELETE /v1/<kind>/<id>.
func (res *resource) remove(c *call, id string) (answer, error) {
	r, err := c.find(res, id)
	if err != nil {
		return answer{}, err
	}
	if err := c.permit(res, r, braintrust.PermissionDelete); err != nil {
		return answer{}, err
	}
	return ok(res.show(c.world, c.delete(res, r))...), nil
}

// delete takes a row away, softly or for good, and returns it as it is now.
func (c *call) delete(res *resource, r *row) *row {
	if res.removed != nil {
		res.removed(c, r)
	}
	if res.hard {
		c.erase(r)
		return r
	}
	body := r.body
	if doc, err := parseDocument(r.body); err == nil {
		doc["deleted_at"] = quoted(c.s.now())
		body = encode(res.fields, doc)
	}
	return c.hide(r, body)
}
