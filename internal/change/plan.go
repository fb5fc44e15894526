package change

import (
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Plan is what one command changes in one organization.
type Plan struct {
	Host  string // host of the API, for the journal
	Org   braintrust.Organization
	Steps []Step
	// Bulk says that the targets came from a file, from standard input or from a document, or that what is
	// removed is what was not named (set): not from the command line.
	Bulk   bool
	Limits Limits
	// UndoOf is the run whose changes the plan takes back, "" for all others.
	UndoOf string
	// Base is the whole organization as the plan was made from it, each list complete. A plan with it is a long
	// one: the guards judge Base and read nothing themselves; the run holds the organization's lock (*BusyError),
	// reads every target again in bulk before it writes, leaves alone what somebody else has changed in between,
	// goes on past single failures, and reads all that it did back in bulk.
	Base *access.Snapshot
}

// Step is one change. Its concrete types are the structs of this package, used as pointers; what the server
// answered is in their Out fields after a run.
type Step interface {
	// Lines describes the change for people: one line a thing that is changed.
	Lines(names Namer) []Line
	phase() phase
	needs(org braintrust.Organization) need
	apply(s *access.State)
	run(e *execution) error
	bind(ids map[string]string)
	// size is how many rows the step counts for in progress.
	size() int
}

// phase orders steps: nobody loses access before somebody else has it.
type phase int

const (
	phaseCreate phase = iota
	phaseAdd
	phaseRemove
	phaseDelete
)

// ordered returns the steps in the order in which they run; equals keep theirs. Among several, a step that gives
// and takes becomes two, so that the steps up to phaseAdd only give and those after it only take: the worst states
// on the way, in whatever order a phase is carried out, are then the one after phaseAdd and the last.
func ordered(steps []Step) []Step {
	var out []Step
	for _, step := range steps {
		if mixed, ok := step.(interface{ split() (gives, takes Step) }); ok && len(steps) > 1 {
			if gives, takes := mixed.split(); gives != nil && takes != nil {
				out = append(out, gives, takes)
				continue
			}
		}
		out = append(out, step)
	}
	slices.SortStableFunc(out, func(a, b Step) int { return int(a.phase()) - int(b.phase()) })
	return out
}

const newPrefix = "new:"

// New is the id of something that an earlier step of the same plan makes; Run puts the real one in place.
func New(kind, name string) string { return newPrefix + kind + "/" + name }

// IsNew reports whether an id is a placeholder, and its name.
func IsNew(id string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(id, newPrefix)
	_, name, _ = strings.Cut(rest, "/")
	return name, ok
}

func bound(ids map[string]string, id string) string {
	if real, ok := ids[id]; ok {
		return real
	}
	return id
}

func bindAll(ids map[string]string, list []string) {
	for i, id := range list {
		if real, ok := ids[id]; ok { // not written otherwise: steps may share a list, and others are being sent
			list[i] = real
		}
	}
}

// Line is one thing that a plan changes, as --dry-run prints it.
type Line struct {
	Action string `json:"action"` // create, update, add, remove, delete, send
	Target string `json:"target"` // group QA
	Detail string `json:"detail,omitzero"`
	// Grant is the raw tuple of an ACL line.
	Grant *braintrust.ACLItem `json:"grant,omitzero"`
}

// Namer turns ids into what people call things; *resolve.Names is one.
type Namer interface {
	Role(id string) string               // "" when unknown
	Principal(p access.Principal) string // group:QA, user:ana@example.com; with the id when unknown
	Node(n access.Node) string           // project:Chatbot; with the id when unknown
}

func userName(names Namer, id string) string {
	return bareName(names, access.Principal{Kind: access.PrincipalUser, ID: id})
}

func groupName(names Namer, id string) string {
	return bareName(names, access.Principal{Kind: access.PrincipalGroup, ID: id})
}

// bareName is a principal without what kind it is.
func bareName(names Namer, p access.Principal) string {
	if name, isNew := IsNew(p.ID); isNew {
		return name
	}
	return strings.TrimPrefix(principalName(names, p), string(p.Kind)+":")
}

// principalName names the subject of a grant, a new one by the name it will have: people are made by their address,
// service accounts by a name.
func principalName(names Namer, p access.Principal) string {
	if name, ok := IsNew(p.ID); ok {
		if p.Kind == access.PrincipalUser && !strings.Contains(name, "@") {
			return "service-account:" + name
		}
		return string(p.Kind) + ":" + name
	}
	return names.Principal(p)
}

// roleName names a role, a new one by the name it will have.
func roleName(names Namer, id string) string {
	if name, isNew := IsNew(id); isNew {
		return name
	}
	if name := names.Role(id); name != "" {
		return name
	}
	return id
}

func nodeName(names Namer, n access.Node) string {
	if name, ok := IsNew(n.ID); ok {
		return string(n.Type) + ":" + name
	}
	return names.Node(n)
}
