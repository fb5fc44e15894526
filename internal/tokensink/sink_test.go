package tokensink

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

const canary = "bt-st-CANARYcanary0123456789"

// bench is a sink over buffers.
type bench struct {
	streams     *iostreams.Streams
	out, errOut *bytes.Buffer
	remembered  []string
	paused      time.Duration
	outAtPause  string
}

func newBench() *bench {
	b := &bench{}
	b.streams, b.out, b.errOut = iostreams.Test("")
	return b
}

func (b *bench) open(t *testing.T, options Options, query output.Options) (*Sink, error) {
	t.Helper()
	p, err := output.New(b.streams, query)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		Options: options, Streams: b.streams, Status: output.NewStatus(b.streams), Printer: p, Query: query,
		Remember: func(s braintrust.Secret) { b.remembered = append(b.remembered, s.Reveal()) },
		Document: func(p *output.Printer, key string) error {
			return output.Object(p, []output.Column[record]{{Field: "id", Text: func(r record) string { return r.ID }}}, record{"1", key})
		},
		Advice: func() string { return "delete it" },
		Pause:  func(d time.Duration) { b.paused, b.outAtPause = d, b.out.String() },
	})
}

type record struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

func handOver(t *testing.T, s *Sink) {
	t.Helper()
	if err := s.Prepare(); err != nil {
		t.Fatal(err)
	}
	if err := s.Deliver(braintrust.NewSecret(canary)); err != nil {
		t.Fatal(err)
	}
}

func TestA10AloneOnStandardOutput(t *testing.T) {
	t.Parallel()
	for name, terminal := range map[string]bool{"piped": false, "terminal": true} {
		b := newBench()
		b.streams.OutTTY = terminal
		s, err := b.open(t, Options{}, output.Options{Format: output.FormatTSV})
		if err != nil {
			t.Fatal(err)
		}
		handOver(t, s)
		if b.out.String() != canary+"\n" {
			t.Errorf("%s: stdout %q", name, b.out)
		}
		if strings.Contains(b.errOut.String(), canary) || (strings.Contains(b.errOut.String(), "shown this once") != terminal) {
			t.Errorf("%s: stderr %q", name, b.errOut)
		}
		if len(b.remembered) != 1 || b.remembered[0] != canary {
			t.Errorf("%s: the redactor was told %v", name, b.remembered)
		}
	}
}

func TestA10MaskedFirstInGitHubActions(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.streams.GitHubActions, b.streams.CI = true, true
	s, err := b.open(t, Options{}, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handOver(t, s)
	if b.errOut.String() != "::add-mask::"+canary+"\n" || b.out.String() != canary+"\n" {
		t.Errorf("stdout %q, stderr %q", b.out, b.errOut)
	}
	if b.paused == 0 || b.outAtPause != "" {
		t.Errorf("the runner got %s, and stdout had %q by then", b.paused, b.outAtPause)
	}
}

func TestB1TokenThatIsNone(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "two words", "line\nline", "\x1b]52;c;eA==\a", "::set-env name=X::y", "##[command]", "tokené"} {
		b := newBench()
		b.streams.GitHubActions = true
		s, err := b.open(t, Options{}, output.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Deliver(braintrust.NewSecret(key)); err == nil || b.out.Len()+b.errOut.Len() > 0 {
			t.Errorf("%q: error %v, stdout %q, stderr %q", key, err, b.out, b.errOut)
		}
	}
}

func TestB9FileIsNeverOverwrittenOrFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "there")
	if err := os.WriteFile(file, []byte("mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		options Options
		want    error
	}{
		"existing":              {Options{Out: file}, atomicfile.ErrExists},
		"link":                  {Options{Out: link}, atomicfile.ErrNotRegular},
		"link with --overwrite": {Options{Out: link, Overwrite: true}, atomicfile.ErrNotRegular},
		"folder":                {Options{Out: dir, Overwrite: true}, atomicfile.ErrNotRegular},
		"link to variables":     {Options{EnvFile: link, EnvName: "X", Overwrite: true}, atomicfile.ErrNotRegular},
	}
	for name, c := range cases {
		s, err := newBench().open(t, c.options, output.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Prepare(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
	if raw, _ := os.ReadFile(file); string(raw) != "mine\n" {
		t.Errorf("the file has %q now", raw)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".btadmin-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	s, err := newBench().open(t, Options{Out: file, Overwrite: true}, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handOver(t, s)
	info, err := os.Stat(file)
	if raw, _ := os.ReadFile(file); err != nil || string(raw) != canary+"\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has %q, %v, %v", raw, info.Mode(), err)
	}
}

func TestG15NowhereToGo(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	reader.Close()
	b := newBench()
	b.streams.Out, b.streams.OutFile = writer, writer
	s, err := b.open(t, Options{}, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(); err == nil {
		t.Error("a pipe without a reader was taken for a place")
	}
	s, err = newBench().open(t, Options{Out: filepath.Join(t.TempDir(), "no", "folder")}, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(); err == nil {
		t.Error("a file in a folder that is not there was taken for a place")
	}
}

func TestSecretInsideTheResult(t *testing.T) {
	t.Parallel()
	b := newBench()
	s, err := b.open(t, Options{}, output.Options{Format: output.FormatJSON})
	if err != nil {
		t.Fatal(err)
	}
	if !s.InDocument() || b.out.Len() > 0 {
		t.Fatalf("in the document: %v; the rehearsal printed %q", s.InDocument(), b.out)
	}
	handOver(t, s)
	if b.out.String() != `{"id":"1","key":"`+canary+"\"}\n" {
		t.Errorf("stdout %q", b.out)
	}
	if _, err := b.open(t, Options{}, output.Options{JQ: ".id"}); err == nil {
		t.Error("a result without the key was accepted")
	}
	if _, err := b.open(t, Options{Out: "x"}, output.Options{JQ: ".id"}); err != nil {
		t.Errorf("with a file the result needs no key: %v", err)
	}
}

// The reader of standard output goes away after the token was minted: that is no quiet end.
func TestReaderGoneAfterMinting(t *testing.T) {
	t.Parallel()
	b := newBench()
	s, err := b.open(t, Options{}, output.Options{Format: output.FormatJSON})
	if err != nil {
		t.Fatal(err)
	}
	s.Document = func(*output.Printer, string) error { return output.ErrClosedPipe }
	err = s.Deliver(braintrust.NewSecret(canary))
	var lost *DeliveryError
	if !errors.As(err, &lost) || errors.Is(err, output.ErrClosedPipe) || lost.Hint() != "delete it" {
		t.Errorf("error %v", err)
	}
}

func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		options Options
		good    bool
	}{
		"nothing":              {Options{}, true},
		"file":                 {Options{Out: "x", Overwrite: true}, true},
		"variables":            {Options{EnvFile: "x", EnvName: "A_1"}, true},
		"both":                 {Options{Out: "x", EnvFile: "y", EnvName: "A"}, false},
		"no name":              {Options{EnvFile: "x"}, false},
		"no file":              {Options{EnvName: "x"}, false},
		"bad name":             {Options{EnvFile: "x", EnvName: "A=B"}, false},
		"dash":                 {Options{Out: "-"}, false},
		"overwrite of nothing": {Options{Overwrite: true}, false},
	}
	for name, c := range cases {
		err := c.options.Check()
		var coded *exit.Error
		if (err == nil) != c.good || (err != nil && (!errors.As(err, &coded) || coded.Code != exit.BadInput)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
