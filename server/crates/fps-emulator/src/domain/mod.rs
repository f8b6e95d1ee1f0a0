//! What is true at Amazon's side: the records, their rules, and the SQL of each table in the module of its
//! aggregate. Knows no HTTP and no action.

pub mod accounts;
pub mod addresses;
pub mod authorizations;
pub mod callers;
pub mod instruments;
pub mod ledger_accounts;
pub mod ledger_transactions;
pub mod mail;
pub mod notifications;
pub mod payments;
pub mod place;
pub mod refund_requests;
pub mod settings;
pub mod stored_value;
pub mod tokens;
pub mod transactions;

/// What it means when a guarded statement does not find its row: somebody else was faster, and what was read is no
/// longer so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed;
