// Package journal keeps what this tool changed: one line of JSON an entry, appended, locked and chained by
// hashes, in a folder of its own for each host and organization. The chain shows damage and careless edits; it
// does not stop the user who owns the file from writing it anew, which is why the head is printed after a run.
package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Type says what an entry records.
type Type string

// The types of entry. An intent is on disk before its request leaves; a run without an end was interrupted.
const (
	RunBegin Type = "run_begin"
	Intent   Type = "intent"
	Outcome  Type = "outcome"
	RunEnd   Type = "run_end"
)

// Entry is one line. It never holds a secret.
type Entry struct {
	Run          string         `json:"run"`
	Seq          int            `json:"seq"` // within the run, from 0
	Time         time.Time      `json:"time"`
	Type         Type           `json:"type"`
	Actor        string         `json:"actor,omitzero"` // user id behind the credential, when known
	Host         string         `json:"host,omitzero"`
	Organization string         `json:"organization,omitzero"`
	Argv         []string       `json:"argv,omitzero"`
	Version      string         `json:"version,omitzero"`
	PlanHash     string         `json:"plan_hash,omitzero"`
	Step         int            `json:"step,omitzero"` // from 1
	Part         int            `json:"part,omitzero"` // of a step that is sent in several requests, from 1
	Action       string         `json:"action,omitzero"`
	Change       jsontext.Value `json:"change,omitzero"` // the step: target, before and after
	Lines        []string       `json:"lines,omitzero"`
	Made         []Made         `json:"made,omitzero"`  // with an outcome: what was made, by the ids it has
	Maybe        bool           `json:"maybe,omitzero"` // with a failed outcome: it may have been carried out all the same
	UndoOf       string         `json:"undo_of,omitzero"`
	RequestIDs   []string       `json:"request_ids,omitzero"`
	Guards       []string       `json:"guards,omitzero"` // ids that fired
	Override     string         `json:"override,omitzero"`
	Reason       string         `json:"reason,omitzero"`
	Result       string         `json:"result,omitzero"` // confirmed, failed, partial
	Error        string         `json:"error,omitzero"`
	Previous     string         `json:"prev,omitzero"`
	Hash         string         `json:"hash,omitzero"`
}

// Made is something that a step made. Placeholder is what the steps of the run call it.
type Made struct {
	Placeholder string `json:"placeholder"`
	ID          string `json:"id"`
}

// sealed is the line of an entry: its JSON without the hash is what the hash covers.
func sealed(e Entry, previous string) ([]byte, string, error) {
	e.Previous, e.Hash = previous, ""
	bare, err := json.Marshal(e)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(bare)
	e.Hash = hex.EncodeToString(sum[:])
	line, err := json.Marshal(e)
	return line, e.Hash, err
}
