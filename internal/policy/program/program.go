// Package program is what the commands that a policy names have in common.
package program

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// Environ takes the API key of this program out of an environment: whoever lists teams or stores a token has no need
// for it.
func Environ(environ []string) []string {
	var out []string
	for _, entry := range environ {
		if name, _, _ := strings.Cut(entry, "="); !strings.EqualFold(name, "BRAINTRUST_API_KEY") {
			out = append(out, entry)
		}
	}
	return out
}

// Find tells whether a program can be run in a folder: a bare name is looked for in PATH, a relative path is seen from
// the folder.
func Find(name, folder string) error {
	if strings.ContainsAny(name, `/\`) && !filepath.IsAbs(name) {
		name = "." + string(filepath.Separator) + filepath.Join(folder, name)
	}
	_, err := exec.LookPath(name)
	return err
}
