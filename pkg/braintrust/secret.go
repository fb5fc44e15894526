package braintrust

// Secret is a key or token. It prints as "[secret]" with every verb and marshals as that too, so that
// it cannot leak by accident; Reveal is the one way out.
type Secret struct{ value string }

// NewSecret wraps a key.
func NewSecret(value string) Secret { return Secret{value: value} }

// Reveal returns the key itself.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no key.
func (s Secret) IsZero() bool { return s.value == "" }

// String hides the key.
func (s Secret) String() string { return "[secret]" }

// GoString hides the key from %#v.
func (s Secret) GoString() string { return "[secret]" }

// MarshalText hides the key from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// UnmarshalText reads the key out of an answer.
func (s *Secret) UnmarshalText(text []byte) error {
	s.value = string(text)
	return nil
}
