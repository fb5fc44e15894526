package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
)

func environment(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestDirs_A5(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		env               map[string]string
		configDir, reason string
	}{
		{"home", map[string]string{"HOME": "/home/a"}, "/home/a/.config/btadmin", ""},
		{"xdg", map[string]string{"HOME": "/home/a", "XDG_CONFIG_HOME": "/etc/a"}, "/etc/a/btadmin", ""},
		{"xdg alone", map[string]string{"XDG_CONFIG_HOME": "/etc/a"}, "/etc/a/btadmin", ""},
		{"relative xdg counts as none", map[string]string{"HOME": "/home/a", "XDG_CONFIG_HOME": "etc"}, "/home/a/.config/btadmin", ""},
		{"unset", nil, "", "HOME is not set"},
		{"relative", map[string]string{"HOME": "home/a"}, "", "HOME is not an absolute path"},
		{"dot", map[string]string{"HOME": "."}, "", "HOME is not an absolute path"},
		{"tilde", map[string]string{"HOME": "~"}, "", "HOME is not an absolute path"},
		{"both relative", map[string]string{"HOME": "a", "XDG_CONFIG_HOME": "b"}, "", "HOME is not an absolute path"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t, environment(tt.env), flags.Global{})
			got, err := s.ConfigDir()
			var missing *config.DirError
			if tt.reason == "" && (err != nil || got != tt.configDir) {
				t.Errorf("%q, %v; want %q", got, err, tt.configDir)
			}
			if tt.reason != "" && (!errors.As(err, &missing) || missing.Reason != tt.reason || missing.Hint() == "" || got != "") {
				t.Errorf("%q, %v; want %s", got, err, tt.reason)
			}
		})
	}
	s := load(t, environment(map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "/s"}), flags.Global{})
	if got, err := s.StateDir(); got != "/s/btadmin" || err != nil {
		t.Errorf("StateDir() = %q, %v", got, err)
	}
	s = load(t, environment(map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "./s"}), flags.Global{})
	if got, err := s.StateDir(); got != "/home/a/.local/state/btadmin" || err != nil {
		t.Errorf("StateDir() = %q, %v", got, err)
	}
}

// Reads go on with a key of the environment; saving fails with a hint and leaves nothing behind.
func TestUnusableHome_A5(t *testing.T) {
	folder := t.TempDir()
	notFolder := filepath.Join(folder, "file")
	if err := os.WriteFile(notFolder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	for name, env := range map[string]map[string]string{
		"unset":         {},
		"empty":         {"HOME": ""},
		"relative":      {"HOME": "home"},
		"relative xdg":  {"HOME": "", "XDG_CONFIG_HOME": "x", "XDG_STATE_HOME": "y"},
		"no folder":     {"HOME": notFolder},
		"missing":       {"HOME": filepath.Join(folder, "missing")},
		"xdg no folder": {"XDG_CONFIG_HOME": notFolder},
	} {
		env["BRAINTRUST_API_KEY"] = "sk-key"
		s := load(t, environment(env), flags.Global{})
		if s.KeySource() != config.KeyEnvironment || s.APIURL() != config.DefaultAPIURL {
			t.Errorf("%s: reading: %v, %s", name, s.KeySource(), s.APIURL())
		}
		err := s.SaveProfile(config.Profile{Name: "a", SecretAt: config.InKeyring})
		var missing *config.DirError
		if !errors.As(err, &missing) || !strings.Contains(missing.Hint(), "XDG_CONFIG_HOME") {
			t.Errorf("%s: saving: %v", name, err)
		}
	}
	var left []string
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if diff := cmp.Diff([]string{"file"}, left); diff != "" {
		t.Error(diff)
	}
}

// Whatever lies in the working directory is never read.
func TestHostileWorkingDirectory_A4(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{
		"btadmin.yaml", "config.yaml", ".btadmin.yaml", ".env", ".btadmin/config.yaml", "btadmin/config.yaml",
		".config/btadmin/config.yaml", "config.yml", "config.json", "config.toml",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("api-url: https://evil.test\nBRAINTRUST_API_URL=https://evil.test\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, env := range []map[string]string{
		{}, {"HOME": ""}, {"HOME": "."}, {"HOME": "", "XDG_CONFIG_HOME": "."}, {"HOME": "", "XDG_CONFIG_HOME": ".config"}, {"HOME": t.TempDir()},
	} {
		for _, v := range load(t, environment(env), flags.Global{}).List() {
			if v.Source.Kind != config.FromDefault || strings.Contains(v.Value, "evil") {
				t.Errorf("%v: %s = %q from %s", env, v.Key, v.Value, v.Source)
			}
		}
	}
}

func TestFileThatOthersMayChange_A6(t *testing.T) {
	t.Parallel()
	env := home(t, file, nil)
	path := filepath.Join(env("HOME"), ".config", "btadmin", "config.yaml")
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(env, &flags.Global{})
	if err == nil || !strings.Contains(err.Error(), "chmod 600") || codeOf(err) != exit.BadInput {
		t.Errorf("%v", err)
	}
}

func TestFileThatIsNone(t *testing.T) {
	t.Parallel()
	env := home(t, "", nil)
	if err := os.MkdirAll(filepath.Join(env("HOME"), ".config", "btadmin", "config.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(env, &flags.Global{})
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("%v", err)
	}
}
