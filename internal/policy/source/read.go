package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"btadmin/internal/batch"
	"btadmin/internal/policy"
	"btadmin/internal/policy/program"
	"btadmin/internal/text"
)

const (
	defaultTimeout = time.Minute
	grace          = 2 * time.Second // between the end of the time and that of the pipes
	mostOutput     = 16 << 20
	mostComplaint  = 2 << 10
)

// options are what a row must have. Other columns are the source's own business.
func options(s policy.Source) batch.Options {
	columns := []string{s.EmailColumn, s.GroupColumn}
	return batch.Options{Columns: columns, Required: columns, IgnoreUnknown: true, HeaderAlone: s.AllowEmpty, MaxBytes: mostOutput}
}

// csvFile reads a CSV file with a column of addresses and one of teams.
type csvFile struct{}

func (csvFile) rows(_ context.Context, s policy.Source) ([]batch.Row, error) {
	path := s.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.Folder, path)
	}
	doc, err := batch.Open(path, nil, options(s))
	if err != nil {
		return nil, err
	}
	return doc.Rows, nil
}

// command runs a program without a shell and reads the JSON lines that it prints.
type command struct{}

func (command) rows(ctx context.Context, s policy.Source) ([]batch.Row, error) {
	limit := s.Timeout
	if limit <= 0 {
		limit = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Run[0], s.Run[1:]...)
	cmd.Dir, cmd.WaitDelay = s.Folder, grace
	cmd.Env = program.Environ(cmd.Environ())
	out, complaint := &capped{limit: mostOutput, stop: cancel}, &capped{limit: mostComplaint}
	cmd.Stdout, cmd.Stderr = out, complaint
	err := cmd.Run()
	switch {
	case out.over:
		return nil, fmt.Errorf("its output is larger than %d MiB", mostOutput>>20)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("it did not end within %s", limit)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("running %s: %w%s", text.ShellLine(s.Run...), err, complaint.said())
	case len(bytes.TrimSpace(out.kept.Bytes())) == 0:
		return nil, nil // Read decides whether that is an error
	}
	doc, err := batch.Read(&out.kept, "its output", options(s))
	if err != nil {
		return nil, err
	}
	return doc.Rows, nil
}

// capped keeps the beginning of what is written to it. At the limit it stops the writer when it can.
type capped struct {
	kept  bytes.Buffer // not embedded: io.Copy would read into it past Write
	limit int
	over  bool
	stop  func()
}

// Write keeps what fits. It never fails, so that a program that says too much is not killed for it by a closed pipe.
func (c *capped) Write(p []byte) (int, error) {
	room := c.limit - c.kept.Len()
	if len(p) > room {
		c.over = true
		if c.stop != nil {
			c.stop()
		}
	}
	c.kept.Write(p[:min(len(p), max(room, 0))])
	return len(p), nil
}

// said is what a program complained about, on one line.
func (c *capped) said() string {
	lines := strings.TrimSpace(c.kept.String())
	if lines == "" {
		return ""
	}
	return ": " + text.Visible(lines)
}
