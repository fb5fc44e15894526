//go:build !linux

package iostreams

import "os"

// wasClosed cannot tell on this system: the runtime has already put the null device in the place of a closed stream.
func wasClosed(*os.File) bool { return false }
