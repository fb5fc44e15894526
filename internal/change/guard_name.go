package change

import (
	"fmt"

	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// safeName is G12: names with invisible or control characters are never written, names that look like
// another's only on purpose.
func safeName(v *view, step Step) []Finding {
	var findings []Finding
	for _, n := range names(step) {
		if text.Unsafe(n.name) {
			findings = append(findings, Finding{
				Message: fmt.Sprintf("the %s name %s has characters that cannot be seen or that change how it is shown", n.kind, text.Visible(n.name)),
			})
			continue
		}
		if other, found := v.lookAlike(n); found {
			what := "which exists"
			if n.kind == "group" && access.IsBuiltInGroup(other) {
				what = "a built-in group"
			}
			findings = append(findings, Finding{
				Bypass: "override", Names: []string{other}, Message: fmt.Sprintf("the %s name %q looks like %q, %s", n.kind, n.name, other, what),
			})
		}
	}
	return findings
}

// named is a name that a step gives to a thing of some kind, and the thing's id so far.
type named struct{ name, kind, id string }

func names(step Step) []named {
	switch s := step.(type) {
	case *CreateGroup:
		return []named{{s.Name, "group", ""}}
	case *PatchGroup:
		if s.Patch.Name != nil && *s.Patch.Name != s.Group.Name {
			return []named{{*s.Patch.Name, "group", s.Group.ID}}
		}
	case *CreateRole:
		return []named{{s.Name, "role", ""}}
	case *PatchRole:
		if s.Patch.Name != nil && *s.Patch.Name != s.Role.Name {
			return []named{{*s.Patch.Name, "role", s.Role.ID}}
		}
	case *CreateServiceAccount:
		return []named{{s.Name, "service account", ""}, {s.TokenName, "token", ""}}
	case *MintToken:
		return []named{{s.Name, "token", ""}}
	case *InviteMembers:
		all := make([]named, len(s.Emails))
		for i, email := range s.Emails {
			all[i] = named{email, "member", ""}
		}
		return all
	case *PatchOrganization:
		if s.Patch.Name != nil {
			return []named{{*s.Patch.Name, "organization", s.Organization.ID}}
		}
	}
	return nil
}

// lookAlike is a name in use that the new one can be mistaken for. The name of a built-in group gives a group
// its rights, also where the organization has no such group yet.
func (v *view) lookAlike(n named) (name string, found bool) {
	for _, other := range v.looking(n.kind)[text.Skeleton(n.name)] {
		if other.id == "" || other.id != n.id && other.name != n.name {
			return other.name, true
		}
	}
	return "", false
}

// looking are the names in use of a kind of thing by what they look like, those of built-in groups without an id. It
// is made once, because many things may be named at once.
func (v *view) looking(kind string) map[string][]named {
	if names, made := v.looks[kind]; made {
		return names
	}
	names := map[string][]named{}
	add := func(name, id string) {
		look := text.Skeleton(name)
		names[look] = append(names[look], named{name, kind, id})
	}
	switch kind {
	case "group":
		for _, id := range v.before.Groups() {
			g, _ := v.before.Group(id)
			add(g.Name, id)
		}
		for _, builtIn := range access.BuiltInGroups() {
			add(builtIn, "")
		}
	case "role":
		for _, id := range v.before.Roles() {
			r, _ := v.before.Role(id)
			add(r.Name, id)
		}
	}
	if v.looks == nil {
		v.looks = map[string]map[string][]named{}
	}
	v.looks[kind] = names
	return names
}
