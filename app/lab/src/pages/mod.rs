//! The lab's pages: each a function from its data to a whole HTML document.

mod activity;
mod attack;
mod beside;
mod books;
mod deeds;
mod door;
mod filter;
mod follow;
mod follow_drawing;
pub mod follow_export;
pub mod lessons;
mod notifications;
mod request;
mod requests;
mod shell;
mod signature;
mod snapshots;
mod xml;

pub use activity::activity;
pub use attack::attack;
pub use beside::beside;
pub use books::{books, postings, statement};
pub use deeds::deeds;
pub use door::door;
pub use follow::follow;
pub use notifications::{notification, notifications};
pub use request::{no_request, request};
pub use requests::requests;
pub use signature::{signature, signature_steps};
pub use snapshots::{comparison, snapshots};
