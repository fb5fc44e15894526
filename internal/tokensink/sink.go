// Package tokensink is where the secret of a new token goes: alone to standard output, into a result, or
// into a file that only its owner reads. A secret is handed over once, because nobody can read it again.
package tokensink

import (
	"errors"
	"fmt"
	"io"
	"time"

	"btadmin/internal/atomicfile"
	"btadmin/internal/iostreams"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// private is the permission of every file that gets a secret.
const private = 0o600

// Document prints a result with the key in it.
type Document func(p *output.Printer, key string) error

// Config says where a secret goes. All fields but the last are required.
type Config struct {
	Options  Options
	Streams  *iostreams.Streams
	Status   *output.Status
	Printer  *output.Printer
	Query    output.Options // what --jq, --fields and --csv-raw say; the format is the printer's
	Document Document       // prints the whole result, where that and not the secret alone was asked for
	Remember func(braintrust.Secret)
	// Advice says how to get rid of the token when its secret could not be handed over; nil: no advice.
	Advice func() string
	// Pause lets the runner of GitHub Actions read the mask before the secret; nil: time.Sleep.
	Pause func(time.Duration)
}

// Sink takes one secret. It implements change.Sink.
type Sink struct {
	Config
	pending *atomicfile.Pending
	exists  bool // the file of variables is there already
}

// New checks what can be checked without touching anything: flags that exclude each other, and a --jq or
// --fields that would lose the secret. Errors carry exit code 4.
func New(c Config) (*Sink, error) {
	if err := c.Options.Check(); err != nil {
		return nil, err
	}
	if c.Pause == nil {
		c.Pause = time.Sleep
	}
	s := &Sink{Config: c}
	if s.InDocument() {
		if err := s.rehearse(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// InDocument reports whether the secret is handed over inside the printed result, so that the command has
// nothing more to print.
func (s *Sink) InDocument() bool {
	return !s.Options.ToFile() && (!s.Printer.Human() || len(s.Query.Fields) > 0)
}

// Prepare makes sure that Deliver can succeed, before a secret is minted (G15): the file has its place on
// the disk, standard output is open.
func (s *Sink) Prepare() (err error) {
	switch {
	case s.pending != nil:
		return nil
	case s.Options.Out != "":
		s.pending, err = atomicfile.Create(s.Options.Out, private, s.Options.Overwrite)
		return existing(err, "--overwrite replaces the file")
	case s.Options.EnvFile != "":
		return s.prepareVariables()
	}
	return s.checkOutput()
}

// Deliver hands the secret over. In GitHub Actions the runner is told to mask it first (A10).
func (s *Sink) Deliver(secret braintrust.Secret) error {
	s.Remember(secret)
	if err := s.deliver(secret.Reveal()); err != nil {
		return &DeliveryError{Err: err, Advice: s.advice()}
	}
	return nil
}

func (s *Sink) deliver(key string) error {
	if !wellFormed(key) {
		return errors.New("the server's token has characters that no token has; it was not shown")
	}
	if err := s.mask(key); err != nil {
		return err
	}
	switch {
	case s.Options.Out != "":
		if err := s.commit([]byte(key + "\n")); err != nil {
			return err
		}
		s.Status.Done("Wrote the token to %s, readable by you alone", s.Options.Out)
		return nil
	case s.Options.EnvFile != "":
		return s.deliverVariable(key)
	case s.InDocument():
		err := s.Document(s.Printer, key)
		if errors.Is(err, output.ErrClosedPipe) { // the quiet end of a read, but here the secret is lost
			return errors.New(output.ErrClosedPipe.Error())
		}
		return err
	}
	if s.Streams.OutTTY {
		s.Status.Note("the token is shown this once; keep it in a safe place")
	}
	if _, err := io.WriteString(s.Streams.Out, key+"\n"); err != nil {
		return fmt.Errorf("writing standard output: %w", err)
	}
	return nil
}

func (s *Sink) commit(data []byte) error {
	if s.pending == nil {
		return errors.New("no file was prepared")
	}
	return s.pending.Commit(data)
}

// Close removes what Prepare made if no secret came.
func (s *Sink) Close() {
	if s.pending != nil {
		s.pending.Discard()
	}
}

func (s *Sink) advice() string {
	if s.Advice == nil {
		return ""
	}
	return s.Advice()
}

// wellFormed reports whether a key is what keys are: printable ASCII without spaces, and nothing that a CI
// service would take for a command (B1, B6).
func wellFormed(key string) bool {
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return false
		}
	}
	return key != "" && text.GuardLines(key) == key
}

// existing adds the way on to the error of a file that is there already.
func existing(err error, advice string) error {
	if errors.Is(err, atomicfile.ErrExists) {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}

// DeliveryError says that a secret was minted and could not be handed over: it is lost, its token works.
type DeliveryError struct {
	Err    error
	Advice string
}

// Error says why.
func (e *DeliveryError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DeliveryError) Unwrap() error { return e.Err }

// Hint says how to delete the token, "" when that is not known.
func (e *DeliveryError) Hint() string { return e.Advice }
