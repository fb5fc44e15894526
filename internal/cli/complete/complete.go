// Package complete answers the TAB key: names of groups, projects, members and roles, references to objects
// and principals, permission words. What fits where is one table, read from the usage line and the flags of a
// command, so that a new verb completes without doing anything for it.
//
// It must never be a nuisance: lists are kept for a minute, a server has a second to answer, the keyring is
// never opened, nobody is asked anything, and every failure is silence.
package complete

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/config"
	"btadmin/internal/namecache"
	"btadmin/internal/text"
)

const (
	patience = time.Second // for one TAB
	most     = 200         // suggestions
)

// Meant reports whether a command line is the shell's question for completions.
func Meant(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// Attach gives every command below root its completions.
func Attach(root *cobra.Command, a *app.App) {
	c := &completer{a: a, names: &lists{a: a}}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 && cmd.Runnable() {
			cmd.ValidArgsFunction = c.argument
		}
		register := func(f *pflag.Flag) {
			if suggest := flagTable(cmd, f); suggest != nil {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, c.answering(suggest)) // a second registration is no loss
			}
		}
		cmd.NonInheritedFlags().VisitAll(register)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

type completer struct {
	a     *app.App
	names *lists
}

// request is one TAB: what has been typed of the word, and what may be asked.
type request struct {
	context.Context
	names *lists
	cmd   *cobra.Command
	args  []string // before the word
	word  string
}

// suggester lists what could stand in the place of a word. Suggestions that do not begin with it are dropped
// later. keep says that no space should follow.
type suggester func(r request) (names []namecache.Name, keep bool)

// argument completes a positional argument by the word for it in the usage line.
func (c *completer) argument(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	suggest := argumentTable(cmd, placeholder(cmd, len(args)))
	if suggest == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c.answering(suggest)(cmd, args, word)
}

// placeholder is what the usage line calls the n-th argument, such as GROUP.
func placeholder(cmd *cobra.Command, n int) string {
	var words []string
	for _, word := range strings.Fields(cmd.Use)[1:] {
		bare := strings.Trim(word, "[]")
		words = append(words, strings.TrimSuffix(bare, "..."))
		if strings.HasSuffix(bare, "...") && n >= len(words) {
			return words[len(words)-1]
		}
	}
	if n < len(words) {
		return words[n]
	}
	return ""
}

func (c *completer) answering(suggest suggester) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if config.ApplyEnvironment(c.a.IO.Env, func(flag string) bool { return cmd.Flags().Changed(flag) }, c.a.Flags) != nil ||
			c.a.Quietly(cmd.Context()) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		parent := cmd.Context()
		if parent == nil {
			parent = context.Background()
		}
		ctx, cancel := context.WithTimeout(parent, patience)
		defer cancel()
		names, keep := suggest(request{ctx, c.names, cmd, args, word})
		directive := cobra.ShellCompDirectiveNoFileComp
		if keep {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return completions(names, word), directive
	}
}

// completions are the names that begin with the word, without regard to case, each once.
func completions(names []namecache.Name, word string) []cobra.Completion {
	var out []cobra.Completion
	seen := map[string]bool{}
	for _, name := range names {
		if len(out) == most {
			break
		}
		if seen[name.Value] || !hasPrefixFold(name.Value, word) || unsafe(name.Value) {
			continue
		}
		seen[name.Value] = true
		out = append(out, cobra.CompletionWithDesc(name.Value, text.Visible(name.Note)))
	}
	return out
}

// unsafe tells names that a shell or a terminal would take for something else: they are not offered, and can still be
// named by their ids.
func unsafe(name string) bool {
	return name == "" || text.Visible(name) != name || strings.ContainsAny(name, "\t\n\\'\"`$")
}

func hasPrefixFold(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// listed completes the last of several words with commas between them, none of them twice.
func listed(r request, words []namecache.Name) (names []namecache.Name, keep bool) {
	typed := ""
	if i := strings.LastIndexByte(r.word, ','); i >= 0 {
		typed = r.word[:i+1]
	}
	have := strings.Split(strings.TrimSuffix(typed, ","), ",")
	for _, w := range words {
		if !slices.Contains(have, w.Value) {
			names = append(names, namecache.Name{Value: typed + w.Value, Note: w.Note})
		}
	}
	return names, true
}
