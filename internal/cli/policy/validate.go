package policy

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/policy"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// problemRow is one thing that is wrong. Fields are added, never renamed.
type problemRow struct {
	File     string `json:"file"`
	Line     int    `json:"line"`   // 0 when the whole file is meant
	Column   int    `json:"column"` // in characters, from 1
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	// SeeFile and SeeLine are another place that has to do with it, such as where a name was given first.
	SeeFile string `json:"see_file"`
	SeeLine int    `json:"see_line"`
}

func newValidate(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "validate " + fileArgs,
		Short: "check policy documents without a network",
		Long: `Check policy documents without a network: YAML, keys, words, names, profiles, variables, patterns and tests.
Everything that is wrong is told at once, with file, line and column. What depends on the organization, such as
whether a project exists, is checked by plan.

Several files make one policy, and of a folder every *.yaml and *.yml in it. Without an argument it is access.yaml;
"-" is standard input. Exit code 0 is valid, 4 is not.

In a pipe and with --json there is one row for each problem. -o github prints annotations that GitHub Actions
shows beside the lines of a pull request.`,
		Example: `  btadmin policy validate
  btadmin policy validate access/ --json
  btadmin policy validate access.yaml -o github`,
		Args: tree.Args(fileArgs),
		RunE: func(_ *cobra.Command, args []string) error { return runValidate(a, args) },
	}
}

func runValidate(a *app.App, paths []string) error {
	github := a.Special("github") != ""
	p, err := a.Printer()
	if err != nil {
		return err
	}
	files, err := policy.Read(paths, a.IO.In)
	if err != nil {
		return err
	}
	table, err := a.Labels()
	if err != nil {
		return err
	}
	checked, problems := policy.ParseWith(files, table)
	all := problems.All()
	switch {
	case github:
		err = output.Annotations(p, annotations(all))
	case p.Human() && a.IO.OutTTY:
		err = printProblems(p, all)
	default:
		err = output.List(p, problemColumns(), problemRows(all))
	}
	if err != nil {
		return err
	}
	if problems.Failed() {
		a.Status.Print("%s", counted(all, problems.Left()))
		return exit.Silent(exit.BadInput)
	}
	d := checked.Desired
	a.Status.Done("The policy for %s is valid: %s, %s, %s, %s", d.Org.Value, text.Count(listed(d), "group"), text.Count(len(d.People), "member"),
		text.Count(len(d.Accounts), "service account"), text.Count(len(d.Tests), "test"))
	return nil
}

// listed counts the groups that the document has itself.
func listed(d *policy.Desired) int {
	n := 0
	for _, g := range d.Groups {
		if !g.Unlisted {
			n++
		}
	}
	return n
}

func counted(all []syntax.Problem, left int) string {
	errors := left
	for _, p := range all {
		if p.Severity == syntax.Error {
			errors++
		}
	}
	return "The policy is not valid: " + text.Count(errors, "error")
}

// printProblems shows each problem with its line of the file.
func printProblems(p *output.Printer, all []syntax.Problem) error {
	var lines []string
	for i := range all {
		lines = append(lines, splitLines(all[i].String())...)
	}
	return output.Lines(p, lines...)
}

func problemRows(all []syntax.Problem) []problemRow {
	rows := make([]problemRow, len(all))
	for i, p := range all {
		rows[i] = problemRow{
			File: p.At.File(), Line: p.At.Line(), Column: p.At.Column(), Severity: string(p.Severity), Message: p.Message, Hint: p.Hint,
			SeeFile: p.Also.File(), SeeLine: p.Also.Line(),
		}
	}
	return rows
}

// annotations are the problems for GitHub, with paths from the root of the repository as it wants them.
func annotations(all []syntax.Problem) []output.Annotation {
	list := make([]output.Annotation, len(all))
	for i, p := range all {
		message := p.Message
		if p.Hint != "" {
			message += "\nhint: " + p.Hint
		}
		list[i] = output.Annotation{
			Level: string(p.Severity), File: p.At.File(), Line: p.At.Line(), Column: p.At.Column(), Title: "policy", Message: message,
		}
	}
	return list
}

// annotated prints what makes a policy unusable as annotations, too, where -o github asks for them: a name that is not in
// the organization is shown beside its line, as what validate finds is.
func annotated(p *output.Printer, format string, err error) error {
	var invalid *syntax.InvalidError
	if format != "github" || !errors.As(err, &invalid) {
		return err
	}
	if failed := output.Annotations(p, annotations(invalid.Problems)); failed != nil {
		return failed
	}
	return err
}

// fileMode is the mode of a file that is written in the place of another.
func fileMode(name string) os.FileMode {
	if info, err := os.Stat(name); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}
