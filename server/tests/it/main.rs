//! The whole thing, from outside: both sites over HTTP on free ports, with a fake clock and seeded
//! randomness, each test on SQLite and (where `DD_TEST_POSTGRES_URL` names a server) on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod accounts;
mod architecture;
mod bad_input;
mod bad_requests;
mod cart;
mod control_api;
mod demo_data;
mod dependencies;
mod documents;
mod floors;
mod https;
mod idempotency;
mod isolation;
mod jumps;
mod kept_data;
mod kills;
mod lab;
mod lab_faults;
mod lab_requests;
mod lab_rooms;
mod lab_scenarios;
mod lab_snapshots;
mod lost_returns;
mod model;
mod notifications;
mod open_address;
mod process;
mod proof;
mod query_api;
mod quick_start;
mod refunds;
mod schema;
mod several_processes;
mod simulations;
mod states;
mod strict_client;
mod trouble;
mod web_manners;
mod wire;
