//! What merchants do: open their shop and list items.

pub mod listing;
pub mod notices;
pub mod onboarding;
pub mod profile;
