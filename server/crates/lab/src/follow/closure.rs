//! Which events belong to one purchase.

use super::{Seen, Subject, in_turn};
use platform::lab::{About, What};
use std::collections::HashSet;

/// What ties events together. Callers and tokens do not: one caller has all orders, and a token may pay for many.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Name<'a> {
    Order(&'a str),
    Reference(&'a str),
    Transaction(&'a str),
    Request(&'a str),
    Notification(&'a str),
}

/// All that name the subject, or something that those name, and so on. In the order of their ids,
/// but for what [`in_turn`] says.
pub fn of<'a>(events: &[Seen<'a>], subject: Subject<'a>) -> Vec<Seen<'a>> {
    let mut known = HashSet::from([match subject {
        Subject::Order(id) => Name::Order(id),
        Subject::Transaction(id) => Name::Transaction(id),
    }]);
    let mut left: Vec<Seen<'a>> =
        events.iter().copied().filter(|seen| names(seen).next().is_some()).collect();
    let mut found = Vec::new();
    loop {
        let (new, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|seen| names(seen).any(|name| known.contains(&name)));
        if new.is_empty() {
            break;
        }
        known.extend(new.iter().flat_map(names));
        found.extend(new);
        left = others;
    }
    found.sort_by_key(|seen| seen.id);
    in_turn(&mut found);
    found
}

fn names<'a>(seen: &Seen<'a>) -> impl Iterator<Item = Name<'a>> {
    let About { request, notification, orders, references, transactions, .. } = &seen.event.about;
    let request = request.as_deref().filter(|_| !is_long_list(&seen.event.what));
    request
        .map(Name::Request)
        .into_iter()
        .chain(notification.as_deref().map(Name::Notification))
        .chain(orders.iter().map(|id| Name::Order(id)))
        .chain(references.iter().map(|id| Name::Reference(id)))
        .chain(transactions.iter().map(|id| Name::Transaction(id)))
}

/// A job's commit has no request; a clock's move is about everything.
const fn is_long_list(what: &What) -> bool {
    matches!(what, What::Clock { .. })
}
