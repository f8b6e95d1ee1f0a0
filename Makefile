# One command each. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test test-rust test-browser lighthouse prove bench bench-against bench-peers bench-scale lint fmt deny wasm

help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: ## Build and start both sites (shop on :3000, Amazon Payments on :3001).
	cargo build --release --locked -p server
	./target/release/digitaldownload serve

test: ## Everything: format, lints, unit and integration tests on both databases, browser tests.
	./.ci/test all

test-rust: ## Format, lints, unit and integration tests.
	./.ci/test rust

test-browser: ## The Playwright tests alone.
	./.ci/test browser

# RUNS=1 looks once at each page, BINARY=FILE takes another build.
lighthouse: ## Lighthouse as a phone on twelve pages; fails below 100 for accessibility, best practices and listed pages' SEO.
	$(if $(BINARY),,cargo build --release --locked -p server)
	npm --prefix end2end/lighthouse ci --no-audit --no-fund --ignore-scripts
	$(if $(RUNS),RUNS=$(RUNS)) $(if $(BINARY),BINARY=$(abspath $(BINARY))) npm --prefix end2end/lighthouse run measure

prove: ## Kills, the model, lost messages, the demo data and the fuzz targets at length, for hours; .ci/prove has the variables for how long.
	./.ci/prove

# PARTS="payments size" measures those alone, MINUTES=60 has the memory looked at after an hour of load.
bench: ## Measure pages, payments, a purchase, start, size and memory, as ratios in one run.
	cargo build --release --locked -p server --bin digitaldownload
	cargo run --release --locked -p server --example bench -- $(PARTS) $(if $(MINUTES),minutes=$(MINUTES))

bench-against: ## Measure Pay against an earlier commit: make bench-against REV=1c6f813.
	./.ci/bench-against $(REV)

# STRIMULATOR=FOLDER is a checkout with its dependencies, where GitHub cannot be reached.
bench-peers: ## Measure payments against two emulators of another service, fetched from npm and GitHub.
	cargo build --release --locked -p server --bin digitaldownload
	cargo run --release --locked -p server --example bench -- peers $(if $(STRIMULATOR),strimulator=$(STRIMULATOR))

# PAYMENTS=100000 ITEMS=10000 are other sizes.
bench-scale: ## Measure lists and Pay with a million payments against few; writes docs/scale.md and docs/scale.svg.
	cargo build --release --locked -p server --bin digitaldownload
	cargo run --release --locked -p server --example bench -- scale write=docs $(if $(PAYMENTS),payments=$(PAYMENTS)) $(if $(ITEMS),items=$(ITEMS))

lint: ## Format check and clippy.
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

fmt: ## Format the code.
	cargo fmt --all

deny: ## Licences, bans, sources and advisories (needs cargo-deny).
	cargo deny check

wasm: ## The pages still compile for the browser.
	cargo check --locked -p app -p shop-pages -p payments-pages -p lab-pages --no-default-features --features hydrate --target wasm32-unknown-unknown
