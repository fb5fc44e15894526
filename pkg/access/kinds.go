package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// ObjectWord is one of the words for the kinds of object in a project, with the type that grants on it
// are restricted to.
type ObjectWord struct {
	Word  string
	Title string
	Type  braintrust.ObjectType
}

// ObjectWords lists the eight kinds of the "Project permissions" page. Functions, scorers and classifiers
// are kept in the store of prompts and have no type of their own.
func ObjectWords() []ObjectWord {
	return []ObjectWord{
		{"experiments", "Experiments", braintrust.ObjectExperiment},
		{"datasets", "Datasets", braintrust.ObjectDataset},
		{"logs", "Logs", braintrust.ObjectProjectLog},
		{"prompts", "Prompts", braintrust.ObjectPrompt},
		{"playgrounds", "Playgrounds", braintrust.ObjectPromptSession},
		{"functions", "Functions", braintrust.ObjectPrompt},
		{"scorers", "Scorers", braintrust.ObjectPrompt},
		{"classifiers", "Classifiers", braintrust.ObjectPrompt},
	}
}

// ParseObjectWords reads a comma separated list of kinds; "all" stands for every one. The singular is
// accepted. Each word comes back once, in the order typed.
func ParseObjectWords(words string) ([]ObjectWord, error) {
	table := ObjectWords()
	var chosen []ObjectWord
	for typed := range strings.SplitSeq(words, ",") {
		word := strings.ToLower(strings.TrimSpace(typed))
		if word == "all" {
			chosen = append(chosen, table...)
			continue
		}
		i := slices.IndexFunc(table, func(k ObjectWord) bool { return k.Word == word || k.Word == word+"s" })
		if i < 0 {
			var known []string
			for _, k := range table {
				known = append(known, k.Word)
			}
			return nil, fmt.Errorf("unknown kind of object %q: one of %s", strings.TrimSpace(typed), strings.Join(known, ", "))
		}
		chosen = append(chosen, table[i])
	}
	var unique []ObjectWord
	for _, k := range chosen {
		if !slices.Contains(unique, k) {
			unique = append(unique, k)
		}
	}
	return unique, nil
}

// RestrictTypes returns the types that the words stand for, each once.
func RestrictTypes(words []ObjectWord) []braintrust.ObjectType {
	var types []braintrust.ObjectType
	for _, k := range words {
		if !slices.Contains(types, k.Type) {
			types = append(types, k.Type)
		}
	}
	return types
}

// Widening says in plain words what the kinds reach beyond what was typed, "" when nothing: granting
// "scorers" also grants prompts, functions and classifiers.
func Widening(words []ObjectWord) string {
	var typed, also []string
	for _, k := range ObjectWords() {
		if k.Type != braintrust.ObjectPrompt {
			continue
		}
		if slices.Contains(words, k) {
			typed = append(typed, k.Word)
		} else {
			also = append(also, k.Word)
		}
	}
	if len(typed) == 0 || len(also) == 0 {
		return ""
	}
	return fmt.Sprintf("%s share one store and one permission with %s: this reaches them as well",
		strings.Join(typed, " and "), joinAnd(also))
}

func joinAnd(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// KindTitle names the kinds that a restriction stands for: "Prompts, functions, scorers, classifiers".
func KindTitle(restrict braintrust.ObjectType) string {
	var titles []string
	for _, k := range ObjectWords() {
		if k.Type != restrict {
			continue
		}
		if len(titles) == 0 {
			titles = append(titles, k.Title)
		} else {
			titles = append(titles, k.Word)
		}
	}
	if len(titles) == 0 {
		return string(restrict)
	}
	return strings.Join(titles, ", ")
}
