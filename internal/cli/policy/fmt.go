package policy

import (
	"bytes"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/atomicfile"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

type fmtOptions struct{ check, write bool }

func newFmt(a *app.App) *cobra.Command {
	var opts fmtOptions
	cmd := &cobra.Command{
		Use:   "fmt " + fileArgs,
		Short: "write policy documents in their canonical layout",
		Long: `Write policy documents in their canonical layout: two spaces a level, one space before a comment, double quotes
where quotes are needed, at most one blank line. Order, comments and inline lists stay as they are, and the meaning
does: a document that cannot be laid out without losing something is refused, and its file left alone.

One file, or standard input, is printed. -w writes files in place. --check changes nothing, lists the files whose
layout differs, and ends with exit code 6 if there are any.`,
		Example: `  btadmin policy fmt access.yaml
  btadmin policy fmt -w access/
  btadmin policy fmt --check access/ && echo tidy`,
		Args: tree.Args(fileArgs),
		RunE: func(_ *cobra.Command, args []string) error { return runFmt(a, args, opts) },
	}
	cmd.Flags().BoolVar(&opts.check, "check", false, "change nothing; list files whose layout differs, exit code 6")
	cmd.Flags().BoolVarP(&opts.write, "write", "w", false, "write the files in place")
	return cmd
}

// laidOut is a file with its canonical layout.
type laidOut struct {
	policy.File
	layout []byte
}

func (f laidOut) differs() bool { return !bytes.Equal(f.Data, f.layout) }

func runFmt(a *app.App, paths []string, opts fmtOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if opts.check && opts.write {
		return exit.BadInputf("--check and --write exclude each other")
	}
	files, err := layouts(a, paths)
	if err != nil {
		return err
	}
	if !opts.check && !opts.write {
		if len(files) > 1 {
			return exit.BadInputf("the policy has %d files, and only one can be printed", len(files)).WithHint("-w writes them in place, --check lists those that differ")
		}
		return output.Document(p, string(files[0].layout))
	}
	var names []string
	for _, f := range files {
		if f.differs() {
			names = append(names, f.Name)
		}
	}
	if opts.write && !a.Flags.DryRun {
		if err := rewrite(files); err != nil {
			return err
		}
	}
	if err := output.List(p, nameColumns(), fileRows(names)); err != nil {
		return err
	}
	switch {
	case opts.check && len(names) > 0:
		return exit.Silent(exit.No)
	case opts.write && a.Flags.DryRun:
		a.Status.Note("dry run: %s would be written", text.Count(len(names), "file"))
	case opts.write:
		a.Status.Done("Wrote %s, %d were laid out already", text.Count(len(names), "file"), len(files)-len(names))
	}
	return nil
}

// layouts lays out every file before any is written, so that a broken one stops all.
func layouts(a *app.App, paths []string) ([]laidOut, error) {
	files, err := policy.Read(paths, a.IO.In)
	if err != nil {
		return nil, err
	}
	var problems syntax.Problems
	out := make([]laidOut, 0, len(files))
	for _, f := range files {
		before := problems.Errors()
		layout := syntax.Format(f.Name, f.Data, &problems)
		if problems.Errors() == before {
			out = append(out, laidOut{f, layout})
		}
	}
	if err := problems.Err(); err != nil {
		return nil, exit.New(exit.BadInput, err)
	}
	return out, nil
}

func rewrite(files []laidOut) error {
	for _, f := range files {
		if f.Name == policy.StandardInput {
			return exit.BadInputf("standard input cannot be written in place").WithHint("leave out -w")
		}
	}
	for _, f := range files {
		if !f.differs() {
			continue
		}
		if err := atomicfile.Write(f.Name, f.layout, fileMode(f.Name), true); err != nil {
			return err
		}
	}
	return nil
}

// fileRow is a file that differs.
type fileRow struct {
	File string `json:"file"`
}

func fileRows(names []string) []fileRow {
	rows := make([]fileRow, len(names))
	for i, name := range names {
		rows[i] = fileRow{name}
	}
	return rows
}

func nameColumns() []output.Column[fileRow] {
	return []output.Column[fileRow]{{Field: "file", Text: func(r fileRow) string { return r.File }}}
}
