// Package ask puts the questions of the permission pages: which words, which kinds of object.
package ask

import (
	"slices"
	"strings"

	"btadmin/internal/prompt"
	"btadmin/pkg/access"
)

// Words offers the labels of a scope, those that are granted now ticked, and returns the chosen words, comma
// separated; "" when none was chosen.
func Words(p *prompt.Prompter, question string, scope access.Scope, ticked []string) (string, error) {
	labels := access.Table{}.Scope(scope) // words and titles are the same in every table
	titles, words := make([]string, len(labels)), make([]string, len(labels))
	for i, l := range labels {
		titles[i], words[i] = l.Title, l.Word
	}
	return several(p, question, titles, words, ticked)
}

// Kinds offers the eight kinds of object and returns the chosen words, comma separated.
func Kinds(p *prompt.Prompter, question string) (string, error) {
	table := access.ObjectWords()
	titles, words := make([]string, len(table)), make([]string, len(table))
	for i, k := range table {
		titles[i], words[i] = k.Title, k.Word
	}
	return several(p, question, titles, words, nil)
}

func several(p *prompt.Prompter, question string, titles, words, ticked []string) (string, error) {
	var preselected []int
	for i, word := range words {
		if slices.Contains(ticked, word) {
			preselected = append(preselected, i)
		}
	}
	chosen, err := p.MultiSelect(question, titles, preselected)
	picked := make([]string, len(chosen))
	for i, n := range chosen {
		picked[i] = words[n]
	}
	return strings.Join(picked, ","), err
}
