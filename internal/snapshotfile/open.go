package snapshotfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/zstd"
)

// File is an open snapshot. Its lists are read when they are asked for, and each is checked against its hash then.
// It is not safe for concurrent use.
type File struct {
	Header Header
	from   io.ReaderAt
	closer io.Closer
	t      *tables

	unpacker func() (*zstd.Decoder, error) // one for all sections
}

// Open reads the header of a snapshot file and checks it.
func Open(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open the snapshot %s: %w", path, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("open the snapshot: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("open the snapshot %s: it is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the snapshot: %w", err)
	}
	file, err := read(f, info.Size())
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open the snapshot %s: %w", path, err)
	}
	file.closer = f
	return file, nil
}

// Decode is Open for a snapshot in memory.
func Decode(data []byte) (*File, error) { return read(bytes.NewReader(data), int64(len(data))) }

// Close closes the file.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

func read(from io.ReaderAt, length int64) (*File, error) {
	start := make([]byte, len(magic)+8)
	if length < int64(len(start)) {
		return nil, ErrNotSnapshot
	}
	if _, err := from.ReadAt(start, 0); err != nil {
		return nil, err
	}
	if string(start[:len(magic)]) != magic {
		return nil, ErrNotSnapshot
	}
	version, size := binary.LittleEndian.Uint32(start[len(magic):]), int64(binary.LittleEndian.Uint32(start[len(magic)+4:]))
	switch {
	case version > Version:
		return nil, fmt.Errorf("%w (format %d; this one reads %d)", ErrNewer, version, Version)
	case version == 0 || size > mostHeader || int64(len(start))+size+sha256.Size > length:
		return nil, fmt.Errorf("%w: its header is cut off", ErrDamaged)
	}
	text := make([]byte, size+sha256.Size)
	if _, err := from.ReadAt(text, int64(len(start))); err != nil {
		return nil, err
	}
	text, sum := text[:size], text[size:]
	h := sha256.New()
	h.Write(start)
	h.Write(text)
	if !bytes.Equal(h.Sum(nil), sum) {
		return nil, fmt.Errorf("%w: its header does not have the hash that it says", ErrDamaged)
	}
	f := &File{from: from}
	if err := json.Unmarshal(text, &f.Header); err != nil {
		return nil, fmt.Errorf("%w: its header: %w", ErrDamaged, err)
	}
	f.unpacker = newUnpacker(f.Header)
	return f, f.check(length)
}

// newUnpacker makes the unpacker when it is needed. It may take as much memory as the largest section has, and room
// for the window of the packer.
func newUnpacker(h Header) func() (*zstd.Decoder, error) {
	return sync.OnceValues(func() (*zstd.Decoder, error) {
		most := int64(0)
		for _, s := range h.Sections {
			most = max(most, s.Size)
		}
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(uint64(most)+16<<20))
	})
}

// check looks whether the header is possible: sections inside the file, and within the limits.
func (f *File) check(length int64) error {
	if fingerprint(f.Header.Origin, f.Header.Sections) != f.Header.Fingerprint {
		return fmt.Errorf("%w: its fingerprint is that of something else", ErrDamaged)
	}
	var plain, end int64
	seen := map[string]bool{}
	for _, s := range f.Header.Sections {
		if s.Offset < 0 || s.Stored < 0 || s.Stored > length || s.Offset > length-s.Stored {
			return fmt.Errorf("%w: its part %s is cut off", ErrDamaged, s.Name)
		}
		if s.Size < 0 || s.Size > mostSection || tooPacked(s.Stored, s.Size) || plain > mostPlain {
			return fmt.Errorf("%w: its part %s is too large", ErrDamaged, s.Name)
		}
		plain += s.Size
		end = max(end, s.Offset+s.Stored)
		seen[s.Name] = true
	}
	if end != length {
		return fmt.Errorf("%w: there is something behind its end", ErrDamaged)
	}
	for _, name := range []string{sectionTables, sectionOrganization, sectionUsers, sectionGroups, sectionRoles, sectionProjects, sectionProjectGroups, sectionTokens} {
		if !seen[name] {
			return fmt.Errorf("%w: its part %s is missing", ErrDamaged, name)
		}
	}
	return nil
}

// unpack reads a section and checks it.
func (f *File) unpack(s section) ([]byte, error) {
	stored := make([]byte, s.Stored)
	if _, err := f.from.ReadAt(stored, s.Offset); err != nil && (!errors.Is(err, io.EOF) || s.Stored > 0) {
		return nil, fmt.Errorf("read the snapshot's %s: %w", s.Name, err)
	}
	if hash(stored) != s.Sealed {
		return nil, fmt.Errorf("%w: its part %s does not have the hash that it says", ErrDamaged, s.Name)
	}
	data := stored
	switch s.Packed {
	case packedNone:
	case packedZstd:
		var err error
		if data, err = f.inflate(stored, s.Size); err != nil {
			return nil, fmt.Errorf("%w: its part %s cannot be unpacked: %w", ErrDamaged, s.Name, err)
		}
	default:
		return nil, fmt.Errorf("%w: its part %s is packed in a way that this one does not know", ErrNewer, s.Name)
	}
	if int64(len(data)) != s.Size || hash(data) != s.SHA256 {
		return nil, fmt.Errorf("%w: its part %s does not have the hash that it says", ErrDamaged, s.Name)
	}
	return data, nil
}

// inflate unpacks a zstd frame of a known length.
func (f *File) inflate(stored []byte, size int64) ([]byte, error) {
	var h zstd.Header
	if err := h.Decode(stored); err != nil {
		return nil, err
	}
	if !h.HasFCS || h.FrameContentSize != uint64(size) {
		return nil, errors.New("it is longer or shorter than it says")
	}
	z, err := f.unpacker()
	if err != nil {
		return nil, err
	}
	return z.DecodeAll(stored, make([]byte, 0, size))
}

// tables reads the tables that everything else refers to, once.
func (f *File) tables() (*tables, error) {
	if f.t != nil {
		return f.t, nil
	}
	data, err := f.only(sectionTables)
	if err != nil {
		return nil, err
	}
	f.t, err = readTables(data)
	return f.t, err
}

// only unpacks the one section of a name.
func (f *File) only(name string) ([]byte, error) {
	for _, s := range f.Header.Sections {
		if s.Name == name {
			return f.unpack(s)
		}
	}
	return nil, fmt.Errorf("%w: its part %s is missing", ErrDamaged, name)
}
