//! Logs go to standard error: for people on a terminal, as JSON lines with `DD_LOG=json`. `RUST_LOG`
//! says how much.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Session ids that are no longer known are nothing to write home about: every browser has some after a reset.
const DEFAULT: &str = "info,tower_sessions_core=error,tower_sessions=error";

pub(crate) fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let as_json = std::env::var("DD_LOG").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    // Failing means that a subscriber is there already, which is as good.
    let _ = if as_json {
        logs.json().flatten_event(true).with_current_span(false).try_init()
    } else {
        logs.compact().with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}
