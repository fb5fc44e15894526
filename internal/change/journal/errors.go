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

// WriteError says that an entry is not in the journal. Entry is what is missing there, without secrets.
type WriteError struct {
	Entry Entry
	Err   error
}

// Error says why.
func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }
