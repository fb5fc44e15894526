// Package parts divides a policy document into several files that mean the same together: one with what the policy is
// as a whole, one for each group, and sections that are too long continued in numbered files. People review files, and
// a policy file has a size that it must not exceed (syntax.MaxBytes).
package parts

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"btadmin/internal/exit"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// Readable is a size in bytes that code hosts still show as text and as a difference.
const Readable = 512 << 10

// File is one file of a folder.
type File struct {
	Name string // safe in every file system, without a folder
	Data []byte
}

// Options say how a document is divided.
type Options struct {
	// Limit is how large a file may be; 0 is Readable. A file is larger only when one entry is, which can be as large
	// as a policy file may be.
	Limit int
	// Layout writes one file of the policy. The head is the file that says the organization.
	Layout func(part *document.Document, head bool) ([]byte, error)
}

// Split divides a document. The files are sorted by name, the head, policy.DefaultFile, is the last: without it the
// others are no policy. The same document is always the same files, and another entry in it changes few of them.
func Split(doc *document.Document, o Options) ([]File, error) {
	s := splitter{Options: o}
	s.Limit = cmp.Or(o.Limit, Readable)
	head := *doc
	if items := doc.Members.Items; len(items) > 0 {
		head.Members = document.List[document.Member]{}
		err := s.section("members", len(items), func(part *document.Document, from, to int) {
			part.Members = document.NewList(items[from:to]...)
		})
		if err != nil {
			return nil, err
		}
	}
	if len(doc.Groups.Entries) > 0 {
		head.Groups = document.Map[document.Group]{}
		if err := s.groups(doc.Groups.Entries); err != nil {
			return nil, err
		}
	}
	if entries := doc.ServiceAccounts.Entries; len(entries) > 0 {
		head.ServiceAccounts = document.Map[document.ServiceAccount]{}
		err := s.section("service-accounts", len(entries), func(part *document.Document, from, to int) {
			part.ServiceAccounts = mapOf(entries[from:to])
		})
		if err != nil {
			return nil, err
		}
	}
	if entries := doc.Roles.Entries; len(entries) > 0 {
		head.Roles = document.Map[document.Role]{}
		err := s.section("roles", len(entries), func(part *document.Document, from, to int) { part.Roles = mapOf(entries[from:to]) })
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(s.files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	data, err := o.Layout(&head, true)
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, File{policy.DefaultFile, data})
	return s.files, s.check()
}

type splitter struct {
	Options
	files []File
}

func mapOf[T any](entries []document.Entry[T]) document.Map[T] {
	return document.Map[T]{Entries: entries, At: document.Here()}
}

// layout writes a file that is not the head.
func (s *splitter) layout(fill func(part *document.Document)) ([]byte, error) {
	part := &document.Document{Version: document.NewInt(document.Version)}
	fill(part)
	return s.Layout(part, false)
}

// section writes n entries in their order, as many in a file as fit: NAME.yaml, NAME-2.yaml and so on.
func (s *splitter) section(name string, n int, fill func(part *document.Document, from, to int)) error {
	sizes, err := estimates(n, fill)
	if err != nil {
		return err
	}
	for from, number := 0, 1; from < n; number++ {
		to, size := from+1, sizes[from]
		for to < n && size+sizes[to] <= s.Limit {
			size += sizes[to]
			to++
		}
		data, err := s.layout(func(part *document.Document) { fill(part, from, to) })
		for err == nil && len(data) > s.Limit && to-from > 1 { // the estimate was too low
			to = from + (to-from)/2
			data, err = s.layout(func(part *document.Document) { fill(part, from, to) })
		}
		if err != nil {
			return err
		}
		file := name + ".yaml"
		if number > 1 {
			file = fmt.Sprintf("%s-%d.yaml", name, number)
		}
		if err := s.put(file, "one entry of "+name, data); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// estimates are how many bytes each entry takes, more or less: its JSON, and as much again for the lines of YAML.
func estimates(n int, fill func(part *document.Document, from, to int)) ([]int, error) {
	sizes := make([]int, n)
	for i := range n {
		var part document.Document
		fill(&part, i, i+1)
		raw, err := json.Marshal(&part)
		if err != nil {
			return nil, err
		}
		sizes[i] = len(raw) - len(`{"version":0,"members":[]}`) + len(raw)/2
	}
	return sizes, nil
}

// put keeps a file, if there can be one that large.
func (s *splitter) put(name, what string, data []byte) error {
	if len(data) > syntax.MaxBytes {
		return exit.Newf(exit.Failure, "%s takes %d bytes of YAML, more than the %d MiB that a policy file may have", text.Visible(what), len(data), syntax.MaxBytes>>20)
	}
	s.files = append(s.files, File{name, data})
	return nil
}

// check makes sure that the files can be read again as one policy.
func (s *splitter) check() error {
	total := 0
	for _, f := range s.files {
		if policy.IsPart(f.Name) {
			total += len(f.Data)
		}
	}
	if total > policy.MaxBytes {
		return exit.Newf(exit.Failure, "the organization takes %d MiB of YAML, more than the %d MiB that a policy may have in all", total>>20, policy.MaxBytes>>20)
	}
	return nil
}
