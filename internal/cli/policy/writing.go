package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/parallel"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/parts"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// destination is where a document goes: a file, a folder of several files, or "" for standard output.
type destination struct {
	path      string
	folder    bool
	overwrite bool
}

// destinationOf is the folder that path is, or says it is by ending in a slash; else the file.
func destinationOf(path string, overwrite bool) destination {
	d := destination{path: path, overwrite: overwrite}
	if path == "" {
		return d
	}
	info, err := os.Stat(path)
	d.folder = err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1])
	if d.folder {
		d.path = filepath.Clean(path)
	}
	return d
}

// check refuses early what write would refuse after a long reading.
func (d destination) check() error {
	switch {
	case d.path == "":
		return nil
	case !d.folder:
		return mayWrite(d.path, d.overwrite)
	}
	there, err := d.policies()
	if err == nil && len(there) > 0 && !d.overwrite {
		err = exit.BadInputf("the folder %s has a policy already: %s", d.path, some(there)).WithHint("--overwrite replaces files of the same names")
	}
	return err
}

// policies are the YAML files of the folder, all of which would be read as one policy.
func (d destination) policies() ([]string, error) {
	switch info, err := os.Lstat(d.path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, exit.BadInputf("write to the folder %s: %w", d.path, err)
	case !info.IsDir():
		return nil, exit.BadInputf("write to the folder %s: it is a link or a file", d.path)
	}
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, exit.BadInputf("write to the folder %s: %w", d.path, err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && policy.IsPart(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// write writes the document, with remarks, and says where.
func (d destination) write(a *app.App, p *output.Printer, doc *document.Document, r remarks) error {
	doc = shortened(doc)
	if d.folder {
		files, err := parts.Split(doc, parts.Options{Layout: func(part *document.Document, head bool) ([]byte, error) {
			if !head {
				return layOut(a, part, remarks{})
			}
			return layOut(a, part, r)
		}})
		if err != nil {
			return err
		}
		return d.writeFiles(files)
	}
	data, err := []byte(nil), tooLong(doc)
	if err == nil {
		data, err = layOut(a, doc, r)
	}
	var failed *exit.Error
	switch {
	case errors.As(err, &failed):
		return failed.WithHint("a folder takes what one file cannot: --out access/")
	case err != nil:
		return err
	case d.path == "":
		return output.Document(p, string(data))
	}
	return writeNew(d.path, data, d.overwrite)
}

// tooLong refuses what cannot be one file before it is laid out: the YAML library needs a hundred bytes of memory for
// each. YAML does without the quotes and brackets of JSON and with shorter escapes, and is otherwise no shorter.
func tooLong(doc *document.Document) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	least := len(raw)
	for _, c := range raw {
		switch c {
		case '"', '{', '}', '[', ']':
			least--
		case '\\':
			least -= len(`\u0000`)
		}
	}
	if least > syntax.MaxBytes {
		return exit.Newf(exit.Failure, "write the document: it takes more than the %d MiB that a policy file may have", syntax.MaxBytes>>20)
	}
	return nil
}

// writeFiles writes the files of a folder. Nothing is written when one of them may not be. Files that are as they should
// be already are left alone. No file is ever deleted: where an older policy has more files, they have to go first,
// because they would be read as a part of this one.
func (d destination) writeFiles(files []parts.File) error {
	there, err := d.policies()
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, f := range files {
		ours[f.Name] = true
	}
	if more := slices.DeleteFunc(there, func(name string) bool { return ours[name] }); len(more) > 0 {
		return exit.BadInputf("the folder %s has other files that would be read as a part of this policy: %s", d.path, some(more)).
			WithHint("remove them, they are of things that are gone, or export to another folder")
	}
	if err := os.Mkdir(d.path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) { //nolint:gosec // as readable as the files in it, for a repository
		return exit.BadInputf("make the folder: %w", err)
	}
	var differing []parts.File
	for _, f := range files {
		path := filepath.Join(d.path, f.Name)
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return exit.BadInputf("write %s: %w", path, err)
		case !info.Mode().IsRegular():
			return unwritten(fmt.Errorf("write %s: %w", path, atomicfile.ErrNotRegular))
		case !d.overwrite:
			return unwritten(fmt.Errorf("write %s: %w", path, atomicfile.ErrExists))
		default:
			if same, err := os.ReadFile(path); err == nil && bytes.Equal(same, f.Data) {
				continue
			}
		}
		differing = append(differing, f)
	}
	return d.writeAll(differing)
}

// atOnce is how many files are written at once: each waits for the disk, and there may be thousands.
const atOnce = 16

// writeAll writes files, the last one when all others are there: without it they are no policy.
func (d destination) writeAll(files []parts.File) error {
	if len(files) == 0 {
		return nil
	}
	write := func(f parts.File) error { return writeNew(filepath.Join(d.path, f.Name), f.Data, d.overwrite) }
	var work parallel.Group
	work.SetLimit(atOnce)
	for _, f := range files[:len(files)-1] {
		work.Go(func() error { return write(f) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	return write(files[len(files)-1])
}

// some are the first of several names.
func some(names []string) string {
	const most = 5
	if len(names) > most {
		return text.Visible(strings.Join(names[:most], ", ")) + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return text.Visible(strings.Join(names, ", "))
}

// writeNew writes a document to a new file.
func writeNew(path string, data []byte, overwrite bool) error {
	return unwritten(atomicfile.Write(path, data, 0o644, overwrite))
}

// mayWrite refuses early what writeNew would refuse after a long reading.
func mayWrite(path string, overwrite bool) error {
	pending, err := atomicfile.Create(path, 0o644, overwrite)
	if err != nil {
		return unwritten(err)
	}
	pending.Discard()
	return nil
}

// unwritten is the error for a file that could not be written, nil for none.
func unwritten(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, atomicfile.ErrExists):
		return exit.New(exit.BadInput, err).WithHint("--overwrite replaces an existing file")
	}
	return exit.New(exit.BadInput, err)
}
