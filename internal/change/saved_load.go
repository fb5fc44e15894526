package change

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/go-json-experiment/json"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

const (
	mostPlan    = 64 << 20 // bytes
	planKept    = 24 * time.Hour
	clocksDrift = 5 * time.Minute // between the machine that planned and the one that applies
)

// SavedPlanError says why a saved plan is not used (G13). Nothing was sent. Exit code 7.
type SavedPlanError struct {
	GuardError
	Advice string
}

// Unwrap returns the guard's error.
func (e *SavedPlanError) Unwrap() error { return &e.GuardError }

// Hint names the way on.
func (e *SavedPlanError) Hint() string { return e.Advice }

const planAnew = "make the plan anew, review it, and apply that one"

func unusable(advice, format string, args ...any) error {
	return &SavedPlanError{GuardError{Findings: []Finding{{Guard: "G13", Message: fmt.Sprintf(format, args...)}}}, advice}
}

// LoadPlan reads a saved plan and refuses one that is not meant for here and now: of another host or
// organization, edited, of another schema, older than 24 h, or open to others. The error is then a
// *SavedPlanError; a file that is not there is bad input.
func LoadPlan(path, host string, org braintrust.Organization, now time.Time) (*SavedPlan, error) {
	data, err := readPlan(path)
	if err != nil {
		return nil, err
	}
	saved, err := decodePlan(data)
	if err != nil {
		return nil, err
	}
	age := now.Sub(saved.Created)
	switch {
	case saved.Plan.Host != host:
		return nil, unusable("use the profile that the plan was made with", "the plan is for the server %s, and this is %s", text.Visible(saved.Plan.Host), host)
	case saved.Plan.Org.ID != org.ID:
		return nil, unusable("use the profile or --org that the plan was made with", "the plan is for the organization %s (%s), and this is %s (%s)",
			text.Visible(saved.Plan.Org.Name), text.Visible(saved.Plan.Org.ID), org.Name, org.ID)
	case age > planKept:
		return nil, unusable(planAnew, "the plan is %s old, and plans are good for 24 hours", age.Round(time.Minute))
	case age < -clocksDrift:
		return nil, unusable("compare the clocks of the two machines, or "+planAnew, "the plan was made in the future, at %s", saved.Created.Format(time.RFC3339))
	}
	saved.Plan.Org = org // with what the server says now
	return saved, nil
}

func readPlan(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit.BadInputf("no plan at %s", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, unusable("give the file itself", "read the plan %s: %v", path, atomicfile.ErrNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	defer f.Close()
	opened, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the plan: %w", err)
	case !os.SameFile(info, opened): // it was replaced in between
		return nil, unusable(planAnew, "read the plan %s: it was replaced while it was opened", path)
	case runtime.GOOS != "windows" && opened.Mode().Perm()&0o077 != 0:
		return nil, unusable("if nobody can have changed it: chmod 600 "+text.ShellWord(path)+"; else "+planAnew,
			"the plan %s is open to others (mode %04o)", path, opened.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(f, mostPlan+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the plan: %w", err)
	case len(data) > mostPlan:
		return nil, unusable(planAnew, "the plan %s is longer than %d MiB", path, mostPlan>>20)
	}
	return data, nil
}

// decodePlan reads the bytes of a plan. What it accepts is exactly what SavePlan writes.
func decodePlan(data []byte) (*SavedPlan, error) {
	var head struct {
		Schema *int `json:"btadmin_plan"`
	}
	err := json.Unmarshal(data, &head)
	switch {
	case err != nil || head.Schema == nil:
		return nil, unusable(planAnew, "this is no plan of btadmin, or it is damaged")
	case *head.Schema < Schema:
		return nil, unusable(planAnew, "the plan has the older schema %d; this btadmin uses %d", *head.Schema, Schema)
	case *head.Schema > Schema:
		return nil, unusable("apply it with the btadmin that made it, or "+planAnew, "the plan has the newer schema %d; this btadmin knows %d", *head.Schema, Schema)
	}
	var file savedFile
	if err := json.Unmarshal(data, &file, json.RejectUnknownMembers(true)); err != nil {
		return nil, unusable(planAnew, "the plan is damaged or was edited")
	}
	canonical, err := file.encode()
	if err != nil || !bytes.Equal(canonical, data) {
		return nil, unusable(planAnew, "the plan was edited after it was made")
	}
	saved, err := file.plan()
	if err != nil {
		return nil, unusable(planAnew, "the plan is damaged or was edited: %v", err)
	}
	return saved, nil
}
