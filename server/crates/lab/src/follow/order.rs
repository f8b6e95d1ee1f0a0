//! What led to what. Events are kept as they are told, and some are told late: a call by who called when it has its answer, a
//! notification by its sender when it has arrived.

use super::Seen;
use platform::lab::{About, What};
use std::collections::{HashMap, HashSet};

/// One or two events that are one thing that happened.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// A call of the web service sets out. `asked`: what its caller says of it; `answered`: what Amazon says.
    Called { asked: Option<Seen<'a>>, answered: Option<Seen<'a>> },
    /// It was answered; `asked` says what arrived.
    Answered { asked: Option<Seen<'a>>, answered: Seen<'a> },
    /// A notification sets out, and arrives if it was received.
    Notified { sent: Option<Seen<'a>>, received: Option<Seen<'a>> },
    /// Anything else.
    Happened(Seen<'a>),
}

/// The purchase's own events, and the clock's moves among them, so that what led to something stands before it.
pub fn causal<'a>(all: &[Seen<'a>], own: &[Seen<'a>]) -> Vec<Told<'a>> {
    let mut events = with_clock(all, own);
    placed_before_sent(&mut events);
    in_turn(&mut events);
    let calls = calls(&events);
    let receipts = receipts(&events);
    let arrived: HashSet<u64> = receipts.values().map(|sent| sent.id).collect();
    let mut called = HashSet::new();
    let mut told = Vec::new();
    for seen in events {
        let call = calls.iter().find(|call| call.belongs(&seen));
        if let Some(call) = call
            && called.insert(call.id())
        {
            told.push(Told::Called { asked: call.asked, answered: call.answered });
        }
        match &seen.event.what {
            What::Asked { .. } if call.is_some() => {}
            What::Request { .. } => {
                told.push(Told::Answered { asked: call.and_then(|call| call.asked), answered: seen });
            }
            What::Received { .. } => {
                told.push(Told::Notified { sent: receipts.get(&seen.id).copied(), received: Some(seen) });
            }
            What::Attempt { .. } if arrived.contains(&seen.id) => {}
            What::Attempt { .. } => told.push(Told::Notified { sent: Some(seen), received: None }),
            _ => told.push(Told::Happened(seen)),
        }
    }
    told
}

/// The clock is nobody's: its moves between the first and the last event belong to all.
fn with_clock<'a>(all: &[Seen<'a>], own: &[Seen<'a>]) -> Vec<Seen<'a>> {
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return Vec::new() };
    let ids: HashSet<u64> = own.iter().map(|seen| seen.id).collect();
    let between = |id: u64| (first.id..=last.id).contains(&id);
    let mut events: Vec<Seen<'_>> = all
        .iter()
        .copied()
        .filter(|seen| {
            ids.contains(&seen.id) || (between(seen.id) && matches!(seen.event.what, What::Clock { .. }))
        })
        .collect();
    // Of several moves with nothing in between the last says it all.
    let is_clock = |seen: &Seen<'_>| matches!(seen.event.what, What::Clock { .. });
    let overtaken: Vec<bool> = events.windows(2).map(|two| two.iter().all(is_clock)).chain([false]).collect();
    let mut overtaken = overtaken.into_iter();
    events.retain(|_| !overtaken.next().unwrap_or(false));
    events
}

/// What happened to each order in turn: two that change one order are told by themselves, each after its commit, and the
/// later one can be told first.
pub fn in_turn(events: &mut [Seen<'_>]) {
    let mut of_orders: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, seen) in events.iter().enumerate() {
        if let (What::Order { .. }, [order]) = (&seen.event.what, &seen.event.about.orders[..]) {
            of_orders.entry(order).or_default().push(place);
        }
    }
    for places in of_orders.into_values() {
        let mut own: Vec<Seen<'_>> = places.iter().map(|place| events[*place]).collect();
        chain(&mut own);
        places.into_iter().zip(own).for_each(|(place, seen)| events[place] = seen);
    }
}

/// So that each change of an order begins where the one before it ended, if one of the next few does.
fn chain(own: &mut [Seen<'_>]) {
    const NEXT: usize = 4;
    let states = |seen: &Seen<'_>| match &seen.event.what {
        What::Order { before, after, .. } => (before.clone(), after.clone()),
        _ => Default::default(),
    };
    for at in 1..own.len() {
        let (_, stood) = states(&own[at - 1]);
        if let Some(late) = own[at..].iter().take(NEXT).position(|seen| states(seen).0 == stood) {
            own[at..=at + late].rotate_right(1);
        }
    }
}

/// An order is placed before anybody is sent to pay it, though the address is made first.
fn placed_before_sent(events: &mut [Seen<'_>]) {
    for at in 0..events.len() {
        if !matches!(events[at].event.what, What::SentToPay { .. }) {
            continue;
        }
        let references = &events[at].event.about.references;
        let placed = events[at..].iter().take(8).position(|seen| {
            matches!(&seen.event.what, What::Order { before, .. } if before.is_empty())
                && shares(references, &seen.event.about.references)
        });
        if let Some(placed) = placed {
            events[at..=at + placed].rotate_right(1);
        }
    }
}

/// A call as both ends tell of it.
#[derive(Debug)]
struct Call<'a> {
    request: Option<&'a str>,
    asked: Option<Seen<'a>>,
    answered: Option<Seen<'a>>,
}

impl Call<'_> {
    fn id(&self) -> u64 {
        self.asked.or(self.answered).map_or(0, |seen| seen.id)
    }

    /// Whether an event is one of the call's ends, or something that it did.
    fn belongs(&self, seen: &Seen<'_>) -> bool {
        let is = |end: Option<Seen<'_>>| end.is_some_and(|end| end.id == seen.id);
        let done =
            matches!(seen.event.what, What::Written { .. } | What::Fault { .. } | What::Request { .. })
                && self.request.is_some()
                && seen.event.about.request.as_deref() == self.request;
        is(self.asked) || is(self.answered) || done
    }
}

fn calls<'a>(events: &[Seen<'a>]) -> Vec<Call<'a>> {
    let mut calls: Vec<Call<'a>> = events
        .iter()
        .filter(|seen| matches!(seen.event.what, What::Request { .. }))
        .map(|seen| Call { request: seen.event.about.request.as_deref(), asked: None, answered: Some(*seen) })
        .collect();
    for seen in events {
        let What::Asked { action, .. } = &seen.event.what else { continue };
        let request = seen.event.about.request.as_deref();
        // An answer that was lost has no request's id: it is the last call before of the same that nobody claims.
        let found = match request {
            Some(id) => calls.iter().position(|call| call.request == Some(id)),
            None => calls.iter().rposition(|call| {
                call.asked.is_none()
                    && call.answered.is_some_and(|answered| {
                        answered.id < seen.id && is_of(answered, action) && about_the_same(answered, *seen)
                    })
            }),
        };
        match found.and_then(|at| calls.get_mut(at)) {
            Some(call) if call.asked.is_none() => call.asked = Some(*seen),
            _ => calls.push(Call { request, asked: Some(*seen), answered: None }),
        }
    }
    calls
}

fn is_of(answered: Seen<'_>, action: &str) -> bool {
    matches!(&answered.event.what, What::Request { action: of, .. } if of == action)
}

fn about_the_same(one: Seen<'_>, other: Seen<'_>) -> bool {
    let (one, other): (&About, &About) = (&one.event.about, &other.event.about);
    shares(&one.references, &other.references) || shares(&one.transactions, &other.transactions)
}

fn shares(some: &[String], others: &[String]) -> bool {
    some.iter().any(|one| others.contains(one))
}

/// By the id of what was received: the sending that brought it, which is told of afterwards.
fn receipts<'a>(events: &[Seen<'a>]) -> HashMap<u64, Seen<'a>> {
    let mut receipts: HashMap<u64, Seen<'a>> = HashMap::new();
    for seen in events {
        let What::Received { summary: arrived, .. } = &seen.event.what else { continue };
        let brought = events.iter().find(|sent| {
            let What::Attempt { summary, http_status, .. } = &sent.event.what else { return false };
            sent.id > seen.id
                && http_status.is_some()
                && arrived.ends_with(summary.as_str())
                && about_the_same(**sent, *seen)
                && !receipts.values().any(|taken| taken.id == sent.id)
        });
        if let Some(sent) = brought {
            receipts.insert(seen.id, *sent);
        }
    }
    receipts
}
