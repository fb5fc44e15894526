package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/exit"
)

// request is what the command line asks for.
type request struct {
	method, path string
	query        url.Values
	body         []byte
}

// mostInput is how large a body may be.
const mostInput = 64 << 20

// build makes the request. The path may carry a query; a whole URL is refused, because the key belongs to one
// server.
func build(stdin io.Reader, method, path string, opts options) (request, error) {
	r := request{method: strings.ToUpper(method)}
	if strings.HasPrefix(method, "/") || strings.ContainsFunc(r.method, func(c rune) bool { return c < 'A' || c > 'Z' }) {
		return r, exit.BadInputf("%q is no method", method).WithHint("for example: btadmin api GET /v1/group")
	}
	if strings.Contains(path, "://") || strings.HasPrefix(path, "//") {
		return r, exit.BadInputf("%q: give the path only, such as /v1/group; --api-url or a profile says which server", path)
	}
	path, query, _ := strings.Cut(path, "?")
	r.path = "/" + strings.TrimPrefix(path, "/")
	var err error
	if r.query, err = url.ParseQuery(query); err != nil {
		return r, exit.BadInputf("the query of the path: %w", err)
	}
	if opts.paginate && r.method != http.MethodGet {
		return r, exit.BadInputf("--paginate belongs to GET")
	}
	if r.reads() {
		return r, r.addQuery(opts)
	}
	return r, r.addBody(stdin, opts)
}

func (r *request) addQuery(opts options) error {
	if opts.input != "" {
		return exit.BadInputf("%s has no body: --input belongs to other methods", r.method)
	}
	for _, field := range append(append([]string{}, opts.raw...), opts.typed...) {
		key, value, found := strings.Cut(field, "=")
		if !found || key == "" {
			return exit.BadInputf("%q: expected key=value", field)
		}
		r.query.Add(strings.TrimSuffix(key, "[]"), value)
	}
	return nil
}

func (r *request) addBody(stdin io.Reader, opts options) error {
	if opts.input != "" {
		if len(opts.raw)+len(opts.typed) > 0 {
			return exit.BadInputf("--input and -f or -F exclude each other: put everything into the file")
		}
		body, err := readInput(stdin, opts.input)
		if err != nil {
			return exit.New(exit.BadInput, err)
		}
		if !jsontext.Value(body).IsValid() {
			return exit.BadInputf("the body in %s is no valid JSON", inputName(opts.input))
		}
		r.body = bytes.TrimSpace(body)
		return nil
	}
	if len(opts.raw)+len(opts.typed) == 0 {
		return nil
	}
	fields, err := parseFields(opts.raw, opts.typed)
	if err != nil {
		return err
	}
	r.body, err = json.Marshal(fields, json.Deterministic(true))
	if err != nil {
		return exit.New(exit.BadInput, fmt.Errorf("make the body: %w", err))
	}
	return nil
}

func inputName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

func readInput(stdin io.Reader, path string) ([]byte, error) {
	in := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read the body: %w", err)
		}
		defer file.Close() // it was only read
		in = file
	}
	body, err := io.ReadAll(io.LimitReader(in, mostInput+1))
	if err != nil {
		return nil, fmt.Errorf("read the body from %s: %w", inputName(path), err)
	}
	if len(body) > mostInput {
		return nil, fmt.Errorf("the body in %s is larger than %d MiB", inputName(path), mostInput>>20)
	}
	return body, nil
}
