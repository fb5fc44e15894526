package policy

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
	"btadmin/pkg/access"
)

// DefaultFile is the policy file when none is named.
const DefaultFile = "access.yaml"

// defaultFolder is the folder of the documentation, for the hint of whoever has moved from the file to it.
const defaultFolder = "access"

// StandardInput is the name of the file that "-" stands for.
const StandardInput = "standard input"

// MaxBytes is how large all files of a policy may be together.
const MaxBytes = 32 << 20

// mostFiles leaves room for a file for each group of an organization.
const mostFiles = 20_000

// File is the text of one policy file.
type File struct {
	Name string // as it was given; places in it are FILE:LINE:COLUMN
	Data []byte
}

// Policy is a document from one or several files, checked.
type Policy struct {
	Files []string
	// Desired is what they ask for together.
	Desired *Desired
	// Warnings are remarks that make nothing invalid.
	Warnings []syntax.Problem
}

// Load reads and checks the policy at paths: files, and folders with every *.yaml and *.yml directly in them. No
// path at all is access.yaml; "-" is stdin. All that is wrong is in the error, which has exit code 4.
func Load(paths []string, stdin io.Reader, table access.Table) (*Policy, error) {
	files, err := Read(paths, stdin)
	if err != nil {
		return nil, err
	}
	p, problems := ParseWith(files, table)
	if err := problems.Err(); err != nil {
		return nil, exit.New(exit.BadInput, err)
	}
	return p, nil
}

// Read reads the files of a policy, in the order of their names within a folder. Errors have exit code 4.
func Read(paths []string, stdin io.Reader) ([]File, error) {
	names, err := find(paths)
	if err != nil {
		return nil, err
	}
	files := make([]File, 0, len(names))
	total := 0
	for _, name := range names {
		data, err := batch.ReadFile(name, stdin, syntax.MaxBytes)
		if err != nil {
			return nil, readError(name, err)
		}
		if total += len(data); total > MaxBytes {
			return nil, exit.BadInputf("the policy is larger than %d MiB", MaxBytes>>20)
		}
		if name == "-" {
			name = StandardInput
		}
		files = append(files, File{Name: name, Data: data})
	}
	return files, nil
}

func readError(name string, err error) error {
	bad := exit.BadInputf("reading the policy %w", err)
	if errors.Is(err, fs.ErrNotExist) && name == DefaultFile {
		if in, failed := inFolder(defaultFolder); failed == nil && len(in) > 0 {
			return bad.WithHint("there is a folder %s with a policy: name it as the argument", defaultFolder)
		}
		return bad.WithHint("btadmin policy init writes a first one; another file is given as argument")
	}
	return bad
}

// find lists the files that paths stand for, each once.
func find(paths []string) ([]string, error) {
	if len(paths) == 0 {
		paths = []string{DefaultFile}
	}
	var names []string
	have := map[string]bool{}
	for _, path := range paths {
		found := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if found, err = inFolder(path); err != nil {
				return nil, err
			}
		}
		for _, name := range found {
			if clean := filepath.Clean(name); !have[clean] {
				have[clean] = true
				names = append(names, name)
			}
		}
	}
	if len(names) > mostFiles {
		return nil, exit.BadInputf("the policy has more than %d files", mostFiles)
	}
	return names, nil
}

// IsPart reports whether a file of a folder is read as a part of its policy: YAML. Hidden files are left out: editors
// keep copies in them.
func IsPart(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return !strings.HasPrefix(name, ".") && (ext == ".yaml" || ext == ".yml")
}

// inFolder lists the files of a folder that are parts of its policy.
func inFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, exit.BadInputf("reading the folder %s: %w", folder, err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() || !IsPart(e.Name()) {
			continue
		}
		names = append(names, filepath.Join(folder, e.Name()))
	}
	if len(names) == 0 {
		return nil, exit.BadInputf("the folder %s has no policy: no *.yaml or *.yml is in it", folder)
	}
	return names, nil
}

// Parse checks a policy that has been read. The Policy is usable when problems has no errors.
func Parse(files []File) (*Policy, *syntax.Problems) { return ParseWith(files, access.Table{}) }

// ParseWith is Parse with what the labels of an organization are known to stand for.
func ParseWith(files []File, table access.Table) (*Policy, *syntax.Problems) {
	ps := new(syntax.Problems)
	p := new(Policy)
	m, r := newMerger(ps), document.NewReader(ps)
	saysOrg, read := false, 0
	for _, f := range files {
		p.Files = append(p.Files, f.Name)
		if root := syntax.Parse(f.Name, f.Data, ps); root != nil {
			saysOrg = saysOrg || root.Get("org") != nil
			m.add(r.Read(root))
			read++
		}
	}
	if read < len(files) || len(files) == 0 {
		return p, ps // half of a policy means something else than the whole
	}
	if !saysOrg {
		ps.Errorf(syntax.In(files[0].Name), "the policy does not say which organization it is for").
			WithHint("write org: NAME, so that it is never applied to another one")
	}
	expandVars(&m.whole, r.Variables, ps)
	p.Desired = build(&m.whole, table, ps)
	p.Warnings = ps.Warnings()
	return p, ps
}
