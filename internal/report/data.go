package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// mostGrants is how many grants a page carries. Above it those on single things are left out, which are the many, and
// the page says so: a browser opens 20 MB, but not with pleasure.
const mostGrants = 300_000

// data is the organization for the scripts of the page: lists of names, and numbers that are places in these lists.
// assets/model.js reads it.
type data struct {
	Permissions []string          `json:"permissions"` // a permission is a bit: its place here
	Types       []string          `json:"types"`
	Titles      []string          `json:"titles"` // of the types
	Kinds       []kind            `json:"kinds"`  // of things in a project
	Users       users             `json:"users"`
	Groups      groups            `json:"groups"`
	Roles       roles             `json:"roles"`
	Projects    []string          `json:"projects"`
	Sets        sets              `json:"sets"` // project groups
	Objects     objects           `json:"objects"`
	Whats       []what            `json:"whats"` // what grants give
	Grants      grants            `json:"grants"`
	Odd         map[string]string `json:"odd"` // "project 1": the reference to what has a name that cannot be seen, by id
}

type kind struct {
	Type  int    `json:"type"`
	Title string `json:"title"`
}

type users struct {
	Name []string `json:"name"`
	Mail []string `json:"mail"`
	Kind string   `json:"kind"` // a letter for each: p person, s service account, u unknown
}

type groups struct {
	Name   []string `json:"name"`
	Users  [][]int  `json:"users"`
	Groups [][]int  `json:"groups"`
}

type roles struct {
	Name   []string   `json:"name"`
	Tuples [][][2]int `json:"tuples"` // bit and type, -1 without restriction
	Roles  [][]int    `json:"roles"`
}

type sets struct {
	Name     []string `json:"name"`
	Projects [][]int  `json:"projects"`
}

type objects struct {
	Name    []string `json:"name"`
	Type    []int    `json:"type"`
	Project []int    `json:"project"` // -1 when nobody knows it
}

// what is a permission, maybe restricted to a type, or a role.
type what struct {
	Bit  *int `json:"bit,omitempty"`
	Type *int `json:"type,omitempty"`
	Role *int `json:"role,omitempty"`
}

// grants are in the order of their nodes, of which only the distance to the one before is written.
type grants struct {
	Node    []int `json:"node"`
	Subject []int `json:"subject"` // a user, or a group behind all users
	What    []int `json:"what"`
	BuiltIn []int `json:"builtin"` // places of those that the server gives without listing them
}

// encoder numbers what is in a view.
type encoder struct {
	view    *orgview.View
	state   *access.State
	d       *data
	most    int // more grants than these are too many
	left    int // grants on single things that were left out
	users   map[string]int
	groups  map[string]int
	roles   map[string]int
	project map[string]int
	sets    map[string]int
	objects map[access.Node]int
	bits    map[braintrust.Permission]int
	types   map[braintrust.ObjectType]int
	whats   map[whatKey]int
}

type whatKey struct {
	role       string
	permission braintrust.Permission
	restrict   braintrust.ObjectType
}

func encode(view *orgview.View, most int) *encoder {
	e := &encoder{
		view: view, most: most, state: view.State(), d: &data{Odd: map[string]string{}},
		users: map[string]int{}, groups: map[string]int{}, roles: map[string]int{}, project: map[string]int{}, sets: map[string]int{},
		objects: map[access.Node]int{}, bits: map[braintrust.Permission]int{}, types: map[braintrust.ObjectType]int{}, whats: map[whatKey]int{},
	}
	for _, p := range e.state.NamedPermissions() {
		e.bits[p] = len(e.d.Permissions)
		e.d.Permissions = append(e.d.Permissions, text.Visible(string(p)))
	}
	for _, t := range braintrust.ObjectTypes() {
		e.typeOf(t)
	}
	e.people()
	e.teams()
	e.places()
	e.allGrants()
	e.kinds()
	return e
}

// json is the data as it stands in a script element: nothing in it ends the element or begins a comment.
func (e *encoder) json() ([]byte, error) {
	return json.Marshal(e.d, json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
}

func (e *encoder) typeOf(t braintrust.ObjectType) int {
	i, known := e.types[t]
	if !known {
		i = len(e.d.Types)
		e.types[t] = i
		e.d.Types = append(e.d.Types, text.Visible(string(t)))
		e.d.Titles = append(e.d.Titles, text.Visible(access.KindTitle(t)))
	}
	return i
}

// name is a name as it is shown. Of one that cannot be typed from what is shown, the id is kept for commands.
func (e *encoder) name(name, kind, id string, place int) string {
	if text.Unsafe(name) {
		e.d.Odd[kind+" "+strconv.Itoa(place)] = kind + ":" + id
	}
	return text.Visible(name)
}

func (e *encoder) people() {
	d := &e.d.Users
	d.Name, d.Mail = []string{}, []string{}
	letters := map[orgstate.Kind]byte{orgstate.Person: 'p', orgstate.ServiceAccount: 's', orgstate.Unknown: 'u'}
	var kinds []byte
	for _, m := range e.view.Members.All {
		if _, twice := e.users[m.User.ID]; twice {
			continue
		}
		e.users[m.User.ID] = len(d.Name)
		d.Name = append(d.Name, text.Visible(cmp.Or(m.Name, m.User.Email, m.User.ID)))
		mail := cmp.Or(m.User.Email, m.User.ID)
		d.Mail = append(d.Mail, e.name(mail, "user", m.User.ID, len(d.Mail)))
		kinds = append(kinds, letters[m.Kind])
	}
	d.Kind = string(kinds)
}

func (e *encoder) teams() {
	s, d := e.view.Snapshot, e.d
	d.Groups.Name, d.Roles.Name = []string{}, []string{}
	for _, g := range s.Groups {
		if live, known := e.state.Group(g.ID); known && live.DeletedAt == nil && !has(e.groups, g.ID) {
			e.groups[g.ID] = len(d.Groups.Name)
			d.Groups.Name = append(d.Groups.Name, e.name(g.Name, "group", g.ID, len(d.Groups.Name)))
		}
	}
	for _, r := range s.Roles {
		if _, known := e.state.Role(r.ID); known && !has(e.roles, r.ID) {
			e.roles[r.ID] = len(d.Roles.Name)
			d.Roles.Name = append(d.Roles.Name, text.Visible(r.Name))
		}
	}
	d.Groups.Users, d.Groups.Groups = make([][]int, len(d.Groups.Name)), make([][]int, len(d.Groups.Name))
	for id, i := range e.groups {
		g, _ := e.state.Group(id)
		d.Groups.Users[i], d.Groups.Groups[i] = numbers(e.users, g.MemberUsers), numbers(e.groups, g.MemberGroups)
	}
	d.Roles.Tuples, d.Roles.Roles = make([][][2]int, len(d.Roles.Name)), make([][]int, len(d.Roles.Name))
	for id, i := range e.roles {
		r, _ := e.state.Role(id)
		d.Roles.Roles[i] = numbers(e.roles, r.MemberRoles)
		d.Roles.Tuples[i] = [][2]int{}
		for _, m := range r.MemberPermissions {
			tuple := [2]int{e.bits[m.Permission], -1}
			if m.RestrictObjectType != "" {
				tuple[1] = e.typeOf(m.RestrictObjectType)
			}
			d.Roles.Tuples[i] = append(d.Roles.Tuples[i], tuple)
		}
	}
}

func (e *encoder) places() {
	s, d := e.view.Snapshot, e.d
	d.Projects, d.Sets.Name, d.Sets.Projects = []string{}, []string{}, [][]int{}
	for _, p := range s.Projects {
		if e.state.Exists(access.Node{Type: braintrust.ObjectProject, ID: p.ID}) && !has(e.project, p.ID) {
			e.project[p.ID] = len(d.Projects)
			d.Projects = append(d.Projects, e.name(p.Name, "project", p.ID, len(d.Projects)))
		}
	}
	for _, g := range s.ProjectGroups {
		if e.state.Exists(access.Node{Type: braintrust.ObjectProjectGroup, ID: g.ID}) && !has(e.sets, g.ID) {
			e.sets[g.ID] = len(d.Sets.Name)
			d.Sets.Name = append(d.Sets.Name, text.Visible(g.Name))
			d.Sets.Projects = append(d.Sets.Projects, numbers(e.project, g.MemberProjects))
		}
	}
	d.Objects = objects{Name: []string{}, Type: []int{}, Project: []int{}}
}

// kinds are the types of things in a project: those of the pages, and others that grants name.
func (e *encoder) kinds() {
	e.d.Kinds = []kind{}
	for _, t := range access.RestrictTypes(access.ObjectWords()) {
		e.d.Kinds = append(e.d.Kinds, kind{e.types[t], access.KindTitle(t)})
	}
	for i := len(braintrust.ObjectTypes()); i < len(e.d.Types); i++ {
		e.d.Kinds = append(e.d.Kinds, kind{i, e.d.Titles[i]})
	}
}

// numbers are the places of ids, each once, without those that are not there.
func numbers(of map[string]int, ids []string) []int {
	out := make([]int, 0, len(ids))
	for _, id := range ids {
		if i, known := of[id]; known {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func has(of map[string]int, id string) bool {
	_, is := of[id]
	return is
}
