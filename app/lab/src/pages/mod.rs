//! The lab's pages: each a function from its data to a whole HTML document.

mod shell;

pub use shell::page;
