package sandbox

import (
	"net/http"
	"strings"
)

// route finds the handler of a path. Unknown paths are 404 for everybody; whether an id is one is said only to
// callers with a key.
func (s *Server) route(r *http.Request) (handler, error) {
	path := strings.TrimSuffix(r.URL.Path, "/")
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	missing := unknownPath(r.Method, r.URL.Path)
	switch path {
	case "", "/v1":
		return choose(method, methods{http.MethodGet: {run: hello, open: true}}, missing)
	case "/ping", "/v1/ping":
		return choose(method, methods{http.MethodGet: {run: ping}}, missing)
	case loginPath:
		return choose(method, methods{http.MethodPost: {run: login}}, missing)
	case "/v1/organization/members":
		return choose(method, methods{http.MethodPatch: {run: patchMembers, write: true}}, missing)
	case "/v1/acl/batch_update":
		return choose(method, methods{http.MethodPost: {run: batchACLs, write: true}}, missing)
	case "/v1/acl/list_org":
		return choose(method, methods{http.MethodGet: {run: listOrgACLs}}, missing)
	}
	rest, found := strings.CutPrefix(path, "/v1/")
	if !found {
		return handler{}, missing
	}
	kind, id, one := strings.Cut(rest, "/")
	res := s.reg.byKind[kind]
	if res == nil || kind == kindPlayground {
		return handler{}, missing
	}
	if !one {
		return choose(method, res.collection(), missing)
	}
	if strings.Contains(id, "/") {
		return handler{}, missing
	}
	return choose(method, res.item(strings.ToLower(id)), missing)
}

type methods map[string]handler

func choose(method string, m methods, missing error) (handler, error) {
	if h, ok := m[method]; ok && h.run != nil {
		return h, nil
	}
	return handler{}, missing
}

// collection is what /v1/<kind> answers.
func (res *resource) collection() methods {
	m := methods{http.MethodGet: {run: res.list}}
	if !res.noCreate {
		m[http.MethodPost] = handler{run: res.post, write: true}
	}
	if res.put {
		m[http.MethodPut] = handler{run: res.replace, write: true}
	}
	switch res.kind {
	case kindACL:
		m[http.MethodGet] = handler{run: listACLs}
		m[http.MethodPost] = handler{run: postACL, write: true}
		m[http.MethodDelete] = handler{run: deleteACLItem, write: true}
	case kindServiceToken:
		m[http.MethodPost] = handler{run: mintToken, write: true}
		m[http.MethodPut] = handler{run: replaceToken, write: true}
		m[http.MethodDelete] = handler{run: deleteTokenByBody, write: true}
	}
	return m
}

// item is what /v1/<kind>/<id> answers.
func (res *resource) item(id string) methods {
	m := methods{http.MethodGet: {run: func(c *call) (answer, error) { return res.get(c, id) }}}
	if res.patch {
		m[http.MethodPatch] = handler{run: func(c *call) (answer, error) { return res.change(c, id) }, write: true}
	}
	if res.kind != kindOrganization && res.kind != kindUser {
		m[http.MethodDelete] = handler{run: func(c *call) (answer, error) { return res.remove(c, id) }, write: true}
	}
	return m
}
