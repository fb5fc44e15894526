package prompt

import (
	"context"
	"slices"
)

// keys gives the library one key at a time, so that what is typed ahead stays for the next question. It drops
// keys that the library would take for text or for an error, and makes Ctrl-D mean "leave", not "accept".
type keys struct {
	in  *input
	ctx context.Context
	fd  uintptr
}

// Fd is the file descriptor whose mode the library changes.
func (k *keys) Fd() uintptr { return k.fd }

// Read implements io.Reader.
func (k *keys) Read(b []byte) (int, error) {
	for {
		for len(k.in.pending) == 0 {
			if err := k.in.fill(k.ctx); err != nil {
				return 0, err
			}
		}
		switch c := k.in.pending[0]; {
		case c == keyEOF:
			k.in.pending = k.in.pending[1:]
			b[0] = keyInterrupt
			return 1, nil
		case c == keyEscape:
			if n := k.escape(b); n > 0 {
				return n, nil
			}
		default:
			n := copy(b[:1], k.in.pending)
			k.in.pending = k.in.pending[n:]
			return n, nil
		}
	}
}

// escape takes a sequence that starts with Escape from the input; 0 means that it was dropped.
func (k *keys) escape(b []byte) int {
	length := sequence(k.in.pending)
	if length == 0 {
		k.in.fillSoon(k.ctx)
		if length = sequence(k.in.pending); length == 0 {
			length = len(k.in.pending)
		}
	}
	seq := k.in.pending[:length]
	k.in.pending = k.in.pending[length:]
	plain := length == 3 && (seq[1] == '[' || seq[1] == 'O') && slices.Contains([]byte("ABCDFH"), seq[2])
	if plain || length == 1 || string(seq) == "\x1b[3~" {
		return copy(b, seq)
	}
	return 0
}

// sequence is the length of the escape sequence at the start of b, 0 while it is not complete.
func sequence(b []byte) int {
	switch {
	case len(b) < 2:
		return 0
	case b[1] == 'O':
		if len(b) < 3 {
			return 0
		}
		return 3
	case b[1] != '[':
		return 2 // Alt and a key
	}
	for i := 2; i < len(b); i++ {
		if b[i] >= 0x40 && b[i] <= 0x7e {
			return i + 1
		}
	}
	return 0
}
