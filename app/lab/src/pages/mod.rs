//! The lab's pages: each a function from its data to a whole HTML document.

mod activity;
mod shell;

pub use activity::activity;
