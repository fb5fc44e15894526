package conformance

import "maps"

// mendNullable copies the referenced schema into places where "nullable" stands next to a "$ref":
// OpenAPI 3.0 ignores what stands next to a reference, the vendor means it.
func mendNullable(root map[string]any, node any) {
	switch node := node.(type) {
	case map[string]any:
		if ref, ok := node["$ref"].(string); ok && node["nullable"] == true {
			if schema, ok := target(root, ref).(map[string]any); ok {
				delete(node, "$ref")
				maps.Copy(node, maps.Clone(schema))
				node["nullable"] = true
				if values, ok := node["enum"].([]any); ok {
					node["enum"] = append(append([]any{}, values...), nil)
				}
			}
		}
		for _, child := range node {
			mendNullable(root, child)
		}
	case []any:
		for _, child := range node {
			mendNullable(root, child)
		}
	}
}

// tighten makes the description of requests as strict as the server: members that are not declared
// are refused. Schemas inside a composition are left alone, each sees only its part.
func tighten(root map[string]any) {
	extendEnums(root)
	closed := map[string]bool{}
	paths, _ := root["paths"].(map[string]any)
	for _, item := range paths {
		operations, _ := item.(map[string]any)
		for _, operation := range operations {
			if operation, ok := operation.(map[string]any); ok {
				closeSchemas(root, operation["requestBody"], closed)
			}
		}
	}
}

func closeSchemas(root map[string]any, node any, closed map[string]bool) {
	switch node := node.(type) {
	case map[string]any:
		if ref, ok := node["$ref"].(string); ok && !closed[ref] {
			closed[ref] = true
			closeSchemas(root, target(root, ref), closed)
		}
		if _, isObject := node["properties"].(map[string]any); isObject && node["additionalProperties"] == nil {
			node["additionalProperties"] = false
		}
		for name, child := range node {
			switch name {
			case "allOf", "anyOf", "oneOf", "not":
			default:
				closeSchemas(root, child, closed)
			}
		}
	case []any:
		for _, child := range node {
			closeSchemas(root, child, closed)
		}
	}
}

// extendEnums adds the newer object types wherever object types are listed.
func extendEnums(node any) {
	switch node := node.(type) {
	case map[string]any:
		if values, ok := node["enum"].([]any); ok && contains(values, "org_member") {
			node["enum"] = append(append([]any{}, values...), newerTypes...)
		}
		for _, child := range node {
			extendEnums(child)
		}
	case []any:
		for _, child := range node {
			extendEnums(child)
		}
	}
}

func contains(values []any, want string) bool {
	for _, value := range values {
		if value == want {
			return true
		}
	}
	return false
}

// loosen drops the enumerations: newer servers send values that the description does not list.
func loosen(root map[string]any) { dropEnums(root["components"]); dropEnums(root["paths"]) }

func dropEnums(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, isList := node["enum"].([]any); isList {
			delete(node, "enum")
		}
		for _, child := range node {
			dropEnums(child)
		}
	case []any:
		for _, child := range node {
			dropEnums(child)
		}
	}
}
