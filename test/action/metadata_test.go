//go:build unix

package action_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// metadata is what of action.yml matters here.
type metadata struct {
	Inputs map[string]struct {
		Description string `yaml:"description"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Value string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Steps []usedStep `yaml:"steps"`
	} `yaml:"runs"`
}

type usedStep struct {
	ID   string            `yaml:"id"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
	With map[string]any    `yaml:"with"`
}

func readAction(t *testing.T) metadata {
	t.Helper()
	var action metadata
	if err := yaml.Unmarshal([]byte(readFile(t, "action.yml")), &action); err != nil {
		t.Fatal(err)
	}
	if len(action.Inputs) == 0 || len(action.Runs.Steps) != 2 {
		t.Fatalf("action.yml was not understood: %+v", action)
	}
	return action
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var (
	inputUse   = regexp.MustCompile(`\$\{\{ *inputs\.([a-z-]+) *\}\}`)
	pinned     = regexp.MustCompile(`^[a-z-]+/[a-z-]+@[0-9a-f]{40}$`)
	writtenOut = regexp.MustCompile(`"([a-z-]+)=\$\d"`)
)

// No input becomes part of a script, every input arrives, and what arrives is read.
func TestActionMetadata(t *testing.T) {
	t.Parallel()
	action := readAction(t)
	script, raw := readFile(t, "scripts/action.sh"), readFile(t, "action.yml")
	handed := map[string]bool{}
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("an expression stands in a script: %s", step.Run)
		}
		if step.Uses != "" && !pinned.MatchString(step.Uses) {
			t.Errorf("%s is not pinned by a hash", step.Uses)
		}
		for name, value := range step.Env {
			if !strings.Contains(script, name) {
				t.Errorf("the script never reads %s", name)
			}
			for _, match := range inputUse.FindAllStringSubmatch(value, -1) {
				handed[match[1]] = true
			}
		}
	}
	for name, input := range action.Inputs {
		if !handed[name] || input.Description == "" {
			t.Errorf("the input %s goes nowhere, or says nothing", name)
		}
	}
	for _, match := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(raw, -1) {
		if _, known := action.Inputs[match[1]]; !known {
			t.Errorf("there is no input %s", match[1])
		}
	}
	written := map[string]bool{}
	for _, match := range writtenOut.FindAllStringSubmatch(script, -1) {
		written[match[1]] = true
	}
	for name := range action.Outputs {
		if !written[name] {
			t.Errorf("the script does not write the output %s", name)
		}
		delete(written, name)
	}
	for name := range written {
		t.Errorf("action.yml does not pass on the output %s", name)
	}
}

// The workflows in docs/ci.md give the action only what it takes.
func TestDocumentedWorkflows(t *testing.T) {
	t.Parallel()
	action := readAction(t)
	steps := 0
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```").FindAllStringSubmatch(readFile(t, "docs/ci.md"), -1) {
		var workflow struct {
			Jobs map[string]struct {
				Steps []usedStep `yaml:"steps"`
			} `yaml:"jobs"`
		}
		if err := yaml.Unmarshal([]byte(block[1]), &workflow); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if !strings.HasPrefix(step.Uses, "OWNER/btadmin@") {
					continue
				}
				steps++
				for name, value := range step.With {
					if _, known := action.Inputs[name]; !known {
						t.Errorf("docs/ci.md gives the action %s, which it does not take", name)
					}
					if name == "command" && !regexp.MustCompile(`^(plan|apply|drift|validate|test)$`).MatchString(value.(string)) {
						t.Errorf("docs/ci.md has the command %v", value)
					}
				}
			}
		}
	}
	if steps < 3 {
		t.Errorf("%d uses of the action in docs/ci.md: they were not found", steps)
	}
}
