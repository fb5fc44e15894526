package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// write makes the three folders below dir hold exactly files. A file whose contents are right already is
// left alone, so that its time stays.
func write(dir string, files map[string][]byte) error {
	for name, content := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, content) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	for _, folder := range []string{completionsDir, referenceDir, manDir} {
		if err := removeStale(dir, folder, files); err != nil {
			return err
		}
	}
	return nil
}

// removeStale deletes the files of one folder that were not generated.
func removeStale(dir, folder string, files map[string][]byte) error {
	entries, err := os.ReadDir(filepath.Join(dir, filepath.FromSlash(folder)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", folder, err)
	}
	for _, entry := range entries {
		name := folder + "/" + entry.Name()
		if _, wanted := files[name]; wanted || !entry.Type().IsRegular() {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("removing the stale %s: %w", name, err)
		}
	}
	return nil
}
