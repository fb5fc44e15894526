package policy

import (
	"path/filepath"

	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// builder makes a Desired of a document and notes what is wrong with it. It takes the document apart on the way, so that
// a large policy is not in memory twice.
type builder struct {
	doc        *document.Document
	table      access.Table
	problems   *syntax.Problems
	out        *Desired
	profiles   map[string]profile
	widened    bool // it has been said what scorers and the like reach
	usedIDP    map[string]bool
	joined     map[*Group]map[string]int // keys of members -> their places
	understood map[said][]access.Label
}

func build(doc *document.Document, table access.Table, ps *syntax.Problems) *Desired {
	b := &builder{
		doc: doc, table: table, problems: ps, profiles: map[string]profile{}, usedIDP: map[string]bool{}, joined: map[*Group]map[string]int{},
		understood: map[said][]access.Label{},
		out: &Desired{
			Org: doc.Org, PeopleManaged: doc.Members.Known(), GroupsManaged: doc.Groups.Known(),
			AccountsManaged: doc.ServiceAccounts.Known(), RolesManaged: doc.Roles.Known(),
		},
	}
	b.manage()
	b.guards()
	b.readProfiles()
	b.people()
	b.groups()
	b.accounts()
	b.roles()
	b.sources()
	b.tests()
	b.names()
	b.leavers()
	b.stores()
	b.nesting()
	b.ignored()
	return b.out
}

// is reads a word that has a default.
func is(t document.Text, word string, byDefault bool) bool {
	if !t.Known() {
		return byDefault
	}
	return t.Value == word
}

func (b *builder) manage() {
	m := b.doc.Manage
	b.out.Manage = Manage{
		AllGroups: is(m.Groups, "all", false), AllAccounts: is(m.ServiceAccounts, "all", false), AllRoles: is(m.Roles, "all", false),
		ExactMembers: is(m.Members, "exact", false), ExactDirectGrants: is(m.DirectGrants, "exact", false),
		Prune: m.Prune.Or(false), At: m.At,
		Ignore: Ignore{
			Groups: b.patterns(m.Ignore.Groups), Projects: b.patterns(m.Ignore.Projects), Members: b.patterns(m.Ignore.Members),
			ServiceAccounts: b.patterns(m.Ignore.ServiceAccounts), Roles: b.patterns(m.Ignore.Roles),
		},
	}
	if m.Prune.Value && !b.out.Manage.AllGroups && !b.out.Manage.AllAccounts && !b.out.Manage.AllRoles && !b.out.Manage.ExactMembers {
		b.problems.Warnf(m.Prune.At, "prune has no effect: no section here is all or exact about what is not listed").
			WithHint("groups: all, members: exact, service_accounts: all and roles: all are what prune goes with")
	}
}

func (b *builder) patterns(list document.List[document.Text]) []Pattern {
	var out []Pattern
	for _, t := range list.Items {
		if p, ok := b.pattern(t); ok {
			out = append(out, p)
		}
	}
	return out
}

func (b *builder) pattern(t document.Text) (Pattern, bool) {
	p, err := ParsePattern(t.Value)
	if err != nil {
		b.problems.Errorf(t.At, "the pattern %s: %v", quoted(t.Value), err)
		return Pattern{}, false
	}
	return p, true
}

func (b *builder) guards() {
	g := b.doc.Guards
	b.out.Guards = Guards{
		MaxRemovals: g.MaxRemovals, OwnersAtLeast: g.Owners.AtLeast, KeepMyAccess: g.KeepMyAccess.Or(true),
		WarnNewSuperUsers: is(g.NewSuperUsers, "warn", false), At: g.At,
	}
	for _, t := range g.Owners.MustInclude.Items {
		if p, ok := b.principal(t); ok {
			b.out.Guards.MustInclude = append(b.out.Guards.MustInclude, p)
		}
	}
	if g.Owners.AtLeast.Known() && g.Owners.AtLeast.Value == 0 {
		b.problems.Errorf(g.Owners.AtLeast.At, "an organization needs an owner: at_least must be 1 or more")
	}
}

func (b *builder) principal(t document.Text) (Principal, bool) {
	p, err := ParsePrincipal(t)
	if err != nil {
		b.problems.Errorf(t.At, "%v", err)
		return Principal{}, false
	}
	return p, true
}

// people reads the members section. Two spellings of one address are one person (C4).
func (b *builder) people() {
	first := map[string]document.Pos{}
	b.out.People = make([]Person, 0, len(b.doc.Members.Items))
	for _, m := range b.doc.Members.Items {
		if !m.Email.Known() {
			continue
		}
		key := text.CanonicalEmail(m.Email.Value)
		if !ValidEmail(m.Email.Value) || text.Unsafe(m.Email.Value) {
			b.problems.Errorf(m.Email.At, "%s is no e-mail address", quoted(m.Email.Value))
		}
		if at, twice := first[key]; twice {
			b.problems.Errorf(m.Email.At, "%s is a member twice", quoted(m.Email.Value)).See(at, "the first")
			continue
		}
		first[key] = m.Email.At
		p := Person{
			Email: m.Email, Removed: is(m.State, "removed", false), SendEmail: m.Invite.SendEmail.Or(true), Until: m.Until,
			Reason: m.Reason, At: m.At,
		}
		if p.Removed && (m.Until.Known() || m.Invite.At.Known() || m.Permissions.At.Known()) {
			b.problems.Errorf(m.State.At, "%s is to be removed, and has something that only a member can have", quoted(m.Email.Value))
		}
		p.GrantsManaged = m.Permissions.At.Known()
		p.Grants = b.permissions(m.Permissions, document.Text{})
		b.out.People = append(b.out.People, p)
	}
	b.doc.Members = document.List[document.Member]{}
}

// sources reads the identity sources that can be read, and refuses the others where they are used.
func (b *builder) sources() {
	for name, s := range b.doc.IdentitySources.All() {
		source := Source{
			Name: name.Value, Type: s.Type.Value, Path: s.Path.Value, EmailColumn: orText(s.Email, "email"), GroupColumn: orText(s.Group, "group"),
			Folder: filepath.Dir(s.At.File()), Timeout: s.Timeout.Value, AllowEmpty: s.AllowEmpty.Or(false), At: name.At,
		}
		if s.At.File() == StandardInput {
			source.Folder = "."
		}
		for _, word := range s.Run.Items {
			source.Run = append(source.Run, word.Value)
		}
		switch s.Type.Value {
		case "csv":
			b.needs(name, s.Path.At, "path")
			b.without(name, map[string]document.Pos{"run": s.Run.At, "timeout": s.Timeout.At})
		case "command":
			if len(source.Run) == 0 {
				b.needs(name, document.Pos{}, "run")
			}
			b.without(name, map[string]document.Pos{"path": s.Path.At, "email": s.Email.At, "group": s.Group.At})
		default:
			continue // okta, scim, ldap: refused by readSource when used
		}
		b.without(name, map[string]document.Pos{"domain": s.Domain.At, "url": s.URL.At, "base": s.Base.At, "token": s.Token.At})
		b.out.Sources = append(b.out.Sources, source)
	}
}

func (b *builder) needs(source document.Text, at document.Pos, key string) {
	if !at.Known() {
		b.problems.Errorf(source.At, "the identity source %s needs the key %q", quoted(source.Value), key)
	}
}

func (b *builder) without(source document.Text, keys map[string]document.Pos) {
	for key, at := range keys {
		if at.Known() {
			b.problems.Errorf(at, "%s has no meaning for the type of identity source that %s is", key, quoted(source.Value))
		}
	}
}

func orText(t document.Text, byDefault string) string {
	if t.Value == "" {
		return byDefault
	}
	return t.Value
}

// said is what stands in a row: the words, with commas between them, and how many they are, because a word that
// somebody has written with a comma in it is no two words.
type said struct {
	scope access.Scope
	words string
	of    int
}

// labels reads words of a row. Rows that say the same share the answer: there may be very many.
func (b *builder) labels(scope access.Scope, words document.Words) []access.Label {
	key := said{scope: scope, of: len(words.Items)}
	for i, w := range words.Items {
		if i > 0 {
			key.words += ","
		}
		key.words += w.Value
	}
	if out, again := b.understood[key]; again {
		return out
	}
	before := b.problems.Errors()
	var out []access.Label
	seen := map[string]bool{}
	for _, w := range words.Items {
		for _, label := range b.word(scope, w, len(words.Items)) {
			if !seen[label.Word] {
				seen[label.Word] = true
				out = append(out, label)
			}
		}
	}
	if b.problems.Errors() == before { // a comma within a word is an error
		b.understood[key] = out
	}
	return out
}
