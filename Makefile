# hauth. The two commands to know: go run . demo, and make test.

SHELL := /bin/bash
export CGO_ENABLED ?= 0

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
# Without inlining in hauth's own packages the program is 2 % smaller, and a hit
# is not slower.
RELEASE_FLAGS := -trimpath -ldflags='-s -w -buildid=' -gcflags='github.com/hauth/hauth/...=-l'

.PHONY: build test setup format vet lint cross unit keyring windows fleet fleet-short bench soak mutants fuzz release-check supply-chain generate clean

build:
	go build $(RELEASE_FLAGS) -o bin/hauth .

# Everything that must hold before a change lands.
test: setup format vet lint cross unit keyring windows fleet-short

setup:
	@test/setup
	@test/powershell/setup

format:
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; } >&2
	go mod tidy -diff

vet:
	go vet ./...
	go vet -tags keyring ./...
	go vet -tags fleet ./test/fleet
	go vet -tags machines,wine ./test/machines ./test/windows

lint:
	go run $(STATICCHECK) ./...

# What cannot run here must at least compile, and hold no mistake that shows.
cross:
	GOOS=darwin go vet ./...
	GOOS=windows go vet ./...
	GOOS=windows go vet -tags wine ./test/windows/probe
	GOOS=freebsd go vet ./...

# The race detector needs cgo.
unit:
	CGO_ENABLED=1 go test -race -timeout 15m ./...

# hauth.exe and the tests of its packages under Wine, which is installed where it
# is missing and can be. Where it cannot, that is said, and nothing is tested.
windows:
	@test/windows/all

# The real gnome-keyring, on a private bus. Packages that are named together run
# at once, in one keyring: those that use the same account, or stop the keyring,
# must not be.
keyring:
	CGO_ENABLED=1 HAUTH_TEST_KEYRING=required test/with-keyring go test -race -count=1 -tags keyring -run Keyring -timeout 10m ./pkg/store/keyring ./cmd
	test/with-keyring go test -count=1 -tags keyring -run Keyring -timeout 10m ./test/steps ./test/budget

# Fleets on real servers: Redis with Sentinel, Cluster and TLS, etcd,
# PostgreSQL, S3-compatible storage, and OpenBao where it is installed; herds on
# three hosts in network namespaces, killed, stopped and cut off; ten thousand
# machines in simulated time.
ROUNDS ?= 3
VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.8.0
fleet: build
	test/setup-fleet
	GOBIN=$(CURDIR)/bin go install $(VERSITYGW)
	@command -v bao vault >/dev/null || echo "neither bao nor vault is installed: of OpenBao only a fake of its API is tested"
	go test -tags fleet -count=1 -parallel 6 -timeout 90m ./test/fleet -args -hauth $(CURDIR)/bin/hauth -rounds $(ROUNDS)
	go test -count=1 -timeout 60m ./pkg/fleet -run Simulation/several -v -args -sim.machines 10000 -sim.time 24h
	go test -count=1 -timeout 60m ./pkg/fleet -run Simulation/one -v -args -sim.machines 10000 -sim.time 4h

# What of it make test runs.
fleet-short: build
	test/setup-fleet
	go test -tags fleet -count=1 -short -timeout 10m ./test/fleet -run 'Herds|HolderKilled|HolderStopped|Mistakes|Engines' -args -hauth $(CURDIR)/bin/hauth -rounds 1

# Completions and the specs' Go form are generated and committed; a test
# proves that they are current.
generate:
	go generate ./pkg/providers
	go test . ./cmd -run 'Generated|Golden' -update

bench:
	test/with-keyring go run ./test/bench

# Random kills, and a kill and a failing disk at each step of a rotation, each
# followed by a check that nothing was lost. A keyring, too:
# test/with-keyring go run ./test/soak -store keyring -n 500
N ?= 10000
SEED ?= 1
soak: build
	go run ./test/soak -n $(N) -seed $(SEED)
	go run ./test/soak -rotate -n $$(($(N) / 10)) -seed $(SEED)
	go test -count=1 -timeout 30m ./test/steps -args -all
	test/with-keyring go test -count=1 -timeout 30m -tags keyring -run Keyring ./test/steps -args -all

# Takes away one second line of defence at a time; its test must fail.
mutants:
	go run ./test/mutants $(MUTANT)

FUZZTIME ?= 30s
fuzz:
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' "$$p" | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) "$$p" || exit 1; \
		done; \
	done

# All of a release that needs no account; docs/releasing.md says what is tried.
release-check:
	test/release-check

# What hauth is made of, and what is known to be wrong with it.
supply-chain:
	test/supply-chain

clean:
	rm -rf bin dist
