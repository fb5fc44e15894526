// Package redact removes secrets from text that is about to be shown or stored: the values that this run has
// seen, in every notation that servers and libraries give them, and whatever looks like a key or stands in a
// field for one.
package redact

import (
	"strings"
	"sync"
)

// Mark stands where a secret was. It needs no escaping in JSON.
const Mark = "[redacted]"

// minSecret is the length below which a value is no secret but a word: removing every "a" hides nothing and
// destroys the message.
const minSecret = 6

// Redactor removes secrets from text. It is safe for concurrent use. Make it with New.
type Redactor struct {
	patterns func() *patterns

	mu    sync.RWMutex
	known map[string]bool
	forms matcher
}

// New returns a Redactor that knows no value yet, only what keys look like and where they stand.
func New() *Redactor {
	return &Redactor{patterns: sync.OnceValue(compile), known: map[string]bool{}}
}

// Add registers a secret, which String removes from then on. Values shorter than six bytes are not registered.
func (r *Redactor) Add(secret string) {
	if len(secret) < minSecret || strings.Contains(Mark, secret) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[secret] {
		return
	}
	r.known[secret] = true
	r.forms = r.forms.with(forms(secret))
}

// String returns text with Mark in the place of every secret. Doing it twice changes nothing.
func (r *Redactor) String(text string) string {
	if text == "" {
		return text
	}
	r.mu.RLock()
	known := r.forms
	r.mu.RUnlock()
	text = known.mask(text)
	return r.patterns().mask(text)
}
