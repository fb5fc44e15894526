package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

const (
	standardInput  = "standard input"
	defaultBytes   = 32 << 20
	defaultMaxRows = 250_000
	mark           = "\uFEFF" // byte order mark
)

func (o Options) maxBytes() int64 {
	if o.MaxBytes > 0 {
		return o.MaxBytes
	}
	return defaultBytes
}

// ReadFile reads a whole file of at most limit bytes, with the care that files of rows get: it ends, and is no
// folder. "-" is stdin. Errors are of type *Error.
func ReadFile(path string, stdin io.Reader, limit int64) ([]byte, error) {
	name, r := standardInput, stdin
	if path != "-" {
		f, err := openFile(path, limit)
		if err != nil {
			return nil, &Error{Name: path, Err: err}
		}
		defer f.Close() // it was only read
		name, r = path, f
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = tooLarge(limit)
	}
	if err != nil {
		return nil, &Error{Name: name, Err: fmt.Errorf("reading: %w", reason(err))}
	}
	return data, nil
}

// openFile opens a file that ends. A named pipe would make the command wait for a writer that may never come; the
// pipes that a shell makes for <(command) have one already.
func openFile(path string, limit int64) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, reason(err)
	case info.IsDir():
		return nil, errors.New("it is a folder")
	case info.Mode()&fs.ModeNamedPipe != 0 && !descriptor(path):
		return nil, errors.New("it is a named pipe: give its contents to standard input and use -")
	case info.Mode()&fs.ModeSocket != 0:
		return nil, errors.New("it is a socket")
	case info.Mode().IsRegular() && info.Size() > limit:
		return nil, tooLarge(limit)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	return f, nil
}

// reason drops the path, which the message has already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// descriptor reports whether path is a file that is open already.
func descriptor(path string) bool {
	folder, name := filepath.Split(filepath.Clean(path))
	switch folder {
	case "/dev/":
		return name == "stdin"
	case "/dev/fd/", "/proc/self/fd/":
		return true
	}
	return false
}

func tooLarge(limit int64) error {
	return fmt.Errorf("there are more than %d bytes: split the file", limit)
}

// readText reads everything and makes sure that it is text: UTF-8, without a byte order mark.
func readText(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading: %w", reason(err))
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(limit)
	}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the text is UTF-16: save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte(mark))
	if !utf8.Valid(data) {
		return nil, at(firstInvalid(data), "the text is not UTF-8")
	}
	return data, nil
}

// firstInvalid is the line with the first byte that is no UTF-8.
func firstInvalid(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }
