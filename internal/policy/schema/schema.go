// Package schema holds the JSON Schema of policies, which cmd/gen makes of the types in package document.
package schema

import _ "embed" // of the schema

//go:embed policy.v1.schema.json
var text string

// JSON is the schema, draft 2020-12.
func JSON() string { return text }
