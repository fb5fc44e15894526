package policy

import (
	"slices"
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// unsafe refuses a name whose characters cannot be seen or change how it is shown (B2).
func (b *builder) unsafe(name document.Text, what string) bool {
	if name.Value == "" {
		b.problems.Errorf(name.At, "a %s has an empty name", what)
		return true
	}
	if !text.Unsafe(name.Value) {
		return false
	}
	b.problems.Errorf(name.At, "the %s name %s has characters that cannot be seen or that change how it is shown", what, quoted(name.Value))
	return true
}

// names checks what everything is called: unsafe names are refused, look-alikes are pointed out (B3).
func (b *builder) names() {
	var groups, roles, accounts []document.Text
	for _, g := range b.out.Groups {
		groups = append(groups, g.Name)
		for _, old := range g.Previously {
			b.unsafe(old, "group")
		}
	}
	for _, r := range b.out.Roles {
		roles = append(roles, r.Name)
	}
	for _, a := range b.out.Accounts {
		accounts = append(accounts, a.Name)
		for _, t := range a.Tokens {
			b.unsafe(t.Name, "token")
		}
	}
	b.lookAlikes(groups, "group", access.BuiltInGroups())
	b.lookAlikes(roles, "role", systemRoles())
	b.lookAlikes(accounts, "service account", nil)
	b.renames()
}

func (b *builder) lookAlikes(names []document.Text, what string, reserved []string) {
	first := map[string]document.Text{}
	for _, r := range reserved {
		first[text.Skeleton(r)] = document.Text{Value: r}
	}
	for _, name := range names {
		if b.unsafe(name, what) || slices.Contains(reserved, name.Value) {
			continue
		}
		if strings.TrimSpace(name.Value) != name.Value {
			b.problems.Warnf(name.At, "the %s name %s begins or ends with a space", what, quoted(name.Value))
		}
		skeleton := text.Skeleton(name.Value)
		if other, twice := first[skeleton]; twice && other.Value != name.Value {
			p := b.problems.Warnf(name.At, "the %s name %s looks like %s", what, quoted(name.Value), quoted(other.Value))
			if other.Known() {
				p.See(other.At, "the other")
			} else {
				p.WithHint("%s is built in", other.Value)
			}
			continue
		}
		first[skeleton] = name
	}
}

// renames checks that an earlier name is not in use and is claimed once: otherwise nobody knows what was renamed.
func (b *builder) renames() {
	var groups, roles []renamed
	for _, g := range b.out.Groups {
		groups = append(groups, renamed{g.Name, g.Previously})
	}
	for _, r := range b.out.Roles {
		roles = append(roles, renamed{r.Name, r.Previously})
	}
	b.claims(groups, "group")
	b.claims(roles, "role")
}

type renamed struct {
	name       document.Text
	previously []document.Text
}

func (b *builder) claims(list []renamed, what string) {
	taken := map[string]document.Pos{}
	for _, r := range list {
		taken[r.name.Value] = r.name.At
	}
	for _, r := range list {
		for _, old := range r.previously {
			if at, twice := taken[old.Value]; twice {
				b.problems.Errorf(old.At, "the earlier name %s of the %s %s is in use", quoted(old.Value), what, quoted(r.name.Value)).See(at, "here")
				continue
			}
			taken[old.Value] = old.At
		}
	}
}
