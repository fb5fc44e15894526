package change

import "fmt"

// prepareSinks is G15: where a secret goes is made ready before it is minted.
func prepareSinks(steps []Step) error {
	for _, step := range steps {
		m, ok := step.(minter)
		if !ok || !m.mints() {
			continue
		}
		if m.sink() == nil {
			return &GuardError{Findings: []Finding{{Guard: "G15", Message: "a token would be made that nobody receives: it has no destination"}}}
		}
		if err := m.sink().Prepare(); err != nil {
			return &sinkError{GuardError{Findings: []Finding{{Guard: "G15", Message: fmt.Sprintf("the token would have nowhere to go: %v", err)}}}, err}
		}
	}
	return nil
}

// sinkError is a GuardError that keeps its cause.
type sinkError struct {
	GuardError
	cause error
}

// Unwrap returns the guard's error and its cause.
func (e *sinkError) Unwrap() []error { return []error{&e.GuardError, e.cause} }
