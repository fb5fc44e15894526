package api

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/app"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// show prints the body of an answer, also of one that says no; the error decides the exit code. An expression
// of --jq is made for answers that say yes, so a refusal is left to the message.
func show(a *app.App, p *output.Printer, response *braintrust.Response, err error) error {
	if response == nil || err != nil && a.Flags.JQ != "" {
		return err
	}
	printed := printBody(p, response.Body)
	if err != nil {
		return err
	}
	return printed
}

func printBody(p *output.Printer, body []byte) error {
	body = bytes.TrimSpace(body)
	switch {
	case jsontext.Value(body).IsValid():
		return output.Value(p, jsontext.Value(body))
	case len(body) == 0 && p.Human():
		return nil
	case len(body) == 0:
		return output.Value(p, nil)
	case p.Human():
		return output.Document(p, string(body))
	}
	return output.Value(p, string(body))
}
