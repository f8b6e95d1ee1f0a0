//! Mail of payments and refunds, in words. They are found when the mail is read, so they say where things stand now.

use crate::domain::accounts::Account;
use crate::domain::mail::MailKind;
use crate::domain::refund_requests::RefundRequest;
use crate::domain::transactions::{Kind, Life, Transaction};
use crate::web::account_site::mail::matter::Words;
use crate::web::account_site::transactions::{fee_breakdown, list};
use app::components::time::date_time_words;
use fps_protocol::enums::{PaymentMethod, StatusCode, TransactionStatus};
use money::Money;
use payments_pages::pages::plain_text;

#[derive(Debug)]
pub struct Payment {
    pub transaction: Transaction,
    /// What was bought, in the caller's words; of a refund, what its payment was for.
    pub item: Option<String>,
    /// Of a mail that asks for a refund.
    pub asked: Option<RefundRequest>,
}

impl Payment {
    fn amount(&self, kind: MailKind) -> Money {
        match kind {
            MailKind::PaymentMade | MailKind::PaymentReceived => self.transaction.charged(),
            MailKind::RefundAsked => {
                self.asked.as_ref().map_or(self.transaction.charged(), |asked| asked.amount)
            }
            _ => self.transaction.amount,
        }
    }

    /// `" for Now and Forever"`; nothing where nobody has said what for.
    fn for_item(&self) -> String {
        self.item.as_ref().map(|item| format!(" for {item}")).unwrap_or_default()
    }
}

/// What happened, to what was bought, and how much it is about.
pub fn subject(kind: MailKind, payment: &Payment, account: &Account) -> String {
    let transaction = &payment.transaction;
    let parties = &transaction.parties;
    let named = payment.item.clone().unwrap_or_else(|| match transaction.kind {
        Kind::Payment | Kind::Reserve | Kind::Refund { .. } | Kind::MarketplaceFee { .. } => {
            let sent = transaction.sender_account_id == account.id;
            if sent { parties.recipient.name.clone() } else { parties.sender.name.clone() }
        }
        Kind::FundPrepaid { .. } | Kind::SettleDebt { .. } | Kind::WriteOffDebt { .. } => {
            list::row(transaction, account).description
        }
    });
    format!("{}: {named}, {}", heading(kind, transaction), payment.amount(kind))
}

fn heading(kind: MailKind, transaction: &Transaction) -> &'static str {
    let is_refund = matches!(kind, MailKind::RefundReceived | MailKind::RefundGiven);
    match kind {
        _ if matches!(transaction.kind, Kind::WriteOffDebt { .. }) => "Debt written off",
        _ if is_refund && fee_breakdown::gives_back_fee_only(transaction) => "Marketplace fee given back",
        MailKind::PaymentReserved => "Payment authorized",
        MailKind::PaymentMade => "Payment made",
        MailKind::PaymentFailed => "Payment failed",
        MailKind::PaymentCancelled => "Payment cancelled",
        MailKind::RefundReceived if transaction.status() == TransactionStatus::Pending => "Refund on its way",
        MailKind::RefundReceived => "Refund received",
        MailKind::ChargeFailed => "Charge declined",
        MailKind::PurchaseAuthorized => "A purchase has been authorized",
        MailKind::PurchaseCancelled => "A purchase was cancelled",
        MailKind::PaymentReceived => "Payment received",
        MailKind::RefundGiven => "Refund given",
        MailKind::RefundAsked => "Refund requested",
        MailKind::AuthorizationGiven
        | MailKind::AuthorizationCancelled
        | MailKind::RegistrationMade
        | MailKind::RegistrationCancelled => "Authorization",
        MailKind::SignUpAttempted => "Account",
    }
}

pub fn words(
    kind: MailKind,
    payment: &Payment,
    account: &Account,
    caller: &str,
    instrument: Option<String>,
) -> Words {
    let transaction = &payment.transaction;
    let paragraphs = match kind {
        MailKind::PaymentReserved => reserved(payment, caller),
        MailKind::PurchaseAuthorized => authorized(payment, caller),
        MailKind::PaymentMade => made(payment, caller),
        MailKind::PaymentReceived => received(payment, caller),
        MailKind::PaymentFailed => failed(payment),
        MailKind::PaymentCancelled => cancelled(payment),
        MailKind::PurchaseCancelled => purchase_cancelled(payment),
        MailKind::ChargeFailed => {
            let sent = transaction.sender_account_id == account.id;
            charge_failed(payment, caller, sent)
        }
        MailKind::RefundReceived => refund_received(payment, caller),
        MailKind::RefundGiven => refund_given(payment),
        MailKind::RefundAsked => refund_asked(payment, caller),
        MailKind::AuthorizationGiven
        | MailKind::AuthorizationCancelled
        | MailKind::RegistrationMade
        | MailKind::RegistrationCancelled
        | MailKind::SignUpAttempted => Vec::new(),
    };
    let mut facts: Vec<_> = instrument.map(|label| ("Paid with".to_owned(), label)).into_iter().collect();
    if matches!(kind, MailKind::PaymentReceived | MailKind::RefundGiven | MailKind::RefundReceived) {
        facts.extend(fees(transaction, account));
    }
    Words { paragraphs, quoted: quoted(kind, payment), facts }
}

/// What the fees were and what they leave, where there are any for this account.
fn fees(transaction: &Transaction, account: &Account) -> Vec<(String, String)> {
    let Some(fees) = fee_breakdown::fee_breakdown(transaction, account) else { return Vec::new() };
    let lines = fees.lines.into_iter().chain([fees.total]);
    lines.map(|(name, amount)| (name, amount.to_string())).collect()
}

/// What the buyer says who asks for a refund, or the seller who gives one.
fn quoted(kind: MailKind, payment: &Payment) -> Option<String> {
    let note = payment.transaction.caller_description.as_deref().map(plain_text);
    match kind {
        MailKind::RefundAsked => payment.asked.as_ref().map(|asked| asked.reason.clone()),
        MailKind::RefundReceived | MailKind::RefundGiven => {
            note.filter(|note| payment.item.as_ref() != Some(note))
        }
        _ => None,
    }
}

fn reserved(payment: &Payment, caller: &str) -> Vec<String> {
    let transaction = &payment.transaction;
    vec![
        format!(
            "You have authorized a payment of {} to {}{}, through {caller}.",
            transaction.amount,
            transaction.parties.recipient.name,
            payment.for_item()
        ),
        match &transaction.life {
            Life::Reserved { expires_at, .. } => format!(
                "Nothing is charged yet: you are charged when it is delivered. If the shop does not charge it by {}, \
                 it ends by itself.",
                date_time_words(*expires_at)
            ),
            _ => by_now(transaction),
        },
    ]
}

/// The quick start's third step for the recipient, and what comes after it.
fn authorized(payment: &Payment, caller: &str) -> Vec<String> {
    let transaction = &payment.transaction;
    vec![
        format!(
            "{} has authorized a payment of {} to you{}, through {caller}.",
            transaction.parties.sender.name,
            transaction.amount,
            payment.for_item()
        ),
        match &transaction.life {
            Life::Reserved { expires_at, .. } => format!(
                "Deliver it, and say so at {caller}: then you are paid. Nothing is charged yet; what is not charged by \
                 {} ends by itself, and you are not paid for it.",
                date_time_words(*expires_at)
            ),
            _ => by_now(transaction),
        },
    ]
}

/// What has become of a reserve since its mail.
fn by_now(transaction: &Transaction) -> String {
    match transaction.status() {
        TransactionStatus::Success => format!("By now {} of it was charged.", transaction.charged()),
        TransactionStatus::Cancelled => "By now it is cancelled, and nothing was charged.".to_owned(),
        TransactionStatus::Failure => "By now it has failed, and nothing was charged.".to_owned(),
        TransactionStatus::Pending => {
            "By now it is being charged: the card or bank has to answer.".to_owned()
        }
        TransactionStatus::Reserved => "It is held, and not charged yet.".to_owned(),
    }
}

fn made(payment: &Payment, caller: &str) -> Vec<String> {
    let transaction = &payment.transaction;
    let (charged, recipient) = (transaction.charged(), &transaction.parties.recipient.name);
    let mut said = vec![match transaction.kind {
        Kind::FundPrepaid { .. } => {
            format!("You have put {charged} on your prepaid balance with {recipient}.")
        }
        Kind::SettleDebt { .. } => format!("You have settled {charged} of what you owe {recipient}."),
        Kind::WriteOffDebt { .. } => format!("{caller} has written off {charged} that you owed."),
        _ => format!("You paid {charged} to {recipient}{}, through {caller}.", payment.for_item()),
    }];
    if charged < transaction.amount {
        let amount = transaction.amount;
        said.push(format!("{amount} was reserved. What was not charged of it is free again."));
    }
    said.extend(given_back(transaction));
    said
}

fn received(payment: &Payment, caller: &str) -> Vec<String> {
    let transaction = &payment.transaction;
    let (charged, sender) = (transaction.charged(), &transaction.parties.sender.name);
    let mut said = vec![match transaction.kind {
        Kind::FundPrepaid { .. } => format!("{sender} has put {charged} on a prepaid balance with you."),
        Kind::SettleDebt { .. } => format!("{sender} has settled {charged} of what they owe you."),
        Kind::WriteOffDebt { .. } => format!("{charged} that {sender} owed you was written off."),
        _ => format!("{sender} paid you {charged}{}, through {caller}.", payment.for_item()),
    }];
    if charged < transaction.amount {
        said.push(format!("{} was authorized; {charged} of it was charged.", transaction.amount));
    }
    said.extend(given_back(transaction));
    said
}

fn given_back(transaction: &Transaction) -> Option<String> {
    let refunded = transaction.refunded();
    refunded.is_positive().then(|| format!("By now {refunded} of it was given back."))
}

/// `$9.99 to Evergreen Records for Now and Forever`.
fn of_payment(payment: &Payment) -> String {
    let transaction = &payment.transaction;
    format!("{} to {}{}", transaction.amount, transaction.parties.recipient.name, payment.for_item())
}

fn failed(payment: &Payment) -> Vec<String> {
    let why = match payment.transaction.status_code() {
        StatusCode::Expired => "The card or bank did not answer in time.",
        _ => "The card or bank declined.",
    };
    vec![
        format!("Your payment of {} has failed.", of_payment(payment)),
        format!("{why} Nothing was charged."),
    ]
}

fn cancelled(payment: &Payment) -> Vec<String> {
    let why = match payment.transaction.status_code() {
        StatusCode::Expired => "It was not charged in time, and has ended by itself.",
        _ => "It was cancelled.",
    };
    vec![
        format!("Your payment of {} is cancelled.", of_payment(payment)),
        format!("{why} Nothing was charged, and what was held is free again."),
    ]
}

fn purchase_cancelled(payment: &Payment) -> Vec<String> {
    let transaction = &payment.transaction;
    let why = match transaction.status_code() {
        StatusCode::Expired => "was not charged in time, and has ended by itself",
        _ => "was cancelled",
    };
    vec![
        format!(
            "The payment of {} that {} had authorized{} {why}.",
            transaction.amount,
            transaction.parties.sender.name,
            payment.for_item()
        ),
        "Do not deliver it: you are not paid for it.".to_owned(),
    ]
}

fn charge_failed(payment: &Payment, caller: &str, sent: bool) -> Vec<String> {
    let transaction = &payment.transaction;
    let sender = &transaction.parties.sender.name;
    let who = if sent { "you have".to_owned() } else { format!("{sender} has") };
    vec![
        format!(
            "{caller} asked for the {} that {who} authorized{}, and the card or bank declined. Nothing was charged.",
            transaction.amount,
            payment.for_item()
        ),
        match &transaction.life {
            Life::Reserved { expires_at, .. } => format!(
                "It stays authorized: {caller} can ask again until {}, or cancel it.",
                date_time_words(*expires_at)
            ),
            _ => by_now(transaction),
        },
    ]
}

fn refund_received(payment: &Payment, caller: &str) -> Vec<String> {
    let transaction = &payment.transaction;
    let (amount, giver) = (transaction.amount, &transaction.parties.sender.name);
    if fee_breakdown::gives_back_fee_only(transaction) {
        return vec![format!(
            "{caller} gave you back {amount} of its marketplace fee{}.",
            payment.for_item()
        )];
    }
    let where_to = match (transaction.payment_method, transaction.status()) {
        (PaymentMethod::Cc, TransactionStatus::Success) => "It has reached your card.",
        (PaymentMethod::Cc, _) => "It is on its way to your card.",
        (PaymentMethod::Prepaid, _) => "It is on your prepaid balance.",
        (PaymentMethod::Debt, _) => {
            "It is taken off what you owe, or is in your balance where that was settled."
        }
        (PaymentMethod::Abt | PaymentMethod::Ach, _) => "It is in your balance here.",
    };
    vec![
        format!("{giver} gave you back {amount} of your payment{}.", payment.for_item()),
        where_to.to_owned(),
    ]
}

fn refund_given(payment: &Payment) -> Vec<String> {
    let transaction = &payment.transaction;
    let (amount, buyer) = (transaction.amount, &transaction.parties.recipient.name);
    if fee_breakdown::gives_back_fee_only(transaction) {
        let fee = format!("You gave back {amount} of your marketplace fee{} to {buyer}.", payment.for_item());
        return vec![fee];
    }
    vec![format!("{amount} went back to {buyer}, of their payment{}.", payment.for_item())]
}

fn refund_asked(payment: &Payment, caller: &str) -> Vec<String> {
    let buyer = &payment.transaction.parties.sender.name;
    let mut said = vec![
        format!(
            "{buyer} asks to get back {} of the payment{}.",
            payment.amount(MailKind::RefundAsked),
            payment.for_item()
        ),
        format!(
            "{caller} was told and answers. No money has moved by it; you can give a refund on the payment's page."
        ),
    ];
    said.extend(given_back(&payment.transaction));
    said
}
