//! What people see: the pages of both sites as Leptos components, and the plain data that they show.
//!
//! A page is a function from its data to HTML. It does no IO and knows no request: a handler loads the
//! data, calls the page, answers. So a page can be rendered again with what the person typed and what
//! was wrong with it, and tested without a server. The crate compiles to wasm32 as well.

pub mod components;
pub mod form;
pub mod payments;
pub mod render;
pub mod shop;
