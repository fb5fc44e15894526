package meta

import (
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// NewHelp makes `btadmin help`. Cobra's own succeeds for a topic that does not exist.
func NewHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "help about a command or a topic",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			found, _, err := cmd.Root().Find(args)
			if err != nil || found == nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var list []cobra.Completion
			for _, sub := range found.Commands() {
				if helps(sub) && strings.HasPrefix(sub.Name(), begun) {
					list = append(list, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			return list, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err == nil && found != nil && (len(rest) == 0 || !found.HasSubCommands()) {
				found.InitDefaultHelpFlag()
				return found.Help()
			}
			within := cmd.Root()
			if found != nil && err == nil {
				within = found
			} else {
				rest = args
			}
			return unknownTopic(within, rest)
		},
	}
}

func helps(cmd *cobra.Command) bool {
	return cmd.IsAvailableCommand() || cmd.IsAdditionalHelpTopicCommand()
}

func unknownTopic(within *cobra.Command, words []string) error {
	err := exit.BadInputf("no command or topic %q", strings.Join(words, " "))
	var known []string
	for _, sub := range within.Commands() {
		if helps(sub) {
			known = append(known, sub.Name())
		}
	}
	if near := text.Nearest(words[0], known); len(near) > 0 {
		path := strings.TrimPrefix(within.CommandPath()+" "+near[0], within.Root().Name()+" ")
		return err.WithHint("did you mean %q?", within.Root().Name()+" help "+path)
	}
	return err.WithHint("btadmin help lists them")
}
