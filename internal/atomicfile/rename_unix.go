//go:build unix && !linux

package atomicfile

import "os"

// renameNew gives a file a second name unless that is taken; the first one is removed by Discard.
func renameNew(from, to string) error { return os.Link(from, to) }
