// Package tree builds nouns and verbs of the command line the same way everywhere: a bare noun prints
// help, an unknown verb suggests the nearest, a missing argument is named.
package tree

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// exitCodeAnswers marks commands whose answer is their exit code, so that nobody need read what they print.
const exitCodeAnswers = "answers-by-exit-code"

// AnswersByExitCode marks a command whose answer is its exit code.
func AnswersByExitCode(cmd *cobra.Command) *cobra.Command {
	cmd.Annotations = map[string]string{exitCodeAnswers: "yes"}
	return cmd
}

// OutputIsOptional reports whether a command may succeed although nobody can read its output.
func OutputIsOptional(cmd *cobra.Command) bool {
	return cmd.Annotations[exitCodeAnswers] != "" || (cmd.HasSubCommands() && cmd.Example == "") // help, not a list
}

// Noun makes a command that only groups verbs. Its other names, the singular first, are separated by blanks. The verbs
// are only made when the command line can mean them: making all of them takes longer than most of what they do.
func Noun(a *app.App, name, aliases, short string, verbs ...func(*app.App) *cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args:  verbOnly,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.Aliases = strings.Fields(aliases)
	if a.Lean && !mayMean(a.Args, append([]string{name}, cmd.Aliases...)) {
		return cmd
	}
	for _, verb := range verbs {
		cmd.AddCommand(verb(a))
	}
	return cmd
}

// mayMean reports whether a command line can end at a verb of this noun. Only the first word is looked at; where
// flags come first, or everything is described, every noun is meant.
func mayMean(args, names []string) bool {
	if len(args) == 0 {
		return false
	}
	first := args[0]
	if slices.Contains(names, first) {
		return true
	}
	switch first {
	case "commands", "help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
		return true
	case "-h", "--help":
		return len(args) > 1
	default:
		return strings.HasPrefix(first, "-")
	}
}

// verbOnly refuses whatever stands where a verb should.
func verbOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return UnknownVerb(cmd, args[0])
}

// UnknownVerb is the error for a word that is no subcommand of cmd, with the nearest ones.
func UnknownVerb(cmd *cobra.Command, word string) error {
	var known []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	err := exit.BadInputf("unknown command %q for %q", word, cmd.CommandPath())
	if near := text.Nearest(word, known); len(near) > 0 {
		return err.WithHint("did you mean %q?", cmd.CommandPath()+" "+near[0])
	}
	return err.WithHint("%s --help lists the commands", cmd.CommandPath())
}

// Args demands exactly the named arguments. A name that ends in "..." stands for one or more; one in
// brackets is optional.
func Args(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		low, high := 0, 0
		for _, name := range names {
			switch {
			case strings.HasPrefix(name, "[") && strings.HasSuffix(name, "...]"):
				high = -1
			case strings.HasPrefix(name, "["):
				high++
			case strings.HasSuffix(name, "..."):
				low, high = low+1, -1
			default:
				low++
				if high >= 0 {
					high++
				}
			}
		}
		if len(args) < low {
			return exit.BadInputf("missing argument %s", strings.Trim(names[len(args)], "[].")).
				WithHint("usage: %s", cmd.UseLine())
		}
		if high >= 0 && len(args) > high {
			return exit.BadInputf("unexpected argument %q", args[high]).WithHint("usage: %s", cmd.UseLine())
		}
		return nil
	}
}
