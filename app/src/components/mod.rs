//! Parts that both sites use: form fields and their errors, money, times, sizes, tables that become
//! lists where it is narrow, the ways between pages of a list, buttons that say what they do.
//!
//! Each is a function from plain data to a view. The classes they use are styled in `style/base/`.

pub mod action;
pub mod amount;
pub mod chart;
pub mod field;
pub mod paging;
pub mod security;
pub mod size;
pub mod table;
pub mod time;
