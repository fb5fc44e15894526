package snapshotfile

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/internal/synthetic"
)

// FuzzOpen changes a file's bytes; what an attacker does who keeps the hashes right is FuzzSections.
func FuzzOpen(f *testing.F) {
	s := synthetic.Organization(synthetic.Size{Name: "fuzz", Users: 5, Groups: 4, Depth: 2, Projects: 3, Objects: 2, ACLs: 10}, 1)
	data, _, err := Encode(s, Origin{Host: "api.example.com"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:100])
	f.Add([]byte(magic))
	f.Fuzz(func(_ *testing.T, data []byte) {
		file, err := Decode(data)
		if err != nil {
			return
		}
		_, _ = file.Snapshot()
	})
}

// FuzzSections puts any bytes in the place of one section, with hashes that fit.
func FuzzSections(f *testing.F) {
	s := synthetic.Organization(synthetic.Size{Name: "fuzz", Users: 5, Groups: 4, Depth: 2, Projects: 3, Objects: 2, ACLs: 10}, 1)
	h, packed, err := pack(s, Origin{Host: "api.example.com"})
	if err != nil {
		f.Fatal(err)
	}
	for i := range h.Sections {
		f.Add(uint8(i), packed[i], h.Sections[i].Packed == packedZstd, h.Sections[i].Size)
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte, zstd bool, size int64) {
		changed := h
		changed.Sections = append([]section(nil), h.Sections...)
		at := &changed.Sections[int(which)%len(changed.Sections)]
		at.Packed, at.Stored, at.Size, at.SHA256, at.Sealed = packedNone, int64(len(data)), int64(len(data)), hash(data), hash(data)
		if zstd {
			at.Packed, at.Size = packedZstd, size
			if z, err := (&File{Header: changed, unpacker: newUnpacker(changed)}).inflate(data, size); err == nil {
				at.SHA256 = hash(z)
			}
		}
		parts := append([][]byte(nil), packed...)
		parts[int(which)%len(parts)] = data
		file, err := Decode(assemble(t, changed, parts))
		if err != nil {
			return
		}
		if s, err := file.Snapshot(); err == nil {
			if _, _, err := Encode(s, changed.Origin); err != nil {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
	})
}

// assemble makes a file of sections, whatever they say of themselves.
func assemble(t *testing.T, h Header, parts [][]byte) []byte {
	t.Helper()
	h.Fingerprint = fingerprint(h.Origin, h.Sections)
	var text []byte
	for range 2 { // the second time with the right offsets
		var err error
		if text, err = json.Marshal(h); err != nil {
			t.Fatal(err)
		}
		for len(text) < 4000 {
			text = append(text, ' ')
		}
		offset := int64(len(magic) + 8 + len(text) + sha256.Size)
		for i := range h.Sections {
			h.Sections[i].Offset = offset
			offset += h.Sections[i].Stored
		}
		h.Fingerprint = fingerprint(h.Origin, h.Sections)
	}
	out := binary.LittleEndian.AppendUint32([]byte(magic), Version)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(out, text...)
	sum := sha256.Sum256(out)
	out = append(out, sum[:]...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
