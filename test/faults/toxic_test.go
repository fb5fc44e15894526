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

// proxy stands between a client and the sandbox and breaks connections: some in the middle of a request, so that it
// is never carried out, some in the middle of an answer, so that it has been.
type proxy struct {
	*toxiproxy.Proxy
	stop func()
}

// startProxy starts a proxy in front of a server (host:port) that breaks nothing yet.
func startProxy(t *testing.T, upstream string) *proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &proxy{Proxy: toxiproxy.NewProxy(server, "sandbox", "127.0.0.1:0", upstream), stop: func() {}}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.stop()
		p.Stop()
	})
	return p
}

// rage breaks connections until the test ends or calm is called: every few milliseconds a share of those that are
// open is told to end after some more bytes, or to be reset, in one direction. What and when is drawn from the seed.
func (p *proxy) rage(t *testing.T, seed uint64, share float64) {
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
			stream := []string{"upstream", "downstream"}[draw.IntN(2)]
			toxic := fmt.Sprintf(`{"name":"t%d","stream":%q,"toxicity":%g,"type":"limit_data","attributes":{"bytes":%d}}`, n, stream, share, draw.IntN(600))
			if draw.IntN(3) == 0 {
				toxic = fmt.Sprintf(`{"name":"t%d","stream":%q,"toxicity":%g,"type":"reset_peer","attributes":{"timeout":%d}}`, n, stream, share, draw.IntN(3))
			}
			if _, err := p.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
				t.Errorf("toxic %s: %v", toxic, err)
				return
			}
			pause(ctx, time.Duration(5+draw.IntN(20))*time.Millisecond)
			if err := p.Toxics.RemoveToxic(context.Background(), fmt.Sprint("t", n)); err != nil {
				t.Errorf("remove a toxic: %v", err)
				return
			}
			pause(ctx, time.Duration(draw.IntN(10))*time.Millisecond)
		}
	}()
}

// calm ends the rage.
func (p *proxy) calm() {
	p.stop()
	p.stop = func() {}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
