package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagRow is one flag as both kinds of page show it.
type flagRow struct {
	Names string // --output, -o
	Value string // the word for its value, "" for a switch
	Usage string
}

// ownFlags lists the flags that belong to one command, without --help and the global ones.
func ownFlags(cmd *cobra.Command) []flagRow {
	if !cmd.HasParent() {
		return nil // the root's own flags are the global ones
	}
	return flagRows(cmd.NonInheritedFlags())
}

// globalFlags lists the flags that every command takes.
func globalFlags(root *cobra.Command) []flagRow { return flagRows(root.PersistentFlags()) }

// flagRows lists flags in the order of their names.
func flagRows(fs *pflag.FlagSet) []flagRow {
	var rows []flagRow
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" || f.Name == "help" {
			return
		}
		row := flagRow{Names: "--" + f.Name}
		if f.Shorthand != "" {
			row.Names += ", -" + f.Shorthand
		}
		value, text := pflag.UnquoteUsage(f)
		row.Value, row.Usage = valueWord(value), text
		if shown := defaultOf(f); shown != "" {
			row.Usage += " (default " + shown + ")"
		}
		rows = append(rows, row)
	})
	return rows
}

// valueWord is the word for a flag's value: one from backquotes in the usage, else one for its type.
func valueWord(value string) string {
	switch value {
	case "string", "strings", "stringArray":
		return "TEXT"
	case "int", "uint", "float":
		return "NUMBER"
	}
	return strings.ToUpper(value)
}

// defaultOf is the default of a flag where it says something that the usage does not.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "0s", "false", "[]", "<nil>":
		return ""
	}
	if strings.Contains(f.Usage, "default") {
		return ""
	}
	return f.DefValue
}
