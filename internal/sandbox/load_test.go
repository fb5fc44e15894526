package sandbox

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// additions lets many clients add one member at a time to four groups, and checks that every answer has the client's
// own addition and everything that was acknowledged before it was asked for.
func additions(t testing.TB, clients, each int) {
	t.Helper()
	const groupCount = 4
	s := openServer(t, t.TempDir(), Options{Seed: SeedSpec{Kind: SeedLarge, Users: clients * each, Groups: groupCount}})
	admin := &client{t: t, transport: s.Transport(), base: baseURL, key: s.Seeded().TokenKey.Reveal()}
	users := admin.ids("/v1/user?family_name=Large")
	var groups [groupCount]string
	var acknowledged [groupCount]atomic.Int64
	for i := range groups {
		groups[i] = admin.want(200, "POST", "/v1/group", obj{"name": fmt.Sprint("target", i)}).id()
	}
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			c := &client{t: t, transport: s.Transport(), base: baseURL, key: admin.key, raw: true}
			for i := range each {
				user, g := users[n*each+i], (n+i)%groupCount
				before := acknowledged[g].Load()
				r, err := c.try("PATCH", "/v1/group/"+groups[g], obj{"add_member_users": []string{user}})
				if err != nil || r.status != 200 {
					t.Errorf("%v %d %s", err, r.status, r.body)
					return
				}
				members := r.body[bytes.Index(r.body, []byte(`"member_users"`)):]
				if got := int64(bytes.Count(members, []byte(`"`))/2 - 1); got < before+1 || !bytes.Contains(members, []byte(user)) {
					t.Errorf("the answer has %d members, %d were acknowledged before", got, before)
				}
				acknowledged[g].Add(1)
			}
		})
	}
	all.Wait()
	dir := s.dir
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openServer(t, dir, Options{})
	total := 0
	for _, id := range groups {
		total += len(s.world.members[id].order)
	}
	if total != clients*each {
		t.Errorf("%d members, want %d", total, clients*each)
	}
}

// TestE4Additions is the small size; BenchmarkE4Additions the full one.
func TestE4Additions(t *testing.T) {
	t.Parallel()
	additions(t, 64, 50)
}

// BenchmarkE4Additions adds 64,000 members with 64 clients in each iteration.
func BenchmarkE4Additions(b *testing.B) {
	for b.Loop() {
		additions(b, 64, 1000)
	}
}

// stress runs 64 clients over sockets for b.N requests in all, with 1,000 idle connections beside them that must still
// work afterwards.
func stress(b *testing.B, request func(c *client, worker, i int) error) {
	b.Helper()
	const workers, idle = 64, 1000
	s := openServer(b, b.TempDir(), Options{Seed: SeedSpec{Kind: SeedLarge, Users: 1000, Groups: 200, Projects: 50, ACLs: 5000}})
	info, _ := serve(b, s, ServeOptions{})
	key := s.Seeded().TokenKey.Reveal()
	resting := &http.Transport{MaxIdleConnsPerHost: idle, MaxIdleConns: idle}
	defer resting.CloseIdleConnections()
	rest := func() error {
		var all sync.WaitGroup
		errs := make(chan error, idle)
		for range idle {
			all.Go(func() {
				c := &client{t: b, transport: resting, base: info.URL, key: key}
				if r, err := c.try("GET", "/ping", nil); err != nil || r.status != 200 {
					errs <- fmt.Errorf("idle connection: %d %v", r.status, err)
				}
			})
		}
		all.Wait()
		close(errs)
		return <-errs
	}
	if err := rest(); err != nil {
		b.Fatal(err)
	}
	wire := &http.Transport{MaxIdleConnsPerHost: workers}
	defer wire.CloseIdleConnections()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	b.ResetTimer()
	start := time.Now()
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			c := &client{t: b, transport: wire, base: info.URL, key: key}
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				from := time.Now()
				if err := request(c, w, i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(from)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "requests/s")
	b.ReportMetric(float64(took[b.N*99/100])/float64(time.Millisecond), "p99-ms")
	if err := rest(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkE5Reads is single reads by 64 clients.
func BenchmarkE5Reads(b *testing.B) {
	var project atomic.Value
	stress(b, func(c *client, _, _ int) error {
		id, known := project.Load().(string)
		if !known {
			id = c.ids("/v1/project?limit=1")[0]
			project.Store(id)
		}
		r, err := c.try("GET", "/v1/project/"+id, nil)
		if err == nil && (r.status != 200 || r.id() != id) {
			err = fmt.Errorf("wrong answer: %d %s", r.status, r.body)
		}
		return err
	})
}

// BenchmarkE5Writes is durable writes by 64 clients.
func BenchmarkE5Writes(b *testing.B) {
	stress(b, func(c *client, w, i int) error {
		name := fmt.Sprintf("w%d-%d", w, i)
		r, err := c.try("POST", "/v1/role", obj{"name": name})
		if err == nil && (r.status != 200 || r.object["name"] != name) {
			err = fmt.Errorf("wrong answer: %d %s", r.status, r.body)
		}
		return err
	})
}

// BenchmarkE1Open is the start with 100,000 ACLs.
func BenchmarkE1Open(b *testing.B) {
	dir := b.TempDir()
	s := openServer(b, dir, Options{Seed: SeedSpec{Kind: SeedLarge, Users: 25000, Groups: 5000, Projects: 200, ACLs: 100000}})
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
