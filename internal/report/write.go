package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in the order in which they build on each other. They are one script, so
// that nothing of them is global.
func scripts() []string {
	return []string{"model.js", "words.js", "matrix.js", "panel.js", "drawing.js", "page.js"}
}

// HTML is the page as one document, which loads nothing: its policy allows exactly the style and the script in it.
func (p *Page) HTML() ([]byte, error) {
	style, err := asset("style.css")
	if err != nil {
		return nil, err
	}
	var script strings.Builder
	script.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts() {
		part, err := asset(name)
		if err != nil {
			return nil, err
		}
		script.WriteString(part)
	}
	script.WriteString("})();\n")
	layout, err := asset("page.html")
	if err != nil {
		return nil, err
	}
	t, err := template.New("page").Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("read the layout of the report: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		*Page
		Policy        string
		Style, Script template.HTML
	}{
		p, fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", digest(style), digest(script.String())),
		template.HTML("<style>" + style + "</style>"),             //nolint:gosec // our own
		template.HTML("<script>" + script.String() + "</script>"), //nolint:gosec // our own
	})
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return out.Bytes(), nil
}

func asset(name string) (string, error) {
	raw, err := assets.ReadFile("assets/" + name)
	return string(raw), err
}

// digest names a style or script for a content security policy.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
