package output_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"syscall"
	"testing"

	"btadmin/internal/iostreams"
	"btadmin/internal/output"
)

// failing is a standard output that takes some bytes and then fails.
type failing struct {
	room int
	err  error
}

func (f *failing) Write(b []byte) (int, error) {
	if len(b) <= f.room {
		f.room -= len(b)
		return len(b), nil
	}
	n := f.room
	f.room = 0
	return n, f.err
}

// everyWay prints in each format and by each function.
func everyWay(t *testing.T, w io.Writer, rows []group, check func(name string, err error)) {
	t.Helper()
	for _, format := range output.Formats() {
		for _, tty := range []bool{false, true} {
			streams, _, _ := iostreams.Test("")
			streams.Out, streams.OutTTY = w, tty
			p, err := output.New(streams, output.Options{Format: format})
			if err != nil {
				t.Fatal(err)
			}
			name := string(format)
			check(name+" List", output.List(p, columns(), rows))
			check(name+" Stream", output.Stream(p, columns(), each(rows, nil)))
			check(name+" Object", output.Object(p, columns(), rows[0]))
			check(name+" Value", output.Value(p, rows[0]))
			check(name+" Lines", output.Lines(p, "x"))
			check(name+" Document", output.Document(p, "x"))
			check(name+" Secret", output.Secret(p, "x"))
		}
	}
	streams, _, _ := iostreams.Test("")
	streams.Out = w
	p, err := output.New(streams, output.Options{JQ: ".[].name"})
	if err != nil {
		t.Fatal(err)
	}
	check("jq", output.List(p, columns(), rows))
}

func each(rows []group, last error) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if last != nil {
			yield(group{}, last)
		}
	}
}

func TestB7WriteErrors(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.ENOSPC, syscall.EBADF, errors.New("odd")} {
		wrapped := &os.PathError{Op: "write", Path: "stdout", Err: cause}
		everyWay(t, &failing{err: wrapped}, groups(), func(name string, err error) {
			var we *output.WriteError
			if !errors.As(err, &we) || !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "writing the output: ") {
				t.Errorf("%s: got %v, want %v", name, err, cause)
			}
		})
	}
}

func TestB8ClosedPipe(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{&os.PathError{Op: "write", Err: syscall.EPIPE}, io.ErrClosedPipe} {
		everyWay(t, &failing{err: cause}, groups(), func(name string, err error) {
			if !errors.Is(err, output.ErrClosedPipe) {
				t.Errorf("%s: got %v", name, err)
			}
		})
	}
}

func TestB7DevFull(t *testing.T) {
	t.Parallel()
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Logf("this system has no /dev/full, the other tests stand for it: %v", err)
		return
	}
	defer f.Close()
	everyWay(t, f, groups(), func(name string, err error) {
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v", name, err)
		}
	})
}

// TestB8HeadStopsEarly: when the reader has gone, a long list is not produced to its end.
func TestB8HeadStopsEarly(t *testing.T) {
	t.Parallel()
	for _, o := range []output.Options{{}, {Format: output.FormatCSV}, {Format: output.FormatJSONL}, {Format: output.FormatJSON}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		streams, _, _ := iostreams.Test("")
		streams.Out = w
		p, err := output.New(streams, o)
		if err != nil {
			t.Fatal(err)
		}
		head := make(chan error, 1)
		go func() {
			_, err := bufio.NewReaderSize(r, 16).ReadBytes('N')
			head <- errors.Join(err, r.Close())
		}()
		produced := 0
		endless := func(yield func(group, error) bool) {
			for ; produced < 10_000_000; produced++ {
				if !yield(group{Name: "NAME"}, nil) {
					return
				}
			}
		}
		if err := output.Stream(p, columns(), endless); !errors.Is(err, output.ErrClosedPipe) {
			t.Errorf("%+v: got %v after %d rows", o, err, produced)
		}
		if err := <-head; err != nil {
			t.Error(err)
		}
		_ = w.Close()
	}
}

func TestStreamReportsTheSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("page 7 failed")
	for _, format := range output.Formats() {
		p, out, _ := printer(t, setting{o: output.Options{Format: format}})
		if err := output.Stream(p, columns(), each(groups(), broken)); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", format, err)
		}
		if format == output.FormatJSON && strings.HasSuffix(out.String(), "]\n") {
			t.Error("C6: a part looks like a whole document")
		}
	}
}

func TestStreamEqualsList(t *testing.T) {
	t.Parallel()
	for _, format := range output.Formats() {
		for _, tty := range []bool{false, true} {
			for _, fields := range [][]string{nil, {"name", "id"}} {
				for n := range len(groups()) + 1 {
					s := setting{tty: tty, width: 300, o: output.Options{Format: format, Fields: fields}}
					p, listed, _ := printer(t, s)
					q, streamed, _ := printer(t, s)
					if err := errors.Join(output.List(p, columns(), groups()[:n]), output.Stream(q, columns(), each(groups()[:n], nil))); err != nil {
						t.Fatal(err)
					}
					if listed.String() != streamed.String() {
						t.Errorf("%s, terminal %v, %d rows:\n%s\nand\n%s", format, tty, n, listed, streamed)
					}
				}
			}
		}
	}
}

func TestLongListsAreStreamedAsLines(t *testing.T) {
	t.Parallel()
	cols := columns()
	cols[0].Header = "" // the field's name then
	rows := make([]group, 5001)
	for i := range rows {
		rows[i].Name = "g\x1b"
	}
	p, out, _ := printer(t, setting{tty: true})
	if err := output.List(p, cols, rows); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "NAME\tDESCRIPTION\t") || strings.Count(out.String(), "\n") != 5002 || strings.Contains(out.String(), "\x1b") {
		t.Errorf("got %.200q", out)
	}
}

func TestLinesAndDocument(t *testing.T) {
	t.Parallel()
	p, out, _ := printer(t, setting{ci: true})
	if err := output.Lines(p, "a\nb", "::error::x"); err != nil || out.String() != `a\nb`+"\n"+`\u{003A}:error::x`+"\n" {
		t.Errorf("got %q, %v", out, err)
	}
	p, out, _ = printer(t, setting{tty: true})
	if err := output.Document(p, "a\n\tb\x1b"); err != nil || out.String() != "a\n\tb\\x1b\n" {
		t.Errorf("got %q, %v", out, err)
	}
	p, out, _ = printer(t, setting{ci: true})
	if err := output.Document(p, "a\n ::error::x\n##[b]\n"); err != nil || out.String() != "a\n \\u{003A}:error::x\n\\u{0023}#[b]\n" {
		t.Errorf("B6: got %q, %v", out, err)
	}
	p, out, _ = printer(t, setting{})
	if err := output.Document(p, "a\x1b\n"); err != nil || out.String() != "a\x1b\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestA10SecretIsMaskedFirstInGitHubActions(t *testing.T) {
	t.Parallel()
	streams, _, _ := iostreams.Test("")
	var both bytes.Buffer
	streams.Out, streams.Err, streams.CI, streams.GitHubActions = &both, &both, true, true
	p, err := output.New(streams, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := output.Secret(p, "bt-st-1%2\n3"); err != nil || both.String() != "::add-mask::bt-st-1%252%0A3\nbt-st-1%2\n3\n" {
		t.Errorf("got %q, %v", both.String(), err)
	}
	both.Reset()
	streams.Err = &failing{err: syscall.ENOSPC}
	if err := output.Secret(p, "bt-st-123"); err == nil || both.Len() > 0 {
		t.Errorf("got %q, %v", both.String(), err)
	}
	p, out, errOut := printer(t, setting{ci: true})
	if err := output.Secret(p, "::x"); err != nil || out.String() != "::x\n" || errOut.Len() > 0 {
		t.Errorf("got %q, %q, %v", out, errOut, err)
	}
}
