package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	stdjson "encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"btadmin/internal/redact"
)

// canary has the characters that encoders disagree about.
const canary = "sk-CANARY+/=&<7>\"\\'é-0123456789"

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := stdjson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// everyByte writes all of s as percent escapes.
func everyByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func TestA8RegisteredValues(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{canary, "plain-key-without-a-prefix", "pass word with spaces", "bt-st-sandbox-0a1b2c3d4e5f"} {
		quoted := mustJSON(t, secret)
		texts := map[string]string{
			"raw":              "got " + secret + " back",
			"twice":            secret + secret,
			"base64 std":       base64.StdEncoding.EncodeToString([]byte(secret)),
			"base64 raw std":   base64.RawStdEncoding.EncodeToString([]byte(secret)),
			"base64 url":       base64.URLEncoding.EncodeToString([]byte(secret)),
			"base64 raw url":   base64.RawURLEncoding.EncodeToString([]byte(secret)),
			"basic auth":       "x " + base64.StdEncoding.EncodeToString([]byte("me:"+secret)),
			"base64 offset 1":  base64.StdEncoding.EncodeToString([]byte("u" + secret + "tail")),
			"base64 offset 2":  base64.URLEncoding.EncodeToString([]byte("uu" + secret + "tail")),
			"base64 offset 3":  base64.URLEncoding.EncodeToString([]byte("uuu" + secret + "t")),
			"query":            "https://example.com/?a=" + url.QueryEscape(secret) + "&b=1",
			"path":             "https://example.com/" + url.PathEscape(secret) + "/x",
			"lower percent":    strings.ToLower(url.PathEscape("zz")) + everyByte(secret, "%%%02x"),
			"upper percent":    everyByte(secret, "%%%02X"),
			"twice escaped":    url.QueryEscape(url.PathEscape(secret)),
			"json":             quoted,
			"json in json":     mustJSON(t, map[string]string{"body": `{"x":` + quoted + `}`}),
			"json in json in":  mustJSON(t, mustJSON(t, quoted)),
			"go quoted":        strconv.Quote(secret),
			"go quoted ascii":  strconv.QuoteToASCII(secret),
			"json \\u escapes": asciiJSON(secret),
			"json in query":    url.QueryEscape(quoted),
			"hex":              hex.EncodeToString([]byte(secret)),
		}
		for name, text := range texts {
			r := redact.New()
			r.Add(secret)
			got := r.String(text)
			if !strings.Contains(got, redact.Mark) {
				t.Errorf("%s of %q: nothing was redacted in %q", name, secret, got)
			}
			for _, trace := range traces(secret) {
				if strings.Contains(decodeAll(got), trace) {
					t.Errorf("%s of %q: %q is left in %q", name, secret, trace, got)
				}
			}
			if again := r.String(got); again != got {
				t.Errorf("%s of %q: the second time gives %q, not %q", name, secret, again, got)
			}
		}
	}
}

// traces are pieces of a secret that nobody may find again.
func traces(secret string) []string { return []string{secret, secret[:6], secret[len(secret)-6:]} }

// decodeAll joins the text with what a reader gets out of it by the usual decoders.
func decodeAll(text string) string {
	all := text
	if s, err := url.QueryUnescape(text); err == nil {
		all += "\n" + s
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" []\"", r) }) {
		if s, err := base64.StdEncoding.DecodeString(word); err == nil {
			all += "\n" + string(s)
		}
		if s, err := hex.DecodeString(word); err == nil {
			all += "\n" + string(s)
		}
	}
	return all
}

func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

func TestA8ShapesAndFields(t *testing.T) {
	t.Parallel()
	const m = redact.Mark
	tests := map[string]struct{ text, want string }{
		"service token":         {"token bt-st-abcdefgh1234 refused", "token " + m + " refused"},
		"api key":               {"sk-AbCdEf0123456789 refused", m + " refused"},
		"long key of letters":   {"sk-abcdefghijklmnopqrstuvwxyzabcdefghij", m},
		"two keys":              {"sk-AbCdEf0123456789,sk-AbCdEf9876543210", m + "," + m},
		"key after an escape":   {`a\nsk-AbCdEf0123456789`, `a\n` + m},
		"key in a query":        {"?q=%20sk-AbCdEf0123456789", "?q=%20" + m},
		"a name is no key":      {"project sk-learn-models was not found", "project sk-learn-models was not found"},
		"a word is no key":      {"task-0123456789abcdef", "task-0123456789abcdef"},
		"preview is kept":       {"sk-****6789", "sk-****6789"},
		"bearer header":         {"Authorization: Bearer x\nAccept: */*", "Authorization: Bearer " + m + "\nAccept: */*"},
		"bare header":           {"authorization: zzz", "authorization: " + m},
		"header map":            {"map[Authorization:[Bearer x] Accept:[y]]", "map[Authorization:[Bearer " + m + "] Accept:[y]]"},
		"bearer anywhere":       {"sent bearer abc123def", "sent bearer " + m},
		"bearer as a word":      {"uses bearer authentication.", "uses bearer authentication."},
		"basic":                 {"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic " + m},
		"x-api-key":             {"X-Api-Key: q", "X-Api-Key: " + m},
		"cookie":                {"> Cookie: a=b; c=d\n> Host: h", "> Cookie: " + m + "\n> Host: h"},
		"member key":            {`{"name":"ci","key":"q"}`, `{"name":"ci","key":"` + m + `"}`},
		"member api_key":        {`{"api_key": "q\"r", "b": 1}`, `{"api_key": "` + m + `", "b": 1}`},
		"member token":          {`{"token":""}`, `{"token":""}`},
		"member null":           {`{"token":null}`, `{"token":null}`},
		"member authorization":  {`{"Authorization":["Bearer x"]}`, `{"Authorization":["` + m + `"]}`},
		"member password":       {`{"password":"p\\"}`, `{"password":"` + m + `"}`},
		"member in a string":    {`{"body":"{\"token\":\"a\\\"b\",\"x\":1}"}`, `{"body":"{\"token\":\"` + m + `\",\"x\":1}"}`},
		"member two layers":     {`"\"{\\\"key\\\":\\\"abc\\\"}\""`, `"\"{\\\"key\\\":\\\"` + m + `\\\"}\""`},
		"member cut off":        {`{"token":"abc` + "\nnext", `{"token":"` + m + "\nnext"},
		"member cut off inside": {`{"body":"{\"key\":\"x\\"}`, `{"body":"{\"key\":\"` + m + `"}`},
		"other members stay":    {`{"token_name":"ci","key_id":"k","name":"key"}`, `{"token_name":"ci","key_id":"k","name":"key"}`},
		"environment":           {"BRAINTRUST_API_KEY=abc btadmin", "BRAINTRUST_API_KEY=" + m + " btadmin"},
		"form":                  {"a=1&token=abc&b=2", "a=1&token=" + m + "&b=2"},
		"plain prose":           {"group \"key\": the token of QA is gone", "group \"key\": the token of QA is gone"},
		"empty":                 {"", ""},
	}
	r := redact.New()
	for name, tt := range tests {
		if got := r.String(tt.text); got != tt.want {
			t.Errorf("%s: %q gave %q, want %q", name, tt.text, got, tt.want)
		}
		if got := r.String(tt.want); got != tt.want {
			t.Errorf("%s: the second time %q became %q", name, tt.want, got)
		}
	}
}

func TestA8PrintedRequestHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{"Authorization": {"Bearer tiny"}, "Accept": {"x"}}
	r := redact.New()
	for _, text := range []string{fmt.Sprint(h), fmt.Sprintf("%q", h), fmt.Sprintf("%#v", h), mustJSON(t, h)} {
		if got := r.String(text); strings.Contains(got, "tiny") {
			t.Errorf("%q gave %q", text, got)
		}
	}
}

func TestAddIgnoresWordsAndRepetition(t *testing.T) {
	t.Parallel()
	r := redact.New()
	for _, s := range []string{"", "a", "group", "redacted", redact.Mark} {
		r.Add(s)
	}
	const text = "a group [redacted] redacted"
	if got := r.String(text); got != text {
		t.Errorf("got %q", got)
	}
	r.Add("supersecret")
	r.Add("supersecret")
	if got := r.String("<supersecret>"); got != "<"+redact.Mark+">" {
		t.Errorf("got %q", got)
	}
}

func TestA8ConcurrentUse(t *testing.T) {
	t.Parallel()
	r := redact.New()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			secret := fmt.Sprintf("secret-value-%03d", i)
			r.Add(secret)
			for range 20 {
				if got := r.String("x " + secret); strings.Contains(got, secret) {
					t.Errorf("%q is left", secret)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkString(b *testing.B) {
	r := redact.New()
	r.Add(canary)
	text := strings.Repeat(`{"name":"QA","members":["a@example.com"],"token_name":"x"} GET /v1/group?limit=10 `, 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.String(text)
	}
}
