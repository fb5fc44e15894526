package credentials_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	keyring "github.com/zalando/go-keyring"

	"btadmin/internal/credentials"
)

const busNeeded = true

// With a socket in its place the library is asked; MockInit keeps it from dialling.
func TestBusIsThere(t *testing.T) {
	keyring.MockInitWithError(errors.New("the mock was asked"))
	t.Cleanup(keyring.MockInit)
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	for _, address := range []string{"unix:path=" + path, "unix:path=" + path + ",guid=1", "unix:abstract=/x", ";unix:path=" + path} {
		store := credentials.NewStore(credentials.Options{Env: bus(address), Deadline: time.Minute})
		_, err := store.Find(context.Background(), inKeyring("a"))
		var ke *credentials.KeyringError
		if !errors.As(err, &ke) || ke.Err.Error() != "the mock was asked" {
			t.Errorf("%s: %v", address, err)
		}
	}
}
