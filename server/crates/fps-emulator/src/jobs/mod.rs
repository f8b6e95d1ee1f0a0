//! What happens without anybody's request, in the background.

pub mod notifier;
pub mod processor;
