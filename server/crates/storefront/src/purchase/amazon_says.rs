//! A seller's sales of a time beside what Amazon says of them. Asked of Amazon when the page is: its list of what the
//! shop called is read in a few batches (fps.md §3.3), and what is not in them is asked for one by one, a few times.

use crate::Shop;
use crate::figures::Period;
use crate::fps_client::Reply;
use crate::ids::TransactionId;
use crate::merchants::Merchant;
use crate::orders::sales_file::{self, Beyond, Sale};
use crate::orders::store;
use fps_protocol::ErrorCode;
use fps_protocol::actions::ActivityDate;
use fps_protocol::enums::{FpsOperation, TransactionStatus};
use fps_protocol::responses::ActivityTransaction;
use jiff::Timestamp;
use money::Money;
use shop_pages::model::{AmazonComparison, AmazonSays, OrderStatus, Paid, PaymentDifference};
use std::collections::HashMap;

/// Orders of one comparison.
const MOST_ORDERS: usize = 1000;
/// Batches of Amazon's list that are read for one page; it has the sales of all sellers.
const MOST_BATCHES: usize = 10;
/// Orders that are asked for one by one.
const MOST_QUESTIONS: usize = 5;
/// Payments without an order of the time that are looked up.
const MOST_UNKNOWN: usize = 20;

/// What Amazon's list says of one payment.
#[derive(Debug, Clone, Copy)]
struct Payment {
    status: TransactionStatus,
    amount: Money,
    amazon_fee: Money,
}

/// What was read of Amazon's list.
#[derive(Debug, Default)]
struct List {
    payments: HashMap<TransactionId, Payment>,
    /// By the payment that is given back: how much, and the fees that went back with it (below zero).
    refunds: HashMap<String, (Money, Money)>,
    /// Payments to the seller's registration.
    to_seller: Vec<TransactionId>,
    read: u32,
    /// When the last one that was read was received, where there are more.
    until: Option<Timestamp>,
}

/// Compares what the merchant sold in the time.
pub async fn compare(
    shop: &Shop,
    merchant: &Merchant,
    period: Period,
) -> Result<AmazonComparison, sqlx::Error> {
    let limit = i64::try_from(MOST_ORDERS + 1).unwrap_or(i64::MAX);
    let begin = Beyond::From(period.begins());
    let mut sales = sales_file::piece(&shop.db, &merchant.id, &begin, period.ends(), limit).await?;
    let too_many_orders = sales.len() > MOST_ORDERS;
    sales.truncate(MOST_ORDERS);
    // What becomes of these is not known yet on either side.
    sales.retain(|sale| !is_open(sale.status));
    let shop_paid = sales.iter().fold(Paid::default(), |sum, sale| plus(sum, believed_paid(sale)));
    let amazon = match read_list(shop, merchant, period.begins()).await {
        Some(list) => Some(AmazonSays { too_many_orders, ..hold_against(shop, &sales, &list).await? }),
        None => None,
    };
    Ok(AmazonComparison { from: period.from, to: period.to, shop: shop_paid, amazon })
}

const fn is_open(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::PaymentPending
            | OrderStatus::SettlePending
            | OrderStatus::CancelPending
            | OrderStatus::RefundPending
    )
}

/// Where the shop believes that the payment stands.
const fn expected(status: OrderStatus) -> Option<TransactionStatus> {
    match status {
        OrderStatus::Paid | OrderStatus::Refunded => Some(TransactionStatus::Success),
        OrderStatus::Reserved | OrderStatus::NotCharged => Some(TransactionStatus::Reserved),
        OrderStatus::Cancelled => Some(TransactionStatus::Cancelled),
        OrderStatus::Failed => Some(TransactionStatus::Failure),
        _ => None,
    }
}

fn believed_paid(sale: &Sale) -> Paid {
    if expected(sale.status) != Some(TransactionStatus::Success) {
        return Paid::default();
    }
    Paid {
        payments: 1,
        charged: sale.charged(),
        refunded: sale.refunded,
        amazon_fees: sale.fees.map_or(Money::ZERO, |fees| fees.amazon),
    }
}

fn plus(one: Paid, other: Paid) -> Paid {
    let sum = |a: Money, b: Money| a.add(b).unwrap_or(a);
    Paid {
        payments: one.payments.saturating_add(other.payments),
        charged: sum(one.charged, other.charged),
        refunded: sum(one.refunded, other.refunded),
        amazon_fees: sum(one.amazon_fees, other.amazon_fees),
    }
}

/// Reads the list from a moment on; `None` where Amazon does not answer.
async fn read_list(shop: &Shop, merchant: &Merchant, from: Timestamp) -> Option<List> {
    let token = merchant.registration.as_ref().map(|registration| registration.recipient_token.as_str());
    let (mut list, mut next) = (List::default(), ActivityDate::Moment(from));
    for _ in 0..MOST_BATCHES {
        let Reply::Known(batch) = shop.fps.activity(next).await else { return None };
        list.until = batch.transactions.last().map(|last| last.date_received);
        list.read = list.read.saturating_add(u32::try_from(batch.transactions.len()).unwrap_or(u32::MAX));
        for transaction in batch.transactions {
            list.add(transaction, token);
        }
        let Some(begin) = batch.start_time_for_next_transaction else {
            list.until = None;
            break;
        };
        next = begin;
    }
    Some(list)
}

impl List {
    fn add(&mut self, transaction: ActivityTransaction, token: Option<&str>) {
        if transaction.operation == FpsOperation::Refund {
            let back = transaction.transaction_status == TransactionStatus::Success;
            if let Some(original) = transaction.original_transaction_id.filter(|_| back) {
                let (amount, fees) = self.refunds.entry(original).or_default();
                *amount = amount.add(transaction.transaction_amount).unwrap_or(*amount);
                *fees = fees.add(transaction.fps_fees).unwrap_or(*fees);
            }
            return;
        }
        if token.is_some() && transaction.recipient_token_id.as_deref() == token {
            self.to_seller.push(transaction.transaction_id.clone());
        }
        let payment = Payment {
            status: transaction.transaction_status,
            amount: transaction.transaction_amount,
            amazon_fee: transaction.fps_fees,
        };
        self.payments.insert(transaction.transaction_id, payment);
    }

    fn paid(&self, id: &TransactionId) -> Paid {
        let Some(payment) = self.payments.get(id) else { return Paid::default() };
        if payment.status != TransactionStatus::Success {
            return Paid::default();
        }
        let (refunded, fees_back) = self.refunds.get(id.as_str()).copied().unwrap_or_default();
        Paid {
            payments: 1,
            charged: payment.amount,
            refunded,
            amazon_fees: payment.amazon_fee.add(fees_back).unwrap_or(payment.amazon_fee),
        }
    }
}

async fn hold_against(shop: &Shop, sales: &[Sale], list: &List) -> Result<AmazonSays, sqlx::Error> {
    let (mut paid, mut differences, mut not_compared, mut questions) = (Paid::default(), Vec::new(), 0, 0);
    for sale in sales {
        let Some(id) = &sale.transaction else { continue };
        if list.payments.contains_key(id) {
            let said = list.paid(id);
            paid = plus(paid, said);
            differences.extend(difference(sale, list.payments[id], said, list.until.is_none()));
        } else if questions < MOST_QUESTIONS {
            questions += 1;
            let (said, found) = ask(shop, sale, id).await;
            paid = plus(paid, said);
            differences.extend(found);
        } else {
            not_compared += 1;
        }
    }
    differences.extend(unknown(shop, sales, list).await?);
    Ok(AmazonSays {
        paid,
        differences,
        read_until: list.until,
        too_many_orders: false,
        not_compared,
        read: list.read,
    })
}

fn differs(sale: &Sale, believed: String, found: String) -> PaymentDifference {
    PaymentDifference {
        order_id: Some(sale.id.to_string()),
        title: sale.item.clone(),
        status: Some(sale.status),
        believed,
        found,
    }
}

/// `complete`: refunds that came later are in the list too.
fn difference(sale: &Sale, payment: Payment, said: Paid, complete: bool) -> Option<PaymentDifference> {
    let believed = believed_paid(sale);
    if expected(sale.status).is_some_and(|expected| expected != payment.status) {
        let expected = expected(sale.status).map_or("", TransactionStatus::as_str);
        return Some(differs(sale, format!("{expected}, {}", sale.charged()), status_words(payment)));
    }
    if payment.amount != sale.charged() {
        return Some(differs(sale, format!("A payment of {}", sale.charged()), status_words(payment)));
    }
    if complete && believed.refunded != said.refunded {
        let words = |refunded: Money| format!("{refunded} sent back");
        return Some(differs(sale, words(believed.refunded), words(said.refunded)));
    }
    if complete && sale.fees.is_some() && believed.amazon_fees != said.amazon_fees {
        let words = |fees: Money| format!("A fee of ${}", fees.to_dollars());
        return Some(differs(sale, words(believed.amazon_fees), words(said.amazon_fees)));
    }
    None
}

fn status_words(payment: Payment) -> String {
    format!("{}, {}", payment.status, payment.amount)
}

/// A payment that is not in what was read: Amazon is asked for it alone. Then nothing is known of refunds, so that what
/// the shop believes of them stands.
async fn ask(shop: &Shop, sale: &Sale, id: &TransactionId) -> (Paid, Option<PaymentDifference>) {
    let believed = format!("A payment of {}", sale.charged());
    match shop.fps.transaction(id).await {
        Reply::Known(detail) => {
            let payment = Payment {
                status: detail.transaction_status,
                amount: detail.transaction_amount,
                amazon_fee: detail.fps_fees,
            };
            let charged = payment.status == TransactionStatus::Success;
            let said = Paid { charged: payment.amount, ..believed_paid(sale) };
            (if charged { said } else { Paid::default() }, difference(sale, payment, said, false))
        }
        Reply::Refused(Some(ErrorCode::InvalidTransactionId)) => {
            (Paid::default(), Some(differs(sale, believed, "There is no such payment.".to_owned())))
        }
        Reply::Refused(_) | Reply::Unknown => {
            (Paid::default(), Some(differs(sale, believed, "Amazon Payments did not answer.".to_owned())))
        }
    }
}

/// Payments to the seller of which the shop has no order at all.
async fn unknown(shop: &Shop, sales: &[Sale], list: &List) -> Result<Vec<PaymentDifference>, sqlx::Error> {
    let of_a_sale = |id: &&TransactionId| !sales.iter().any(|sale| sale.transaction.as_ref() == Some(*id));
    let mut unknown = Vec::new();
    for id in list.to_seller.iter().filter(of_a_sale).take(MOST_UNKNOWN) {
        // One of an order that was placed before the time, or on which something is under way, is known.
        if store::by_transaction(&shop.db, id).await?.is_none() {
            unknown.push(PaymentDifference {
                order_id: None,
                title: id.to_string(),
                status: None,
                believed: "No order".to_owned(),
                found: status_words(list.payments[id]),
            });
        }
    }
    Ok(unknown)
}
