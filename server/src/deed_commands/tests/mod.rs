//! The subcommands against a server that answers as the control API does.

mod asking;
mod help;
mod streams;
mod support;
