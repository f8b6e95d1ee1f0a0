//! What the operator does: holds and releases, makes fee rules, lets in who has lost a second factor, mends what differs from
//! Amazon's side. Each deed stands in the audit log, in the transaction of what it changed.

pub mod disputes;
pub mod fee_rules;
pub mod mail;
pub mod mending;
pub mod second_factor;
pub mod standing;

use crate::audit::Who;
use crate::users::User;

/// The operator, for the log.
fn by(operator: &User) -> Who {
    Who::Person { id: operator.id.clone(), name: operator.name.clone() }
}
