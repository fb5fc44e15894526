package parts

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
)

func TestFileNames(t *testing.T) {
	t.Parallel()
	got := fileNames([]string{"ML Research", "Owners", "QA", "qa", "Q/A", "../../etc/passwd", "группа", "con.", "a--b", "x-0123456789ab"})
	for name, want := range map[string]string{
		"ML Research": "ml-research", "Owners": "owners", "../../etc/passwd": "etc-passwd", "con.": "con", "a--b": "a-b", "Q/A": "q-a",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	for name, want := range map[string]string{"QA": "^qa-[0-9a-f]{12}$", "qa": "^qa-[0-9a-f]{12}$", "группа": "^[0-9a-f]{12}$", "x-0123456789ab": "^x-0123456789ab-[0-9a-f]{12}$"} {
		if !regexp.MustCompile(want).MatchString(got[name]) {
			t.Errorf("%s: %q, want %s", name, got[name], want)
		}
	}
}

// TestB9_FileNames: whatever names are, their files are no paths, are told apart on every file system, and do not depend on
// the order.
func TestB9_FileNames(t *testing.T) {
	t.Parallel()
	safe := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.OneOf(rapid.String(), rapid.StringMatching(`[aA./\\ -]{1,4}`)), 0, 20, func(s string) string { return s }).Draw(t, "names")
		files, taken := fileNames(names), map[string]string{}
		for _, name := range names {
			file := files[name]
			if !safe.MatchString(file) || len(file) > mostName+1+hashLength {
				t.Fatalf("%q: %q", name, file)
			}
			if other, twice := taken[file]; twice {
				t.Fatalf("%q and %q are both %q", name, other, file)
			}
			taken[file] = name
		}
		if diff := cmp.Diff(files, fileNames(rapid.Permutation(names).Draw(t, "order"))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func asJSON(part *document.Document, _ bool) ([]byte, error) { return json.Marshal(part) }

// What cannot be divided and is larger than a file is refused by name; so is what no policy can hold in all.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	sized := func(size int) Options {
		return Options{Layout: func(_ *document.Document, head bool) ([]byte, error) {
			if head {
				return []byte("version: 1\n"), nil
			}
			return make([]byte, size), nil
		}}
	}
	doc := &document.Document{Version: document.NewInt(1), Org: document.NewText("acme")}
	doc.Roles.Put("Reader", document.Role{})
	for n := range policy.MaxBytes/(4<<20) - 1 {
		doc.Groups.Put(fmt.Sprint("group ", n), document.Group{At: document.Here()})
	}
	if files, err := Split(doc, sized(4<<20-8)); err != nil || len(files) != policy.MaxBytes/(4<<20)+1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	if _, err := Split(doc, sized(4<<20+1)); err == nil || !strings.Contains(err.Error(), "more than the 32 MiB that a policy may have in all") {
		t.Errorf("%v", err)
	}
	if _, err := Split(doc, sized(syntax.MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "the group group 0 takes 5242881 bytes of YAML") {
		t.Errorf("%v", err)
	}
	doc.Groups = document.Map[document.Group]{}
	if _, err := Split(doc, sized(syntax.MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "one entry of roles takes") {
		t.Errorf("%v", err)
	}
}

// The head is the last: without it the others are no policy.
func TestHeadIsLast(t *testing.T) {
	t.Parallel()
	doc := &document.Document{Version: document.NewInt(1), Org: document.NewText("acme")}
	doc.Groups.Put("aaa", document.Group{At: document.Here()})
	doc.Groups.Put("zzz", document.Group{At: document.Here()})
	doc.Roles = document.NewMap[document.Role]() // there, and none: said in the head
	files, err := Split(doc, Options{Layout: asJSON})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"group-aaa.yaml", "group-zzz.yaml", policy.DefaultFile}, names); diff != "" {
		t.Error(diff)
	}
	if head := string(files[2].Data); head != `{"version":1,"org":"acme","roles":{}}` {
		t.Error(head)
	}
}
