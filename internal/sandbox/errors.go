package sandbox

import (
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
)

// fault is an answer that is not a 200: what went wrong with one request.
type fault struct {
	status  int
	code    string // the word that the real server puts in "Code"
	message string
	plain   bool // text/plain instead of JSON: clients must read both
	header  http.Header
}

func (f *fault) Error() string { return fmt.Sprintf("%d %s", f.status, f.message) }

func badRequest(format string, args ...any) error {
	return &fault{status: http.StatusBadRequest, code: "BadRequestError", message: fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) error {
	return &fault{status: http.StatusForbidden, code: "ForbiddenError", message: fmt.Sprintf(format, args...)}
}

func unauthorized(format string, args ...any) error {
	return &fault{status: http.StatusUnauthorized, code: "AuthorizationError", message: fmt.Sprintf(format, args...), plain: true}
}

func internalError(format string, args ...any) error {
	return &fault{status: http.StatusInternalServerError, code: "InternalServerError", message: fmt.Sprintf(format, args...)}
}

// noAccess is one answer for what is missing and for what the caller may not see, so that asking tells
// nothing (domain.md, section 4).
func noAccess(label, id string) error {
	return badRequest("%s does not exist or you do not have access [id %s]", label, id)
}

func unknownPath(method, path string) error {
	return &fault{status: http.StatusNotFound, code: "NotFoundError", message: fmt.Sprintf("Cannot %s %s", method, path), plain: true}
}

// errorBody has the field names of the real server's errors.
type errorBody struct {
	Code            string `json:"Code"`
	Message         string `json:"Message"`
	Path            string `json:"Path"`
	Service         string `json:"Service"`
	InternalTraceID string `json:"InternalTraceId"`
}

func (f *fault) answer(path, trace string) answer {
	a := answer{status: f.status, header: f.header}
	if f.plain {
		a.contentType, a.parts = textType, [][]byte{[]byte(f.message + "\n")}
		return a
	}
	body, err := json.Marshal(errorBody{Code: f.code, Message: f.message, Path: path, Service: "sandbox", InternalTraceID: trace})
	if err != nil { // a message in broken UTF-8: quoted, it is plain ASCII
		body = fmt.Appendf(nil, `{"Code":%q,"Message":%+q}`, f.code, f.message)
	}
	a.contentType, a.parts = jsonType, [][]byte{body}
	return a
}
