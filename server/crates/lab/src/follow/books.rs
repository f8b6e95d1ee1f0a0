//! The money in the events: who paid whom, and what everybody had before and after.

use super::{Context, Owner, Part, Seen, lane, links};
use lab_pages::model::Balance;
use money::Money;
use platform::lab::{Change, What};
use std::collections::BTreeMap;

/// Who buys and who sells, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    pub buyer: Option<String>,
    pub merchant: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    pub context: &'a Context,
    pub roles: &'a Roles,
}

/// What an account got altogether: `None` where the amounts cannot be added up.
type Net = BTreeMap<String, Money>;

/// Who pays is the buyer and who is paid the merchant; in a refund it is the other way round.
pub fn people(own: &[Seen<'_>], context: &Context) -> Roles {
    let mut roles = Roles::default();
    for seen in own {
        let What::Written { changes, .. } = &seen.event.what else { continue };
        let back = is_refund(changes);
        let paid = net(changes).into_iter().map(|(account, amount)| (account, amount.is_negative()));
        let held = changes.iter().filter_map(|change| match change {
            Change::Held { account, .. } => Some((account.clone(), true)),
            _ => None,
        });
        for (account, pays) in paid.chain(held) {
            let Some(owner) = context.accounts.get(&account).filter(|owner| owner.part == Part::Person)
            else {
                continue;
            };
            let role = if pays == back { &mut roles.merchant } else { &mut roles.buyer };
            role.get_or_insert_with(|| owner.name.clone());
        }
    }
    roles
}

pub fn is_refund(changes: &[Change]) -> bool {
    changes.iter().any(
        |change| matches!(change, Change::Transaction { operation, is_new: _, .. } if operation == "Refund"),
    )
}

/// What each account got in a commit. Lines of the same account are one.
pub fn net(changes: &[Change]) -> Net {
    let mut net = Net::new();
    for change in changes {
        let Change::Posted { lines, .. } = change else { continue };
        for line in lines {
            let sum = net.get(&line.account).copied().unwrap_or(Money::ZERO);
            let sum = Money::parse_six_decimals(&line.amount).ok().and_then(|amount| sum.add(amount).ok());
            net.insert(line.account.clone(), sum.unwrap_or(Money::ZERO));
        }
    }
    net.retain(|_, amount| !amount.is_zero());
    net
}

/// As pages show it, with fractions of a cent where there are any.
pub fn shown(amount: Money) -> String {
    if amount.to_cent() == amount {
        return amount.to_string();
    }
    let text = amount.to_six_decimals();
    let text = text.trim_end_matches('0');
    text.strip_prefix('-').map_or_else(|| format!("${text}"), |digits| format!("−${digits}"))
}

/// `0.99` as pages show it; what is no amount as it is.
pub fn dollars(text: &str) -> String {
    Money::parse_six_decimals(text).map_or_else(|_| text.to_owned(), shown)
}

fn with_sign(amount: Money) -> String {
    if amount.is_negative() { shown(amount) } else { format!("+{}", shown(amount)) }
}

impl<'a> Books<'a> {
    pub fn owner(self, account: &str) -> Option<&'a Owner> {
        self.context.accounts.get(account)
    }

    pub fn name(self, account: &str) -> String {
        self.owner(account).map_or_else(|| account.to_owned(), |owner| owner.name.clone())
    }

    /// What the account is called among its owner's.
    pub fn account(self, account: &str) -> String {
        self.owner(account).map_or_else(|| account.to_owned(), |owner| owner.account.clone())
    }

    /// The lane of an account's owner; `None` for what is no money.
    pub fn lane(self, account: &str) -> Option<usize> {
        let Some(owner) = self.owner(account) else { return Some(lane::AMAZON) };
        Some(match owner.part {
            Part::Memo => return None,
            Part::Amazon => lane::AMAZON,
            Part::Caller => lane::CALLER,
            Part::Person if self.roles.merchant.as_ref() == Some(&owner.name) => lane::MERCHANT,
            Part::Outside | Part::Person => lane::BUYER,
        })
    }

    /// What everybody concerned had before the first movement of these events and after the last: reckoned back from what is
    /// there now, by all that moved since.
    pub fn balances(self, all: &[Seen<'_>], own: &[Seen<'_>]) -> Vec<Balance> {
        let moves = |seen: &&Seen<'_>| !net_of(seen).is_empty();
        let (Some(first), Some(last)) = (own.iter().find(moves), own.iter().rev().find(moves)) else {
            return Vec::new();
        };
        let (meanwhile, since): (Vec<_>, Vec<_>) =
            all.iter().copied().filter(|seen| seen.id >= first.id).partition(|seen| seen.id <= last.id);
        let [change, meanwhile, since] = [own, &meanwhile, &since].map(total);
        let mut balances: Vec<(usize, Balance)> = change
            .iter()
            .map(|(account, change)| {
                let of = |net: &Net| net.get(account).copied().unwrap_or(Money::ZERO);
                (
                    self.lane(account).unwrap_or(lane::MERCHANT + 1),
                    self.balance(account, *change, of(&meanwhile), of(&since)),
                )
            })
            .collect();
        balances.sort_by_key(|(lane, _)| *lane);
        balances.into_iter().map(|(_, balance)| balance).collect()
    }

    fn balance(self, account: &str, change: Money, meanwhile: Money, since: Money) -> Balance {
        let owner = self.owner(account);
        let now =
            owner.and_then(|owner| owner.now.as_deref()).and_then(|now| Money::parse_six_decimals(now).ok());
        let after = now.and_then(|now| now.sub(since).ok());
        let others = meanwhile.sub(change).ok().filter(|others| !others.is_zero());
        Balance {
            name: self.name(account),
            account: self.account(account),
            href: links::account(account),
            before: after.and_then(|after| after.sub(meanwhile).ok()).map(shown),
            change: with_sign(change),
            after: after.map(shown),
            others: others.map(with_sign),
        }
    }
}

fn net_of(seen: &Seen<'_>) -> Net {
    match &seen.event.what {
        What::Written { changes, .. } => net(changes),
        _ => Net::new(),
    }
}

fn total(events: &[Seen<'_>]) -> Net {
    let mut total = Net::new();
    for (account, amount) in events.iter().flat_map(net_of) {
        let sum = total.get(&account).copied().unwrap_or(Money::ZERO);
        total.insert(account, sum.add(amount).unwrap_or(sum));
    }
    total.retain(|_, amount| !amount.is_zero());
    total
}
