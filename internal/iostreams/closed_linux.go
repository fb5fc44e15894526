package iostreams

import (
	"os"

	"golang.org/x/sys/unix"
)

// wasClosed tells whether f was closed when the program started (B7). The Go runtime then opens /dev/null in its
// place, so that writes would succeed into nothing; its mark is a description that is open for reading and
// writing. Shells redirect with a write-only description. A daemon has all three streams on /dev/null: that is
// no mistake of anybody. A parent that hands over such a description for this one stream looks the same as a
// closed one: DiscardWhenClosed is for the commands where that matters.
func wasClosed(f *os.File) bool {
	return runtimeNull(f.Fd()) && !runtimeNull(0) && !runtimeNull(2)
}

func runtimeNull(fd uintptr) bool {
	var stat unix.Stat_t
	if unix.Fstat(int(fd), &stat) != nil || stat.Mode&unix.S_IFMT != unix.S_IFCHR {
		return false
	}
	if unix.Major(stat.Rdev) != 1 || unix.Minor(stat.Rdev) != 3 { // /dev/null on Linux
		return false
	}
	flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
