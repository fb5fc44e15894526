package accessdiff

import (
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// Document is a report as JSON. Fields are added, never renamed. Permissions are the raw ones.
type Document struct {
	Differs       bool        `json:"differs"`
	Appeared      []Named     `json:"appeared"`
	Vanished      []Named     `json:"vanished"`
	Renamed       []Renamed   `json:"renamed"`
	BecameOwner   []Principal `json:"became_owner"`
	NoLongerOwner []Principal `json:"no_longer_owner"`
	Changes       []Change    `json:"changes"`
}

// Named is a thing with its name.
type Named struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"` // project:Chatbot
}

// Renamed is a thing that is called differently now.
type Renamed struct {
	Named
	From string `json:"from"`
	To   string `json:"to"`
}

// Principal is a principal with its name.
type Principal struct {
	Type string `json:"principal_type"` // user or group
	ID   string `json:"principal_id"`
	Name string `json:"principal"` // user:ana@example.com
	Kind string `json:"kind"`      // person, service_account or group
}

// Change is a change; each of its principals gained or lost each permission in each place.
type Change struct {
	Change         string                  `json:"change"` // gained or lost
	Summary        string                  `json:"summary"`
	Principals     []Principal             `json:"principals"`
	Permissions    []braintrust.Permission `json:"permissions"`
	Places         []Place                 `json:"places"`
	Through        []Reason                `json:"through"`
	Exceptions     []Exception             `json:"exceptions"` // the first of them
	ExceptionCount int                     `json:"exception_count"`
}

// Place is a node, or the things of a type in it.
type Place struct {
	Object     string `json:"object"`
	ObjectType string `json:"object_type"`
	ObjectID   string `json:"object_id"`
	ChildType  string `json:"child_type"` // "" is the object itself
}

// Reason is what gives the permissions, or gave them.
type Reason struct {
	Group      string     `json:"group"` // "" when the principals hold the grant themselves
	GroupID    string     `json:"group_id"`
	Object     string     `json:"object"` // where the grant is, "" for on each place itself
	ObjectType string     `json:"object_type"`
	ObjectID   string     `json:"object_id"`
	Role       string     `json:"role_name"`
	RoleID     string     `json:"role_id"`
	BuiltIn    bool       `json:"builtin"`
	ACLs       []string   `json:"acl_ids"`
	Via        [][]string `json:"via"`     // chains of groups, from those that list a principal
	Because    []string   `json:"because"` // what the other state lacks: grant, member, group, role, container
}

// Exception is a place in which nothing changed although the change's places contain it.
type Exception struct {
	Principal   string                  `json:"principal"`
	PrincipalID string                  `json:"principal_id"`
	Permissions []braintrust.Permission `json:"permissions"`
	Place
}

// exceptions is how many of a change a document lists.
const exceptions = 1000

// Documents makes the document of a report.
func Documents(r *diff.Report, n Names) Document {
	d := Document{
		Differs: !r.Empty(), Appeared: named(r.Appeared, n), Vanished: named(r.Vanished, n), Renamed: []Renamed{},
		BecameOwner: principals(r.BecameOwner, n), NoLongerOwner: principals(r.NoLongerOwner, n), Changes: []Change{},
	}
	for _, x := range r.Renamed {
		d.Renamed = append(d.Renamed, Renamed{named([]diff.Thing{x.Thing}, n)[0], x.From, x.To})
	}
	for _, c := range Changes(r, n) {
		d.Changes = append(d.Changes, change(c, n))
	}
	return d
}

func named(things []diff.Thing, n Names) []Named {
	out := []Named{}
	for _, t := range things {
		out = append(out, Named{Type: string(t.Kind), ID: t.ID, Name: Thing(t, n)})
	}
	return out
}

func principals(all []access.Principal, n Names) []Principal {
	out := []Principal{}
	for _, p := range all {
		out = append(out, Principal{Type: string(p.Kind), ID: p.ID, Name: n.Principal(p), Kind: n.kind(p)})
	}
	return out
}

func change(c Told, n Names) Change {
	out := Change{
		Change: c.Phrase.Verb, Summary: c.Phrase.String(), Principals: principals(c.Principals, n), Permissions: c.Permissions,
		Places: []Place{}, Through: []Reason{}, Exceptions: []Exception{}, ExceptionCount: c.CountExceptions(),
	}
	for _, p := range c.Places {
		out.Places = append(out.Places, place(p, n))
	}
	for _, r := range c.Through {
		out.Through = append(out.Through, reasonOf(r, n))
	}
	for e := range c.Exceptions() {
		if len(out.Exceptions) == exceptions {
			break
		}
		out.Exceptions = append(out.Exceptions, Exception{n.Principal(e.Principal), e.Principal.ID, e.Permissions, place(e.Place, n)})
	}
	return out
}

func place(p diff.Place, n Names) Place {
	return Place{Object: n.Node(p.Node), ObjectType: string(p.Node.Type), ObjectID: p.Node.ID, ChildType: string(p.Child)}
}

func reasonOf(r diff.Reason, n Names) Reason {
	out := Reason{GroupID: r.Group.ID, RoleID: r.Role, BuiltIn: r.BuiltIn, ACLs: r.ACLs, Via: [][]string{}, Because: []string{}}
	if r.Group != (access.Principal{}) {
		out.Group = n.Principal(r.Group)
	}
	if r.On != (access.Node{}) {
		out.Object, out.ObjectType, out.ObjectID = n.Node(r.On), string(r.On.Type), r.On.ID
	}
	if r.Role != "" {
		out.Role = n.Role(r.Role)
	}
	for _, via := range r.Via {
		var chain []string
		for _, p := range via {
			chain = append(chain, n.Principal(p))
		}
		out.Via = append(out.Via, chain)
	}
	for _, link := range r.Changed {
		out.Because = append(out.Because, string(link))
	}
	return out
}
