// Package conformance checks requests and answers of tests against the vendor's OpenAPI description:
// that the client sends what the API declares, and that the sandbox answers what it declares. It is
// for tests only and is linked into no program.
package conformance
