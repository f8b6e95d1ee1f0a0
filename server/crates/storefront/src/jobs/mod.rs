//! Background work: what is done though nobody opens a page.

mod payment_tracking;

use crate::Shop;
use crate::scheduled_jobs::Jobs;
use payment_tracking::PaymentTracking;
use platform::jobs::Wake;
use platform::sessions::SessionStore;
use std::sync::Arc;
use std::time::Duration;

/// How often payments are asked after that nobody has told the end of.
const TRACKING_INTERVAL: Duration = Duration::from_secs(2);
/// How often expired sessions are deleted.
const SESSIONS_INTERVAL: Duration = Duration::from_mins(10);

/// All jobs of this shop, each with what wakes it and how often it looks by itself.
pub(crate) fn of(shop: &Shop) -> Jobs {
    let sessions = SessionStore::new(shop.db.clone(), shop.clock.clone());
    Jobs::new([
        (Arc::new(PaymentTracking::new(shop.clone())) as _, shop.payment_tracking.clone(), TRACKING_INTERVAL),
        (Arc::new(sessions) as _, Wake::default(), SESSIONS_INTERVAL),
    ])
}
