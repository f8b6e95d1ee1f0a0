//! `/operator/health`: the comparison with Amazon's side, mail that could not be sent, jobs, notifications.

use super::{frame, notifications};
use crate::model::{
    Chrome, CompareCounts, HealthPage, JobRow, NotificationCounts, OrderDifference, UnsentMail, UnsentRow,
};
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/health";

pub fn health(chrome: &Chrome, page: &HealthPage) -> String {
    frame(chrome, "Health", PATH, || {
        view! {
            {differences(page)}
            {mail(&page.mail)}
            {jobs(&page.jobs)}
            {counts(page.counts)}
            {notifications(&page.notifications)}
        }
        .into_any()
    })
}

fn compared(counts: &CompareCounts) -> AnyView {
    let orders = counts.orders;
    let next = counts.next.map(|next| {
        let words = if counts.overdue { " The longest overdue was due " } else { " The next is due " };
        view! { {words} {time::date_time(next)} "." }
    });
    view! {
        <p>
            {format!("There are {orders} orders. Each that has a payment is compared with what Amazon Payments says of it, hourly while it is open and daily after that.")}
            {next}
        </p>
    }
    .into_any()
}

fn differences(page: &HealthPage) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("Order"),
        Column::words("The shop says"),
        Column::words("Amazon Payments says"),
        Column::words("Since"),
        Column::words("Mend"),
    ];
    let content = if page.differences.is_empty() {
        view! { <p>"No differences: both sides say the same of every order that was compared."</p> }
            .into_any()
    } else {
        let rows = page.differences.iter().map(|difference| {
            vec![
                view! { <a href=format!("/orders/{}", difference.order_id)>{difference.title.clone()}</a> }
                    .into_any(),
                difference.believed.clone().into_any(),
                difference.found.clone().into_any(),
                time::date_time(difference.since),
                mend(difference),
            ]
        });
        view! {
            <p id="mend-effect">
                "Mending asks Amazon Payments about the payment now and takes its word, as far as the order allows it. No money is moved."
            </p>
            {table("Orders of which Amazon Payments says something else", &COLUMNS, rows.collect())}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="differences">
            <h2 id="differences">
                "Differences to Amazon Payments " <span class="count">{page.differences_total.to_string()}</span>
            </h2>
            {compared(&page.to_compare)}
            {content}
        </section>
    }
    .into_any()
}

fn mend(difference: &OrderDifference) -> AnyView {
    let label = format!("Mend {}", difference.title);
    view! {
        <form method="post" action=format!("{PATH}/orders/{}/mend", difference.order_id)>
            <button class="button button-quiet" type="submit" aria-label=label aria-describedby="mend-effect">"Mend"</button>
        </form>
    }
    .into_any()
}

fn mail(mail: &UnsentMail) -> AnyView {
    const COLUMNS: [Column; 6] = [
        Column::words("To"),
        Column::words("Mail"),
        Column::words("Since"),
        Column::numbers("Tries"),
        Column::words("The last error"),
        Column::words("Send"),
    ];
    let content = if mail.rows.is_empty() {
        let words = if mail.has_server {
            "All mail was sent, or is on its way for the first time."
        } else {
            "No mail server is set: mail is in the mailboxes here, and goes nowhere else."
        };
        view! { <p>{words}</p> }.into_any()
    } else {
        let rows = mail.rows.iter().map(unsent).collect();
        view! {
            <p id="send-effect">
                "Sending tries it once more, within a minute. It stays in its mailbox here either way."
            </p>
            {table("Mail that could not be sent", &COLUMNS, rows)}
            {pages(mail.paging.clone(), PATH, "", "mail")}
        }
        .into_any()
    };
    view! { <section aria-labelledby="mail"><h2 id="mail">"Mail that could not be sent"</h2> {content}</section> }
        .into_any()
}

fn unsent(mail: &UnsentRow) -> Vec<AnyView> {
    let next = match mail.next {
        Some(next) => view! { "Tried again " {time::date_time(next)} }.into_any(),
        None => "Given up".into_any(),
    };
    let label = format!("Send again to {}: {}", mail.address, mail.subject);
    let send = mail.can_send.then(|| {
        view! {
            <form method="post" action=format!("{PATH}/mails/{}/send", mail.id)>
                <button class="button button-quiet" type="submit" aria-label=label aria-describedby="send-effect">
                    "Send again"
                </button>
            </form>
        }
    });
    vec![
        mail.address.clone().into_any(),
        mail.subject.clone().into_any(),
        time::date_time(mail.at),
        mail.attempts.to_string().into_any(),
        mail.failure.clone().into_any(),
        view! { <p class="muted">{next}</p> {send} }.into_any(),
    ]
}

fn jobs(jobs: &[JobRow]) -> AnyView {
    const COLUMNS: [Column; 6] = [
        Column::words("Job"),
        Column::words("Looks"),
        Column::words("State"),
        Column::words("Last run"),
        Column::numbers("Runs"),
        Column::numbers("Failures"),
    ];
    let rows = jobs.iter().map(|job| {
        let (class, state) = match (job.failing, job.running) {
            (true, _) => ("badge badge-bad", "Failing"),
            (false, true) => ("badge badge-wait", "Running"),
            (false, false) => ("badge badge-good", "Well"),
        };
        let failure = job.failure.clone().map(|why| view! { <p class="muted">{why}</p> });
        vec![
            view! { <span>{job.name.clone()}</span> <p class="muted">{job.what.clone()}</p> }.into_any(),
            job.every.clone().into_any(),
            view! { <span class=class>{state}</span> }.into_any(),
            view! { <span>{job.last.clone()}</span> {failure} }.into_any(),
            job.runs.to_string().into_any(),
            job.failures.to_string().into_any(),
        ]
    });
    view! {
        <section aria-labelledby="jobs">
            <h2 id="jobs">"Jobs"</h2>
            <p class="muted">"Since the program started, in real time."</p>
            {table("Jobs", &COLUMNS, rows.collect())}
        </section>
    }
    .into_any()
}

fn counts(counts: NotificationCounts) -> AnyView {
    let fact =
        |label: &'static str, count: u64| view! { <div><dt>{label}</dt><dd>{count.to_string()}</dd></div> };
    view! {
        <section aria-labelledby="received">
            <h2 id="received">"What became of notifications"</h2>
            <p class="muted">
                {format!("Of the newest {} from Amazon Payments. Those that it did not sign are refused and not kept; they are counted since the program started.", counts.of)}
            </p>
            <dl class="figures">
                {fact("Changed an order", counts.changed.into())}
                {fact("Late or twice", counts.late.into())}
                {fact("Refused", counts.refused.into())}
                {fact("About nothing here", counts.ignored.into())}
                {fact("Not from Amazon", counts.forged)}
            </dl>
        </section>
    }
    .into_any()
}
