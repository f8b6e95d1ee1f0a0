//! Background work: what is done though nobody opens a page.

mod carts;
mod comparison;
mod credits;
mod kept_notifications;
mod lost_returns;
mod mail;
mod payment_tracking;
mod unused_files;

use crate::Shop;
use carts::{OldCarts, SpentTokens};
use comparison::Comparison;
use credits::CreditTracking;
use kept_notifications::KeptNotifications;
use lost_returns::LostReturns;
use mail::{FulfilReminders, MailSender, OldMail};
use payment_tracking::PaymentTracking;
use platform::jobs::{DueWork, Job, JobError, Jobs, Wake};
use std::sync::Arc;
use std::time::Duration;
use unused_files::UnusedFiles;

/// How often payments are asked after that nobody has told the end of.
const TRACKING_INTERVAL: Duration = Duration::from_secs(2);
/// How often orders are looked for that wait and are due.
const RETURNS_INTERVAL: Duration = Duration::from_secs(2);
/// How often orders are compared that are due: with [`BATCH`], as many as each second has to itself.
const COMPARISON_INTERVAL: Duration = Duration::from_secs(30);
/// How often notifications that nobody knows are looked through.
const NOTIFICATIONS_INTERVAL: Duration = Duration::from_mins(10);
/// Orders read at once.
const BATCH: usize = 100;
/// Orders of which Amazon is asked at the same time.
const AT_ONCE: usize = 8;
/// How often credits are asked after that are being filled, and tokens looked for that are of no more use.
const CREDIT_INTERVAL: Duration = Duration::from_secs(2);
/// How often carts and wish lists of visitors are looked for who did not come back.
const CARTS_INTERVAL: Duration = Duration::from_mins(10);
/// How often mail is looked for that is to be sent.
const MAIL_INTERVAL: Duration = Duration::from_secs(2);
/// How often sellers are looked for that are to be reminded.
const REMINDERS_INTERVAL: Duration = Duration::from_secs(30);
/// How often mail is looked for that is to be forgotten.
const OLD_MAIL_INTERVAL: Duration = Duration::from_mins(10);
/// How often files are looked for that no listing has.
const FILES_INTERVAL: Duration = Duration::from_mins(10);
/// How often expired sessions are deleted.
const SESSIONS_INTERVAL: Duration = Duration::from_mins(10);

/// All jobs of this shop.
pub(crate) fn of(shop: &Shop) -> Jobs {
    let tracking = PaymentTracking::new(shop.clone());
    let sessions = shop.session_store();
    Jobs::from_iter([
        Job::new(Arc::new(tracking), shop.payment_tracking.clone(), TRACKING_INTERVAL),
        Job::new(Arc::new(LostReturns::new(shop.clone())), Wake::default(), RETURNS_INTERVAL),
        Job::new(Arc::new(CreditTracking::new(shop.clone())), shop.credit_tracking.clone(), CREDIT_INTERVAL),
        Job::new(Arc::new(SpentTokens::new(shop.clone())), Wake::default(), CREDIT_INTERVAL),
        Job::new(Arc::new(OldCarts::new(shop.clone())), Wake::default(), CARTS_INTERVAL),
        Job::new(Arc::new(Comparison::new(shop.clone())), Wake::default(), COMPARISON_INTERVAL),
        Job::new(Arc::new(KeptNotifications::new(shop.clone())), Wake::default(), NOTIFICATIONS_INTERVAL),
        Job::new(Arc::new(MailSender::new(shop.clone())), Wake::default(), MAIL_INTERVAL),
        Job::new(Arc::new(FulfilReminders::new(shop.clone())), Wake::default(), REMINDERS_INTERVAL),
        Job::new(Arc::new(OldMail::new(shop.clone())), Wake::default(), OLD_MAIL_INTERVAL),
        Job::new(Arc::new(UnusedFiles::new(shop.clone())), Wake::default(), FILES_INTERVAL),
        Job::new(Arc::new(sessions), Wake::default(), SESSIONS_INTERVAL),
    ])
}

/// Sends what orders wait for to be sent, and asks after what is pending: the one job without which no order goes on.
pub(crate) async fn follow_payments(shop: &Shop) -> Result<usize, JobError> {
    PaymentTracking::new(shop.clone()).run_due().await
}
