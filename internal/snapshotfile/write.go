package snapshotfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/zstd"

	"btadmin/internal/atomicfile"
	"btadmin/pkg/access"
)

// Write makes a snapshot file that only its owner may read. It does not replace a file unless overwrite is set.
func Write(path string, s *access.Snapshot, o Origin, overwrite bool) (Header, error) {
	data, h, err := Encode(s, o)
	if err != nil {
		return Header{}, err
	}
	return h, atomicfile.Write(path, data, 0o600, overwrite)
}

// Encode makes the contents of a snapshot file.
func Encode(s *access.Snapshot, o Origin) ([]byte, Header, error) {
	h, packed, err := pack(s, o)
	if err != nil {
		return nil, Header{}, err
	}
	// The offsets are in the header, whose length depends on them: it is measured with the largest first.
	const wide = int64(1) << 52
	for i := range h.Sections {
		h.Sections[i].Offset = wide
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, Header{}, fmt.Errorf("write the header of a snapshot: %w", err)
	}
	room := len(text)
	offset := int64(len(magic) + 8 + room + sha256.Size)
	for i := range h.Sections {
		h.Sections[i].Offset = offset
		offset += h.Sections[i].Stored
	}
	if text, err = json.Marshal(h); err != nil {
		return nil, Header{}, fmt.Errorf("write the header of a snapshot: %w", err)
	}
	text = append(text, bytes.Repeat([]byte{' '}, room-len(text))...)
	out := bytes.NewBuffer(make([]byte, 0, offset))
	out.WriteString(magic)
	var numbers [8]byte
	binary.LittleEndian.PutUint32(numbers[:4], Version)
	binary.LittleEndian.PutUint32(numbers[4:], uint32(len(text)))
	out.Write(numbers[:])
	out.Write(text)
	sum := sha256.Sum256(out.Bytes())
	out.Write(sum[:])
	for _, p := range packed {
		out.Write(p)
	}
	return out.Bytes(), h, nil
}

// Fingerprint is that of the file that Encode would make.
func Fingerprint(s *access.Snapshot, o Origin) (string, error) {
	h, _, err := pack(s, o)
	return h.Fingerprint, err
}

// pack makes the sections; their offsets are not known yet.
func pack(s *access.Snapshot, o Origin) (Header, [][]byte, error) {
	o.NoTokens, o.Taken = !s.TokensKnown, o.Taken.UTC()
	h := Header{Origin: o, OrgID: s.Organization.ID, OrgName: s.Organization.Name, Counts: Counts{
		Users: len(s.Users), Groups: len(s.Groups), Roles: len(s.Roles), ACLs: len(s.ACLs), Projects: len(s.Projects),
		ProjectGroups: len(s.ProjectGroups), Objects: len(s.Objects), Tokens: len(s.Tokens),
	}}
	org, err := putOrganization(s.Organization)
	if err != nil {
		return Header{}, nil, fmt.Errorf("write the organization of a snapshot: %w", err)
	}
	t, tables := makeTables(s)
	users, groups, roles, projects, sets, tokens := orgIDs(s)
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	if err != nil {
		return Header{}, nil, fmt.Errorf("pack a snapshot: %w", err)
	}
	var packed [][]byte
	add := func(name string, first uint64, data []byte) {
		how, stored := squeeze(z, data)
		packed = append(packed, stored)
		h.Sections = append(h.Sections, section{
			Name: name, Packed: how, Stored: int64(len(stored)), Size: int64(len(data)), First: first,
			SHA256: hash(data), Sealed: hash(stored),
		})
	}
	add(sectionTables, 0, tables)
	add(sectionOrganization, 0, org)
	add(sectionUsers, 0, encodeList(t, users, putUser))
	add(sectionGroups, 0, encodeList(t, groups, putGroup))
	add(sectionRoles, 0, encodeList(t, roles, putRole))
	add(sectionProjects, 0, encodeList(t, projects, putProject))
	add(sectionProjectGroups, 0, encodeList(t, sets, putProjectGroup))
	add(sectionTokens, 0, encodeList(t, tokens, putToken))
	for _, b := range encodeACLs(t, s.ACLs) {
		add(sectionACLs, b.first, b.data)
	}
	for _, b := range encodeObjects(t, s.Objects) {
		add(sectionObjects, b.first, b.data)
	}
	h.Fingerprint = fingerprint(h.Origin, h.Sections)
	return h, packed, nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// squeeze packs a section, or leaves it as it is where that saves little or looks like an attack.
func squeeze(z *zstd.Encoder, data []byte) (how string, stored []byte) {
	packed := z.EncodeAll(data, nil)
	if len(packed) > len(data)*9/10 || tooPacked(int64(len(packed)), int64(len(data))) {
		return packedNone, data
	}
	return packedZstd, packed
}

func tooPacked(stored, size int64) bool {
	return size > smallPacked && size/max(stored, 1) > mostPacked
}

// How a section is packed.
const (
	packedNone = "none"
	packedZstd = "zstd"
)
