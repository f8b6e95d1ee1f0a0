//! Follow the money: from recorded events to a drawing of one purchase. Pure: it knows events and no table.

mod books;
mod closure;
mod latest;
mod links;
mod order;
mod tell;
#[cfg(test)]
mod tests;
mod words;

pub use books::dollars;
pub use latest::latest;
pub use order::in_turn;

use books::{Books, people};
use lab_pages::model::{Drawing, Lane, ShopWay};
use platform::lab::{Event, Site, What};
use std::collections::HashMap;
use tell::Teller;

/// An event with its id. Slices of them are in the order of the ids.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub id: u64,
    pub event: &'a Event,
}

/// Where a purchase begins: one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The shop's id of an order.
    Order(&'a str),
    /// A `TransactionId`.
    Transaction(&'a str),
}

/// What the events do not say.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Accounts of the ledger by their names there: `account:…`, `world:cards`.
    pub accounts: HashMap<String, Owner>,
    /// Where the shop is: `http://localhost:8080`; `None` where it runs elsewhere.
    pub shop: Option<String>,
    /// Where the web service is: `http://127.0.0.1:8081`. What a request was sent to is said by the request.
    pub payments: String,
}

/// Whose an account of the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// "John Doe".
    pub name: String,
    /// "Amazon Payments balance", "Cards of the world".
    pub account: String,
    pub part: Part,
    /// What is on it now, in dollars: `499.01`.
    pub now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Somebody who buys or sells: the events say which.
    Person,
    /// The marketplace, or whoever else calls the web service.
    Caller,
    Amazon,
    /// Cards and banks: where the money of a purchase comes from and goes back to.
    Outside,
    /// No money: what is owed, and the like. It has a balance and no arrow.
    Memo,
}

/// The lanes, by their index.
pub(crate) mod lane {
    pub const BUYER: usize = 0;
    /// The shop, or the program that calls where there is none.
    pub const CALLER: usize = 1;
    pub const AMAZON: usize = 2;
    pub const MERCHANT: usize = 3;
}

/// Draws what is known of a purchase. `events` are all that are kept, the oldest first: those of others say what a balance was
/// meanwhile. `None`: nothing that is kept names the subject.
pub fn follow(events: &[Seen<'_>], subject: Subject<'_>, context: &Context) -> Option<Drawing> {
    let own = closure::of(events, subject);
    if own.is_empty() {
        return None;
    }
    let by_shop = own.iter().any(|seen| seen.event.site == Site::Shop);
    let roles = people(&own, context);
    let title = title(&own).unwrap_or_else(|| match subject {
        Subject::Order(id) => format!("order {id}"),
        Subject::Transaction(id) => format!("transaction {id}"),
    });
    let books = Books { context, roles: &roles };
    let mut teller = Teller::new(books, &own, by_shop, subject);
    for told in order::causal(events, &own) {
        teller.tell(told);
    }
    let (steps, calls) = teller.finish();
    Some(Drawing {
        title,
        query: links::query(subject),
        state: words::now(&own),
        lanes: lanes(by_shop, &roles),
        steps,
        balances: books.balances(events, &own),
        calls,
        shop: context.shop.clone().filter(|_| by_shop).map(|url| ShopWay {
            url,
            item: own.iter().find_map(|seen| match &seen.event.what {
                What::Order { item, .. } => item.clone(),
                _ => None,
            }),
            order: own
                .iter()
                .find_map(|seen| seen.event.about.orders.first())
                .map(|id| format!("/orders/{id}")),
        }),
    })
}

fn lanes(by_shop: bool, roles: &books::Roles) -> Vec<Lane> {
    let lane = |name: &str, words: String| Lane { name: name.to_owned(), words };
    let named = |name: &Option<String>, other: &str| name.clone().unwrap_or_else(|| other.to_owned());
    vec![
        lane("Buyer", named(&roles.buyer, "In a browser")),
        if by_shop {
            lane("Shop", "The marketplace".to_owned())
        } else {
            lane("Program", "Whoever calls Amazon".to_owned())
        },
        lane("Amazon Payments", "Keeps the books".to_owned()),
        lane("Merchant", named(&roles.merchant, "Who sells")),
    ]
}

fn title(own: &[Seen<'_>]) -> Option<String> {
    own.iter().find_map(|seen| match &seen.event.what {
        What::Order { title, .. } => Some(title.clone()),
        _ => None,
    })
}
