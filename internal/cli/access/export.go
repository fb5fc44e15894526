package access

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
)

// exportDocument is an organization for OpenFGA. Fields are added, never renamed.
type exportDocument struct {
	Name   string           `json:"name"`
	Model  openfga.Document `json:"model"`
	Tuples []openfga.Tuple  `json:"tuples"`
}

type exportOptions struct {
	format      string
	out         string
	snapshot    string
	permissions []string
	compact     bool
	flat        bool
	objects     bool
}

func newExport(a *app.App) *cobra.Command {
	var opts exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "write the organization for another authorization engine",
		Long: `Write who may do what as an OpenFGA authorization model and relationship tuples, to serve checks online
from a distributed engine. Users, groups, nested groups, roles and grants stay what they are: the engine resolves them.

Standard output gets one JSON document with model and tuples. --out takes a .json file for the same, or a folder for
what the fga command line takes: model.fga, model.json, tuples.jsonl, and store.fga.yaml, which names them.

A check is then "user:ID read experiment:ID" for a thing itself, and "user:ID create.dataset project:ID" for things of
a type in a container. Deleted things, and grants that reach nobody, are left out.

OpenFGA searches the whole model at every step: --permission, --compact and --flat make it smaller, and checks several
times faster. A compact model has to be written again when a restriction to another type of object is used; in a flat
one roles are gone, and a change of a role changes the tuples of all its grants.`,
		Example: `  btadmin access export --format openfga --out openfga && fga store import --file openfga/store.fga.yaml
  btadmin access export --format openfga --permission read --compact --jq '.tuples | length'
  btadmin access export --format openfga --jq .model > model.json`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runExport(cmd.Context(), a, opts) },
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.format, "format", "", "which engine: openfga")
	fs.StringVar(&opts.out, "out", "", "write to this folder, or to this .json file, instead of standard output")
	fs.StringVar(&opts.snapshot, "snapshot", "", "read this snapshot file instead of the server")
	fs.StringSliceVar(&opts.permissions, "permission", nil, "only these permissions: read, update, create_acls, ...")
	fs.BoolVar(&opts.compact, "compact", false, "leave out relations for types that nothing is restricted to")
	fs.BoolVar(&opts.flat, "flat", false, "write roles as what they carry: lists are much faster, a change of a role changes many tuples")
	fs.BoolVar(&opts.objects, "all-objects", false, "every experiment, dataset, prompt and function, not only those that grants name")
	return cmd
}

// exportFormats are the engines that are written for.
func exportFormats() []string { return []string{"openfga"} }

func (o exportOptions) check() ([]openfga.Option, error) {
	if !slices.Contains(exportFormats(), o.format) {
		if o.format == "" {
			return nil, exit.BadInputf("missing --format: openfga is the only one there is")
		}
		err := exit.BadInputf("no format %q: openfga is the only one there is", text.Visible(o.format))
		return nil, err.WithHint("btadmin access export --format openfga")
	}
	var options []openfga.Option
	var only []braintrust.Permission
	for _, word := range o.permissions {
		p := braintrust.Permission(strings.TrimSpace(word))
		if !slices.Contains(braintrust.Permissions(), p) {
			return nil, exit.BadInputf("no permission %q: one of %s", text.Visible(word), permissionNames())
		}
		if !slices.Contains(only, p) {
			only = append(only, p)
		}
	}
	if len(only) > 0 {
		options = append(options, openfga.Only(only...))
	}
	if o.flat {
		options = append(options, openfga.Flat())
	}
	if o.compact {
		options = append(options, openfga.Compact())
	}
	return options, nil
}

func permissionNames() string {
	var names []string
	for _, p := range braintrust.Permissions() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

func runExport(ctx context.Context, a *app.App, opts exportOptions) error {
	options, err := opts.check()
	if err != nil {
		return err
	}
	p, err := a.Printer()
	if err != nil {
		return err
	}
	view, err := a.View(ctx, opts.snapshot, orgview.Options{Objects: opts.objects})
	if err != nil {
		return err
	}
	store := openfga.Export(view.Snapshot, options...)
	doc := exportDocument{Name: store.Name, Model: store.Model.Document(), Tuples: store.Tuples}
	switch {
	case opts.out == "":
		return output.Value(p, doc)
	case filepath.Ext(opts.out) == ".json":
		err = writeJSON(opts.out, doc)
	default:
		err = writeStore(opts.out, store, doc)
	}
	if err != nil {
		return err
	}
	a.Status.Done("Wrote %d types and %d tuples of %s to %s", len(doc.Model.TypeDefinitions), len(doc.Tuples), text.Visible(store.Name), opts.out)
	return nil
}

// makeFolder makes the folder of an export; one that is there is kept.
func makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		if info, statErr := os.Stat(dir); statErr == nil && info.IsDir() {
			return nil
		}
		return exit.BadInputf("write to %s: it is there and is no folder; a file must end in .json", dir)
	}
	if err != nil {
		return fmt.Errorf("make the folder for the export: %w", err)
	}
	return nil
}
