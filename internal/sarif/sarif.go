// Package sarif writes findings in SARIF 2.1.0 (OASIS), the format that code scanning services and editors read.
// It knows as much of it as those need: one run, its rules, results with a location and a fingerprint that is the
// same from run to run, and notifications about what could not be looked at.
package sarif

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Level is how bad a result is.
type Level string

// The levels of SARIF.
const (
	LevelError   Level = "error"
	LevelWarning Level = "warning"
	LevelNote    Level = "note"
)

// Rule describes one kind of result.
type Rule struct {
	ID    string
	Short string // one line
	Full  string // why it matters
	Level Level  // of its results, unless they say otherwise
}

// Result is one finding.
type Result struct {
	Rule    string // id of one of the rules
	Level   Level
	Message string
	// Fingerprint tells the result from all others and stays the same from run to run: see Fingerprint.
	Fingerprint string
	// File is relative to the root of the repository, with slashes. SARIF readers want one even for what is in no
	// file; Line and Column count from 1 and are left out when 0.
	File         string
	Line, Column int
	Logical      []string // references to what it is about, such as group:QA
}

// Run is what one run of a tool found.
type Run struct {
	Version string // of btadmin
	Rules   []Rule
	Results []Result
	// Notes are what the run could not look at.
	Notes []string
}

// schema is where the schema of the format is published.
const schema = "https://json.schemastore.org/sarif-2.1.0.json"

type (
	log struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	run struct {
		Tool        tool         `json:"tool"`
		Invocations []invocation `json:"invocations"`
		Results     []result     `json:"results"`
		ColumnKind  string       `json:"columnKind"`
	}
	tool struct {
		Driver driver `json:"driver"`
	}
	driver struct {
		Name           string `json:"name"`
		Version        string `json:"version,omitzero"`
		InformationURI string `json:"informationUri,omitzero"`
		Rules          []rule `json:"rules"`
	}
	rule struct {
		ID                   string        `json:"id"`
		ShortDescription     text          `json:"shortDescription"`
		FullDescription      text          `json:"fullDescription"`
		DefaultConfiguration configuration `json:"defaultConfiguration"`
		Help                 text          `json:"help"`
	}
	configuration struct {
		Level Level `json:"level"`
	}
	text struct {
		Text string `json:"text"`
	}
	invocation struct {
		ExecutionSuccessful        bool           `json:"executionSuccessful"`
		ToolExecutionNotifications []notification `json:"toolExecutionNotifications,omitempty"`
	}
	notification struct {
		Level   Level `json:"level"`
		Message text  `json:"message"`
	}
	result struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               Level             `json:"level"`
		Message             text              `json:"message"`
		Locations           []location        `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	location struct {
		PhysicalLocation physical  `json:"physicalLocation"`
		LogicalLocations []logical `json:"logicalLocations,omitempty"`
	}
	physical struct {
		ArtifactLocation artifact `json:"artifactLocation"`
		Region           *region  `json:"region,omitempty"`
	}
	artifact struct {
		URI string `json:"uri"`
	}
	region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitzero"`
	}
	logical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

// Fingerprint makes the identity of a result, in hexadecimal, from its rule and from what tells it from others of
// that rule.
func Fingerprint(rule, key string) string {
	sum := sha256.Sum256([]byte(rule + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}

// fingerprintName is versioned: another way to compute it gets another name.
const fingerprintName = "btadmin/v1"

// Write writes one run as a document. A result whose rule is not among the rules is an error.
func Write(w io.Writer, r Run) error {
	out := run{
		Tool:        tool{driver{Name: "btadmin", Version: r.Version, Rules: []rule{}}},
		Invocations: []invocation{{ExecutionSuccessful: true}},
		Results:     []result{}, ColumnKind: "unicodeCodePoints",
	}
	for _, note := range r.Notes {
		out.Invocations[0].ToolExecutionNotifications = append(out.Invocations[0].ToolExecutionNotifications,
			notification{Level: LevelNote, Message: text{note}})
	}
	for _, one := range r.Rules {
		out.Tool.Driver.Rules = append(out.Tool.Driver.Rules, rule{
			ID: one.ID, ShortDescription: text{one.Short}, FullDescription: text{one.Full},
			DefaultConfiguration: configuration{one.Level}, Help: text{one.Full},
		})
	}
	for _, one := range r.Results {
		made, err := one.made(r.Rules)
		if err != nil {
			return err
		}
		out.Results = append(out.Results, made)
	}
	document := log{Schema: schema, Version: "2.1.0", Runs: []run{out}}
	if err := json.MarshalWrite(w, document, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true)); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

func (r Result) made(rules []Rule) (result, error) {
	at := slices.IndexFunc(rules, func(one Rule) bool { return one.ID == r.Rule })
	if at < 0 {
		return result{}, fmt.Errorf("write SARIF: the result %q has the rule %q, which is not described", r.Message, r.Rule)
	}
	where := location{PhysicalLocation: physical{ArtifactLocation: artifact{URI: fileURI(r.File)}}}
	if r.Line > 0 {
		where.PhysicalLocation.Region = &region{StartLine: r.Line, StartColumn: r.Column}
	}
	for _, name := range r.Logical {
		where.LogicalLocations = append(where.LogicalLocations, logical{name})
	}
	level := r.Level
	if level == "" {
		level = rules[at].Level
	}
	return result{
		RuleID: r.Rule, RuleIndex: at, Level: level, Message: text{r.Message}, Locations: []location{where},
		PartialFingerprints: map[string]string{fingerprintName: r.Fingerprint},
	}, nil
}
