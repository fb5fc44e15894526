package api

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func TestBody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		opts options
		want string // JSON
		err  string
	}{
		{name: "nothing"},
		{name: "text", opts: options{raw: []string{"name=true", "note=a=b"}}, want: `{"name":"true","note":"a=b"}`},
		{name: "typed", opts: options{typed: []string{"a=true", "b=12", "c=null", `d={"x":[1]}`, "e=plain", "f="}}, want: `{"a":true,"b":12,"c":null,"d":{"x":[1]},"e":"plain","f":""}`},
		{name: "nested", opts: options{raw: []string{"a[b][c]=1", "a[d]=2", "l[]=x", "l[]=y"}}, want: `{"a":{"b":{"c":"1"},"d":"2"},"l":["x","y"]}`},
		{name: "list of both", opts: options{raw: []string{"l[]=x"}, typed: []string{"l[]=1"}}, want: `{"l":["x",1]}`},
		{name: "no value", opts: options{raw: []string{"name"}}, err: "expected key=value"},
		{name: "no key", opts: options{raw: []string{"=x"}}, err: "expected key=value"},
		{name: "twice", opts: options{raw: []string{"a=1", "a=2"}}, err: "given twice"},
		{name: "two things", opts: options{raw: []string{"a=1", "a[b]=2"}}, err: "two different things"},
		{name: "list and text", opts: options{raw: []string{"a=1", "a[]=2"}}, err: "two different things"},
		{name: "open bracket", opts: options{raw: []string{"a[b=1"}}, err: "expected name"},
		{name: "list in the middle", opts: options{raw: []string{"a[][b]=1"}}, err: "expected name"},
		{name: "behind the bracket", opts: options{raw: []string{"a[b]c=1"}}, err: "expected name"},
		{name: "only brackets", opts: options{raw: []string{"[b]=1"}}, err: "expected name"},
		{name: "input", opts: options{input: "-"}, want: `{"from":"stdin"}`},
		{name: "input and fields", opts: options{input: "-", raw: []string{"a=1"}}, err: "exclude each other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := build(strings.NewReader(" {\"from\":\"stdin\"}\n"), "post", "v1/group", test.opts)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.method != "POST" || r.path != "/v1/group" {
				t.Errorf("got %s %s", r.method, r.path)
			}
			if test.want == "" {
				if r.body != nil {
					t.Errorf("a body %s came from nothing", r.body)
				}
				return
			}
			var got, want any
			if err := json.Unmarshal(r.body, &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestA2RequestsNameNoServer(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"https://braintrust.example.com/v1/group", "//braintrust.example.com/v1", "http://127.0.0.1/x"} {
		if _, err := build(nil, "GET", path, options{}); err == nil {
			t.Errorf("%s was taken for a path", path)
		}
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	r, err := build(nil, "GET", "/v1/group?limit=3", options{raw: []string{"ids[]=a", "ids[]=b"}, typed: []string{"org_name=Acme"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.query.Encode(), "ids=a&ids=b&limit=3&org_name=Acme"; got != want || r.body != nil {
		t.Errorf("query %s and body %q, want %s and none", got, r.body, want)
	}
	if _, err := build(nil, "GET", "/v1/group", options{input: "-"}); err == nil {
		t.Error("GET took a body")
	}
}
