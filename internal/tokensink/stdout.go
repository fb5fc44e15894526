package tokensink

import "fmt"

// checkOutput finds a standard output that takes nothing: closed, on a full device, or a pipe whose reader
// is gone.
func (s *Sink) checkOutput() error {
	if _, err := s.Streams.Out.Write(nil); err != nil {
		return fmt.Errorf("writing standard output: %w", err)
	}
	if s.Streams.OutFile != nil && readerGone(s.Streams.OutFile) {
		return fmt.Errorf("writing standard output: nobody reads it any more")
	}
	return nil
}
