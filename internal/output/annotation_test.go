package output_test

import (
	"testing"

	"btadmin/internal/iostreams"
	"btadmin/internal/output"
)

func TestB6Annotations(t *testing.T) {
	t.Parallel()
	streams, out, _ := iostreams.Test("")
	p, err := output.New(streams, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = output.Annotations(p, []output.Annotation{
		{Level: "error", File: "a,b:c.yaml", Line: 3, Column: 2, Message: "100% wrong\n::set-output name=x::y\rz"},
		{Level: "notice", File: "d.yaml", Title: "one", Message: "fine"},
	})
	want := "::error file=a%2Cb%3Ac.yaml,line=3,col=2::100%25 wrong%0A::set-output name=x::y\\rz\n::notice file=d.yaml,title=one::fine\n"
	if out.String() != want || err != nil {
		t.Errorf("%q, %v", out.String(), err)
	}
}
