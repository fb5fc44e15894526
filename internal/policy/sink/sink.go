package sink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"btadmin/internal/atomicfile"
	"btadmin/internal/policy/program"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

const (
	patience = 2 * time.Minute // of a command
	grace    = 2 * time.Second // between the end of a command and that of its pipes
	mostSaid = 2 << 10         // bytes of its complaints that are shown
)

// Sink takes one token. It implements change.Sink.
type Sink struct {
	spec Spec
	mask func(braintrust.Secret) error
	// limit is how long a command may take.
	limit   time.Duration
	pending *atomicfile.Pending
}

// New makes the sink of a place. mask is told each secret before it is handed over, so that nothing prints it.
func New(s Spec, mask func(braintrust.Secret) error) *Sink {
	return &Sink{spec: s, mask: mask, limit: patience}
}

// Check tells without touching anything why the token could not be handed over now.
func (s *Sink) Check() error {
	if s.spec.File == "" {
		if err := program.Find(s.spec.Command[0], s.spec.Folder); err != nil {
			return fmt.Errorf("the command %s: %w", text.ShellWord(s.spec.Command[0]), err)
		}
		return nil
	}
	if _, err := os.Lstat(s.spec.File); err == nil {
		return fmt.Errorf("the file %s is there already, and is not overwritten: move it away", s.spec.File)
	}
	return nil
}

// Prepare makes sure that Deliver can succeed, before a token is minted (G15).
func (s *Sink) Prepare() (err error) {
	if err := s.Check(); err != nil {
		return err
	}
	if s.spec.File != "" && s.pending == nil {
		s.pending, err = atomicfile.Create(s.spec.File, s.spec.perm(), false)
	}
	return err
}

// Discard gives back what Prepare has taken, when nothing was delivered.
func (s *Sink) Discard() {
	if s.pending != nil {
		s.pending.Discard()
	}
}

// Deliver hands the token over.
func (s *Sink) Deliver(secret braintrust.Secret) error {
	if err := s.mask(secret); err != nil {
		return err
	}
	data := []byte(secret.Reveal() + "\n")
	if s.pending != nil {
		return s.pending.Commit(data)
	}
	return s.run(data, secret.Reveal())
}

// run gives the token to the command. What the command prints is only shown, without the token, when it fails.
func (s *Sink) run(data []byte, key string) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.limit) // an interrupt must not lose the token
	defer cancel()
	cmd := exec.CommandContext(ctx, s.spec.Command[0], s.spec.Command[1:]...)
	cmd.Dir, cmd.WaitDelay = s.spec.Folder, grace
	cmd.Env = program.Environ(cmd.Environ())
	cmd.Stdin = bytes.NewReader(data)
	said := &beginning{}
	cmd.Stderr = said
	apart(cmd)
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s did not end within %s", text.ShellLine(s.spec.Command...), s.limit)
	case err != nil:
		complaint := strings.TrimSpace(strings.ReplaceAll(said.String(), key, "[token]"))
		if complaint != "" {
			complaint = ": " + text.Visible(complaint[:min(len(complaint), mostSaid)])
		}
		return fmt.Errorf("running %s: %w%s", text.ShellLine(s.spec.Command...), err, complaint)
	}
	return nil
}

// beginning keeps the first part of what is written to it and takes the rest, so that the writer does not fail.
type beginning struct{ kept bytes.Buffer }

// Write never fails.
func (b *beginning) Write(p []byte) (int, error) {
	b.kept.Write(p[:min(len(p), max(8*mostSaid-b.kept.Len(), 0))])
	return len(p), nil
}

func (b *beginning) String() string { return b.kept.String() }
