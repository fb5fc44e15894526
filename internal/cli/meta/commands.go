package meta

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

// commandInfo describes one command for programs that build on btadmin.
type commandInfo struct {
	Command string     `json:"command"`
	Short   string     `json:"short"`
	Usage   string     `json:"usage"`
	Aliases []string   `json:"aliases"`
	Flags   []flagInfo `json:"flags"`
}

type flagInfo struct {
	Name      string `json:"name"`
	Shorthand string `json:"shorthand,omitempty"`
	Type      string `json:"type"`
	Usage     string `json:"usage"`
}

// NewCommands makes `btadmin commands`: the whole command tree as data.
func NewCommands(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: "list every command with its flags",
		Example: `  btadmin commands
  btadmin commands --json | jq -r '.[].command'`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.Printer()
			if err != nil {
				return err
			}
			columns := []output.Column[commandInfo]{
				{Field: "command", Header: "COMMAND", Text: func(c commandInfo) string { return c.Command }},
				{Field: "short", Header: "WHAT IT DOES", Text: func(c commandInfo) string { return c.Short }},
			}
			return output.List(p, columns, describe(cmd.Root(), nil))
		},
	}
}

func describe(cmd *cobra.Command, into []commandInfo) []commandInfo {
	if cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		info := commandInfo{Command: cmd.CommandPath(), Short: cmd.Short, Usage: cmd.UseLine(), Aliases: cmd.Aliases, Flags: []flagInfo{}}
		if info.Aliases == nil {
			info.Aliases = []string{}
		}
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			info.Flags = append(info.Flags, flagInfo{Name: f.Name, Shorthand: f.Shorthand, Type: f.Value.Type(), Usage: f.Usage})
		})
		into = append(into, info)
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			into = describe(sub, into)
		}
	}
	return into
}
