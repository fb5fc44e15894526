package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The schema that the program embeds is the one that the types of the document make.
func TestPolicySchemaIsFresh(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	want, err := policySchema(root)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(schemaFile)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(have)); diff != "" {
		t.Errorf("go run ./cmd/gen writes it anew:\n%s", diff)
	}
}
