//! What can be done to a running program by hand: each deed is said once, in a table, and is a control call, a
//! subcommand and a form of the lab by that.
//!
//! A site has a static table of its [`Deed`]s and does them through [`Deeds`]; the lab puts the tables together.

mod access;
mod arguments;
mod deed;
mod refusal;
mod router;

pub use access::AccessRules;
pub use arguments::{Arguments, Misfit};
pub use deed::{Command, Deed, Field, Kind, Method, Place};
pub use refusal::DeedRefused;
pub use router::{Offer, deeds_router};

use async_trait::async_trait;
use serde_json::Value;

/// A site's deeds, done.
#[async_trait]
pub trait Deeds: Send + Sync {
    fn table(&self) -> &'static [Deed];

    /// Does one of the table's. The arguments have the fields that the deed names and no others, those that are required
    /// among them; what is in them is for the deed to read. The answer is JSON for people and programs.
    async fn perform(&self, deed: &'static Deed, arguments: Arguments) -> Result<Value, DeedRefused>;
}
