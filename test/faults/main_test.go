package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// btadmin is the program under test.
var btadmin string

// seeds are those of this run.
var seeds []uint64

func TestMain(m *testing.M) {
	var err error
	if seeds, err = chosen(os.Getenv("BTADMIN_FAULTS_SEED"), os.Getenv("BTADMIN_FAULTS_RUNS")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(64)
	}
	fmt.Printf("seeds: BTADMIN_FAULTS_SEED=%s\n", strings.Trim(strings.ReplaceAll(fmt.Sprint(seeds), " ", ","), "[]"))
	os.Exit(build(m))
}

// chosen are the seeds of a list, or so many drawn by chance.
func chosen(list, runs string) ([]uint64, error) {
	var out []uint64
	if list == "" {
		n := 1
		if runs != "" {
			var err error
			if n, err = strconv.Atoi(runs); err != nil {
				return nil, fmt.Errorf("BTADMIN_FAULTS_RUNS: %w", err)
			}
		}
		for range n {
			out = append(out, rand.Uint64N(1_000_000))
		}
		return out, nil
	}
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("BTADMIN_FAULTS_SEED: %w", err)
		}
		out = append(out, n)
	}
	return out, nil
}

func build(m *testing.M) int {
	if btadmin = os.Getenv("BTADMIN"); btadmin != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "btadmin-faults")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	btadmin = filepath.Join(dir, "btadmin")
	cmd := exec.Command("go", "build", "-o", btadmin, "./cmd/btadmin")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build btadmin: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// each runs a test once for each seed.
func each(t *testing.T, test func(t *testing.T, seed uint64)) {
	t.Helper()
	t.Parallel()
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			test(t, seed)
		})
	}
}

// share is the share of requests that fail, where a test has no rate of its own.
func share(t *testing.T, usual float64) float64 {
	t.Helper()
	text := os.Getenv("BTADMIN_FAULTS_RATE")
	if text == "" {
		return usual
	}
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || rate < 0 || rate > 0.5 {
		t.Fatalf("BTADMIN_FAULTS_RATE: %q is no share", text)
	}
	return rate
}
