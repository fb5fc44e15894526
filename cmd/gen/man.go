package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// man renders the man page of one command. Cobra's own generator reads help texts as Markdown, which
// loses asterisks and joins indented lines, and it stamps a date.
func man(cmd *cobra.Command) []byte {
	var b bytes.Buffer
	root := cmd.Root()
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s %s\n", quoted(strings.ToUpper(pageName(cmd))), quoted(root.Name()), quoted(root.Name()+" manual"))
	section(&b, "NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(pageName(cmd)), roff(cmd.Short))
	if synopsis := usage(cmd); synopsis != "" {
		section(&b, "SYNOPSIS")
		for i, line := range strings.Split(synopsis, "\n") {
			if i > 0 {
				b.WriteString(".br\n")
			}
			fmt.Fprintf(&b, ".B %s\n", roff(line))
		}
	}
	section(&b, "DESCRIPTION")
	for i, p := range paragraphs(description(cmd)) {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if p.verbatim {
			verbatim(&b, p.text)
			continue
		}
		b.WriteString(roff(p.text) + "\n")
	}
	if subs := visible(cmd); len(subs) > 0 {
		section(&b, "COMMANDS")
		for _, sub := range subs {
			fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(pageName(sub)), roff(sub.Short))
		}
	}
	if cmd.Example != "" {
		section(&b, "EXAMPLES")
		verbatim(&b, unindent(cmd.Example))
	}
	flagSection(&b, "OPTIONS", ownFlags(cmd))
	flagSection(&b, "GLOBAL OPTIONS", globalFlags(root))
	if len(cmd.Aliases) > 0 {
		section(&b, "ALIASES")
		b.WriteString(roff(strings.Join(cmd.Aliases, ", ")) + "\n")
	}
	if cmd.HasParent() {
		section(&b, "SEE ALSO")
		fmt.Fprintf(&b, ".BR %s (1)\n", roff(pageName(cmd.Parent())))
	}
	return b.Bytes()
}

func section(b *bytes.Buffer, title string) { fmt.Fprintf(b, ".SH %s\n", title) }

func verbatim(b *bytes.Buffer, text string) {
	fmt.Fprintf(b, ".RS 4\n.nf\n%s\n.fi\n.RE\n", roff(text))
}

func flagSection(b *bytes.Buffer, title string, rows []flagRow) {
	if len(rows) == 0 {
		return
	}
	section(b, title)
	for _, row := range rows {
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR", roff(row.Names))
		if row.Value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(row.Value))
		}
		fmt.Fprintf(b, "\n%s\n", roff(row.Usage))
	}
}

// roff escapes text: backslashes, hyphens that have to stay pasteable, and lines that would be requests.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "^", `\(ha`, "~", `\(ti`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// quoted is one argument of a request.
func quoted(text string) string { return `"` + roff(strings.ReplaceAll(text, `"`, "")) + `"` }
