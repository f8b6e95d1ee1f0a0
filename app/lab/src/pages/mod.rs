//! The lab's pages: each a function from its data to a whole HTML document.

mod activity;
mod attack;
mod beside;
mod deeds;
mod door;
mod follow;
mod follow_drawing;
pub mod follow_export;
mod shell;

pub use activity::activity;
pub use attack::attack;
pub use beside::beside;
pub use deeds::deeds;
pub use door::door;
pub use follow::follow;
