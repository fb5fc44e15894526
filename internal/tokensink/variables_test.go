package tokensink

import (
	"os"
	"path/filepath"
	"testing"

	"btadmin/internal/output"
)

func TestSetVariable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before, want string
		overwrite    bool
		refused      bool
	}{
		"new file":              {"", "T=v\n", false, false},
		"other lines stay":      {"# c\nA=1\n", "# c\nA=1\nT=v\n", false, false},
		"no newline at the end": {"A=1", "A=1\nT=v\n", false, false},
		"similar names":         {"TT=1\nXT=2\n#T=3\n", "TT=1\nXT=2\n#T=3\nT=v\n", false, false},
		"set already":           {"T=old\n", "", false, true},
		"exported already":      {"export T=old\n", "", false, true},
		"replaced":              {"A=1\nT=old\nB=2\n", "A=1\nT=v\nB=2\n", true, false},
		"replaced, exported":    {"export T=\"old\" # c\n", "export T=v\n", true, false},
		"replaced, CRLF":        {"T=old\r\nB=2\r\n", "T=v\r\nB=2\r\n", true, false},
		"set twice":             {"T=a\nB=2\nT=b\n", "T=v\nB=2\n", true, false},
		"several lines":         {"T=\"a\nb\"\n", "", true, true},
		"GitHub, several lines": {"T<<EOF\na\nEOF\n", "", true, true},
	}
	for name, c := range cases {
		got, err := setVariable([]byte(c.before), "T", "v", c.overwrite)
		if (err != nil) != c.refused || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := setVariable(nil, "T", "a b$c", false); err != nil || string(got) != "T='a b$c'\n" {
		t.Errorf("quoted: %q, %v", got, err)
	}
	if got, err := setVariable(nil, "T", "a'b", false); err == nil {
		t.Errorf("a quote inside: %q", got)
	}
}

func TestVariablesFileIsPrivate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(file, []byte("A=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := newBench().open(t, Options{EnvFile: file, EnvName: "T"}, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handOver(t, s)
	info, err := os.Stat(file)
	if raw, _ := os.ReadFile(file); err != nil || string(raw) != "A=1\nT="+canary+"\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has %q, %v, %v", raw, info.Mode(), err)
	}
}
