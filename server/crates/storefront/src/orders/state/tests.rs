//! Every state × every event, as a table; and that the order in which news arrives does not matter.

use super::{
    Answerer, CancelledBy, Event, GrantChange, PaymentStatus, Phase, RefundStatus, Refused, State, next,
};
use crate::ids::{TokenId, TransactionId};
use crate::orders::order::Fulfilment;
use crate::orders::refund_requests::{Origin, RefundRequest};
use crate::orders::refund_terms::RefundPolicy;
use fps_protocol::enums::PaymentMethod;
use money::Money;

fn transaction() -> TransactionId {
    TransactionId::new("X").unwrap()
}

fn refund() -> TransactionId {
    TransactionId::new("R").unwrap()
}

fn why() -> String {
    "because".to_owned()
}

fn payment(status: PaymentStatus) -> Event {
    Event::Payment { transaction: transaction(), status, method: None }
}

fn refund_news(status: RefundStatus) -> Event {
    Event::Refund { refund: refund(), status, amount: None }
}

/// A buyer's request for a refund.
fn asked() -> Event {
    Event::RefundRequested { request: request() }
}

fn request() -> RefundRequest {
    RefundRequest {
        id: "1".parse().unwrap(),
        amount: Money::from_cents(40),
        reason: why(),
        requester: "Buyer".to_owned(),
        origin: Origin::Shop,
    }
}

/// Events that stand in the timeline and leave the order where it is.
fn only_notes(event: &Event) -> bool {
    matches!(
        event,
        Event::RefundRequested { .. }
            | Event::TokenCancelled
            | Event::DeclineRefund { .. }
            | Event::EscalateRefund { .. }
    )
}

fn authorized(token: &str) -> Event {
    Event::Authorized { token: TokenId::new(token).unwrap(), method: Some(PaymentMethod::Abt) }
}

/// The columns of the table, in its order.
fn events() -> Vec<Event> {
    vec![
        authorized("T"),
        Event::Abandoned,
        Event::AuthorizationFailed { why: why() },
        payment(PaymentStatus::Pending),
        payment(PaymentStatus::Reserved),
        payment(PaymentStatus::Success),
        payment(PaymentStatus::Failure { why: why() }),
        payment(PaymentStatus::Cancelled),
        Event::PaymentRefused { why: why() },
        Event::SettleRefused { why: why() },
        Event::CancelRefused { why: why() },
        refund_news(RefundStatus::Pending),
        refund_news(RefundStatus::Success),
        refund_news(RefundStatus::Failure { why: why() }),
        Event::RefundRefused { why: why() },
        Event::RefundedInPart { amount: Money::from_cents(40), by_shop: true },
        asked(),
        Event::TokenCancelled,
        Event::Restart,
        Event::Fulfil(Fulfilment::default()),
        Event::Cancel { by: CancelledBy::Buyer, reason: None },
        Event::AskRefund { request: request() },
        Event::GrantRefund {
            request: "q1".parse().unwrap(),
            amount: Money::from_cents(40),
            by: Answerer::Seller,
        },
        Event::DeclineRefund { request: "q1".parse().unwrap(), by: Answerer::Seller },
        Event::EscalateRefund { request: "q1".parse().unwrap(), words: why() },
        Event::GiveRefund { amount: Money::from_cents(40), policy: RefundPolicy::SellerAlone, reason: None },
    ]
}

/// `--` nothing new, `!!` refused, or the state that the event leads to.
const TABLE: [(&str, &str); 17] = [
    //      return     payment        refused  refund      noted     command
    //      T  A  CE | P  R  S  F  C | P  S  C | P  S  F  r | part asked token | again fulfil cancel refund | grant decline escalate give
    ("AA", "AU AB AF   PY RS PA PF CD  -- -- --  -- -- -- --  -- -- --  AA !! !! !!  !! !! !! !!"),
    ("AB", "AU -- AF   PY RS PA PF CD  -- -- --  -- -- -- --  -- -- --  AA !! !! !!  !! !! !! !!"),
    ("AF", "AU -- --   PY RS PA PF CD  -- -- --  -- -- -- --  -- -- --  AA !! !! !!  !! !! !! !!"),
    ("AU", "-- -- --   PY RS PA PF CD  PF -- --  -- -- -- --  -- -- AU  !! !! !! !!  !! !! !! !!"),
    ("PY", "-- -- --   -- RS PA PF CD  -- -- --  RG RD -- --  PA PY PY  !! !! CG !!  !! !! !! !!"),
    ("PF", "-- -- --   PY RS PA PF CD  -- -- --  -- -- -- --  -- -- --  AA !! !! !!  !! !! !! !!"),
    ("PX", "-- -- --   -- -- -- -- --  -- -- --  -- -- -- --  -- -- --  AA !! !! !!  !! !! !! !!"),
    ("RS", "-- -- --   -- -- PA PF CD  -- -- --  RG RD -- --  PA RS RS  !! FU CG !!  !! !! !! !!"),
    ("FU", "-- -- --   -- -- PA SF CD  -- SF --  RG RD -- --  PA FU FU  !! !! !! SR  !! !! !! !!"),
    ("SF", "-- -- --   -- -- PA -- CD  -- -- --  RG RD -- --  PA SF SF  !! FU CG !!  !! !! !! !!"),
    ("SR", "-- -- --   -- -- RG CG CD  -- CG --  RG RD -- --  SR SR SR  !! !! !! !!  !! !! !! !!"),
    ("PA", "-- -- --   -- -- -- -- --  -- -- --  RG RD -- --  PA PA PA  !! !! !! RG  RG PA PA RG"),
    ("CG", "-- -- --   -- -- PA PF CD  -- -- RS  RG RD -- --  PA -- --  !! !! !! !!  !! !! !! !!"),
    ("CD", "-- -- --   -- -- -- -- --  -- -- --  -- -- -- --  -- -- --  !! !! !! !!  !! !! !! !!"),
    ("RG", "-- -- --   -- -- -- -- --  -- -- --  RG RD PA PA  PA RG --  !! !! !! !!  !! !! !! !!"),
    ("RX", "-- -- --   -- -- -- -- --  -- -- --  -- RD PA --  PA RG --  !! !! !! !!  !! !! !! !!"),
    ("RD", "-- -- --   -- -- -- -- --  -- -- --  -- -- -- --  -- -- --  !! !! !! !!  !! !! !! !!"),
];

/// The state that a row's name stands for: `PX` failed at Amazon, `RX` a refund that Amazon took on.
fn state(name: &str) -> State {
    let transaction = transaction();
    match name {
        "AA" => State::AwaitingAuthorization,
        "AB" => State::Abandoned,
        "AF" => State::AuthorizationFailed { why: why() },
        "AU" => State::Authorized { token: TokenId::new("T").unwrap() },
        "PY" => State::Paying { transaction },
        "PF" => State::PaymentFailed { transaction: None, why: why() },
        "PX" => State::PaymentFailed { transaction: Some(transaction), why: why() },
        "RS" => State::Reserved { transaction },
        "FU" => State::Fulfilling { transaction },
        "SF" => State::SettleFailed { transaction, why: why() },
        "SR" => State::SettlingToRefund { transaction },
        "PA" => State::Paid { transaction },
        "CG" => State::Cancelling { transaction },
        "CD" => State::Cancelled { transaction },
        "RG" => State::Refunding { transaction, refund: None },
        "RX" => State::Refunding { transaction, refund: Some(refund()) },
        "RD" => State::Refunded { transaction, refund: refund() },
        other => panic!("no state is called {other}"),
    }
}

fn short(phase: Phase) -> &'static str {
    match phase {
        Phase::AwaitingAuthorization => "AA",
        Phase::Abandoned => "AB",
        Phase::AuthorizationFailed => "AF",
        Phase::Authorized => "AU",
        Phase::Paying => "PY",
        Phase::PaymentFailed => "PF",
        Phase::Reserved => "RS",
        Phase::Fulfilling => "FU",
        Phase::SettleFailed => "SF",
        Phase::SettlingToRefund => "SR",
        Phase::Paid => "PA",
        Phase::Cancelling => "CG",
        Phase::Cancelled => "CD",
        Phase::Refunding => "RG",
        Phase::Refunded => "RD",
    }
}

#[test]
fn every_event_in_every_state() {
    for (name, row) in TABLE {
        let (from, expected): (State, Vec<&str>) = (state(name), row.split_whitespace().collect());
        let actual: Vec<&str> = events()
            .iter()
            .map(|event| match next(&from, event) {
                Ok(Some(transition)) => short(transition.to.phase()),
                Ok(None) => "--",
                Err(Refused::NotNow) => "!!",
                Err(other) => panic!("{name} {event:?}: {other}"),
            })
            .collect();
        assert_eq!(actual, expected, "{name}");
    }
}

#[test]
fn a_change_leads_out_of_the_same_state_only_for_a_new_attempt_or_a_known_refund() {
    for (name, _) in TABLE {
        let from = state(name);
        for event in events() {
            if let Ok(Some(transition)) = next(&from, &event)
                && transition.to == from
            {
                let part = matches!(event, Event::RefundedInPart { .. }) && ["PA", "SR"].contains(&name);
                let restart = (name, &event) == ("AA", &Event::Restart);
                assert!(restart || part || only_notes(&event), "{name} {event:?}");
            }
        }
    }
}

#[test]
fn news_of_another_payment_are_refused() {
    let other = TransactionId::new("OTHER").unwrap();
    for (name, _) in TABLE {
        let from = state(name);
        let status = PaymentStatus::Success;
        let outcome = next(&from, &Event::Payment { transaction: other.clone(), status, method: None });
        assert_eq!(outcome == Err(Refused::OtherTransaction), from.transaction().is_some(), "{name}");
    }
}

#[test]
fn another_token_or_the_failure_of_another_refund_changes_nothing() {
    assert_eq!(next(&state("AU"), &authorized("OTHER")), Err(Refused::OtherToken));
    let other = TransactionId::new("OTHER").unwrap();
    let failure = Event::Refund { refund: other, status: RefundStatus::Failure { why: why() }, amount: None };
    assert_eq!(next(&state("RX"), &failure), Ok(None));
}

/// Where facts lead in the order given.
fn lead(from: State, facts: &[Event]) -> Phase {
    let end = facts.iter().fold(from, |state, fact| match next(&state, fact) {
        Ok(Some(transition)) => transition.to,
        Ok(None) => state,
        Err(refused) => panic!("{fact:?} in {state:?}: {refused}"),
    });
    end.phase()
}

fn orders_of(facts: &[Event]) -> Vec<Vec<Event>> {
    if facts.len() <= 1 {
        return vec![facts.to_vec()];
    }
    let mut orders = Vec::new();
    for (index, first) in facts.iter().enumerate() {
        let mut rest = facts.to_vec();
        rest.remove(index);
        for mut order in orders_of(&rest) {
            order.insert(0, first.clone());
            orders.push(order);
        }
    }
    orders
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let pending = payment(PaymentStatus::Pending);
    let reserved = payment(PaymentStatus::Reserved);
    let success = payment(PaymentStatus::Success);
    let cases = [
        ("AA", vec![authorized("T"), pending.clone(), success.clone(), success.clone()], Phase::Paid),
        ("AU", vec![pending.clone(), reserved.clone()], Phase::Reserved),
        ("AU", vec![pending.clone(), reserved.clone(), success.clone()], Phase::Paid),
        ("AU", vec![pending.clone(), payment(PaymentStatus::Failure { why: why() })], Phase::PaymentFailed),
        ("AU", vec![pending, reserved, payment(PaymentStatus::Cancelled)], Phase::Cancelled),
        ("PA", vec![refund_news(RefundStatus::Pending), refund_news(RefundStatus::Success)], Phase::Refunded),
        ("SR", vec![success, refund_news(RefundStatus::Success)], Phase::Refunded),
    ];
    for (from, facts, end) in cases {
        for order in orders_of(&facts) {
            assert_eq!(lead(state(from), &order), end, "{order:?}");
        }
    }
}

#[test]
fn the_right_to_download_goes_with_the_money() {
    for (name, _) in TABLE {
        for event in events() {
            if only_notes(&event) {
                continue;
            }
            let Ok(Some(transition)) = next(&state(name), &event) else { continue };
            let expected = match transition.to {
                State::Paid { .. } => Some(GrantChange::Give),
                // Settled only to be refunded: never given.
                State::Refunding { .. } if name == "SR" && transition.grant.is_none() => None,
                State::Cancelled { .. } | State::Refunding { .. } | State::Refunded { .. } => {
                    Some(GrantChange::Revoke)
                }
                _ => None,
            };
            assert_eq!(transition.grant, expected, "{name} {event:?}");
        }
    }
}
