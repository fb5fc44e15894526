package tokensink

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"btadmin/internal/atomicfile"
)

// mostVariables bounds a file of variables; larger ones are something else.
const mostVariables = 1 << 20

// prepareVariables checks the file of variables and takes a place for its new version. Its other lines stay.
func (s *Sink) prepareVariables() error {
	path := s.Options.EnvFile
	_, err := os.Lstat(path)
	s.exists = err == nil
	pending, err := atomicfile.Create(path, private, s.exists)
	if err != nil {
		return err
	}
	if _, err := s.variables("rehearsal"); err != nil {
		pending.Discard()
		return err
	}
	s.pending = pending
	return nil
}

func (s *Sink) deliverVariable(key string) error {
	data, err := s.variables(key)
	if err != nil {
		return err
	}
	if err := s.commit(data); err != nil {
		return err
	}
	s.Status.Done("Wrote the token to %s as %s, readable by you alone", s.Options.EnvFile, s.Options.EnvName)
	return nil
}

// variables is the file with the variable set to value.
func (s *Sink) variables(value string) ([]byte, error) {
	var data []byte
	if s.exists {
		info, err := os.Stat(s.Options.EnvFile)
		if err == nil && info.Size() > mostVariables {
			return nil, fmt.Errorf("%s is too large for a file of variables", s.Options.EnvFile)
		}
		if data, err = os.ReadFile(s.Options.EnvFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading %s: %w", s.Options.EnvFile, err)
		}
	}
	out, err := setVariable(data, s.Options.EnvName, value, s.Options.Overwrite)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Options.EnvFile, err)
	}
	return out, nil
}

// setVariable sets name in a file of NAME=value lines. A variable that is set already is replaced only with
// overwrite, and only when its value ends on its line.
func setVariable(data []byte, name, value string, overwrite bool) ([]byte, error) {
	if strings.ContainsAny(value, "'\\") {
		return nil, errors.New("the token has characters that no file of variables holds safely")
	}
	if !plainValue.MatchString(value) {
		value = "'" + value + "'"
	}
	setting := regexp.MustCompile(`^([ \t]*(?:export[ \t]+)?)` + regexp.QuoteMeta(name) + `[ \t]*(=|<<)(.*)$`)
	var out bytes.Buffer
	done := false
	for line := range bytes.Lines(data) {
		body, end := cutEnd(string(line))
		m := setting.FindStringSubmatch(body)
		switch {
		case m == nil:
			out.Write(line)
			continue
		case !overwrite:
			return nil, fmt.Errorf("%s is set already; --overwrite replaces it", name)
		case m[2] == "<<" || openQuote(m[3]):
			return nil, fmt.Errorf("%s has a value of several lines; remove it by hand", name)
		case !done:
			out.WriteString(m[1] + name + "=" + value + end)
			done = true
		}
	}
	if !done {
		if out.Len() > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
			out.WriteByte('\n')
		}
		out.WriteString(name + "=" + value + "\n")
	}
	return out.Bytes(), nil
}

// plainValue needs no quotes in any reader of such files.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9._~+/=:@%,-]+$`)

func cutEnd(line string) (body, end string) {
	body = strings.TrimRight(line, "\r\n")
	return body, line[len(body):]
}

// openQuote reports whether a value starts with a quote that its line does not close.
func openQuote(value string) bool {
	value = strings.TrimSpace(value)
	if value == "" || (value[0] != '"' && value[0] != '\'') {
		return false
	}
	return strings.IndexByte(value[1:], value[0]) < 0
}
