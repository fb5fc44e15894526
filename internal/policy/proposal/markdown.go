package proposal

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"btadmin/internal/policy/assert"
	"btadmin/internal/text"
)

const (
	// mostMarkdown is the size of a comment in characters; GitHub takes 65,536, GitLab more.
	mostMarkdown = 60_000
	// mostLine is where a line is cut, so that one name cannot take all the room.
	mostLine = 2_000
)

// block is a part of the comment that can be folded away. Its lines stand in a code block, where neither Markdown nor
// HTML nor mentions mean anything.
type block struct {
	title string
	lines []string
	open  bool
	diff  bool // coloured as a diff
}

// Markdown is the proposal as a comment for a review. The same proposal is always the same comment. The first line is
// the same for every plan of an organization, so that the comment can be found again and be edited in place.
func (p *Proposal) Markdown() string {
	org := p.Before.Snapshot.Organization
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- btadmin-policy-plan:%s -->\n", marker(org.ID))
	fmt.Fprintf(&b, "### Access plan for %s\n\n%s\n", code(org.Name), p.markdownSummary())
	tail := "\n<sub>No access was changed by this plan.</sub>\n"
	if p.Review != nil {
		tail = fmt.Sprintf("\n<sub>Plan %s. No access was changed by this plan.</sub>\n", code(p.Review.Hash))
	}
	room := mostMarkdown - utf8.RuneCountInString(b.String()) - utf8.RuneCountInString(tail)
	for _, part := range p.blocks() {
		written := part.write(room)
		room -= utf8.RuneCountInString(written)
		b.WriteString(written)
	}
	b.WriteString(tail)
	return b.String()
}

// marker keeps what may stand in a comment of HTML.
func marker(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ReplaceAll(id, "--", ""))
}

// markdownSummary is the sentence that a reviewer reads first: what is done, and whether the tests hold.
func (p *Proposal) markdownSummary() string {
	s := "**No changes**: the organization is as the document asks."
	if p.Result.Changes() {
		s = "**" + p.planned() + ".**"
	}
	if len(p.Tests.Results) > 0 {
		s += " " + p.tested() + "."
	}
	return s
}

// blocks are the parts, the most important first.
func (p *Proposal) blocks() []block {
	var all []block
	add := func(title string, open, diff bool, lines []string) {
		if len(lines) > 0 {
			all = append(all, block{title: title, lines: lines, open: open, diff: diff})
		}
	}
	var guards, tests []string
	if p.Review != nil {
		for _, f := range p.Review.Findings {
			guards = append(guards, f.Guard+": "+f.Message+pass(f.Bypass))
		}
	}
	for _, r := range p.Failed() {
		tests = append(tests, r.Test.Name.Value+"  # "+shortPlace(r.Test.At))
		tests = append(tests, splitLines(assert.Details(r, p.Names, "  "))...)
	}
	add(fmt.Sprintf("Guards that fire: %d", len(guards)), true, false, guards)
	add(fmt.Sprintf("Tests that fail: %d of %d", len(p.Failed()), len(p.Tests.Results)), true, false, tests)
	changes := p.Sections(true)
	add("Changes", true, true, diffLines(changes))
	if len(changes) > 0 {
		add("Who gains and loses access", true, true, splitLines(p.AccessText()))
	}
	var patterns, warnings []string
	for _, m := range p.Result.Matches {
		patterns = append(patterns, m.Group+": "+m.Pattern+" matches "+matched(m))
	}
	for _, w := range p.Remarks() {
		warnings = append(warnings, shortPlace(w.At)+": "+w.Message)
	}
	add("Patterns", false, false, patterns)
	add("Remarks", false, false, warnings)
	if reported := p.Sections(false); len(reported) > 0 {
		var lines []string
		for _, s := range reported {
			for _, e := range s.Entries {
				lines = append(lines, s.Subject+": "+e.Text)
			}
		}
		add(fmt.Sprintf("Not owned by the document, left as it is: %d", len(lines)), false, false, lines)
	}
	return all
}

func splitLines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }

// diffLines are sections in the layout of a diff: signs in the first column.
func diffLines(sections []Section) []string {
	var out []string
	for _, s := range sections {
		out = append(out, "@@ "+s.Subject+" @@")
		for _, e := range s.Entries {
			sign := e.Sign
			if sign == "~" {
				sign = "!" // the sign of a change that is coloured
			}
			line := sign + " " + e.Text
			if at := shortPlace(e.At); at != "" {
				line += "  # " + at
			}
			out = append(out, line)
		}
	}
	return out
}

// write is the block in at most room characters; "" when there is not even room for its title.
func (b block) write(room int) string {
	lines := make([]string, len(b.lines))
	for i, line := range b.lines {
		line = text.Visible(line)
		if runes := []rune(line); len(runes) > mostLine {
			line = string(runes[:mostLine]) + "..."
		}
		lines[i] = line
	}
	fence := strings.Repeat("`", max(3, longestRun(lines)+1))
	open, language := "", ""
	if b.open {
		open = " open"
	}
	if b.diff {
		language = "diff"
	}
	head := fmt.Sprintf("\n<details%s><summary>%s</summary>\n\n%s%s\n", open, b.title, fence, language)
	foot := fence + "\n</details>\n"
	room -= utf8.RuneCountInString(head) + utf8.RuneCountInString(foot) + len("... and 1000000 more lines\n")
	if room < 0 {
		return ""
	}
	var body strings.Builder
	for i, line := range lines {
		if room -= utf8.RuneCountInString(line) + 1; room < 0 {
			fmt.Fprintf(&body, "... and %d more lines\n", len(lines)-i)
			break
		}
		body.WriteString(line + "\n")
	}
	return head + body.String() + foot
}

// longestRun is the longest run of backticks.
func longestRun(lines []string) int {
	longest := 0
	for _, line := range lines {
		run := 0
		for _, r := range line {
			if run++; r != '`' {
				run = 0
			}
			longest = max(longest, run)
		}
	}
	return longest
}

// code is a text as code in a line, in which nothing means anything.
func code(s string) string {
	s = text.Visible(s)
	fence := strings.Repeat("`", longestRun([]string{s})+1)
	return fence + " " + s + " " + fence
}
