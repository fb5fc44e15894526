# One word for each thing that is done to this project. `make` alone builds and tests.
#
#   build          the program, in ./btadmin
#   test           everything that needs only Go
#   check          what needs more: formatting, linters, generated files, 10,000 organizations, fuzzing, one release target
#   check-clients  other people's clients against the sandbox; needs node and npm
#   check-oracle   the evaluators against OpenFGA and cedar-go, cell by cell
#   gen            writes completions/, docs/reference/ and docs/man/
#   lint           gofmt, go vet and golangci-lint
#   fuzz           every fuzz target for FUZZTIME (5s)
#   cover          test coverage, by package, in cover.out
#   bench          every benchmark once, with allocations; beside other engines: bench-peers
#   bench-peers    one table: this engine, cedar-go and OpenFGA on the same organizations; takes minutes
#   bench-terraform  policy plan and apply beside Terraform on the same organizations; compiles Terraform, takes ten minutes
#   release-check  the long runs: race detector, planted bugs, fuzzing for FUZZTIME=30s, all release targets, packages

GO       ?= go
FUZZTIME ?= 5s
BENCH    ?= .

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE    ?= $(shell git log -1 --format=%cI 2>/dev/null)
STAMP    = -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)

export CGO_ENABLED ?= 0

.DEFAULT_GOAL := all
.PHONY: all build test check check-clients check-oracle lint fuzz gen cover bench bench-peers bench-terraform release-check clean

all: build test

build:
	$(GO) build -trimpath -buildvcs=false -ldflags '$(STAMP)' -o btadmin ./cmd/btadmin

test:
	$(GO) test ./...

check:
	GO='$(GO)' FUZZTIME='$(FUZZTIME)' scripts/check.sh format vet lint imports generated equality oracle clients browser shells action faults fuzz cross

lint:
	GO='$(GO)' scripts/check.sh format vet lint

fuzz:
	GO='$(GO)' FUZZTIME='$(FUZZTIME)' scripts/check.sh fuzz

gen:
	$(GO) run ./cmd/gen
	$(GO) test ./internal/archtest -run '^TestLinkedModules$$' -update

cover:
	$(GO) test -coverprofile=cover.out -coverpkg=./internal/...,./pkg/... ./...
	$(GO) tool cover -func=cover.out | tail -n 1

bench:
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

bench-peers:
	cd test/oracle && $(GO) test -count 1 -timeout 60m -run '^$$' -bench '^BenchmarkBesidePeers$$' -benchtime 1x ./peers

bench-terraform:
	cd test/terraform && $(GO) test -count 1 -timeout 60m -run '^$$' -bench '^BenchmarkBesideTerraform$$' -benchtime 1x .

release-check:
	GO='$(GO)' FUZZTIME=30s scripts/check.sh format vet lint imports generated race equality mutants fuzz cross-all packages

clean:
	rm -rf btadmin dist .release cover.out

check-clients:
	GO='$(GO)' scripts/check.sh clients

check-oracle:
	GO='$(GO)' scripts/check.sh oracle
