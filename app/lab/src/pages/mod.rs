//! The lab's pages: each a function from its data to a whole HTML document.

mod activity;
mod deeds;
mod door;
mod shell;

pub use activity::activity;
pub use deeds::deeds;
pub use door::door;
