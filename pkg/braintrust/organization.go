package braintrust

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Organization is the top of the tree of objects.
type Organization struct {
	ID                 string         `json:"id"`
	Name               string         `json:"name"`
	APIURL             string         `json:"api_url,omitzero"`
	IsUniversalAPI     *bool          `json:"is_universal_api,omitzero"`
	IsDataplanePrivate *bool          `json:"is_dataplane_private,omitzero"`
	ProxyURL           string         `json:"proxy_url,omitzero"`
	RealtimeURL        string         `json:"realtime_url,omitzero"`
	Created            time.Time      `json:"created,omitzero"`
	ImageRenderingMode string         `json:"image_rendering_mode,omitzero"`
	Unknown            jsontext.Value `json:",embed"`
}

// OrganizationFilter narrows Organizations.
type OrganizationFilter struct {
	IDs  []string
	Name string
}

// OrganizationPatch is the body of UpdateOrganization.
type OrganizationPatch struct {
	Name               *string `json:"name,omitzero"`
	APIURL             *string `json:"api_url,omitzero"`
	IsUniversalAPI     *bool   `json:"is_universal_api,omitzero"`
	IsDataplanePrivate *bool   `json:"is_dataplane_private,omitzero"`
	ProxyURL           *string `json:"proxy_url,omitzero"`
	RealtimeURL        *string `json:"realtime_url,omitzero"`
	ImageRenderingMode *string `json:"image_rendering_mode,omitzero"`
}
