package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// index renders the table of contents of docs/reference.
func index(all []*cobra.Command) []byte {
	var b bytes.Buffer
	b.WriteString("# Reference\n\nOne page a command, written from the command tree by `make gen`.\n\n")
	for _, cmd := range all {
		depth := strings.Count(cmd.CommandPath(), " ")
		fmt.Fprintf(&b, "%s- [`%s`](%s.md): %s\n", strings.Repeat("  ", depth), cmd.CommandPath(), pageName(cmd), plain(cmd.Short))
	}
	return b.Bytes()
}

// markdown renders the page of one command.
func markdown(cmd *cobra.Command) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n", cmd.CommandPath())
	if synopsis := usage(cmd); synopsis != "" {
		fmt.Fprintf(&b, "```\n%s\n```\n\n", synopsis)
	}
	fmt.Fprintf(&b, "%s\n", prose(description(cmd)))
	if len(cmd.Aliases) > 0 {
		fmt.Fprintf(&b, "\nAliases: `%s`\n", strings.Join(cmd.Aliases, "`, `"))
	}
	if subs := visible(cmd); len(subs) > 0 {
		b.WriteString("\n## Commands\n\n| command | what it does |\n|---|---|\n")
		for _, sub := range subs {
			fmt.Fprintf(&b, "| [%s](%s.md) | %s |\n", sub.Name(), pageName(sub), cell(sub.Short))
		}
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\n## Examples\n\n```sh\n%s\n```\n", unindent(cmd.Example))
	}
	flagTable(&b, "Flags", ownFlags(cmd))
	if !cmd.HasParent() {
		flagTable(&b, "Global flags", globalFlags(cmd))
		return b.Bytes()
	}
	root := cmd.Root()
	fmt.Fprintf(&b, "\nSee also: [%s](%s.md), [global flags](%s.md#global-flags)\n",
		cmd.Parent().CommandPath(), pageName(cmd.Parent()), pageName(root))
	return b.Bytes()
}

func flagTable(b *bytes.Buffer, title string, rows []flagRow) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n| flag | what it does |\n|---|---|\n", title)
	for _, row := range rows {
		fmt.Fprintf(b, "| `%s` | %s |\n", strings.TrimSpace(row.Names+" "+row.Value), cell(row.Usage))
	}
}

// prose keeps the paragraphs of a help text and fences its indented blocks, which Markdown would join.
func prose(text string) string {
	var b strings.Builder
	for i, p := range paragraphs(text) {
		if i > 0 {
			b.WriteString("\n")
		}
		if p.verbatim {
			fmt.Fprintf(&b, "```\n%s\n```\n", p.text)
			continue
		}
		b.WriteString(plain(p.text) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// plain keeps Markdown from reading help text as markup.
func plain(text string) string {
	return strings.NewReplacer("<", "&lt;", "*", "\\*", "_", "\\_", "[", "\\[").Replace(text)
}

// cell is plain text inside a table.
func cell(text string) string { return strings.ReplaceAll(plain(text), "|", "\\|") }
