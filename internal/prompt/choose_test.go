//go:build unix

package prompt_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/term"

	"btadmin/internal/prompt"
)

const (
	down  = "\x1b[B"
	up    = "\x1b[A"
	right = "\x1b[C"
	left  = "\x1b[D"
)

// hostileLabels are names from the server that would redraw the screen or pass for another one (B4).
func hostileLabels() []string {
	return []string{"Owners", "\x1b[2J\x1b[H\x1b]52;c;eA==\x07read", "a\nb\r", "\u202Eetirw", strings.Repeat("long", 60), "品質"}
}

func selecting(options []string) func(*prompt.Prompter) (any, error) {
	return func(p *prompt.Prompter) (any, error) { return p.Select("group\x1b[31m", options) }
}

func ticking(options []string, preselected ...int) func(*prompt.Prompter) (any, error) {
	return func(p *prompt.Prompter) (any, error) {
		return p.MultiSelect("permissions\x1b[31m", options, preselected)
	}
}

func TestB4Choosing(t *testing.T) {
	t.Parallel()
	words := []string{"create", "read", "update", "delete", "manage access"}
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("project-%02d", i))
	}
	const label, ticks = `group\x1b[31m`, `permissions\x1b[31m`
	for _, tt := range []lineCase{
		{"first", selecting(words), [][2]string{{"manage access", "\r"}}, 0, nil},
		{"third", selecting(words), [][2]string{{label, down + down + "\r"}}, 2, nil},
		{"around", selecting(words), [][2]string{{label, up + "\r"}}, 4, nil},
		{"application keys", selecting(words), [][2]string{{label, "\x1bOB\r"}}, 1, nil},
		{"filtered", selecting(many), [][2]string{{label, "t-37"}, {"project-37", "\r"}}, 37, nil},
		{"second page", selecting(many), [][2]string{{"project-11", strings.Repeat(down, 20)}, {"project-20", "\r"}}, 20, nil},
		{"same names", selecting([]string{"QA", "QA", "QA"}), [][2]string{{label, down + "\r"}}, 1, nil},
		{"hostile", selecting(hostileLabels()), [][2]string{{`\u{202E}etirw`, down + down + down + "\r"}}, 3, nil},
		{"function keys do nothing", selecting(words), [][2]string{{label, "\x1b[15~\x1b[1;5B\x1b[5~" + down + "\r"}}, 1, nil},
		{"Ctrl-C", selecting(words), [][2]string{{label, down + "\x03"}}, nil, prompt.ErrInterrupted},
		{"Ctrl-D", selecting(words), [][2]string{{label, "\x04"}}, nil, prompt.ErrInterrupted},

		{"nothing ticked", ticking(words), [][2]string{{ticks, "\r"}}, []int{}, nil},
		{"ticks kept", ticking(words, 1, 3), [][2]string{{ticks, "\r"}}, []int{1, 3}, nil},
		{"ticks changed", ticking(words, 1), [][2]string{{ticks, " " + down + " " + down + " \r"}}, []int{0, 2}, nil},
		{"all", ticking(words, 4), [][2]string{{ticks, right + "\r"}}, []int{0, 1, 2, 3, 4}, nil},
		{"none", ticking(words, 0, 4), [][2]string{{ticks, left + "\r"}}, []int{}, nil},
		{"ticked, same names", ticking([]string{"QA", "QA"}), [][2]string{{ticks, down + " \r"}}, []int{1}, nil},
		{"ticked, hostile", ticking(hostileLabels(), 2), [][2]string{{`\u{202E}etirw`, down + " \r"}}, []int{1, 2}, nil},
		{"ticking, Ctrl-C", ticking(words, 1), [][2]string{{ticks, " \x03"}}, nil, prompt.ErrInterrupted},
		{"ticking, Ctrl-D", ticking(words, 1), [][2]string{{ticks, " \x04"}}, nil, prompt.ErrInterrupted},
	} {
		for _, mute := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, mute %v", tt.name, mute), func(t *testing.T) {
				t.Parallel()
				s := newScreen(t, mute)
				before := mode(t, s)
				end := asked(prompt.New(s.streams("TERM", "xterm")), tt.ask)
				s.waitRaw(before)
				for _, step := range tt.script {
					s.waitFor(step[0])
					s.typed(step[1])
				}
				checkChoice(t, s, end, tt)
				if diff := cmp.Diff(before, mode(t, s)); diff != "" {
					t.Errorf("the terminal is not as it was: (-before +after)\n%s", diff)
				}
			})
		}
	}
}

func checkChoice(t *testing.T, s *screen, end <-chan answered[any], tt lineCase) {
	t.Helper()
	got, err := get(s, end)
	if !errors.Is(err, tt.err) || (tt.err == nil && err != nil) {
		t.Errorf("got %v, %v; want %v, %v", got, err, tt.want, tt.err)
	}
	if diff := cmp.Diff(tt.want, got); tt.err == nil && diff != "" {
		t.Errorf("(-want +got)\n%s\n%s", diff, s.text())
	}
	for _, bad := range []string{"\x1b[31m\x1b[", "\x1b[2J", "\x1b]", "\a", "\u202E"} {
		if strings.Contains(s.sent(), bad) {
			t.Errorf("the terminal got %q in %q", bad, s.sent())
		}
	}
}

// mode is what the terminal does with keys.
func mode(t *testing.T, s *screen) string {
	t.Helper()
	state, err := term.GetState(int(s.tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%v", *state)
}

// TestTicksAreShown looks at the picture, not at the answer.
func TestTicksAreShown(t *testing.T) {
	t.Parallel()
	s := newScreen(t, true)
	end := asked(prompt.New(s.streams("NO_COLOR", "1")), ticking([]string{"create", "read", hostileLabels()[4]}, 1))
	s.waitFor("longlong")
	for _, want := range []string{"[ ]  create\n", "[x]  read\n", "longlon…"} {
		if !strings.Contains(s.text()+"\n", want) {
			t.Errorf("%q is missing in\n%s", want, s.text())
		}
	}
	if strings.Contains(s.sent(), "m? ") || strings.Contains(s.sent(), "\x1b[3") {
		t.Errorf("there is colour in %q", s.sent())
	}
	s.typed("\r")
	if _, err := get(s, end); err != nil {
		t.Error(err)
	}
}

func TestNumberedMode(t *testing.T) {
	t.Parallel()
	words := []string{"create", "re\x1bad", "update"}
	for _, tt := range []lineCase{
		{"one", selecting(words), [][2]string{{"  2) re\\x1bad\n  3) update\nnumber [1-3]:", "2\r"}}, 1, nil},
		{"wrong, then right", selecting(words), [][2]string{{"[1-3]:", "4\r"}, {"answer one number from 1 to 3", "1,2\r3\r"}}, 2, nil},
		{"nothing is no answer", selecting(words), [][2]string{{"[1-3]:", "\r"}, {"answer one number", "1\r"}}, 0, nil},
		{"Ctrl-D", selecting(words), [][2]string{{"[1-3]:", "\x04"}}, nil, prompt.ErrInterrupted},
		{"keep", ticking(words, 1), [][2]string{{"  1) [ ] create\n  2) [x] re\\x1bad\n", "\r"}}, []int{1}, nil},
		{"list", ticking(words, 1), [][2]string{{"ticks shown):", "3, 1-2 1\r"}}, []int{0, 1, 2}, nil},
		{"other", ticking(words, 1), [][2]string{{"ticks shown):", "3\r"}}, []int{2}, nil},
		{"all", ticking(words, 1), [][2]string{{"ticks shown):", "ALL\r"}}, []int{0, 1, 2}, nil},
		{"none", ticking(words, 1), [][2]string{{"ticks shown):", "none\r"}}, []int{}, nil},
		{"wrong", ticking(words, 1), [][2]string{{"ticks shown):", "0\r"}, {`"0" is no number from 1 to 3`, "2-1\r"}, {`"2-1" is no number`, "9999999999999999999\r"}, {"9\" is no", ",\r"}, {"answer numbers", "1\r"}}, []int{0}, nil},
		{"ticks, Ctrl-D", ticking(words, 1), [][2]string{{"ticks shown):", "\x04"}}, nil, prompt.ErrInterrupted},
	} {
		for _, env := range [][]string{{"TERM", "dumb"}, {"BTADMIN_ACCESSIBLE", "1"}} {
			t.Run(tt.name+" "+env[0], func(t *testing.T) {
				t.Parallel()
				s := newScreen(t, true)
				end := asked(prompt.New(s.streams(env...)), tt.ask)
				for _, step := range tt.script {
					s.waitFor(step[0])
					s.typed(step[1])
				}
				checkChoice(t, s, end, tt)
				if strings.Contains(s.sent(), "\x1b") {
					t.Errorf("the cursor is moved: %q", s.sent())
				}
			})
		}
	}
}

// TestQuestionsInARow: what one question does not use goes to the next, whatever their kind.
func TestQuestionsInARow(t *testing.T) {
	t.Parallel()
	s := newScreen(t, true)
	p := prompt.New(s.streams("TERM", "xterm"))
	end := asked(p, func(p *prompt.Prompter) (any, error) {
		which, err := p.Select("which", []string{"a", "b"})
		if err != nil {
			return nil, err
		}
		ticked, err := p.MultiSelect("what", []string{"c", "d"}, nil)
		if err != nil {
			return nil, err
		}
		name, err := p.Input("name", "", nil)
		if err != nil {
			return nil, err
		}
		yes, err := p.Confirm("sure?", false)
		return []any{which, ticked, name, yes}, err
	})
	s.waitFor("which")
	s.typed(down + "\r" + down + " \r" + "QA\ry\r")
	got, err := get(s, end)
	if diff := cmp.Diff([]any{1, []int{1}, "QA", true}, got); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s\n%s", err, diff, s.text())
	}
}

func TestContextEndsEveryQuestion(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*prompt.Prompter) (any, error){
		"Confirm":     confirm(true),
		"Input":       func(p *prompt.Prompter) (any, error) { return p.Input("?", "def", nil) },
		"TypeName":    func(p *prompt.Prompter) (any, error) { return p.TypeName("?", "QA") },
		"Password":    func(p *prompt.Prompter) (any, error) { return p.Password("?") },
		"Select":      selecting([]string{"?"}),
		"MultiSelect": ticking([]string{"?"}, 0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, true)
			before := mode(t, s)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := prompt.New(s.streams("TERM", "xterm")).WithContext(ctx)
			end := asked(p, ask)
			s.waitFor("?")
			cancel()
			if got, err := get(s, end); !errors.Is(err, prompt.ErrInterrupted) {
				t.Errorf("got %v, %v", got, err)
			}
			if diff := cmp.Diff(before, mode(t, s)); diff != "" {
				t.Errorf("the terminal is not as it was: (-before +after)\n%s", diff)
			}
			if got, err := ask(p); !errors.Is(err, prompt.ErrInterrupted) {
				t.Errorf("afterwards: got %v, %v", got, err)
			}
		})
	}
}
