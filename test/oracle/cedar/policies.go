package cedar

import (
	"fmt"
	"strings"

	"github.com/cedar-policy/cedar-go"

	"btadmin/pkg/braintrust"
)

// writePolicies makes one policy for each permission that is named and each type, so that a question only meets the
// policy that can answer it.
func (o *Organization) writePolicies(b *builder) error {
	o.policies = map[[2]string]*cedar.PolicySet{}
	for _, permission := range b.permissions() {
		for _, t := range b.types {
			var policy cedar.Policy
			if err := policy.UnmarshalCedar([]byte(text(permission, t))); err != nil {
				return fmt.Errorf("policy for %s on %s: %w", permission, t, err)
			}
			set := cedar.NewPolicySet()
			set.Add("grants", &policy)
			o.policies[[2]string{string(permission), string(t)}] = set
		}
	}
	return nil
}

func (b *builder) permissions() []braintrust.Permission {
	named := map[braintrust.Permission]bool{}
	for i := range b.s.ACLs {
		named[b.s.ACLs[i].Permission] = true
	}
	for _, r := range b.s.Roles {
		for _, m := range r.MemberPermissions {
			named[m.Permission] = true
		}
	}
	all := []braintrust.Permission{"create", "read", "update", "delete", "create_acls", "read_acls", "update_acls", "delete_acls"}
	for _, p := range all {
		delete(named, p)
	}
	delete(named, "")
	for p := range named {
		all = append(all, p)
	}
	return all
}

// depth is how many containers are around things of a type.
func depth(t braintrust.ObjectType) int {
	switch t {
	case "organization":
		return 0
	case "org_project", "org_member", "org_audit_logs", "org_ai_secret", "group", "role", "project_group":
		return 1
	case "project":
		return 2
	}
	return 3
}

// text is the policy for a permission on things of a type: somebody is among the holders on the thing or on what
// contains it, without restriction or restricted to the type.
func text(permission braintrust.Permission, t braintrust.ObjectType) string {
	var levels []string
	at := "resource"
	for level := range depth(t) + 1 {
		var any []string
		for _, name := range []string{attribute(permission, ""), attribute(permission, t)} {
			any = append(any, among(at, name))
			if within := depth(t) - level; within == 2 && (level > 0 || t == "project") { // at is a project
				any = append(any, among(at, "sets:"+name))
			}
		}
		levels = append(levels, strings.Join(any, " || "))
		at += "." + container
	}
	here, above := levels[0], levels[1:]
	condition := here
	if len(above) > 0 {
		condition += " || resource has " + container + " && (" + strings.Join(above, " || ") + ")"
	}
	return fmt.Sprintf("permit(principal, action, resource) when { %s };", condition)
}

func among(at, name string) string {
	return fmt.Sprintf("(%s has %q && principal in %s[%q])", at, name, at, name)
}
