package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Record is one row. Seq is its identity and its place in the order of creation; it never changes.
type Record struct {
	Seq     uint64 // from 1, unique over all kinds
	Kind    string
	ID      string
	Hidden  bool   // deleted softly, or a user who left
	Private []byte // what answers never show
	Body    []byte // the answer's JSON
}

// Change is a record to be written, or deleted for good when Delete is set.
type Change struct {
	Record
	Delete bool
}

const flagHidden = 1

// encode packs a record with a checksum over everything, its sequence number included, so that a
// flipped bit or a row in the wrong place is noticed when the store is opened.
func (r Record) encode() []byte {
	out := make([]byte, 0, len(r.Kind)+len(r.ID)+len(r.Private)+len(r.Body)+24)
	out = appendBytes(out, []byte(r.Kind))
	out = appendBytes(out, []byte(r.ID))
	var flags byte
	if r.Hidden {
		flags |= flagHidden
	}
	out = append(out, flags)
	out = appendBytes(out, r.Private)
	out = appendBytes(out, r.Body)
	return binary.LittleEndian.AppendUint32(out, checksum(r.Seq, out))
}

func decodeRecord(seq uint64, data []byte) (Record, error) {
	damaged := fmt.Errorf("row %d: %w", seq, ErrCorrupt)
	if len(data) < 4 {
		return Record{}, damaged
	}
	payload, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if checksum(seq, payload) != sum {
		return Record{}, damaged
	}
	r := Record{Seq: seq}
	kind, rest, ok := cutBytes(payload)
	id, rest, ok2 := cutBytes(rest)
	if !ok || !ok2 || len(rest) < 1 {
		return Record{}, damaged
	}
	r.Kind, r.ID, r.Hidden = string(kind), string(id), rest[0]&flagHidden != 0
	private, rest, ok := cutBytes(rest[1:])
	body, rest, ok2 := cutBytes(rest)
	if !ok || !ok2 || len(rest) != 0 {
		return Record{}, damaged
	}
	r.Private, r.Body = private, body
	return r, nil
}

func checksum(seq uint64, payload []byte) uint32 {
	var head [8]byte
	binary.LittleEndian.PutUint64(head[:], seq)
	return crc32.Update(crc32.ChecksumIEEE(head[:]), crc32.IEEETable, payload)
}

func appendBytes(out, b []byte) []byte {
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}

func cutBytes(data []byte) (value, rest []byte, ok bool) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)-size) {
		return nil, nil, false
	}
	return data[size : size+int(n)], data[size+int(n):], true
}
