package braintrust

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	defaultParallelism = 8
	defaultPageSize    = 1000
	defaultTimeout     = 60 * time.Second
	firstContact       = 15 * time.Second
	defaultUserAgent   = "braintrust-go"
)

// ErrMalformedKey says that an API key holds characters that no key has. The key is not part of the
// message, and nothing was sent.
var ErrMalformedKey = errors.New("the API key holds white space, control or non-ASCII characters; it was not sent")

// Config says how a Client reaches the API. Only BaseURL is required.
type Config struct {
	// BaseURL is the API's root, such as https://api.braintrust.dev; see CheckURL for what is refused.
	BaseURL string
	// Key is sent to BaseURL's origin, and by Login to the web application; to nobody else.
	Key Secret
	// OrgName steers a key that belongs to several organizations.
	OrgName   string
	UserAgent string
	// Transport carries the requests; nil means NewTransport without options.
	Transport http.RoundTripper
	// ReadOnly refuses every request that may write, below the client, with ErrReadOnly.
	ReadOnly bool
	Retry    RetryPolicy
	// Parallelism bounds the requests in flight; 0 means 8.
	Parallelism int
	// PageSize is the limit sent with every list; 0 means 1000.
	PageSize int
	// Timeout bounds one attempt, from connecting to the last byte; 0 means 60 s. The list of organizations and the login
	// have 15 s at most.
	Timeout time.Duration
	// Observe, when set, is called after each attempt, from several goroutines at once.
	Observe func(Exchange)
}

// Exchange is what may be told of one attempt: never a header, never a body.
type Exchange struct {
	Method    string
	URL       string // path and query
	Status    int    // 0 when no answer came
	RequestID string
	Duration  time.Duration
	Attempt   int // from 1
	Err       error
}

// watchKey finds the function of Watch in a context.
type watchKey struct{}

// Watch returns a context for calls whose attempts observe is told of, besides Config.Observe. A later Watch takes
// the place of an earlier one.
func Watch(ctx context.Context, observe func(Exchange)) context.Context {
	return context.WithValue(ctx, watchKey{}, observe)
}

// Client talks to one API with one key. It is safe for concurrent use; all copies made by WithOrgName
// share its connections, its pace and its counters.
type Client struct {
	*link
	orgName string
}

// link is what the copies of a Client share.
type link struct {
	base      *url.URL
	key       string
	userAgent string
	transport http.RoundTripper
	retry     RetryPolicy
	pace      *pace
	pageSize  int
	timeout   time.Duration
	observe   func(Exchange)
	reads     atomic.Int64
	writes    atomic.Int64
}

// New makes a Client. It checks the URL and the key and sends nothing.
func New(config Config) (*Client, error) {
	base, err := CheckURL(config.BaseURL)
	if err != nil {
		return nil, err
	}
	key, err := cleanKey(config.Key)
	if err != nil {
		return nil, err
	}
	transport := config.Transport
	if transport == nil {
		if transport, err = NewTransport(TransportOptions{}); err != nil {
			return nil, fmt.Errorf("prepare the connection to %s: %w", base.Host, err)
		}
	}
	if config.ReadOnly {
		transport = readOnly{next: transport}
	}
	retry := config.Retry.withDefaults()
	return &Client{orgName: config.OrgName, link: &link{
		base:      base,
		key:       key,
		userAgent: orDefault(config.UserAgent, defaultUserAgent),
		transport: transport,
		retry:     retry,
		pace:      newPace(max(config.Parallelism, 0), retry),
		pageSize:  orDefault(max(config.PageSize, 0), defaultPageSize),
		timeout:   orDefault(max(config.Timeout, 0), defaultTimeout),
		observe:   config.Observe,
	}}, nil
}

// WithOrgName returns a client that names another organization and shares everything else.
func (c *Client) WithOrgName(name string) *Client {
	return &Client{link: c.link, orgName: name}
}

// BaseURL returns the API's root without a trailing slash.
func (c *Client) BaseURL() string { return c.base.String() }

// OrgName returns the organization's name that requests carry; empty when none was given.
func (c *Client) OrgName() string { return c.orgName }

// Requests counts the attempts handed to the transport so far, by whether they may have written.
func (c *Client) Requests() (reads, writes int) {
	return int(c.reads.Load()), int(c.writes.Load())
}

// Exhausted reports whether the server has failed so often in a row that calls are not repeated any more.
func (c *Client) Exhausted() bool { return c.pace.exhausted() }

// CloseIdleConnections closes connections that no request uses.
func (c *Client) CloseIdleConnections() {
	if closer, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// cleanKey drops one trailing newline, which files and pipes add, and refuses whatever else cannot be
// in a key: sent as it is, it could smuggle a header.
func cleanKey(key Secret) (string, error) {
	text := key.Reveal()
	if line, found := strings.CutSuffix(text, "\n"); found {
		text = strings.TrimSuffix(line, "\r")
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return "", ErrMalformedKey
		}
	}
	return text, nil
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
