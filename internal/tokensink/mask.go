package tokensink

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// maskPause is how long the runner gets to read the mask. It reads standard output and standard error as
// two streams, so that what is written later could be shown earlier.
const maskPause = 300 * time.Millisecond

// mask tells the runner of GitHub Actions that the secret is one, before it can appear in a log. The
// command goes to standard error: standard output is data and may be captured, in which case the runner
// would never see it; the runner obeys commands on either stream.
func (s *Sink) mask(key string) error {
	if !s.Streams.GitHubActions {
		return nil
	}
	escaped := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(key)
	if _, err := io.WriteString(s.Streams.Err, "::add-mask::"+escaped+"\n"); err != nil && !s.Options.ToFile() {
		return fmt.Errorf("masking the token in the log: %w", err)
	}
	s.Pause(maskPause)
	return nil
}
