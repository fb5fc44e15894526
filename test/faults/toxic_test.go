package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// toxic stands between a client and the sandbox and breaks connections, github.com/Shopify/toxiproxy: some in the middle of
// a request, so that it is never carried out, some in the middle of an answer, so that it has been.
type toxic struct {
	*toxiproxy.Proxy
	stop func()
}

// newToxic starts a proxy in front of a server (http://host:port) that breaks nothing yet.
func newToxic(t *testing.T, upstream string) *toxic {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &toxic{stop: func() {}}
	for tries := 1; ; tries++ {
		// Below the ports that systems give away by themselves: nobody else takes it while the proxy is down.
		at := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		p.Proxy = toxiproxy.NewProxy(server, "sandbox", at, strings.TrimPrefix(upstream, "http://"))
		err := p.Start()
		if err == nil {
			break
		}
		if tries == 20 {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		p.stop()
		p.Stop()
	})
	return p
}

// address is that of the proxy.
func (p *toxic) address() string { return "http://" + p.Listen }

// rage breaks connections until the test ends or calm is called: every few milliseconds something else happens to a share
// of those that are open, in one direction or both. What and when is drawn from the seed.
func (p *toxic) rage(t *testing.T, seed uint64, share float64) {
	t.Helper()
	draw := rand.New(rand.NewPCG(seed, seed))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	p.stop = func() {
		cancel()
		<-done
	}
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			name := fmt.Sprint("t", n)
			if draw.IntN(40) == 0 { // down for a moment
				p.Stop()
				pause(ctx, time.Duration(5+draw.IntN(60))*time.Millisecond)
				if err := p.Start(); err != nil {
					t.Errorf("up again: %v", err)
					return
				}
				continue
			}
			kind, attributes := harm(draw)
			text := fmt.Sprintf(`{"name":%q,"stream":%q,"toxicity":%g,"type":%q,"attributes":%s}`,
				name, []string{"upstream", "downstream"}[draw.IntN(2)], share, kind, attributes)
			if _, err := p.Toxics.AddToxicJson(strings.NewReader(text)); err != nil {
				t.Errorf("toxic %s: %v", text, err)
				return
			}
			pause(ctx, time.Duration(5+draw.IntN(20))*time.Millisecond)
			if err := p.Toxics.RemoveToxic(context.Background(), name); err != nil {
				t.Errorf("remove a toxic: %v", err)
				return
			}
			pause(ctx, time.Duration(draw.IntN(10))*time.Millisecond)
		}
	}()
}

// harm draws a kind of toxic with its attributes.
func harm(draw *rand.Rand) (kind, attributes string) {
	switch draw.IntN(6) {
	case 0:
		return "reset_peer", fmt.Sprintf(`{"timeout":%d}`, draw.IntN(3))
	case 1:
		return "timeout", fmt.Sprintf(`{"timeout":%d}`, 1+draw.IntN(30))
	case 2:
		return "latency", fmt.Sprintf(`{"latency":%d,"jitter":%d}`, draw.IntN(30), draw.IntN(20))
	case 3:
		return "slicer", fmt.Sprintf(`{"average_size":%d,"size_variation":%d,"delay":%d}`, 20+draw.IntN(200), draw.IntN(20), draw.IntN(300))
	}
	return "limit_data", fmt.Sprintf(`{"bytes":%d}`, draw.IntN(600))
}

// calm ends the rage.
func (p *toxic) calm() {
	p.stop()
	p.stop = func() {}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
