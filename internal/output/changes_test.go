package output

import (
	"strings"
	"testing"

	"btadmin/internal/iostreams"
)

const changed = `group:QA
  + create                                                        access.yaml:3
  - member user:liam@acme.example.com
  ~ rename from Testers
      who: somebody

Guards:
  G8: 20000 people would newly reach all-projects (needs an approval)

Plan for Acme: 1 to create.
`

// TestChanges writes a plan to every sort of stream. Without a terminal and without colour it is the same text.
func TestChanges(t *testing.T) {
	t.Parallel()
	coloured := strings.NewReplacer(
		"group:QA\n", "\x1b[1mgroup:QA\x1b[0m\n", "Guards:\n", "\x1b[1mGuards:\x1b[0m\n",
		"  + create                                                        access.yaml:3\n",
		"\x1b[32m  + create                                                        access.yaml:3\x1b[0m\n",
		"  - member user:liam@acme.example.com\n", "\x1b[31m  - member user:liam@acme.example.com\x1b[0m\n",
		"  ~ rename from Testers\n", "\x1b[33m  ~ rename from Testers\x1b[0m\n",
	).Replace(changed)
	const narrow = `group:QA
  + create
    access.yaml:3
  - member
    user:liam@acme.example.com
  ~ rename from Testers
      who: somebody

Guards:
  G8: 20000 people would
    newly reach all-projects
    (needs an approval)

Plan for Acme: 1 to create.
`
	for name, c := range map[string]struct {
		set  func(s *iostreams.Streams)
		text string
		want string
	}{
		"a file":            {func(*iostreams.Streams) {}, changed, changed},
		"a terminal":        {func(s *iostreams.Streams) { s.OutTTY, s.ErrTTY, s.ColorOut, s.ColorErr = true, true, true, true }, changed, coloured},
		"without colour":    {func(s *iostreams.Streams) { s.OutTTY, s.ErrTTY = true, true }, changed, changed},
		"forced colour":     {func(s *iostreams.Streams) { s.ColorOut, s.ColorErr = true, true }, changed, coloured},
		"a narrow terminal": {func(s *iostreams.Streams) { s.OutTTY, s.ErrTTY, s.Width = true, true, func() int { return 30 } }, changed, narrow},
		"B1: an escape":     {func(s *iostreams.Streams) { s.OutTTY, s.ErrTTY = true, true }, "+ \x1b[2J\n", "+ \\x1b[2J\n"},
		"B6: a command":     {func(s *iostreams.Streams) { s.CI = true }, "  ::error::x\n", "  \\u{003A}:error::x\n"},
		"nothing":           {func(*iostreams.Streams) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for stream, write := range map[string]func(s *iostreams.Streams) error{
				"stdout": func(s *iostreams.Streams) error {
					p, err := New(s, Options{})
					if err != nil {
						return err
					}
					return Changes(p, c.text)
				},
				"stderr": func(s *iostreams.Streams) error { NewStatus(s).Changes(c.text); return nil },
			} {
				s, out, errOut := iostreams.Test("")
				s.Width = func() int { return 100 }
				c.set(s)
				if err := write(s); err != nil {
					t.Fatal(err)
				}
				if got := out.String() + errOut.String(); got != c.want {
					t.Errorf("on %s:\n%q\nwant\n%q", stream, got, c.want)
				}
			}
		})
	}
}
