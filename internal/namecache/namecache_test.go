package namecache_test

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"btadmin/internal/namecache"
)

func TestCacheKeepsNamesForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	cache := namecache.New(dir, func() time.Time { return now }, "https://api.example.com", "acme", "prod")
	if _, ok := cache.Get("groups", time.Minute); ok {
		t.Error("an empty cache answered")
	}
	if err := cache.Put("groups", []namecache.Name{{Value: "QA", Note: "3 members"}}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		later time.Duration
		want  bool
	}{{0, true}, {time.Minute, true}, {time.Minute + time.Second, false}, {-time.Hour, false}} {
		at := namecache.New(dir, func() time.Time { return now.Add(tt.later) }, "https://api.example.com", "acme", "prod")
		names, ok := at.Get("groups", time.Minute)
		if ok != tt.want || ok && names[0].Value != "QA" {
			t.Errorf("after %s: %v, %v", tt.later, names, ok)
		}
	}
	other := namecache.New(dir, func() time.Time { return now }, "https://api.example.com", "other", "prod")
	if _, ok := other.Get("groups", time.Minute); ok {
		t.Error("names of one organization are shown for another")
	}
}

func TestCacheIsPrivateAndKindsAreNoPaths(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // modes mean nothing there
	}
	dir := t.TempDir()
	cache := namecache.New(dir, time.Now, "x")
	if err := cache.Put("experiment:../../evil", nil); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		info, err := entry.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil || files != 1 {
		t.Errorf("%d files below the folder, %v", files, err)
	}
}
