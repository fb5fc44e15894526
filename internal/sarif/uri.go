package sarif

import (
	"net/url"
	"strings"
)

// fileURI is a relative path as a URI reference. A first segment with a colon would be read as a scheme.
func fileURI(path string) string {
	path = strings.TrimPrefix(strings.ReplaceAll(path, `\`, "/"), "./")
	escaped := (&url.URL{Path: path}).EscapedPath()
	if first, _, _ := strings.Cut(escaped, "/"); strings.Contains(first, ":") {
		return "./" + escaped
	}
	return escaped
}
