package braintrust

import (
	"errors"
	"net/http"
	"strings"
)

// IsNotFound reports whether err says that something is not there, as far as this key may know: the
// API does not tell a missing object from one that may not be read.
func IsNotFound(err error) bool {
	var api *APIError
	if !errors.As(err, &api) {
		return false
	}
	return api.Status == http.StatusNotFound ||
		api.Status == http.StatusBadRequest && saysMissing(api.Message)
}

// IsForbidden reports whether err says that the key may not do this. Some servers say so with 400.
func IsForbidden(err error) bool {
	var api *APIError
	if !errors.As(err, &api) {
		return false
	}
	return api.Status == http.StatusForbidden ||
		api.Status == http.StatusBadRequest && !saysMissing(api.Message) && saysForbidden(api.Message)
}

// IsUnauthorized reports whether err says that the key itself is not accepted.
func IsUnauthorized(err error) bool {
	var api *APIError
	return errors.As(err, &api) && api.Status == http.StatusUnauthorized
}

// MaybeCarriedOut reports whether the write that failed with err may have changed the server all the
// same. It is false only when that is certain.
func MaybeCarriedOut(err error) bool {
	var (
		lost    *LostAnswerError
		strange *AnswerError
		network *NetworkError
		api     *APIError
	)
	switch {
	case errors.As(err, &lost) || errors.As(err, &strange):
		return true
	case errors.As(err, &network):
		return network.MaybeSent
	case errors.As(err, &api):
		return api.Attempts > 1 || api.Status >= 500 || api.Status == http.StatusRequestTimeout
	}
	return false
}

// IsTransient reports whether the cause of an error may go away by itself, so that it is worth looking what became of the
// request, and trying again. A secret whose answer was lost is never asked for again.
func IsTransient(err error) bool {
	var (
		lost    *LostAnswerError
		network *NetworkError
		strange *AnswerError
		api     *APIError
	)
	switch {
	case errors.As(err, &lost):
		return false
	case errors.As(err, &network) || errors.As(err, &strange):
		return true
	case errors.As(err, &api):
		return transient(api.Status) || api.Status >= 500
	}
	return false
}

func saysMissing(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "does not exist or you do not have access") ||
		strings.Contains(message, "does not exist, or you do not have access")
}

// forbiddenWords are parts of messages that came with 400 and mean 403.
var forbiddenWords = []string{
	"do not have access", "don't have access", "not authorized", "unauthorized", "permission denied",
	"not permitted", "insufficient permission", "lacks permission", "missing permission", "forbidden",
}

func saysForbidden(message string) bool {
	message = strings.ToLower(message)
	for _, words := range forbiddenWords {
		if strings.Contains(message, words) {
			return true
		}
	}
	// "missing read access", "missing create_acls permission on ..."
	_, rest, found := strings.Cut(message, "missing ")
	if !found {
		return false
	}
	for i, word := range strings.Fields(rest) {
		word = strings.Trim(word, ".,:;'\"`()")
		if i > 0 && i <= 2 && (word == "access" || word == "permission" || word == "permissions") {
			return true
		}
	}
	return false
}
