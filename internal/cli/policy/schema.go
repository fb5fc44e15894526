package policy

import (
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
	"btadmin/internal/policy/schema"
)

func newSchema(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of policy documents, for editors",
		Long: `Print the JSON Schema of policy documents (draft 2020-12). Editors that know YAML complete keys and words with it
and explain them. It is made from the same definitions that read documents; what it cannot express, such as rows
that must agree, is checked by "policy validate".

A first line in the document connects the two:

  # yaml-language-server: $schema=./btadmin-policy.v1.schema.json`,
		Example: `  btadmin policy schema > btadmin-policy.v1.schema.json
  btadmin policy schema --jq '.properties | keys'`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error { return runSchema(a) },
	}
}

func runSchema(a *app.App) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if p.Human() {
		return output.Document(p, schema.JSON())
	}
	return output.Value(p, jsontext.Value(schema.JSON()))
}
