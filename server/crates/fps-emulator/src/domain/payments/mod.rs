//! May this payment be made? Who pays and who is paid, the rules that they are held against, and what the
//! sandbox simulated.

pub mod rules;
pub mod sandbox;
pub mod sides;

pub use rules::month_is_over;
