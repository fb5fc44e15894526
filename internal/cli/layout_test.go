package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// TestEveryVerbHasItsFile keeps the promise of docs/architecture.md: `btadmin NOUN VERB` is in
// internal/cli/NOUN/VERB.go, `btadmin NOUN VERB WORD` in VERB_WORD.go.
func TestEveryVerbHasItsFile(t *testing.T) {
	t.Parallel()
	streams, _, _ := iostreams.Test("")
	root := cli.NewRoot(app.New(streams, build.Info{}, nil))
	elsewhere := map[string]string{"sandbox/tour.go": "tour/tour.go"}
	for _, noun := range root.Commands() {
		if !noun.HasSubCommands() {
			continue
		}
		folder := strings.ReplaceAll(noun.Name(), "-", "")
		var walk func(prefix string, cmd *cobra.Command)
		walk = func(prefix string, cmd *cobra.Command) {
			for _, verb := range cmd.Commands() {
				name := prefix + strings.ReplaceAll(verb.Name(), "-", "")
				path := folder + "/" + name + ".go"
				if other, moved := elsewhere[path]; moved {
					path = other
				}
				if _, err := os.Stat(filepath.FromSlash(path)); err != nil {
					t.Errorf("%s: %v", verb.CommandPath(), err)
				}
				walk(name+"_", verb)
			}
		}
		walk("", noun)
	}
}

// Every command has a description and two examples that name it.
func TestEveryCommandHasExamples(t *testing.T) {
	t.Parallel()
	streams, _, _ := iostreams.Test("")
	root := cli.NewRoot(app.New(streams, build.Info{}, nil))
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Runnable() && !(cmd.HasSubCommands() && cmd.Example == "") && cmd.HasParent() && cmd.Name() != "help" {
			if cmd.Short == "" || strings.Count(cmd.Example, "btadmin ") < 2 {
				t.Errorf("%s: needs a description and two examples", cmd.CommandPath())
			}
			if !strings.Contains(cmd.Example, cmd.Name()) {
				t.Errorf("%s: the examples do not name it", cmd.CommandPath())
			}
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
}
