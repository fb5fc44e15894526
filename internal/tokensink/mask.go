package tokensink

import (
	"fmt"
	"io"
	"strings"
	"time"

	"btadmin/internal/iostreams"
)

// maskPause is how long the runner gets to read the mask. It reads standard output and standard error as
// two streams, so that what is written later could be shown earlier.
const maskPause = 300 * time.Millisecond

// Mask tells the runner of GitHub Actions that a secret is one, before it can appear in a log; elsewhere it does
// nothing. The command goes to standard error: standard output is data and may be captured, in which case the runner
// would never see it; the runner obeys commands on either stream.
func Mask(streams *iostreams.Streams, key string) error {
	if !streams.GitHubActions {
		return nil
	}
	escaped := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(key)
	_, err := io.WriteString(streams.Err, "::add-mask::"+escaped+"\n")
	return err
}

// mask masks the secret, and gives the runner time.
func (s *Sink) mask(key string) error {
	if !s.Streams.GitHubActions {
		return nil
	}
	if err := Mask(s.Streams, key); err != nil && !s.Options.ToFile() {
		return fmt.Errorf("masking the token in the log: %w", err)
	}
	s.Pause(maskPause)
	return nil
}
