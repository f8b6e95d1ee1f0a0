//! What people see. This crate has what the pages of both sites share; the pages themselves, and the plain data
//! that they show, are in `shop-pages` and `payments-pages` beside it, the generated covers in `covers`.
//!
//! A page is a function from its data to HTML. It does no IO and knows no request: a handler loads the
//! data, calls the page, answers. So a page can be rendered again with what the person typed and what
//! was wrong with it, and tested without a server. The crate compiles to wasm32 as well.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod assets;
pub mod components;
pub mod form;
pub mod render;
