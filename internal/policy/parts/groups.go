package parts

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"btadmin/internal/policy/document"
)

// team is the group column of the member lists that are kept as CSV.
const team = "members"

// groups writes a file for each group, so that each can be reviewed, and owned, by itself. The people of a group that
// is too large for that stand in CSV files beside it, which the group's file names as identity sources: unlike a second
// file of policy that somebody forgets to name, a missing one stops everything.
func (s *splitter) groups(entries []document.Entry[document.Group]) error {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Key.Value
	}
	files := fileNames(names)
	for _, e := range entries {
		name := "group-" + files[e.Key.Value]
		data, err := s.layout(func(part *document.Document) { part.Groups = mapOf([]document.Entry[document.Group]{e}) })
		if err == nil && len(data) > s.Limit {
			data, err = s.withLists(name, e, data)
		}
		if err != nil {
			return err
		}
		if err := s.put(name+".yaml", "the group "+e.Key.Value, data); err != nil {
			return err
		}
	}
	return nil
}

// withLists writes a group whose people stand in CSV files. A group without people stays as it is: data.
func (s *splitter) withLists(name string, e document.Entry[document.Group], data []byte) ([]byte, error) {
	lists, others := s.lists(name, e.Value.Members.Items)
	if len(lists) == 0 {
		return data, nil
	}
	var sources document.Map[document.IdentitySource]
	for _, list := range lists {
		s.files = append(s.files, list.file)
		others = append(others, document.GroupMember{At: document.Here(), IDP: document.NewText(list.source + "/" + team)})
		sources.Put(list.source, document.IdentitySource{
			At: document.Here(), Type: document.NewText("csv"), Path: document.NewText(list.file.Name),
			Email: document.NewText("email"), Group: document.NewText("group"),
		})
	}
	e.Value.Members = document.NewList(others...)
	return s.layout(func(part *document.Document) {
		part.IdentitySources = sources
		part.Groups = mapOf([]document.Entry[document.Group]{e})
	})
}

// list is a CSV file with people.
type list struct {
	source string // the name of the identity source
	file   File
}

// lists writes the people among members, whose entries say nothing but the address, as CSV. The others are returned.
func (s *splitter) lists(name string, members []document.GroupMember) (lists []list, others []document.GroupMember) {
	head := row("email", "group")
	var b bytes.Buffer
	end := func() {
		source := name
		if n := len(lists); n > 0 {
			source = fmt.Sprintf("%s.%d", name, n+1) // with a dot, which no other name has
		}
		lists = append(lists, list{source, File{source + ".csv", bytes.Clone(b.Bytes())}})
		b.Reset()
	}
	for _, m := range members {
		if !m.Email.Known() || m.Until.Known() || m.Reason.Known() {
			others = append(others, m)
			continue
		}
		line := row(m.Email.Value, team)
		if b.Len() > len(head) && b.Len()+len(line) > s.Limit {
			end()
		}
		if b.Len() == 0 {
			b.Write(head)
		}
		b.Write(line)
	}
	if b.Len() > 0 {
		end()
	}
	return lists, others
}

// row is one line of CSV.
func row(fields ...string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(fields) // a buffer takes everything
	w.Flush()
	return b.Bytes()
}
