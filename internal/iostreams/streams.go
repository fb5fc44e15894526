// Package iostreams is where the program meets its terminal: the only place that touches the
// process's standard streams, and the one judgement of what they are (a terminal, a pipe, coloured
// or not, inside CI).
package iostreams

import (
	"io"
	"os"
)

// defaultWidth is assumed where no terminal tells its width.
const defaultWidth = 80

// Streams carries standard input, output and error with everything a command may want to know about them.
type Streams struct {
	In  io.Reader
	Out io.Writer // data only
	Err io.Writer // prompts, progress, status, warnings, errors

	// The files behind In, Out and Err; nil where a test gave buffers.
	InFile, OutFile, ErrFile *os.File

	InTTY, OutTTY, ErrTTY bool // each stream is judged alone

	ColorOut, ColorErr bool // whether colour may be written there

	Dumb          bool // TERM=dumb: no cursor movement, no progress bar
	Accessible    bool // BTADMIN_ACCESSIBLE: numbered line prompts only
	CI            bool // CI or GITHUB_ACTIONS: no progress, workflow commands are guarded
	GitHubActions bool // GITHUB_ACTIONS: secrets are masked before they are shown

	NoInput bool // set by the root command from --no-input
	Quiet   bool // set by the root command from --quiet

	// Width is the width of the terminal behind Out in columns, at least 20; 80 when unknown.
	Width func() int
	// Env reads one environment variable, "" when it is not set.
	Env func(name string) string
}

// CanPrompt reports whether a question may be asked: somebody can see it on standard error, can answer it
// on standard input, and --no-input is absent. It is the single truth about asking.
func (s *Streams) CanPrompt() bool { return s.InTTY && s.ErrTTY && !s.NoInput }

// LineMode reports whether interactive selection has to do without cursor movement: a dumb terminal, the
// accessible mode, or streams that are no files.
func (s *Streams) LineMode() bool {
	return s.Dumb || s.Accessible || s.InFile == nil || s.ErrFile == nil
}

// DisableColor turns colour off on both streams (--no-color).
func (s *Streams) DisableColor() { s.ColorOut, s.ColorErr = false, false }
