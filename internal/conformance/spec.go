package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
)

// nouns are the endpoints of access control; the rest of the description is cut away before it is
// loaded, which makes loading fast.
var nouns = []string{
	"organization", "user", "group", "role", "acl", "service_token", "api_key", "project",
	"experiment", "dataset", "prompt", "function",
}

// exempt are paths that the description does not have, by prefix.
var exempt = []string{"/v1/project_group", "/api/apikey/login", "/ping"}

// newerTypes are values of AclObjectType that are newer than the description.
var newerTypes = []any{"project_group", "ai_secret", "org_ai_secret"}

// Spec is the loaded description. It is safe for concurrent use.
type Spec struct {
	requests  *openapi3.T // strict: no undeclared members, enumerations with the newer values
	responses *openapi3.T // open: unknown members and values are what newer servers send
}

// Find looks for openapi.json in shared/reference of a folder above the working directory. It belongs
// to the project's papers, not to the repository, so it may be absent.
func Find() (path string, ok bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		path := filepath.Join(dir, "shared", "reference", "openapi.json")
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// Load reads a description.
func Load(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load the API description: %w", err)
	}
	var spec Spec
	for _, side := range []struct {
		doc     **openapi3.T
		rewrite func(map[string]any)
	}{{&spec.requests, tighten}, {&spec.responses, loosen}} {
		var root map[string]any
		if err := json.Unmarshal(data, &root); err != nil {
			return nil, fmt.Errorf("load the API description: %w", err)
		}
		cut(root)
		mendNullable(root, root)
		side.rewrite(root)
		text, err := json.Marshal(root)
		if err != nil {
			return nil, fmt.Errorf("load the API description: %w", err)
		}
		if *side.doc, err = openapi3.NewLoader().LoadFromData(text); err != nil {
			return nil, fmt.Errorf("load the API description %s: %w", path, err)
		}
	}
	return &spec, nil
}

// cut keeps the paths of nouns and what they refer to.
func cut(root map[string]any) {
	delete(root, "servers")
	delete(root, "tags")
	paths, _ := root["paths"].(map[string]any)
	for path := range paths {
		if !ours(path) {
			delete(paths, path)
		}
	}
	components, _ := root["components"].(map[string]any)
	reached := map[string]bool{}
	reach(root, paths, reached)
	for section, members := range components {
		if section == "securitySchemes" {
			continue
		}
		named, _ := members.(map[string]any)
		for name := range named {
			if !reached["#/components/"+section+"/"+name] {
				delete(named, name)
			}
		}
	}
}

func ours(path string) bool {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(segments) < 2 || len(segments) > 3 || segments[0] != "v1" {
		return false
	}
	for _, noun := range nouns {
		if segments[1] == noun {
			return true
		}
	}
	return false
}

// reach marks every reference that node leads to.
func reach(root map[string]any, node any, reached map[string]bool) {
	switch node := node.(type) {
	case map[string]any:
		if ref, ok := node["$ref"].(string); ok && !reached[ref] {
			reached[ref] = true
			reach(root, target(root, ref), reached)
		}
		for _, child := range node {
			reach(root, child, reached)
		}
	case []any:
		for _, child := range node {
			reach(root, child, reached)
		}
	}
}

// target follows a local reference; nil if it leads nowhere.
func target(root map[string]any, ref string) any {
	var node any = root
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		members, _ := node.(map[string]any)
		node = members[name]
	}
	return node
}
