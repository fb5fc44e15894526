package junit_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/junit"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := junit.Write(&b, junit.Suite{Name: "policy", Cases: []junit.Case{
		{Class: "access.yaml", Name: "fine", File: "access.yaml", Line: 3},
		{Class: "access.yaml", Name: `no "logs" <ever>`, Failure: &junit.Failure{Message: "1 & more", Text: "kim\x00\u202e]]>\n└─ x"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="policy" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="access.yaml" name="fine" file="access.yaml" line="3"></testcase>
    <testcase classname="access.yaml" name="no &#34;logs&#34; &lt;ever&gt;">
      <failure message="1 &amp; more" type="failure">kim` + "\ufffd\u202e" + `]]&gt;&#xA;└─ x</failure>
    </testcase>
  </testsuite>
</testsuites>
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	var back struct {
		Suites []struct {
			Cases []struct {
				Failure string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &back); err != nil || back.Suites[0].Cases[1].Failure != "kim\ufffd\u202e]]>\n└─ x" {
		t.Errorf("read back %+v, %v", back, err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, xml.UnmarshalError("full") }

func TestWriteTellsWhatFails(t *testing.T) {
	t.Parallel()
	if err := junit.Write(broken{}, junit.Suite{}); err == nil {
		t.Error("no error")
	}
}
