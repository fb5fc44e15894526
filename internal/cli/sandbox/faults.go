package sandbox

import (
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/exit"
	"btadmin/internal/sandbox"
	"btadmin/internal/text"
)

// plans and kinds are what --plan and SEED may be.
func plans() []string { return []string{"starter", "pro", "enterprise"} }
func kinds() []string { return []string{"demo", "empty", "large"} }

func bindFaults(cmd *cobra.Command, f *sandbox.Faults) {
	fs := cmd.Flags()
	fs.DurationVar(&f.Latency, "latency", 0, "wait this long before every answer, for example 250ms")
	fs.Float64Var(&f.FailRate, "fail-rate", 0, "share of requests answered 500 before anything is done, 0 to 1")
	fs.Float64Var(&f.RateLimit, "rate-limit", 0, "requests a second; above it 429 with Retry-After")
	fs.Float64Var(&f.DropAfterCommit, "drop-after-commit", 0, "share of writes that are done and never answered, 0 to 1")
	fs.Float64Var(&f.FailAfterCommit, "fail-after-commit", 0, "share of writes that are done and answered 502 all the same, 0 to 1")
	fs.Float64Var(&f.DropBefore, "drop-before", 0, "share of requests whose connection is closed before anything is done, 0 to 1")
	fs.Uint64Var(&f.Seed, "fault-seed", 0, "draw the faults of this seed: the same requests meet the same faults")
}

// checkOptions tries the options on a sandbox in memory, so that what is wrong with them is found before
// anything is replaced.
func checkOptions(options sandbox.Options) error {
	if err := oneOf("--plan", string(options.Plan), plans()); err != nil {
		return err
	}
	if err := oneOf("seed", string(options.Seed.Kind), kinds()); err != nil {
		return err
	}
	options.Seed.Kind = sandbox.SeedEmpty
	trial, err := sandbox.NewMemory(options)
	if err != nil {
		return exit.New(exit.BadInput, err)
	}
	return trial.Close()
}

// oneOf checks a word; an empty one was not given.
func oneOf(what, word string, known []string) error {
	if word == "" {
		return nil
	}
	for _, k := range known {
		if word == k {
			return nil
		}
	}
	err := exit.BadInputf("%s %q: one of %s", what, word, strings.Join(known, ", "))
	if near := text.Nearest(word, known); len(near) > 0 {
		return err.WithHint("did you mean %q?", near[0])
	}
	return err
}

// describeFaults lists the faults that are on, "" for none.
func describeFaults(f sandbox.Faults) string {
	var on []string
	add := func(active bool, word string) {
		if active {
			on = append(on, word)
		}
	}
	add(f.Latency > 0, "latency "+f.Latency.String())
	add(f.FailRate > 0, "failures")
	add(f.RateLimit > 0, "a rate limit")
	add(f.DropAfterCommit > 0, "lost answers")
	add(f.FailAfterCommit > 0, "failures after commits")
	add(f.DropBefore > 0, "closed connections")
	return strings.Join(on, ", ")
}
