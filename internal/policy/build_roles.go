package policy

import (
	"slices"
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// systemRoles are the roles that every organization has.
func systemRoles() []string { return []string{"Owner", "Engineer", "Viewer"} }

func (b *builder) roles() {
	for name, r := range b.doc.Roles.All() {
		role := &Role{
			Name: name, BuiltIn: r.Builtin.Value, Previously: r.Previously.Items, Description: r.Description,
			PermissionsManaged: r.Permissions.Known(), IncludesManaged: r.Includes.Known(), Includes: r.Includes.Items,
			AssignedManaged: r.AssignedTo.Known(), At: name.At,
		}
		switch isSystem := slices.Contains(systemRoles(), name.Value); {
		case isSystem && !role.BuiltIn:
			b.problems.Errorf(name.At, "%s is a role of the system, which the document must say", quoted(name.Value)).WithHint("add builtin: true")
		case role.BuiltIn && (r.Previously.Known() || r.Description.Known() || r.Permissions.Known() || r.Includes.Known()):
			b.problems.Errorf(r.Builtin.At, "a role of the system can be assigned, and nothing else of it can be changed")
		}
		role.Tuples = b.tuples(r.Permissions)
		for _, a := range r.AssignedTo.Items {
			role.Assigned = append(role.Assigned, b.assignments(a)...)
		}
		b.out.Roles = append(b.out.Roles, role)
	}
}

// tuples reads the permissions of a role by the kind of object.
func (b *builder) tuples(permissions document.Map[document.Words]) []access.Tuple {
	var out []access.Tuple
	var prompts []written
	var rows []Row
	for kind, words := range permissions.All() {
		restrict, isWord := roleKind(kind.Value)
		if !isWord {
			b.knownType(kind)
		}
		labels := b.labels(access.ScopeObjects, words)
		if restrict == braintrust.ObjectPrompt {
			w := written{words: words, kind: kind.Value, restrict: restrict}
			if len(prompts) > 0 && !sameTuples(rows[0].Labels, labels) {
				b.disagree(w, prompts[0], rows[0].At)
				return out
			}
			prompts = append(prompts, w)
			rows = append(rows, Row{Restrict: restrict, Labels: labels, At: words.At})
		}
		for _, l := range labels {
			for _, g := range l.Grants {
				if t := (access.Tuple{Permission: g.Tuple.Permission, Restrict: restrict}); !slices.Contains(out, t) {
					out = append(out, t)
				}
			}
		}
	}
	b.widening(prompts, rows)
	return out
}

// roleKind is the restriction that a key of a role's permissions stands for, and whether the key is a word of the
// page and not the name of a type.
func roleKind(key string) (restrict braintrust.ObjectType, isWord bool) {
	if key == "any" {
		return "", true
	}
	for _, kind := range access.ObjectWords() {
		if kind.Word == key {
			return kind.Type, true
		}
	}
	return braintrust.ObjectType(strings.ReplaceAll(key, "-", "_")), false
}

// assignments expands one entry of assigned_to: a principal, and projects and other targets.
func (b *builder) assignments(a document.Assignment) []Assignment {
	var to []Principal
	for _, p := range []struct {
		kind PrincipalKind
		t    document.Text
	}{{GroupName, a.Group}, {Email, a.Email}, {ServiceAccount, a.ServiceAccount}, {UserID, a.User}} {
		if p.t.Known() {
			to = append(to, Principal{Kind: p.kind, Name: p.t.Value, At: p.t.At})
		}
	}
	if len(to) != 1 {
		b.problems.Errorf(a.At, "an assignment goes to exactly one of group, email, service_account and user")
		return nil
	}
	if err := to[0].check(); err != nil {
		b.problems.Errorf(to[0].At, "%v", text.Visible(err.Error()))
		return nil
	}
	if len(a.Projects.Items)+len(a.On.Items) == 0 {
		b.problems.Errorf(a.At, "an assignment needs projects, or on with references such as all_projects").
			WithHint("projects: [NAME], or on: [organization]")
	}
	var out []Assignment
	for _, t := range a.Projects.Items {
		if pattern, ok := b.pattern(t); ok {
			on := Target{Type: braintrust.ObjectProject, Projects: pattern, At: t.At}
			out = append(out, Assignment{To: to[0], On: on, ApprovedBy: a.ApprovedBy, At: t.At})
		}
	}
	for _, t := range a.On.Items {
		if on, ok := b.reference(t); ok {
			out = append(out, Assignment{To: to[0], On: on, ApprovedBy: a.ApprovedBy, At: t.At})
		}
	}
	return out
}
