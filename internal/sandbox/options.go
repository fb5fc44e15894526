package sandbox

import (
	"io"
	"time"

	"btadmin/pkg/braintrust"
)

// Plan is the subscription that the organization is on; it limits what may be granted (domain.md, section 6).
type Plan string

// The plans. The zero value of Plan means Enterprise.
const (
	PlanStarter    Plan = "starter"    // built-in group Owners only, no custom groups, no project grants
	PlanPro        Plan = "pro"        // all three built-in groups, no custom groups, no project grants
	PlanEnterprise Plan = "enterprise" // everything
)

// Options say how a server behaves. The zero value is an Enterprise organization with creators' grants.
type Options struct {
	Plan Plan // empty: what the store was seeded with, else enterprise
	// NoCreatorGrants turns off the owner grant that a creator receives on what he makes (on by default).
	NoCreatorGrants bool
	Clock           func() time.Time // nil: time.Now; always shown in UTC
	Rand            io.Reader        // source of ids and keys; nil: crypto/rand
	Seed            SeedSpec         // used when the store is empty
	Faults          Faults
	LockWait        time.Duration // how long Open waits for another process; 0: five seconds

	sync func(commit func() error) error // for tests: wraps every commit
}

// SeedKind names a set of starting data.
type SeedKind string

// The kinds of seed. The zero value means SeedDemo.
const (
	SeedDemo  SeedKind = "demo"  // a believable company, Acme
	SeedEmpty SeedKind = "empty" // an organization with one owner and his service account
	SeedLarge SeedKind = "large" // counts of SeedSpec, deterministic by RandomSeed
)

// SeedSpec says what an organization starts with. Empty fields are chosen by the server.
type SeedSpec struct {
	Kind      SeedKind
	OrgID     string // fixed organization id, a UUID
	OrgName   string
	UserID    string // fixed id of the first owner, a person
	UserEmail string
	// Fixed keys, for other clients' test suites: they must start with UserKeyPrefix and ServiceTokenPrefix,
	// and they are taken over loopback only, because they may be known to others.
	UserKey  string // API key of that person
	TokenKey string // service token of the owner's service account

	// For SeedLarge: how many of each, and the seed of the pseudo-random choice.
	Users, Groups, Projects, ACLs int
	RandomSeed                    uint64
}

// Seeded is what seeding made: the only time that the keys are shown.
type Seeded struct {
	OrgID, OrgName   string
	UserID           string            // the first owner, a person
	UserKey          braintrust.Secret // API key of the person: cannot mint tokens
	ServiceAccountID string
	TokenKey         braintrust.Secret // service token of an owner: may mint tokens
}

// Faults are the troubles that a server makes on request. Reproducible by Seed: the n-th request that
// arrives meets the n-th draw.
type Faults struct {
	Latency         time.Duration // added before every request
	FailRate        float64       // 0 to 1: answered 500 before anything is done
	RateLimit       float64       // requests a second; above it 429 with Retry-After; 0: none
	DropAfterCommit float64       // 0 to 1: the write is committed, its answer lost with the connection
	FailAfterCommit float64       // 0 to 1: the write is committed and answered 502 all the same
	DropBefore      float64       // 0 to 1: the connection is closed before anything is done
	Seed            uint64
}

// Counts are the requests that a server has met, refused ones included.
type Counts struct {
	Reads  int // GET, HEAD, OPTIONS and login
	Writes int // POST, PUT, PATCH, DELETE
}
