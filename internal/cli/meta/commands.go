package meta

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/config"
	"btadmin/internal/output"
)

// commandInfo describes one command for programs that build on btadmin. Fields are added, never renamed.
type commandInfo struct {
	Command     string     `json:"command"`
	Short       string     `json:"short"`
	Description string     `json:"description"`
	Usage       string     `json:"usage"`
	Aliases     []string   `json:"aliases"`
	Arguments   []argument `json:"arguments"`
	Flags       []flagInfo `json:"flags"`    // those of btadmin itself go with every command
	Examples    []string   `json:"examples"` // command lines
}

// argument is a word of the usage line.
type argument struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Repeated bool   `json:"repeated"`
}

type flagInfo struct {
	Name      string `json:"name"`
	Shorthand string `json:"shorthand,omitempty"`
	Type      string `json:"type"`
	Usage     string `json:"usage"`
	Default   string `json:"default"` // "" where nothing is given unless somebody gives it
	Env       string `json:"env"`     // the variable that says the same, "" when there is none
}

// NewCommands makes `btadmin commands`: the whole command tree as data.
func NewCommands(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: "list every command with its flags",
		Long: `List every command. With --json each has its description, arguments, flags with their defaults and environment
variables, and examples: enough for a program that offers them or writes them. The flags of btadmin itself, the
first in the list, go with every command.`,
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
	if !cmd.HasParent() || cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		info := commandInfo{
			Command: cmd.CommandPath(), Short: cmd.Short, Description: cmd.Long, Usage: cmd.UseLine(), Aliases: cmd.Aliases,
			Arguments: argumentsOf(cmd.Use), Flags: flagsOf(cmd.NonInheritedFlags()), Examples: examplesOf(cmd.Example),
		}
		if info.Aliases == nil {
			info.Aliases = []string{}
		}
		into = append(into, info)
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			into = describe(sub, into)
		}
	}
	return into
}

// argumentsOf takes a usage line apart: "grant GROUP [NAME...]".
func argumentsOf(use string) []argument {
	list := []argument{}
	for _, word := range strings.Fields(use)[1:] {
		list = append(list, argument{
			Name:     strings.NewReplacer("[", "", "]", "", "...", "").Replace(word),
			Required: !strings.HasPrefix(word, "["), Repeated: strings.Contains(word, "..."),
		})
	}
	return list
}

func flagsOf(fs *pflag.FlagSet) []flagInfo {
	list := []flagInfo{}
	variables, defaults := map[string]string{}, map[string]string{}
	for _, v := range config.Environment() {
		variables[v.Flag] = v.Name
	}
	for _, k := range config.Keys() {
		defaults[k.Name] = k.Default
	}
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		info := flagInfo{Name: f.Name, Shorthand: f.Shorthand, Type: f.Value.Type(), Usage: f.Usage, Default: f.DefValue, Env: variables["--"+f.Name]}
		if initial := defaults[f.Name]; initial != "" {
			info.Default = initial
		}
		if info.Default == "[]" {
			info.Default = ""
		}
		list = append(list, info)
	})
	return list
}

// examplesOf are the lines of the examples, without the blanks before them.
func examplesOf(text string) []string {
	list := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
