package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
	"btadmin/internal/namecache"
)

// TestCompletionWithoutTheKeyring: where the key is in the keyring, TAB offers what earlier commands have seen, for
// a day, and asks nobody.
func TestCompletionWithoutTheKeyring(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	folder := filepath.Join(home, ".config", "btadmin")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	config := "profile: prod\nprofiles:\n  prod:\n    org: acme\n    api-url: http://127.0.0.1:1\n    secret-at: keyring\n"
	if err := os.WriteFile(filepath.Join(folder, "config.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		age  time.Duration
		want bool
	}{{time.Hour, true}, {25 * time.Hour, false}} {
		taken := time.Now().Add(-tt.age)
		cache := namecache.New(filepath.Join(home, ".cache", "btadmin"), func() time.Time { return taken }, "http://127.0.0.1:1", "acme", "prod")
		if err := cache.Put("groups", []namecache.Name{{Value: "Evaluators"}}); err != nil {
			t.Fatal(err)
		}
		streams, out, _ := iostreams.Test("")
		streams.Env = func(name string) string { return map[string]string{"HOME": home}[name] }
		args := []string{"__complete", "groups", "view", "Ev"}
		if err := cli.Run(t.Context(), app.New(streams, build.Info{}, args), args); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "Evaluators"); got != tt.want {
			t.Errorf("names of %s ago: offered %v, want %v", tt.age, got, tt.want)
		}
	}
}
