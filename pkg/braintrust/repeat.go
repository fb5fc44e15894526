package braintrust

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// repeatable says when a failed call may be sent again.
type repeatable int

const (
	// repeatUnsent: when nothing reached the server, or it answered 429 and so did nothing.
	repeatUnsent repeatable = iota
	// repeatRefused: like repeatUnsent, and after 503 too.
	repeatRefused
	// repeatAlways: the call is idempotent by its contents.
	repeatAlways
	// repeatNever: the call mints a secret that is shown once. It is sent again only when nothing
	// reached the server; a lost answer is a LostAnswerError.
	repeatNever
)

// repeatTable says which calls may be repeated (domain.md §4); the first row that fits decides, and a
// call that no row fits is repeatUnsent. A path that ends in "/*" stands for one more segment; an empty
// path, for every path.
var repeatTable = []struct {
	method, path, inBody string
	mode                 repeatable
}{
	{http.MethodGet, "", "", repeatAlways},
	{http.MethodHead, "", "", repeatAlways},
	{http.MethodOptions, "", "", repeatAlways},
	{http.MethodPost, loginPath, "", repeatAlways},
	{http.MethodPost, "/v1/service_token", "", repeatNever},
	{http.MethodPut, "/v1/service_token", "", repeatNever},
	{http.MethodPatch, membersPath, `"token_name"`, repeatNever},
	// An account's name need not be unique, so a 503 that hides a success would make a second one.
	{http.MethodPatch, membersPath, `"service_accounts"`, repeatUnsent},
	{http.MethodPatch, membersPath, "", repeatRefused},
	// Get-or-create by natural key: a repetition finds what the lost attempt made.
	{http.MethodPost, "/v1/group", "", repeatAlways},
	{http.MethodPost, "/v1/role", "", repeatAlways},
	{http.MethodPost, "/v1/project", "", repeatAlways},
	{http.MethodPost, "/v1/acl", "", repeatAlways},
	{http.MethodPost, "/v1/acl/batch_update", "", repeatAlways},
	{http.MethodDelete, "/v1/acl", "", repeatAlways},
	{http.MethodDelete, "/v1/service_token", "", repeatAlways},
	{http.MethodPatch, "/v1/group/*", "", repeatAlways},
	{http.MethodPatch, "/v1/role/*", "", repeatAlways},
	{http.MethodPatch, "/v1/project/*", "", repeatAlways},
	{http.MethodPatch, "/v1/organization/*", "", repeatAlways},
	{http.MethodDelete, "", "", repeatAlways},
}

func repeatability(method, path string, body []byte) repeatable {
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	for _, row := range repeatTable {
		if row.method == method && fits(row.path, path) && bytes.Contains(body, []byte(row.inBody)) {
			return row.mode
		}
	}
	return repeatUnsent
}

func fits(pattern, path string) bool {
	if pattern == "" {
		return true
	}
	path = strings.TrimRight(path, "/")
	if parent, found := strings.CutSuffix(pattern, "/*"); found {
		rest, below := strings.CutPrefix(path, parent+"/")
		return below && rest != "" && !strings.Contains(rest, "/")
	}
	return path == pattern
}

// onlyReads reports whether a request changes nothing. Login is a POST without contents that only
// lists the key's organizations.
func onlyReads(method, path string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return method == http.MethodPost && strings.HasSuffix(path, loginPath)
}
