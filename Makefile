# Two commands are enough on a machine that has Go: `make run` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
GO ?= go
export CGO_ENABLED = 0

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
EXAMPLE := docs/example/office-court-a.pcap.zst
CACHE   := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/tollwatch

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## both programs, static, into bin/
	@$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/tollwatch ./cmd/siplab

run: build ## replay the example capture and show the alert that it raises
	@echo '$$ bin/tollwatch replay $(EXAMPLE)'
	@bin/tollwatch replay $(EXAMPLE)

deb: ## a Debian package of the sensor into dist/, for this machine or GOARCH
	@GO='$(GO)' LDFLAGS='$(LDFLAGS)' CACHE='$(CACHE)' packaging/deb/build.sh $(or $(DIST),dist)

test: prepare ## every test (installs through apt-get what tests need where it is root)
	$(GO) test ./...

prepare:
	@packaging/test/prepare.sh

lint: ## gofmt, go vet, staticcheck (from a module of its own)
	@test -z "$$(gofmt -l cmd sensor detect decoder bpf packaging | tee /dev/stderr)"
	@$(GO) vet ./...
	@$(GO) build -C packaging/tools -o $(CACHE)/ honnef.co/go/tools/cmd/staticcheck
	@$(CACHE)/staticcheck ./...

generate: ## everything that is generated and committed
	@$(GO) run ./cmd/siplab generate --scenario example --seed 1 -o $(EXAMPLE) --truth $(EXAMPLE:.pcap.zst=.truth.json)
	@$(GO) run ./cmd/docgen
	@packaging/test/bpf.sh

fuzz: ## every fuzz target for FUZZTIME each, but those that FUZZWITHOUT names
	@packaging/test/fuzz.sh $(or $(FUZZTIME),5s) '$(or $(FUZZWITHOUT),^$$)'

agreement: ## the table of the corpus: the sensor's calls and streams beside the truth
	$(GO) test ./sensor/sensortest -run TestAgreement -count=1 -v

benchmark-detection: build ## the figures of docs/detections.md: QUIET (12) quiet sites of each profile, every attack on SITES (2), of seeds that nothing is tuned on
	@bin/siplab trial --report --sites $(or $(QUIET),12) --attack none
	@bin/siplab trial --report --sites $(or $(SITES),2)
	@bin/siplab trial --report --sites $(or $(SITES),2) --no-list --attack court-a,court-b,court-ten

bench-capture: prepare ## CPU a packet of RTP by each back-end in ROUNDS (7) rounds, beside libpcap where its headers are there (libpcap-dev); RATE packets a second, 0 = all that go
	@if [[ -e /usr/include/pcap/pcap.h ]] && command -v gcc >/dev/null; then export CGO_ENABLED=1; tags='-tags libpcap'; fi; \
	CAPTURE_COST=$(or $(ROUNDS),7) CAPTURE_RATE=$(or $(RATE),0) $(GO) test $$tags ./sensor/sensortest -run '^TestCaptureCost$$' -count=1 -timeout 0 -v

build-libpcap: ## bin/tollwatch with the back-end pcap: needs cgo and libpcap-dev
	@CGO_ENABLED=1 $(GO) build -trimpath -tags libpcap -ldflags '$(LDFLAGS)' -o bin/ ./cmd/tollwatch

test-libpcap: ## the tests of capture with libpcap built in
	CGO_ENABLED=1 $(GO) test -tags libpcap ./sensor/livetest -count=1
	CGO_ENABLED=1 $(GO) test -tags libpcap ./sensor/capture ./sensor/sensortest -run 'Live|Kernel|Choose|Backends' -count=1

bench: ## the benchmarks, with allocations
	$(GO) test ./... -run '^$$' -bench . -benchmem

mutations: ## MUTATIONS (10,000,000) damaged messages and frames of the corpus through the whole pipeline
	MUTATIONS=$(or $(MUTATIONS),10000000) $(GO) test ./sensor/sensortest -run '^TestMutations$$' -count=1 -timeout 0 -v

nightly: prepare ## what takes longer: long fuzzing, ten million mutations, race detector, every benchmark
	$(MAKE) fuzz FUZZTIME=5m
	$(MAKE) mutations
	CGO_ENABLED=1 $(GO) test -race ./...
	packaging/test/vmalert.sh
	LAB_LENGTH=720h $(GO) test ./sensor/sensortest -run '^TestLabMemory$$' -count=1 -v
	STORM_LENGTH=1h $(GO) test ./sensor/sensortest -run '^TestStorm$$' -count=1 -timeout 1h -v
	STEADY_LENGTH=10m $(GO) test ./sensor/sensortest -run '^TestSteadyLoad$$' -count=1 -timeout 1h -v
	STALL_PACKETS=600000 $(GO) test ./sensor/sensortest -run '^TestReaderStalls$$' -count=1 -v
	LAB_LENGTH=336h LAB_SEEDS=4 $(GO) test ./sensor/sensortest -run '^TestWireshark' -count=1 -timeout 1h -v
	OUTAGE=72h KILLS=400 RESTARTS=20 SPOOL_SECONDS=60 $(GO) test ./sensor/output/influx -run 'LineIsCut|Kill|TenThousand' -count=1 -timeout 1h -v
	FLIPS=2000 $(GO) test ./sensor/output/spool -run '^TestFlippedBits$$' -count=1 -timeout 1h -v
	$(MAKE) benchmark-detection
	$(MAKE) bench-capture
	$(MAKE) bench

.PHONY: help build run deb test prepare lint generate fuzz agreement benchmark-detection bench-capture build-libpcap test-libpcap bench mutations nightly
