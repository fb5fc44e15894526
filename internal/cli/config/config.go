// Package config is the noun config: what is set, where each value comes from, and how to change it.
package config

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	settings "btadmin/internal/config"
	"btadmin/internal/output"
)

// New makes the noun with its verbs.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "config", "", "show and change settings",
		newList, newGet, newSet)
}

// row is one setting as lists show it.
type row struct {
	Key    string              `json:"key"`
	Value  string              `json:"value"`
	Source settings.SourceKind `json:"source"` // flag, environment, profile, file, default or sandbox
	Origin string              `json:"origin"` // the flag, variable, profile or file; "" for a default
}

func rowOf(v settings.Value) row {
	return row{Key: v.Key, Value: v.Value, Source: v.Source.Kind, Origin: v.Source.Name}
}

func columns() []output.Column[row] {
	return []output.Column[row]{
		{Field: "key", Header: "KEY", Text: func(r row) string { return r.Key }},
		{Field: "value", Header: "VALUE", Text: func(r row) string { return r.Value }},
		{Field: "source", Header: "SOURCE", Text: func(r row) string { return string(r.Source) }},
		{Field: "origin", Header: "FROM", Text: func(r row) string { return r.Origin }},
	}
}

// names lists the settings for completion.
func names() []string {
	var list []string
	for _, k := range settings.Keys() {
		list = append(list, k.Name)
	}
	return list
}
