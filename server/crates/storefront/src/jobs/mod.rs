//! Background work: what is done though nobody opens a page.

mod payment_tracking;

use crate::Shop;
use payment_tracking::PaymentTracking;
use platform::jobs::{Job, Jobs, Wake};
use platform::sessions::SessionStore;
use std::sync::Arc;
use std::time::Duration;

/// How often payments are asked after that nobody has told the end of.
const TRACKING_INTERVAL: Duration = Duration::from_secs(2);
/// How often expired sessions are deleted.
const SESSIONS_INTERVAL: Duration = Duration::from_mins(10);

/// All jobs of this shop.
pub(crate) fn of(shop: &Shop) -> Jobs {
    let tracking = PaymentTracking::new(shop.clone());
    let sessions = SessionStore::new(shop.db.clone(), shop.clock.clone());
    Jobs::from_iter([
        Job::new(Arc::new(tracking), shop.payment_tracking.clone(), TRACKING_INTERVAL),
        Job::new(Arc::new(sessions), Wake::default(), SESSIONS_INTERVAL),
    ])
}
