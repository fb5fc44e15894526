//go:build unix

package iostreams_test

import (
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"btadmin/internal/iostreams"
)

func TestTerminal(t *testing.T) {
	t.Parallel()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = master.Close(); _ = tty.Close() })
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	p := pipe(t)
	all := verdict{OutTTY: true, ErrTTY: true, ColorOut: true, ColorErr: true, Prompt: true}
	for name, tt := range map[string]struct {
		s    *iostreams.Streams
		want verdict
	}{
		"all":          {iostreams.New(tty, tty, tty, env("TERM", "xterm")), all},
		"piped output": {iostreams.New(tty, p, tty, env()), verdict{ErrTTY: true, ColorErr: true, Prompt: true}},
		"piped errors": {iostreams.New(tty, tty, p, env()), verdict{OutTTY: true, ColorOut: true}},
		"piped input":  {iostreams.New(p, tty, tty, env()), verdict{OutTTY: true, ErrTTY: true, ColorOut: true, ColorErr: true}},
		"NO_COLOR":     {iostreams.New(tty, tty, tty, env("NO_COLOR", "1")), verdict{OutTTY: true, ErrTTY: true, Prompt: true}},
		"CLICOLOR=0":   {iostreams.New(tty, tty, tty, env("CLICOLOR", "0")), verdict{OutTTY: true, ErrTTY: true, Prompt: true}},
		"dumb":         {iostreams.New(tty, tty, tty, env("TERM", "dumb")), verdict{OutTTY: true, ErrTTY: true, Dumb: true, Prompt: true, Line: true}},
	} {
		if diff := cmp.Diff(tt.want, judge(tt.s)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	s := iostreams.New(tty, tty, tty, env("COLUMNS", "55"))
	if s.Width() != 100 {
		t.Errorf("width %d", s.Width())
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 3}); err != nil {
		t.Fatal(err)
	}
	if s.Width() != 20 {
		t.Errorf("width %d", s.Width())
	}
	s.NoInput = true
	if s.CanPrompt() {
		t.Error("--no-input is not obeyed")
	}
}
