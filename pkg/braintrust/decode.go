package braintrust

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenient is how answers are read: unknown members are kept or ignored, null stands for absent, and
// bytes that are not UTF-8 become the replacement character instead of hiding a whole list.
var lenient = jsontext.AllowInvalidUTF8(true)

var (
	errNoID  = errors.New("the answer has an object without an id")
	errEmpty = errors.New("the answer is empty")
)

// decode reads an answer; what does not fit is an *AnswerError that names the call.
func decode[T any](r request, a *answer) (T, error) {
	var value T
	var err error
	switch {
	case len(bytes.TrimSpace(a.body)) == 0:
		err = errEmpty
	case isHTML("", a.body):
		err = errors.New("the answer is a page of HTML" + title(a.body) + ", not JSON: is this the URL of the API?")
	default:
		if err = json.Unmarshal(a.body, &value, lenient); err != nil {
			err = fmt.Errorf("the answer does not fit: %w", err)
		}
	}
	if err != nil {
		var none T
		return none, r.strange(a, err)
	}
	return value, nil
}

func (r request) strange(a *answer, err error) error {
	return &AnswerError{Method: r.method, Path: r.path, RequestID: a.requestID, Err: err}
}
