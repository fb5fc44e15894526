package journal

import "fmt"

// BrokenChainError says where the journal was changed, or lost something.
type BrokenChainError struct {
	Run   string
	Seq   int
	Entry int // counted from 1 over all files
}

// Error names the entry.
func (e *BrokenChainError) Error() string {
	return fmt.Sprintf("the journal was changed or damaged at or before entry %d (run %s, %d)", e.Entry, e.Run, e.Seq)
}

// TornError is half a line: what a process that was killed while it wrote has left. Nobody went on from that entry, and the
// next run writes behind it.
type TornError struct {
	File string
	Line int
	// Open says that nothing comes after it, not even the end of the line.
	Open bool
}

// Error names the place.
func (e *TornError) Error() string {
	return fmt.Sprintf("%s:%d: half a line, as a run leaves it that is killed while it writes", e.File, e.Line)
}

// WriteError says that an entry is not in the journal. Entry is what is missing there, without secrets.
type WriteError struct {
	Entry Entry
	Err   error
}

// Error says why.
func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }
