package iostreams_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/iostreams"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// pipe is a stream that is no terminal.
func pipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return w
}

type verdict struct{ OutTTY, ErrTTY, ColorOut, ColorErr, Dumb, CI, GitHub, Prompt, Line bool }

func judge(s *iostreams.Streams) verdict {
	return verdict{s.OutTTY, s.ErrTTY, s.ColorOut, s.ColorErr, s.Dumb, s.CI, s.GitHubActions, s.CanPrompt(), s.LineMode()}
}

func TestPipes(t *testing.T) {
	t.Parallel()
	p := pipe(t)
	for name, tt := range map[string]struct {
		env  []string
		want verdict
	}{
		"nothing":        {nil, verdict{}},
		"forced colour":  {[]string{"CLICOLOR_FORCE", "1"}, verdict{ColorOut: true, ColorErr: true}},
		"NO_COLOR wins":  {[]string{"CLICOLOR_FORCE", "1", "NO_COLOR", "1"}, verdict{}},
		"not forced":     {[]string{"CLICOLOR_FORCE", "0"}, verdict{}},
		"CI":             {[]string{"CI", "true"}, verdict{CI: true}},
		"CI off":         {[]string{"CI", "false"}, verdict{}},
		"GitHub Actions": {[]string{"GITHUB_ACTIONS", "true"}, verdict{CI: true, GitHub: true}},
		"Azure":          {[]string{"TF_BUILD", "True"}, verdict{CI: true}},
		"dumb":           {[]string{"TERM", "dumb"}, verdict{Dumb: true, Line: true}},
		"accessible":     {[]string{"BTADMIN_ACCESSIBLE", "1"}, verdict{Line: true}},
	} {
		if diff := cmp.Diff(tt.want, judge(iostreams.New(p, p, p, env(tt.env...)))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestWidthWithoutTerminal(t *testing.T) {
	t.Parallel()
	p := pipe(t)
	for columns, want := range map[string]int{"": 80, "120": 120, "5": 20, "0": 80, "-3": 80, "many": 80, "999999999": 1000} {
		if got := iostreams.New(p, p, p, env("COLUMNS", columns)).Width(); got != want {
			t.Errorf("COLUMNS=%s: %d, want %d", columns, got, want)
		}
	}
}

func TestMissingFiles(t *testing.T) {
	t.Parallel()
	s := iostreams.New(nil, nil, nil, env())
	if s.InTTY || s.OutTTY || s.ErrTTY || s.CanPrompt() || s.Width() != 80 {
		t.Errorf("got %+v", s)
	}
}

func TestBuffers(t *testing.T) {
	t.Parallel()
	s, out, errOut := iostreams.Test("in")
	if s.CanPrompt() || s.ColorOut || s.Width() != 80 || s.Env("HOME") != "" || !s.LineMode() {
		t.Errorf("got %+v", s)
	}
	_, _ = s.Out.Write([]byte("o"))
	_, _ = s.Err.Write([]byte("e"))
	if out.String() != "o" || errOut.String() != "e" {
		t.Errorf("got %q, %q", out, errOut)
	}
}

func TestDisableColor(t *testing.T) {
	t.Parallel()
	p := pipe(t)
	s := iostreams.New(p, p, p, env("CLICOLOR_FORCE", "1"))
	s.DisableColor()
	if s.ColorOut || s.ColorErr {
		t.Error("there is colour")
	}
}
