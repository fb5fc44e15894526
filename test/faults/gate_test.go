package faults

import (
	"bytes"
	"encoding/pem"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/elazarl/goproxy"
)

// fault is what becomes of one request.
type fault int

const (
	passes  fault = iota
	refused       // answered with 5xx, not carried out
	spoilt        // carried out, and answered with 5xx
	cut           // the connection ends before it is carried out
	lost          // carried out, and the connection ends without an answer
	halved        // carried out, and the connection ends in the middle of the answer
	faults        // how many there are
	silent        // not carried out, and never answered
)

// gate is a proxy that lets requests fail one by one, each by itself: github.com/elazarl/goproxy with a rule.
type gate struct {
	url    string
	server *httptest.Server

	mu            sync.Mutex
	rule          func(g *gate, r *http.Request) fault
	draw          *rand.Rand
	reads, writes int // that arrived
	failed        int
	carriedOut    int // writes that reached the server
	lists         int // of groups, from the beginning
	hold          *hold
}

// hold is where a gate stops: at the n-th write, before it is carried out or after it. 0 is the first reading of groups, for
// the plan, and -1 the second, when all is read again before the first write.
type hold struct {
	at               int
	after            bool
	reached, release chan struct{}
}

// newGate starts a gate in front of a server. It lets everything pass until it is given a rule.
func newGate(t *testing.T, upstream string, seed uint64, secure bool) *gate {
	t.Helper()
	target, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{draw: rand.New(rand.NewPCG(seed, seed))}
	proxy := goproxy.NewProxyHttpServer()
	proxy.Tr = &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(proxy.Tr.CloseIdleConnections)
	proxy.NonproxyHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
		proxy.ServeHTTP(w, r)
	})
	proxy.OnRequest().DoFunc(func(r *http.Request, ctx *goproxy.ProxyCtx) (*http.Request, *http.Response) {
		kind, here := g.arrives(r)
		ctx.UserData = kind
		if here != nil && here.after {
			ctx.UserData = here
		} else if here != nil {
			here.wait()
		}
		switch kind {
		case refused:
			return r, g.complaint(r)
		case silent:
			_, _ = io.Copy(io.Discard, r.Body) // only then it shows when the client gives up
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		case cut:
			panic(http.ErrAbortHandler)
		}
		return r, nil
	})
	proxy.OnResponse().DoFunc(func(answer *http.Response, ctx *goproxy.ProxyCtx) *http.Response {
		if answer == nil { // the test is over
			panic(http.ErrAbortHandler)
		}
		if here, is := ctx.UserData.(*hold); is {
			here.wait()
		}
		switch ctx.UserData {
		case spoilt:
			return g.complaint(ctx.Req)
		case lost:
			panic(http.ErrAbortHandler)
		case halved:
			whole, err := io.ReadAll(answer.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), broken{}))
		}
		return answer
	})
	g.server = httptest.NewUnstartedServer(proxy)
	g.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		g.server.StartTLS()
	} else {
		g.server.Start()
	}
	t.Cleanup(g.server.Close)
	g.url = g.server.URL
	return g
}

// broken ends the connection in the middle of an answer.
type broken struct{}

func (broken) Read([]byte) (int, error) { panic(http.ErrAbortHandler) }

// authority writes the certificate of a gate with TLS into a file, for --ca-cert.
func (g *gate) authority(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	raw := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: g.server.Certificate().Raw})
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func writing(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/login")
}

// holds has the gate stop at a write.
func (g *gate) holds(at int, after bool, reached, release chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = &hold{at, after, reached, release}
}

// opens takes the hold away.
func (g *gate) opens() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = nil
}

// wait is called by the request that the gate stops at.
func (h *hold) wait() {
	close(h.reached)
	<-h.release
}

// arrives counts a request and says what becomes of it. here is set for the one that the gate stops at.
func (g *gate) arrives(r *http.Request) (_ fault, here *hold) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if writing(r) {
		g.writes++
	} else {
		g.reads++
	}
	groups := r.Method == http.MethodGet && r.URL.Path == "/v1/group" && r.URL.Query().Get("starting_after") == ""
	if groups {
		g.lists++
	}
	if h := g.hold; h != nil && (h.at > 0 && writing(r) && g.writes == h.at || h.at <= 0 && groups && g.lists == 1-h.at) {
		g.hold, here = nil, h
	}
	kind := passes
	if g.rule != nil {
		kind = g.rule(g, r)
	}
	if kind != passes {
		g.failed++
	}
	if writing(r) && kind != refused && kind != cut && kind != silent {
		g.carriedOut++
	}
	return kind, here
}

func (g *gate) complaint(r *http.Request) *http.Response {
	g.mu.Lock()
	defer g.mu.Unlock()
	return goproxy.NewResponse(r, "text/plain", []int{500, 502, 503, 504}[g.draw.IntN(4)], "a fault")
}

// obeys gives the gate another rule, nil for none. The rule is called with the gate locked.
func (g *gate) obeys(rule func(g *gate, r *http.Request) fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rule = rule
}

// at is a rule by which a share of all requests fails, in one of all ways.
func at(rate float64) func(*gate, *http.Request) fault {
	return func(g *gate, _ *http.Request) fault {
		if g.draw.Float64() >= rate {
			return passes
		}
		return 1 + fault(g.draw.IntN(int(faults)-1))
	}
}

// count is what has arrived so far.
func (g *gate) count() (reads, writes, failed int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.reads, g.writes, g.failed
}
