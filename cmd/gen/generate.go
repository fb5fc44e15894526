package main

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/cli/complete"
)

// The folders that belong to this program alone.
const (
	completionsDir = "completions"
	referenceDir   = "docs/reference"
	manDir         = "docs/man"
)

// generate renders everything in memory, by slash-separated path.
func generate(root *cobra.Command) (map[string][]byte, error) {
	root.DisableAutoGenTag = true
	files := map[string][]byte{}
	if err := completions(root, files); err != nil {
		return nil, err
	}
	all := commands(root, nil)
	for _, cmd := range all {
		files[path.Join(referenceDir, pageName(cmd)+".md")] = markdown(cmd)
		files[path.Join(manDir, pageName(cmd)+".1")] = man(cmd)
	}
	files[path.Join(referenceDir, "README.md")] = index(all)
	return files, nil
}

// completions renders the scripts under the names that packages install them by.
func completions(root *cobra.Command, files map[string][]byte) error {
	for name, render := range map[string]func(io.Writer) error{
		root.Name() + ".bash": func(w io.Writer) error { return complete.Bash(root, w) },
		"_" + root.Name():     root.GenZshCompletion,
		root.Name() + ".fish": func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		root.Name() + ".ps1":  root.GenPowerShellCompletionWithDesc,
	} {
		var script bytes.Buffer
		if err := render(&script); err != nil {
			return fmt.Errorf("completion script %s: %w", name, err)
		}
		files[path.Join(completionsDir, name)] = script.Bytes()
	}
	return nil
}

// commands lists cmd and everything below it that a user can see, help topics included, parents first.
func commands(cmd *cobra.Command, into []*cobra.Command) []*cobra.Command {
	into = append(into, cmd)
	for _, sub := range visible(cmd) {
		into = commands(sub, into)
	}
	return into
}

// visible lists the direct subcommands that deserve a page. Cobra's own help command has nothing to say.
func visible(cmd *cobra.Command) []*cobra.Command {
	var subs []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.Name() != "help" && (sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand()) {
			subs = append(subs, sub)
		}
	}
	return subs
}

// pageName is the name that `man` knows a command by, such as btadmin-groups-grant.
func pageName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-")
}

// description is the long text of a command, or its one line where there is no more to say.
func description(cmd *cobra.Command) string {
	if text := strings.TrimSpace(cmd.Long); text != "" {
		return text
	}
	return sentence(cmd.Short)
}

// sentence turns the one line of a command list into a sentence.
func sentence(short string) string {
	if short == "" {
		return ""
	}
	return strings.ToUpper(short[:1]) + strings.TrimSuffix(short[1:], ".") + "."
}

// usage is the synopsis of a command; a help topic has none.
func usage(cmd *cobra.Command) string {
	switch {
	case cmd.IsAdditionalHelpTopicCommand():
		return ""
	case len(visible(cmd)) == 0:
		return cmd.UseLine()
	case strings.Contains(cmd.Use, " "): // does something by itself as well
		return cmd.UseLine() + "\n" + cmd.CommandPath() + " COMMAND [flags]"
	}
	return cmd.CommandPath() + " COMMAND [flags]"
}
