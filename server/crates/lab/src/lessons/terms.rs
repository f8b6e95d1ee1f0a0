//! Who pays what, and when.

use super::{Events, changes, finding, request_done};
use lab_pages::model::Finding;
use platform::lab::{Change, PostedLine, What};

const AMAZON: &str = "amazon:fees";
/// Cards and banks.
const OUTSIDE: &str = "world:";

pub fn pay_or_reserve(events: &Events<'_>) -> Vec<Finding> {
    let at = |actions: &[&str], after: usize| {
        events
            .iter()
            .skip(after)
            .position(|event| request_done(event, actions).is_some())
            .map(|at| at + after)
    };
    let reserved = at(&["Reserve"], 0);
    let ended = reserved.and_then(|reserved| at(&["Settle", "Cancel"], reserved));
    let ended = ended.and_then(|ended| match &events.get(ended)?.what {
        What::Request { action, .. } if action == "Settle" => {
            Some("Settle charged what was held.".to_owned())
        }
        _ => Some("Cancel let go what was held.".to_owned()),
    });
    vec![
        finding(at(&["Pay"], 0).map(|_| "Pay moved money at once.".to_owned()), "Buy a download."),
        finding(
            reserved.map(|_| "Reserve held money, and moved none.".to_owned()),
            "Buy something that is made to order.",
        ),
        finding(ended, "Fulfil the order as its seller, or cancel it."),
    ]
}

pub fn fees(events: &Events<'_>) -> Vec<Finding> {
    let (mut by_balance, mut by_card, mut marketplace) = (None, None, None);
    for event in events {
        let posted: Vec<&[PostedLine]> = changes(std::slice::from_ref(event)).filter_map(posted).collect();
        let Some((charge, fee)) = posted.iter().find_map(|lines| Some((*lines, fee_of(lines)?))) else {
            continue;
        };
        if charge.iter().any(|line| line.account.starts_with(OUTSIDE)) {
            by_card = Some(format!("Of a payment from outside, by card or bank, Amazon took ${fee}."));
        } else {
            by_balance = Some(format!("Of a payment from a balance Amazon took ${fee}."));
        }
        let own = posted.iter().find(|lines| **lines != charge).and_then(|lines| given(lines));
        marketplace = own.map(|fee| format!("The seller paid the marketplace ${fee}.")).or(marketplace);
    }
    vec![
        finding(by_balance, "Buy something and pay from the account balance."),
        finding(by_card, "Buy something and pay by card."),
        finding(marketplace, "Buy from a seller who pays the marketplace a fee."),
    ]
}

pub fn refunds(events: &Events<'_>) -> Vec<Finding> {
    let asked = events.iter().rev().find_map(|event| request_done(event, &["Refund"]));
    let policy = asked.as_ref().map(|(sent, _)| match sent.get("MarketplaceRefundPolicy") {
        Some("MasterAndMarketplaceTxn") => {
            "Its policy was MasterAndMarketplaceTxn: the marketplace gave back its part."
        }
        Some("MarketplaceTxnOnly") => {
            "Its policy was MarketplaceTxnOnly: only the marketplace's fee was given back."
        }
        _ => "Its policy was MasterTxnOnly: the marketplace kept its fee, and the seller bore it.",
    });
    let back = changes(events).find_map(|change| match change {
        Change::Transaction { operation, status, amount, .. }
            if operation == "Refund" && status == "Success" =>
        {
            Some(format!("${amount} went back, by a transaction of its own."))
        }
        _ => None,
    });
    vec![
        finding(
            asked.as_ref().map(|_| "The shop asked Amazon for a refund.".to_owned()),
            "Buy something and ask for a refund on the order's page; its seller may have to agree.",
        ),
        finding(policy.map(str::to_owned), "Then it will be seen who gives back the marketplace's fee."),
        finding(back, "Wait until the money has gone back."),
    ]
}

fn posted(change: &Change) -> Option<&[PostedLine]> {
    match change {
        Change::Posted { lines, .. } => Some(lines),
        _ => None,
    }
}

/// What Amazon gets of a charge; nothing of a refund, where it gives.
fn fee_of(lines: &[PostedLine]) -> Option<&str> {
    lines
        .iter()
        .find(|line| line.account == AMAZON && !line.amount.starts_with('-'))
        .map(|line| line.amount.as_str())
}

fn given(lines: &[PostedLine]) -> Option<&str> {
    lines.iter().find(|line| !line.amount.starts_with('-')).map(|line| line.amount.as_str())
}
