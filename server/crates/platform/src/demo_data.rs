//! How much demo data an empty database gets.

/// How much demo data an empty database gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DemoData {
    /// People and goods, and ninety days of trade among them.
    #[default]
    Full,
    /// People and goods alone.
    Small,
}
