package conformance

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// anyUUID takes ids of every version; tests make theirs up.
const anyUUID = `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`

func options() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError:                        true,
		SkipSettingDefaults:               true,
		RejectWhenRequestBodyNotSpecified: true,
		AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.DisableSchemaErrorDetails(),
			openapi3.WithStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(anyUUID)),
		},
	}
}

// isExempt reports whether the description cannot know the path.
func isExempt(path string) bool {
	for _, prefix := range exempt {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return false
}

// Request checks a request that carries body; the request's own body is not touched.
func (s *Spec) Request(req *http.Request, body []byte) error {
	if isExempt(req.URL.Path) {
		return nil
	}
	input, err := s.input(s.requests, req, body)
	if err == nil {
		err = declaredQuery(input)
	}
	if err == nil {
		err = openapi3filter.ValidateRequest(req.Context(), input)
	}
	if err != nil {
		return fmt.Errorf("request %s %s does not conform: %w", req.Method, req.URL.RequestURI(), err)
	}
	return nil
}

// Response checks the answer to a request.
func (s *Spec) Response(req *http.Request, status int, header http.Header, body []byte) error {
	if isExempt(req.URL.Path) {
		return nil
	}
	input, err := s.input(s.responses, req, nil)
	if err == nil {
		answer := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: status, Header: header, Options: options(),
		}
		err = openapi3filter.ValidateResponse(req.Context(), answer.SetBodyBytes(body))
	}
	if err != nil {
		return fmt.Errorf("answer %d to %s %s does not conform: %w", status, req.Method, req.URL.RequestURI(), err)
	}
	return nil
}

func (s *Spec) input(doc *openapi3.T, req *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := route(doc, req.Method, req.URL.Path)
	if err != nil {
		return nil, err
	}
	clone := req.Clone(req.Context())
	clone.Body, clone.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return &openapi3filter.RequestValidationInput{Request: clone, PathParams: params, Route: route, Options: options()}, nil
}

// declaredQuery refuses parameters that the operation does not declare; the validator lets them pass.
func declaredQuery(input *openapi3filter.RequestValidationInput) error {
	for name := range input.GetQueryParams() {
		if input.Route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			return fmt.Errorf("query parameter %q is not declared", name)
		}
	}
	return nil
}

// route finds the operation of a request; a literal path wins over one with a parameter.
func route(doc *openapi3.T, method, path string) (*routers.Route, map[string]string, error) {
	var found *routers.Route
	var params map[string]string
	for pattern, item := range doc.Paths.Map() {
		values, ok := match(pattern, path)
		if !ok || found != nil && len(values) >= len(params) {
			continue
		}
		found, params = &routers.Route{Spec: doc, Path: pattern, PathItem: item, Method: method}, values
	}
	if found == nil {
		return nil, nil, routers.ErrPathNotFound
	}
	if found.Operation = found.PathItem.GetOperation(method); found.Operation == nil {
		return nil, nil, routers.ErrMethodNotAllowed
	}
	return found, params, nil
}

func match(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	values := map[string]string{}
	for i, segment := range want {
		if name, isParam := strings.CutPrefix(segment, "{"); isParam {
			values[strings.TrimSuffix(name, "}")] = have[i]
		} else if segment != have[i] {
			return nil, false
		}
	}
	return values, true
}
