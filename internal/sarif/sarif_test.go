package sarif_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/sarif"
)

func write(t *testing.T, run sarif.Run) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := sarif.Write(&b, run); err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(b.Bytes(), &document); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, b.String())
	}
	return document
}

// dig follows keys and places into a document.
func dig(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			if !ok || object[step] == nil {
				t.Fatalf("no %q in %v", step, v)
			}
			v = object[step]
		case int:
			list, ok := v.([]any)
			if !ok || step >= len(list) {
				t.Fatalf("no place %d in %v", step, v)
			}
			v = list[step]
		}
	}
	return v
}

func sample() sarif.Run {
	return sarif.Run{
		Version: "1.2.3",
		Rules: []sarif.Rule{
			{ID: "old-token", Short: "A token is old", Full: "Because.", Level: sarif.LevelWarning},
			{ID: "drift", Short: "Drift", Full: "Because.", Level: sarif.LevelError},
		},
		Results: []sarif.Result{
			{Rule: "drift", Message: "QA lost read", File: "policies/access one.yaml", Line: 12, Column: 3, Fingerprint: sarif.Fingerprint("drift", "qa")},
			{Rule: "old-token", Level: sarif.LevelNote, Message: "old", File: "acme", Logical: []string{"group:QA"}, Fingerprint: "f"},
		},
		Notes: []string{"not looked at"},
	}
}

// What SARIF 2.1.0 demands of a document, read from its text: sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.49, 3.58.
func TestWriteHasWhatTheStandardDemands(t *testing.T) {
	t.Parallel()
	document := write(t, sample())
	for _, tt := range []struct {
		want any
		path []any
	}{
		{"2.1.0", []any{"version"}},
		{"https://json.schemastore.org/sarif-2.1.0.json", []any{"$schema"}},
		{"btadmin", []any{"runs", 0, "tool", "driver", "name"}},
		{"1.2.3", []any{"runs", 0, "tool", "driver", "version"}},
		{"old-token", []any{"runs", 0, "tool", "driver", "rules", 0, "id"}},
		{"A token is old", []any{"runs", 0, "tool", "driver", "rules", 0, "shortDescription", "text"}},
		{"warning", []any{"runs", 0, "tool", "driver", "rules", 0, "defaultConfiguration", "level"}},
		{true, []any{"runs", 0, "invocations", 0, "executionSuccessful"}},
		{"not looked at", []any{"runs", 0, "invocations", 0, "toolExecutionNotifications", 0, "message", "text"}},
		{"drift", []any{"runs", 0, "results", 0, "ruleId"}},
		{1.0, []any{"runs", 0, "results", 0, "ruleIndex"}},
		{"error", []any{"runs", 0, "results", 0, "level"}},
		{"note", []any{"runs", 0, "results", 1, "level"}},
		{"QA lost read", []any{"runs", 0, "results", 0, "message", "text"}},
		{"policies/access%20one.yaml", []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"}},
		{12.0, []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"}},
		{3.0, []any{"runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startColumn"}},
		{"group:QA", []any{"runs", 0, "results", 1, "locations", 0, "logicalLocations", 0, "fullyQualifiedName"}},
		{sarif.Fingerprint("drift", "qa"), []any{"runs", 0, "results", 0, "partialFingerprints", "btadmin/v1"}},
	} {
		if diff := cmp.Diff(tt.want, dig(t, document, tt.path...)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.path, diff)
		}
	}
	location := dig(t, document, "runs", 0, "results", 1, "locations", 0, "physicalLocation").(map[string]any)
	if _, has := location["region"]; has {
		t.Error("a region without a line")
	}
}

// A service that reads the document expects lists where there is nothing, too.
func TestWriteNothing(t *testing.T) {
	t.Parallel()
	document := write(t, sarif.Run{})
	for _, path := range [][]any{{"runs", 0, "results"}, {"runs", 0, "tool", "driver", "rules"}} {
		if list, ok := dig(t, document, path...).([]any); !ok || len(list) > 0 {
			t.Errorf("%v is no empty list", path)
		}
	}
}

func TestWriteIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	if err := sarif.Write(&a, sample()); err != nil {
		t.Fatal(err)
	}
	if err := sarif.Write(&b, sample()); err != nil || a.String() != b.String() {
		t.Errorf("differs: %v", err)
	}
}

func TestWriteRefusesAnUnknownRule(t *testing.T) {
	t.Parallel()
	err := sarif.Write(&bytes.Buffer{}, sarif.Run{Results: []sarif.Result{{Rule: "x", Message: "m"}}})
	if err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("got %v", err)
	}
}

func TestFilesAreURIReferences(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"a/b.yaml": "a/b.yaml", "./a.yaml": "a.yaml", `a\b.yaml`: "a/b.yaml", "c: d/e.yaml": "./c:%20d/e.yaml", "100%.yaml": "100%25.yaml",
	} {
		run := sample()
		run.Results[0].File = file
		got := dig(t, write(t, run), "runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri")
		if got != want {
			t.Errorf("%q is %q, want %q", file, got, want)
		}
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	if a, b := sarif.Fingerprint("ab", "c"), sarif.Fingerprint("a", "bc"); a == b || a != sarif.Fingerprint("ab", "c") {
		t.Errorf("%s and %s", a, b)
	}
}
