// Package namecache keeps the names of an organization's things for a short while, so that the TAB key need
// not ask a server each time. It holds names only, in files that nobody else can read; losing it costs nothing.
package namecache

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"btadmin/internal/atomicfile"
)

// maxFile bounds what is read back: a file that somebody else has blown up is no cache.
const maxFile = 8 << 20

// Name is one thing that can be typed, with what it is in a few words.
type Name struct {
	Value string `json:"value"`
	Note  string `json:"note,omitzero"`
}

// Cache is the names that one credential sees through one server.
type Cache struct {
	dir string
	now func() time.Time
}

// New makes a Cache below a folder of the user. The parts say whose names they are: server, organization,
// profile or key. They only appear hashed.
func New(folder string, now func() time.Time, parts ...string) *Cache {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return &Cache{dir: filepath.Join(folder, "names", hex.EncodeToString(sum[:8])), now: now}
}

type document struct {
	Taken time.Time `json:"taken"`
	Names []Name    `json:"names"`
}

// Get returns the names of a kind when they are no older than maxAge.
func (c *Cache) Get(kind string, maxAge time.Duration) ([]Name, bool) {
	path := c.path(kind)
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxFile {
		return nil, false
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	var doc document
	if json.Unmarshal(raw, &doc) != nil {
		return nil, false
	}
	age := c.now().Sub(doc.Taken)
	return doc.Names, age >= 0 && age <= maxAge
}

// Put keeps the names of a kind. Errors are the caller's to ignore: a cache that cannot be written is none.
func (c *Cache) Put(kind string, names []Name) error {
	if err := atomicfile.MkdirPrivate(c.dir); err != nil {
		return err
	}
	raw, err := json.Marshal(document{Taken: c.now().UTC(), Names: names})
	if err != nil {
		return err
	}
	return atomicfile.Write(c.path(kind), raw, 0o600, true)
}

// path is the file of a kind. Kinds may hold names of the server's, which are never paths.
func (c *Cache) path(kind string) string {
	sum := sha256.Sum256([]byte(kind))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:8])+".json")
}
