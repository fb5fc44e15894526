package change

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// Schema is the version of the format of saved plans.
const Schema = 1

// SavedPlan is a reviewed plan in a file: the exact steps, and what they rest on. It holds no secret.
type SavedPlan struct {
	Created time.Time
	Version string // of the program that wrote it
	Plan    Plan
	Hash    string // of the review: --approve-superuser and --approve-exposure take it
	Rests   []Rest
	// Notes are what the maker of the plan wants to show again when it is carried out, as JSON. They change nothing
	// about what is done; as a part of the file they cannot be edited.
	Notes jsontext.Value
}

// savedFile is the document. Its bytes are exactly what encode writes: any other byte is an edit.
type savedFile struct {
	Schema       int       `json:"btadmin_plan"`
	Version      string    `json:"version"`
	Created      time.Time `json:"created"`
	Host         string    `json:"host"`
	OrgID        string    `json:"org_id"`
	Organization string    `json:"organization"`
	PlanHash     string    `json:"plan_hash"`
	Bulk         bool      `json:"bulk"`
	Limits       Limits    `json:"limits"`
	Steps        []typed   `json:"steps"`
	Rests        []Rest    `json:"rests"`

	Notes     jsontext.Value `json:"notes,omitzero"`
	Integrity string         `json:"integrity"` // SHA-256 over all of the above
}

// encode seals the document and returns its bytes, which depend on its contents only.
func (f savedFile) encode() ([]byte, error) {
	options := json.JoinOptions(json.Deterministic(true), jsontext.WithIndent("  "))
	f.Integrity = ""
	bare, err := json.Marshal(f, options)
	if err != nil {
		return nil, fmt.Errorf("write a plan: %w", err)
	}
	sum := sha256.Sum256(bare)
	f.Integrity = hex.EncodeToString(sum[:])
	whole, err := json.Marshal(f, options)
	if err != nil {
		return nil, fmt.Errorf("write a plan: %w", err)
	}
	return append(whole, '\n'), nil
}

// SavePlan writes a reviewed plan to a new file that only its owner can read. The plan must have a Base,
// because a saved plan rests on the whole organization. Notes are kept beside it and may be nil. Without overwrite an
// existing file is atomicfile.ErrExists.
func (r *Runner) SavePlan(path string, review *Review, notes jsontext.Value, overwrite bool) error {
	if review.Plan.Base == nil {
		return errors.New("save a plan: it was not made from the whole organization")
	}
	file := savedFile{
		Schema: Schema, Version: r.Version, Created: r.now().UTC().Truncate(time.Second), Host: review.Plan.Host,
		OrgID: review.Plan.Org.ID, Organization: review.Plan.Org.Name, PlanHash: review.Hash,
		Bulk: review.Plan.Bulk, Limits: review.Plan.Limits, Rests: review.rests, Steps: []typed{}, Notes: notes,
	}
	if file.Rests == nil {
		file.Rests = []Rest{}
	}
	for _, step := range review.Plan.Steps {
		if _, raw := step.(*RawRequest); raw {
			return errors.New("save a plan: a raw request cannot be saved")
		}
		encoded, err := encodeStep(step)
		if err != nil {
			return err
		}
		file.Steps = append(file.Steps, encoded)
	}
	data, err := file.encode()
	if err != nil {
		return err
	}
	if len(data) > mostPlan { // which nobody could load
		return exit.Newf(exit.Failure, "save a plan: it takes %d MiB, and a saved plan has at most %d", len(data)>>20, mostPlan>>20).
			WithHint("plan a part of the documents at a time, or apply them without a saved plan")
	}
	return atomicfile.Write(path, data, 0o600, overwrite)
}

// plan is the document as it is used.
func (f savedFile) plan() (*SavedPlan, error) {
	saved := &SavedPlan{
		Created: f.Created, Version: f.Version, Hash: f.PlanHash, Rests: f.Rests, Notes: f.Notes,
		Plan: Plan{Host: f.Host, Org: braintrust.Organization{ID: f.OrgID, Name: f.Organization}, Bulk: f.Bulk, Limits: f.Limits},
	}
	for _, t := range f.Steps {
		step, err := decodeStep(t)
		if err != nil {
			return nil, err
		}
		saved.Plan.Steps = append(saved.Plan.Steps, step)
	}
	return saved, nil
}
