package sandbox

import (
	"github.com/go-json-experiment/json"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// resource describes one kind of thing to the generic list, get, create, replace, patch and delete
// (crud.go). What a kind has of its own is in its hooks, which may be nil.
type resource struct {
	kind       string // kind of its records and last part of its path: /v1/<kind>
	label      string // in messages
	objectType braintrust.ObjectType
	fields     []field
	filters    []filter
	put, patch bool
	noCreate   bool // listed and deleted only; made by something else

	// key is the natural key of a get-or-create.
	key func(document) string
	// place is where it is created: the container of the create check.
	place func(*call, document) (access.Node, error)
	// node is what read, update and delete are checked on; above is the container of that node.
	node  func(*row) access.Node
	above func(*call, *row) access.Node
	// mayCreate is asked before something new is made, after the permission check: plan limits.
	mayCreate func(*call, document) error
	// complete checks references of a new document and fills what the server decides.
	complete func(*call, document) error
	// created runs after the row is in; replaced after a PUT, with the request's body.
	created  func(c *call, r *row, body document)
	replaced func(c *call, r *row, body document)
	// check replaces the permission check of an update or delete; allow is asked after it.
	check func(c *call, r *row, verb braintrust.Permission) error
	allow func(c *call, r *row, verb braintrust.Permission) error
	// mayList and mayRead replace the read check.
	mayList func(*call) error
	mayRead func(*call, *row) bool
	// patched takes the fields that are commands (add_member_users) and applies them to the document. It
	// returns what to do once nothing can fail any more.
	patched func(c *call, r *row, body, doc document) (func(), error)
	// removed runs before the row goes; hard rows are gone for good, others are hidden.
	removed func(c *call, r *row)
	hard    bool
	// decode makes row.value; enter and leave keep the evaluator's state.
	decode func([]byte) (any, error)
	enter  func(*world, *row)
	leave  func(*world, *row)
	// body is the answer when it is not simply row.body.
	body func(*world, *row) [][]byte
}

// filter is a query parameter of a list and the answer field it compares. Several values mean any of them.
type filter struct {
	param, field string
	kind         fieldKind // uuidText values are checked
	many         bool      // a,b means two values, not one with a comma
	enum         []string
}

// resources in the order in which they must be loaded: what others refer to first.
type registry struct {
	byKind map[string]*resource
}

func newRegistry() *registry {
	g := &registry{byKind: make(map[string]*resource)}
	for _, res := range []*resource{
		organizations(), users(), roles(), groups(), projects(), projectGroups(),
		experiments(), datasets(), prompts(), functions(), playgrounds(), acls(), serviceTokens(), apiKeys(),
	} {
		g.byKind[res.kind] = res
	}
	return g
}

// term is the place of a filter's value in row.terms.
func (res *resource) term(name string) int {
	for i, f := range res.filters {
		if f.field == name {
			return i
		}
	}
	return -1
}

// term is the value that the i-th filter compares.
func (r *row) term(i int) string {
	if acl, ok := r.value.(*braintrust.ACL); ok {
		return aclTerms(acl.ACLItem)[i]
	}
	return r.terms[i]
}

// fill decodes a row's body into what lists, keys and the evaluator need.
func (res *resource) fill(r *row) error {
	if res.decode != nil {
		v, err := res.decode(r.body)
		if err != nil {
			return err
		}
		r.value = v
	}
	if len(res.filters) == 0 && res.key == nil {
		return nil
	}
	if res.kind == kindACL { // see aclTerms
		return nil
	}
	d, err := parseDocument(r.body)
	if err != nil {
		return err
	}
	r.terms = make([]string, len(res.filters))
	for i, f := range res.filters {
		r.terms[i] = d.text(f.field)
	}
	if res.key != nil {
		r.key = res.key(d)
	}
	return nil
}

func idField() field      { return field{name: "id", kind: uuidText, in: inAnswer} }
func createdField() field { return field{name: "created", kind: text, in: inAnswer} }
func deletedField() field { return field{name: "deleted_at", kind: text, in: inAnswer} }
func orgField() field     { return field{name: "org_id", kind: uuidText, in: inAnswer} }
func creatorField() field { return field{name: "user_id", kind: uuidText, in: inAnswer} }

func nameField() field {
	return field{name: "name", kind: text, in: inAnswer | inCreate | inPatch, required: true, nonEmpty: true}
}

func descriptionField() field {
	return field{name: "description", kind: text, in: inAnswer | inCreate | inPatch}
}

func orgNameField() field { return field{name: "org_name", kind: text, in: inCreate} }

// nodeOf is the node of rows whose type of object is their own id's.
func nodeOf(t braintrust.ObjectType) func(*row) access.Node {
	return func(r *row) access.Node { return access.Node{Type: t, ID: r.id} }
}

// inOrganization is the container of what lives directly in the organization, or under one of its virtual nodes.
func inOrganization(t braintrust.ObjectType) func(*call, *row) access.Node {
	return func(c *call, _ *row) access.Node { return c.orgNode(t) }
}

// placeIn is the same for what is being created.
func placeIn(t braintrust.ObjectType) func(*call, document) (access.Node, error) {
	return func(c *call, _ document) (access.Node, error) { return c.orgNode(t), nil }
}

// byName is the natural key of what is unique by its name in the organization.
func byName(d document) string { return d.text("name") }

// decodeAs decodes a body into a type of pkg/braintrust.
func decodeAs[T any](body []byte) (any, error) {
	v := new(T)
	if err := json.Unmarshal(body, v); err != nil {
		return nil, err
	}
	return v, nil
}
