package braintrust

import (
	"context"
	"errors"
	"net/http"
)

// Ping asks the server who the key is. Not every server can say; then known is false and the key has
// to be found by its suffix among API keys and service tokens.
func (c *Client) Ping(ctx context.Context) (id string, known bool, err error) {
	r := request{method: http.MethodGet, path: "/ping"}
	a, err := c.send(ctx, r)
	if err != nil {
		var api *APIError
		if errors.As(err, &api) {
			switch api.Status {
			case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
				http.StatusNotImplemented:
				return "", false, nil
			}
		}
		return "", false, err
	}
	who, err := decode[struct {
		ID string `json:"id"`
	}](r, a)
	if err != nil || who.ID == "" {
		return "", false, nil //nolint:nilerr // "pong" or a page: an answer that names nobody
	}
	return who.ID, true, nil
}
