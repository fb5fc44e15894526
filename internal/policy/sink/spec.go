// Package sink hands new service tokens to the places that a policy declares for them: a new file that only its owner
// reads, or the standard input of a command. A secret is in no argument, no environment, no output and no file but that.
package sink

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"btadmin/internal/policy"
	"btadmin/internal/text"
)

// Spec is a place for one token. It holds no secret, and is kept in saved plans.
type Spec struct {
	// File is a new file with Mode, seen from the working directory.
	File string `json:"file,omitzero"`
	Mode uint32 `json:"mode,omitzero"`
	// Command is a program with its arguments, which is run without a shell in Folder.
	Command []string `json:"command,omitempty"`
	Folder  string   `json:"folder,omitzero"`
}

// Of is the place that a document declares for a token. Relative files are seen from the policy file, and so are
// commands.
func Of(t policy.Token) Spec {
	if len(t.Command) > 0 {
		return Spec{Command: t.Command, Folder: t.Folder}
	}
	file := t.File
	if !filepath.IsAbs(file) {
		file = filepath.Join(t.Folder, file)
	}
	return Spec{File: file, Mode: t.Mode}
}

// String is the place in words.
func (s Spec) String() string {
	if s.File != "" {
		return "the file " + s.File
	}
	return "the standard input of " + text.ShellLine(s.Command...)
}

// Stored reports whether the token is in its place for sure: what a command did with one cannot be seen.
func (s Spec) Stored() bool {
	if s.File == "" {
		return false
	}
	_, err := os.Lstat(s.File)
	return err == nil
}

// Encode is the place as a saved plan keeps it; Decode reads it back.
func (s Spec) Encode() string {
	raw, err := json.Marshal(s, json.Deterministic(true))
	if err != nil { // texts and numbers only
		return ""
	}
	return string(raw)
}

// Decode reads what Encode wrote.
func Decode(encoded string) (Spec, error) {
	var s Spec
	if err := json.Unmarshal([]byte(encoded), &s, json.RejectUnknownMembers(true)); err != nil {
		return Spec{}, fmt.Errorf("read where a token goes: %w", err)
	}
	if (s.File == "") == (len(s.Command) == 0) || s.File != "" && s.Mode != 0o600 && s.Mode != 0o400 {
		return Spec{}, fmt.Errorf("read where a token goes: %q is no place", text.Visible(encoded))
	}
	return s, nil
}

func (s Spec) perm() fs.FileMode { return fs.FileMode(s.Mode) }
