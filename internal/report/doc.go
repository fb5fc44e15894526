// Package report makes the page of `access report`: one HTML file that needs nothing else. It says who an organization
// has, who may do what and why, who could come to more, and what is wrong.
//
// What a reader without scripts, a printer and a search engine want is HTML, escaped by html/template. The matrix and
// the explanations are worked out in the page from the grants themselves, which are embedded as numbers
// (docs/adr/0026-report-page.md). The rules stand a second time in assets/model.js for that; test/browser compares its
// answers with those of pkg/access.
package report
