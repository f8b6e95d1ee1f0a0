//! Subcommands that go on: what happens, what is asked of the web service, what callers are told.

mod events;
mod feed;
mod listen;
mod logs;

use super::{CommandError, ControlApi, Look};
use listen::Listen;
use logs::Logs;
use std::io::Write;
use url::Url;

#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum StreamCommand {
    /// Everything that happens, as it happens
    Events {
        /// Only of this kind; again, or with commas, for more
        #[arg(long = "kind", value_name = "KIND", value_delimiter = ',', value_parser = events::KINDS)]
        kinds: Vec<String>,
        /// From the event after the one with this id on
        #[arg(long, value_name = "ID")]
        after: Option<u64>,
    },
    /// What was asked of the web service, the latest last
    Logs {
        /// Goes on with what is asked next
        #[arg(long)]
        follow: bool,
        /// Only this action, such as Pay
        #[arg(long, value_name = "ACTION")]
        action: Option<String>,
        /// So many at the most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// What callers are told, as they are told; also callers without an address
    Listen {
        /// Ends after the first
        #[arg(long)]
        once: bool,
        /// Posts the same bytes to this address, too, and shows what it answers
        #[arg(long, value_name = "URL", value_parser = web_address)]
        forward: Option<Url>,
    },
}

fn web_address(text: &str) -> Result<Url, &'static str> {
    let url: Option<Url> = text.parse().ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or("it must be an address such as http://127.0.0.1:9000/ipn")
}

impl StreamCommand {
    pub(super) async fn run(
        &self,
        api: &ControlApi,
        look: Look,
        out: &mut (dyn Write + Send),
    ) -> Result<(), CommandError> {
        match self {
            Self::Events { kinds, after } => events::show(api, kinds, *after, look, out).await,
            Self::Logs { follow, action, limit } => {
                Logs { api, action: action.as_deref(), look }.show(*limit, *follow, out).await
            }
            Self::Listen { once, forward } => Listen::new(api, forward.as_ref(), *once, look).run(out).await,
        }
    }
}
