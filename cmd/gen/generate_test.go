package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// sampleTree has everything that trips generators: a noun, a verb with flags and hostile text, a hidden
// command and a help topic.
func sampleTree() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "btadmin", Short: "administer things", Run: run}
	root.PersistentFlags().StringP("output", "o", "", "table or json")
	noun := &cobra.Command{Use: "groups", Aliases: []string{"group"}, Short: "permission groups", Run: run}
	grant := &cobra.Command{
		Use:     "grant GROUP",
		Short:   "grant a_b | c*d",
		Long:    "Grant words.\n\n  read\n  .hidden 'request'\n\n  update\nAfter the list.",
		Example: "  btadmin groups grant QA\n    --all-projects read",
		Run:     run,
	}
	grant.Flags().StringArray("project", nil, "as `NAME=WORDS`")
	grant.Flags().Int("chunk", 500, "rows a request")
	noun.AddCommand(grant, &cobra.Command{Use: "secret", Hidden: true, Run: run})
	root.AddCommand(noun, &cobra.Command{Use: "environment", Short: "the variables", Long: "Variables."})
	return root
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	first, err := generate(sampleTree())
	if err != nil {
		t.Fatal(err)
	}
	second, err := generate(sampleTree())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

func TestGenerateWritesOnePageACommand(t *testing.T) {
	t.Parallel()
	files, err := generate(sampleTree())
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range []string{"btadmin", "btadmin-groups", "btadmin-groups-grant", "btadmin-environment"} {
		want = append(want, "docs/reference/"+name+".md", "docs/man/"+name+".1")
	}
	want = append(want, "docs/reference/README.md",
		"completions/btadmin.bash", "completions/_btadmin", "completions/btadmin.fish", "completions/btadmin.ps1")
	for _, name := range want {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing or empty", name)
		}
	}
	if len(files) != len(want) {
		t.Errorf("%d files were generated, want %d", len(files), len(want))
	}
}

func TestMarkdownPage(t *testing.T) {
	t.Parallel()
	files, err := generate(sampleTree())
	if err != nil {
		t.Fatal(err)
	}
	page := string(files["docs/reference/btadmin-groups-grant.md"])
	for _, want := range []string{
		"# btadmin groups grant\n\n```\nbtadmin groups grant GROUP [flags]\n```\n",
		"Grant words.\n\n```\nread\n.hidden 'request'\n\nupdate\n```\n\nAfter the list.\n",
		"```sh\nbtadmin groups grant QA\n  --all-projects read\n```",
		"| `--chunk NUMBER` | rows a request (default 500) |",
		"| `--project NAME=WORDS` | as NAME=WORDS |",
		"(btadmin.md#global-flags)",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	noun := string(files["docs/reference/btadmin-groups.md"])
	if !strings.Contains(noun, `| [grant](btadmin-groups-grant.md) | grant a\_b \| c\*d |`) {
		t.Errorf("the table of commands is not escaped:\n%s", noun)
	}
	if strings.Contains(noun, "secret") {
		t.Errorf("a hidden command is documented:\n%s", noun)
	}
}

func TestManPageEscapes(t *testing.T) {
	t.Parallel()
	files, err := generate(sampleTree())
	if err != nil {
		t.Fatal(err)
	}
	page := string(files["docs/man/btadmin-groups-grant.1"])
	for _, want := range []string{
		`.TH "BTADMIN\-GROUPS\-GRANT" 1 "" "btadmin" "btadmin manual"`,
		"\n" + `\&.hidden \(aqrequest\(aq` + "\n",
		`\fB\-\-project\fR \fINAME=WORDS\fR`,
		".SH GLOBAL OPTIONS\n.TP\n" + `\fB\-\-output, \-o\fR \fITEXT\fR`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestWriteRemovesWhatIsStale(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stale := filepath.Join(dir, "docs", "man", "btadmin-gone.1")
	other := filepath.Join(dir, "docs", "quickstart.md")
	for _, path := range []string{stale, other} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := write(dir, map[string][]byte{"docs/man/btadmin.1": []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", stale, err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("a file outside the generated folders is gone: %v", err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "docs", "man", "btadmin.1"))
	if err != nil || string(got) != "new" {
		t.Errorf("btadmin.1 = %q, %v", got, err)
	}
}
