package roles

import (
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// parsePermissions reads P[/TYPE] values: permission words and, behind the last slash, what they are
// restricted to: an object type of the API, or a kind such as datasets.
func parsePermissions(flag string, values []string) ([]braintrust.RolePermission, error) {
	var tuples []braintrust.RolePermission
	for _, value := range values {
		typed, kind, restricted := strings.Cut(value, "/")
		var restrict braintrust.ObjectType
		if restricted {
			var err error
			if restrict, err = parseType(flag, kind); err != nil {
				return nil, err
			}
		}
		labels, err := access.Table{}.ParseWords(access.ScopeObjects, typed) // a role has tuples of its own, no labels of a page
		if err != nil {
			return nil, exit.BadInputf("--%s %q: %w", flag, value, err)
		}
		if len(labels) == 0 {
			return nil, exit.BadInputf("--%s %q names no permission", flag, value)
		}
		for _, label := range labels {
			for _, g := range label.Grants {
				tuple := braintrust.RolePermission{Permission: g.Tuple.Permission, RestrictObjectType: restrict}
				if !slices.Contains(tuples, tuple) {
					tuples = append(tuples, tuple)
				}
			}
		}
	}
	return tuples, nil
}

// parseType reads a type. One that nobody here knows passes, because servers know newer ones, unless it looks
// like a misspelt one.
func parseType(flag, typed string) (braintrust.ObjectType, error) {
	word := strings.ToLower(typed)
	var known []string
	for _, k := range access.ObjectWords() {
		if word == k.Word {
			return k.Type, nil
		}
		known = append(known, k.Word)
	}
	objectType := braintrust.ObjectType(strings.ReplaceAll(word, "-", "_"))
	for _, t := range braintrust.ObjectTypes() {
		if t == objectType {
			return t, nil
		}
		known = append(known, string(t))
	}
	if near := text.Nearest(word, known); len(near) > 0 {
		return "", exit.BadInputf("--%s: unknown object type %q", flag, typed).WithHint("did you mean %q?", near[0])
	}
	if objectType == "" {
		return "", exit.BadInputf("--%s: nothing behind the slash: P/TYPE restricts a permission to a type", flag)
	}
	return objectType, nil
}
