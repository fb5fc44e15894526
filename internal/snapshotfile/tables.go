package snapshotfile

import (
	"bytes"
	"encoding/hex"
	"slices"
	"sort"

	"btadmin/pkg/access"
)

// tableMaker numbers every id that something refers to, and every word of a closed list such as permissions and
// object types. Number 0 is no id, and the empty word.
type tableMaker struct {
	ids, words map[string]uint32
}

// makeTables numbers the ids of a snapshot: first the UUIDs, in their order, then others, in theirs. The section it
// answers holds them in the same order.
func makeTables(s *access.Snapshot) (*tableMaker, []byte) {
	t := &tableMaker{ids: map[string]uint32{}, words: map[string]uint32{}}
	t.collect(s)
	delete(t.ids, "")
	delete(t.words, "")
	var uuids [][16]byte
	var others, words []string
	for id := range t.ids {
		if raw, ok := parseUUID(id); ok {
			uuids = append(uuids, raw)
		} else {
			others = append(others, id)
		}
	}
	slices.SortFunc(uuids, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	slices.Sort(others)
	for word := range t.words {
		words = append(words, word)
	}
	slices.Sort(words)
	e := &encoder{}
	e.number(len(words))
	for i, word := range words {
		t.words[word] = uint32(i + 1)
		e.text(word)
	}
	e.number(len(others))
	for i, id := range others {
		t.ids[id] = uint32(len(uuids) + i + 1)
		e.text(id)
	}
	for i, raw := range uuids {
		t.ids[formatUUID(raw[:])] = uint32(i + 1)
		e.buf = append(e.buf, raw[:]...)
	}
	return t, e.buf
}

func (t *tableMaker) id(ids ...string) {
	for _, id := range ids {
		t.ids[id] = 0
	}
}

func (t *tableMaker) collect(s *access.Snapshot) {
	for i := range s.Users {
		t.id(s.Users[i].ID)
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		t.id(g.ID, g.OrgID, g.UserID)
		t.id(g.MemberUsers...)
		t.id(g.MemberGroups...)
	}
	for i := range s.Roles {
		r := &s.Roles[i]
		t.id(r.ID, r.OrgID, r.UserID)
		t.id(r.MemberRoles...)
		for _, p := range r.MemberPermissions {
			t.words[string(p.Permission)], t.words[string(p.RestrictObjectType)] = 0, 0
		}
	}
	for i := range s.Projects {
		t.id(s.Projects[i].ID, s.Projects[i].OrgID, s.Projects[i].UserID)
	}
	for i := range s.ProjectGroups {
		g := &s.ProjectGroups[i]
		t.id(g.ID, g.OrgID, g.UserID)
		t.id(g.MemberProjects...)
	}
	for i := range s.Tokens {
		t.id(s.Tokens[i].ServiceAccountID, s.Tokens[i].OrgID)
	}
	for i := range s.ACLs {
		a := &s.ACLs[i]
		t.id(a.ObjectID, a.UserID, a.GroupID, a.RoleID, a.ObjectOrgID)
		t.words[string(a.ObjectType)], t.words[string(a.Permission)], t.words[string(a.RestrictObjectType)] = 0, 0, 0
	}
	for i := range s.Objects {
		o := &s.Objects[i]
		t.id(o.ID, o.ProjectID, o.UserID)
		t.words[string(o.Kind)], t.words[o.FunctionType] = 0, 0
	}
}

// tables turns numbers back into ids and words.
type tables struct {
	words  []string // the first is empty
	uuids  []byte   // 16 bytes each
	others []string
	count  uint32   // of ids
	made   []string // those that were asked for
	all    []string // every id, when all are wanted
}

func readTables(data []byte) (*tables, error) {
	d := &decoder{data: data}
	t := &tables{words: []string{""}}
	for range d.count() {
		t.words = append(t.words, d.text())
	}
	for range d.count() {
		t.others = append(t.others, d.text())
	}
	if d.err == nil && len(d.data)%16 != 0 {
		d.fail("the table of ids is cut off")
	}
	if d.err != nil {
		return nil, d.err
	}
	t.uuids = d.data
	t.count = uint32(len(t.uuids)/16 + len(t.others))
	return t, nil
}

// id is the id of a number, which must not be above count.
func (t *tables) id(n uint32) string {
	if n == 0 {
		return ""
	}
	if t.all != nil {
		return t.all[n]
	}
	if t.made == nil {
		t.made = make([]string, t.count+1)
	}
	if t.made[n] == "" {
		t.made[n] = t.make(n)
	}
	return t.made[n]
}

func (t *tables) make(n uint32) string {
	if known := uint32(len(t.uuids) / 16); n > known {
		return t.others[n-known-1]
	}
	return formatUUID(t.uuids[(n-1)*16 : n*16])
}

// expand makes all ids at once, in one piece of memory.
func (t *tables) expand() {
	known := len(t.uuids) / 16
	text := make([]byte, 36*known)
	for i := range known {
		putUUID(text[36*i:36*i+36], t.uuids[16*i:16*i+16])
	}
	whole := string(text)
	all := make([]string, 1, t.count+1)
	for i := range known {
		all = append(all, whole[36*i:36*i+36])
	}
	t.all = append(all, t.others...)
}

// number finds an id.
func (t *tables) number(id string) (uint32, bool) {
	known := len(t.uuids) / 16
	raw, ok := parseUUID(id)
	if !ok {
		i, found := slices.BinarySearch(t.others, id)
		return uint32(known + i + 1), found
	}
	i := sort.Search(known, func(i int) bool { return bytes.Compare(t.uuids[16*i:16*i+16], raw[:]) >= 0 })
	return uint32(i + 1), i < known && bytes.Equal(t.uuids[16*i:16*i+16], raw[:])
}

// wordNumber finds a word.
func (t *tables) wordNumber(word string) (uint32, bool) {
	i, found := slices.BinarySearch(t.words, word)
	return uint32(i), found
}

// parseUUID takes only the form that formatUUID makes, so that every id comes back exactly.
func parseUUID(id string) (raw [16]byte, ok bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return raw, false
	}
	at := 0
	for i := 0; i < 36; i += 2 {
		if id[i] == '-' {
			i++
		}
		high, low := nibble(id[i]), nibble(id[i+1])
		if high > 15 || low > 15 {
			return raw, false
		}
		raw[at] = high<<4 | low
		at++
	}
	return raw, true
}

func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

func formatUUID(raw []byte) string {
	var text [36]byte
	putUUID(text[:], raw)
	return string(text[:])
}

func putUUID(text, raw []byte) {
	hex.Encode(text[0:8], raw[0:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:36], raw[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
}
