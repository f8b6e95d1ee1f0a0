//! `/operator/health`: whether all goes as it should, and an order that differs from Amazon's side mended.

use super::Operator;
use crate::Shop;
use crate::ids::{MailId, OrderId};
use crate::mail::Mail;
use crate::mailbox;
use crate::mailbox::sending::lease;
use crate::orders::{self, differences, received_notifications, store};
use crate::oversight;
use crate::oversight::mending::{self, Mended};
use crate::web::{InAddress, links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::jobs::JobReport;
use platform::paging;
use platform::web::{Refusal, see_other};
use shop_pages::model::{CompareCounts, HealthPage, JobRow, NotificationCounts, UnsentMail, UnsentRow};
use shop_pages::pages;
use std::sync::atomic::Ordering;
use std::time::Duration;

const PATH: &str = "/operator/health";

/// Of which the page tells what became.
const NOTIFICATIONS: i64 = 200;

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let db = &shop.db;
    let notifications = received_notifications::newest(db, NOTIFICATIONS).await?;
    let forged = shop.forged_notifications.load(Ordering::Relaxed);
    let next = store::next_comparison(db).await?;
    let data = HealthPage {
        jobs: shop.jobs.reports().into_iter().map(job).collect(),
        differences: differences::all(db).await?,
        differences_total: differences::count(db).await?,
        to_compare: CompareCounts {
            orders: orders::count(db).await?,
            next,
            overdue: next.is_some_and(|next| next < shop.clock.now()),
        },
        counts: NotificationCounts { forged, ..received_notifications::counted(&notifications) },
        notifications,
        mail: mail(&shop, query.as_deref()).await?,
    };
    Ok(page(true, pages::health(&visitor.chrome, &data)))
}

/// What could not be sent; the page's address says which part of it.
async fn mail(shop: &Shop, query: Option<&str>) -> Result<UnsentMail, sqlx::Error> {
    let (found, ways) = mailbox::not_sent(shop, paging::part_of(query)).await?;
    let soon = lease(shop.clock.now());
    let row = |(mail, subject): (Mail, String)| UnsentRow {
        id: mail.id.to_string(),
        address: mail.address,
        subject,
        at: mail.at,
        attempts: mail.attempts,
        failure: mail.failure.unwrap_or_default(),
        next: mail.send_at,
        can_send: shop.config.smtp.is_some() && mail.send_at.is_none_or(|at| at > soon),
    };
    Ok(UnsentMail {
        has_server: shop.config.smtp.is_some(),
        rows: found.into_iter().map(row).collect(),
        paging: links(ways),
    })
}

pub async fn send_mail_again(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<MailId>,
) -> Result<Response, Refusal> {
    let told = if shop.config.smtp.is_none() {
        "No mail server is set, so nothing can be sent."
    } else if oversight::mail::send_again(&shop, &visitor.user, &id).await? {
        "It is sent now. If it stands here still in a minute, it did not work again."
    } else {
        "There was nothing to send: it was sent meanwhile, or is being sent."
    };
    visitor.tell(told).await?;
    Ok(see_other(PATH))
}

fn job(report: JobReport) -> JobRow {
    let last = report.last.as_ref();
    JobRow {
        what: what(report.name).to_owned(),
        name: report.name.to_owned(),
        every: format!("every {}", words(report.interval)),
        last: last.map_or_else(
            || "not yet".to_owned(),
            |last| match last.done {
                _ if last.failed => format!("{} ago, failed", words(last.ago)),
                0 => format!("{} ago, nothing to do", words(last.ago)),
                done => format!("{} ago, did {done} in {}", words(last.ago), words(last.took)),
            },
        ),
        running: report.running,
        failing: last.is_some_and(|last| last.failed),
        runs: report.runs,
        failures: report.failures,
        failure: report.last_failure.map(|(ago, why)| format!("Failed {} ago: {why}", words(ago))),
    }
}

/// What a job does, for who does not know the program.
fn what(name: &str) -> &'static str {
    match name {
        "credit tracking" => "Asks Amazon Payments after credits that are being charged.",
        "spent tokens" => "Gives back what buyers allowed for a cart, once each order had its try.",
        "old carts and links" => {
            "Forgets carts of visitors who did not come back, and links to files whose time is over."
        }
        "payment tracking" => "Asks Amazon Payments after payments that are open.",
        "lost returns" => "Finds orders that were confirmed though nobody came back.",
        "comparison" => "Compares orders with what Amazon Payments says.",
        "kept notifications" => "Forgets old notifications about nothing here.",
        "expired sessions" => "Ends sessions that are over.",
        "mail" => "Sends mail to the mail server, if one is set.",
        "fulfil reminders" => "Reminds sellers two days before money is no longer held for them.",
        "old mail" => "Forgets what was written to addresses without an account.",
        "unused files" => "Deletes what was uploaded and is in no listing.",
        _ => "",
    }
}

fn words(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

pub async fn mend(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let told = match mending::mend(&shop, &visitor.user, &id).await? {
        Mended::Agree(now) => format!("Both sides say the same now: {}.", super::orders::words(now)),
        Mended::StillDiffer(difference) => format!(
            "They still differ: the shop says \u{201c}{}\u{201d}, Amazon Payments says \u{201c}{}\u{201d}. Nothing was \
             changed, and no money was moved.",
            difference.believed, difference.found
        ),
        Mended::NotKnown => {
            "Amazon Payments did not answer. Nothing was changed; try again later.".to_owned()
        }
    };
    visitor.tell(&told).await?;
    Ok(see_other(PATH))
}
