package output

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

func TestStatusLines(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b[2J\n::error::x"
	say := func(st *Status) {
		st.Done("Created group %s (%d)", hostile, 3)
		st.Note("n %q %v", hostile, errors.New(hostile))
		st.Hint("h %v", []string{"a\x07"})
		st.Warn("w %5s|%t|%.1f|%v", "é", true, 1.25, nil)
		st.Print("%s", "::error::x")
	}
	const visible = `\x1b[2J\n::error::x`
	tests := map[string]struct {
		set  func(*iostreams.Streams)
		want []string
	}{
		"plain": {func(*iostreams.Streams) {}, []string{
			"Created group " + visible + " (3)", `note: n "` + visible + `" ` + visible, `hint: h [a\x07]`, "warning: w     é|true|1.2|<nil>", "::error::x",
		}},
		"quiet": {func(s *iostreams.Streams) { s.Quiet = true }, []string{"warning: w     é|true|1.2|<nil>", "::error::x"}},
		"B6 CI": {func(s *iostreams.Streams) { s.CI, s.Quiet = true, true }, []string{"warning: w     é|true|1.2|<nil>", `\u{003A}:error::x`}},
		"colour": {func(s *iostreams.Streams) { s.ColorErr, s.Quiet = true, true }, []string{
			"\x1b[33mwarning:\x1b[0m w     é|true|1.2|<nil>", "::error::x",
		}},
	}
	for name, tt := range tests {
		s, out, errOut := iostreams.Test("")
		tt.set(s)
		say(NewStatus(s))
		if want := strings.Join(tt.want, "\n") + "\n"; errOut.String() != want || out.Len() > 0 {
			t.Errorf("%s: got\n%s\nwant\n%s", name, errOut, want)
		}
	}
}

func TestStatusIsWholeLinesConcurrently(t *testing.T) {
	t.Parallel()
	s, _, errOut := iostreams.Test("")
	st := NewStatus(s)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { st.Print("%s", "abc") })
	}
	wg.Wait()
	if errOut.String() != strings.Repeat("abc\n", 50) {
		t.Errorf("got %q", errOut)
	}
}

// signalled is a writer that tells of each write.
type signalled struct {
	mu     sync.Mutex
	text   strings.Builder
	writes chan struct{}
}

func (w *signalled) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	select {
	case w.writes <- struct{}{}:
	default:
	}
	return len(b), nil
}

func TestProgressDrawsAndClears(t *testing.T) {
	t.Parallel()
	s, _, _ := iostreams.Test("")
	w := &signalled{writes: make(chan struct{}, 1)}
	s.Err, s.ErrTTY = w, true
	b := startBar(s, "adding\x1b members", 4, time.Millisecond, time.Millisecond)
	b.Add(1)
	b.Fail(1)
	<-w.writes
	<-w.writes
	b.Done()
	b.Done()
	got := w.text.String()
	if !strings.HasSuffix(got, "\r\x1b[K") || !strings.Contains(got, `adding\x1b members [##########----------] 2/4, 1 failed`) {
		t.Errorf("got %q", got)
	}
}

func TestProgressIsSilent(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*iostreams.Streams){
		"no terminal": func(s *iostreams.Streams) { s.ErrTTY = false },
		"quiet":       func(s *iostreams.Streams) { s.Quiet = true },
		"CI":          func(s *iostreams.Streams) { s.CI = true },
		"dumb":        func(s *iostreams.Streams) { s.Dumb = true },
		"accessible":  func(s *iostreams.Streams) { s.Accessible = true },
		"short work":  func(*iostreams.Streams) {},
	} {
		s, _, errOut := iostreams.Test("")
		s.ErrTTY = true
		set(s)
		b := Progress(s, "x", 1)
		b.Add(1)
		b.Done()
		if errOut.Len() > 0 || (b.stopped != nil) != (name == "short work") {
			t.Errorf("%s: %q", name, errOut)
		}
	}
}

func TestBarLineFits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		total, done, failed, width int
		want                       string
	}{
		{0, 5, 0, 79, "adding 日本 5"},
		{10, 5, 0, 79, "adding 日本 [##########----------] 5/10, 5 left"},
		{10, 5, 2, 79, "adding 日本 [##########----------] 5/10, 2 failed, 5 left"},
		{10, 50, 1, 79, "adding 日本 [####################] 50/10, 1 failed, 0 left"},
		{10, 5, 0, 20, "adding 日本 5/10"},
		{10, 5, 0, 12, "adding… 5/10"},
		{10000, 1234, 100, 50, "adding 日本 1234/10000, 100 failed, 8766 left"},
		{10000, 1234, 100, 39, "adding 日本 1234/10000, 100 failed"},
		{10000, 1234, 100, 26, "ad… 1234/10000, 100 failed"},
		{10000, 1234, 100, 10, "1234/1000…"},
	} {
		b := &Bar{title: "adding 日本", total: tt.total, done: tt.done, failed: tt.failed}
		if got := b.line(tt.width); got != tt.want || text.Width(got) > tt.width {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestRelTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for ago, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", -30 * time.Second: "just now", time.Minute: "1 minute ago", 59 * time.Minute: "59 minutes ago",
		time.Hour: "1 hour ago", 23 * time.Hour: "23 hours ago", day: "1 day ago", 29 * day: "29 days ago", 30 * day: "1 month ago",
		364 * day: "12 months ago", 365 * day: "2025-03-04", -3 * day: "in 3 days", -90 * time.Minute: "in 1 hour",
	} {
		if got := RelTime(now, now.Add(-ago)); got != want {
			t.Errorf("%v: got %q, want %q", ago, got, want)
		}
	}
	if RelTime(now, time.Time{}) != "" || Time(time.Time{}) != "" || Time(now.In(time.FixedZone("", 3600))) != "2026-03-04T12:00:00Z" {
		t.Error("the zero time or the zone is wrong")
	}
}
