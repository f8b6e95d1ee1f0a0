//! The latest purchases, to choose from.

use super::books::{dollars, people};
use super::{Context, Seen, Subject, closure, links, words};
use lab_pages::model::Purchase;
use platform::lab::{Change, What};
use std::collections::HashSet;

/// So many purchases at most, the newest first: the shop's orders, and payments of callers that have none.
pub fn latest(events: &[Seen<'_>], context: &Context, most: usize) -> Vec<Purchase> {
    let mut told = HashSet::new();
    let mut purchases = Vec::new();
    for seen in events.iter().rev() {
        if purchases.len() >= most {
            break;
        }
        if told.contains(&seen.id) {
            continue;
        }
        let Some(subject) = subject(seen) else { continue };
        let own = closure::of(events, subject);
        told.extend(own.iter().map(|seen| seen.id));
        // An order says more of a payment than its transaction.
        let order = own.iter().find_map(|seen| seen.event.about.orders.first());
        let subject = order.map_or(subject, |id| Subject::Order(id));
        purchases.extend(purchase(&own, subject, context));
    }
    purchases
}

fn subject<'a>(seen: &Seen<'a>) -> Option<Subject<'a>> {
    let about = &seen.event.about;
    let order = about.orders.first().map(|id| Subject::Order(id));
    order.or_else(|| about.transactions.first().map(|id| Subject::Transaction(id)))
}

fn purchase(own: &[Seen<'_>], subject: Subject<'_>, context: &Context) -> Option<Purchase> {
    let first = own.first()?;
    let order = own.iter().find_map(|seen| match &seen.event.what {
        What::Order { title, amount, .. } => Some((title.clone(), amount.clone().unwrap_or_default())),
        _ => None,
    });
    let transaction = || {
        own.iter().find_map(|seen| match &seen.event.what {
            What::Written { changes, .. } => changes.iter().find_map(|change| match change {
                Change::Transaction { id, operation, amount, .. } => {
                    Some((format!("{operation} {id}"), amount.clone()))
                }
                _ => None,
            }),
            _ => None,
        })
    };
    let (title, amount) = order.or_else(transaction)?;
    Some(Purchase {
        title,
        buyer: people(own, context).buyer.unwrap_or_default(),
        amount: dollars(&amount),
        state: words::now(own),
        at: first.event.at,
        href: format!("/lab/follow?{}", links::query(subject)),
    })
}
