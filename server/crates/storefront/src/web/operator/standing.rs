//! Holding and releasing, whatever it is that is held.

use crate::Shop;
use crate::oversight::standing::{self, Change, StandingError, Target};
use crate::web::SignedIn;
use app::form::FormState;
use platform::web::Refusal;

/// Holds it or releases it, and says so on the next page; the form again where the reason is missing.
pub async fn set(
    shop: &Shop,
    operator: &SignedIn,
    target: Target,
    change: Change,
    reason: &str,
) -> Result<Option<FormState>, Refusal> {
    match standing::set(shop, &operator.user, target, change, reason).await {
        Ok(changed) => operator.tell(told(changed, change)).await.map(|()| None),
        Err(StandingError::Invalid(form)) => Ok(Some(form)),
        Err(error) => Err(refused(error)),
    }
}

/// What is said after it.
const fn told(changed: bool, change: Change) -> &'static str {
    match (changed, change) {
        (true, Change::Hold) => "Done. It stands in the audit log with your reason.",
        (true, Change::Release) => "Released. It stands in the audit log with your reason.",
        (false, _) => "It was so already; nothing was changed.",
    }
}

/// What is wrong with more than the form.
pub fn refused(error: StandingError) -> Refusal {
    match error {
        StandingError::Operator => Refusal::conflict("An operator's account cannot be changed here."),
        StandingError::NotFound => Refusal::not_found(),
        StandingError::Database(error) => error.into(),
        StandingError::Invalid(_) => Refusal::because(error),
    }
}
