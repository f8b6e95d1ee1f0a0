//! After the last restart all converge: every order ends as Amazon's side says, nothing acknowledged is lost,
//! nothing happened twice, the books sum to zero, notifications came in order.

use super::load::Load;
use super::world::World;
use crate::support::{balance_in, rows};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";
/// States of the shop that somebody still has to do something about by himself.
const OPEN: &str = "('Authorized', 'Paying', 'Fulfilling', 'SettlingToRefund', 'Cancelling', 'Refunding')";

/// How it was before the load began.
pub struct Before {
    /// John's, in micros.
    balance: i64,
    orders: BTreeSet<String>,
    transactions: BTreeSet<String>,
}

#[derive(Debug)]
struct Payment {
    id: String,
    status: String,
    reference: String,
    access_key: String,
    method: String,
    amount: i64,
}

pub async fn before(world: &World) -> Before {
    let ids = async |database: &str, table: &str| -> BTreeSet<String> {
        rows(database, &["id"], table).await.into_iter().flatten().collect()
    };
    Before {
        balance: balance(world).await,
        orders: ids(&world.shop_database, "orders").await,
        transactions: ids(&world.payments_database, "transactions").await,
    }
}

async fn balance(world: &World) -> i64 {
    let text = balance_in(&world.ledger().await, JOHN);
    let (dollars, rest) = text.split_once('.').unwrap();
    format!("{dollars}{rest:0<6}").parse().unwrap()
}

/// Moves the clock for a day or until nothing is open any more. What a dead process had claimed on PostgreSQL is taken
/// back when it has not counted for some looks: that is real time, whatever the clock says.
pub async fn converge(world: &World) {
    for step in 1..=40 {
        if open(world).await.is_empty() {
            return;
        }
        world.advance(60 * step).await;
    }
    converge_by_itself(world).await;
}

/// The same without the clock, which several processes may not have in common: each asks again by itself.
pub async fn converge_by_itself(world: &World) {
    let begun = Instant::now();
    while !open(world).await.is_empty() {
        assert!(begun.elapsed() < super::world::DEADLINE, "still open: {:#?}", open(world).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// In the order in which a purchase goes on, so that what goes on meanwhile is seen further down.
async fn open(world: &World) -> Vec<Vec<String>> {
    // A token that was given and not used: its return was lost.
    let unused = format!(
        "tokens WHERE access_key = '{FIRST}' AND role = 'Sender' AND active = 1 AND used_at IS NULL AND id NOT IN \
         (SELECT k.id FROM tokens k JOIN transactions t ON t.sender_token = k.number)"
    );
    let mut open = rows(&world.payments_database, &["id", "caller_reference"], &unused).await;
    let orders = format!("orders WHERE state IN {OPEN}");
    open.extend(rows(&world.shop_database, &["id", "state"], &orders).await);
    let pending = "transactions WHERE status = 'Pending' OR process_at IS NOT NULL";
    open.extend(rows(&world.payments_database, &["id", "status"], pending).await);
    let unsent = "notifications WHERE next_attempt_at IS NOT NULL";
    open.extend(rows(&world.payments_database, &["id", "next_attempt_at"], unsent).await);
    open
}

/// Says how many purchases and calls there were.
pub async fn agree(world: &World, load: &Load, before: &Before) -> String {
    let told = std::mem::take(&mut *load.told.lock().unwrap());
    assert!(told.strange.is_empty(), "{:#?}", told.strange);
    let sum = world.ledger().await["sum"].as_str().unwrap().to_owned();
    assert!(sum.trim_matches(['0', '.']).is_empty(), "the ledger sums to {sum}");
    let payments = payments(world, before).await;
    let states = orders_agree(world, before, &payments).await;

    for id in &told.returned {
        let state = states.get(id).unwrap_or_else(|| panic!("order {id} is lost"));
        assert_ne!(state, "AwaitingAuthorization", "the return of {id} is lost");
    }
    for id in &told.paid {
        assert_eq!(states[id], "Paid", "{id} was said to be paid");
    }
    for (reference, id) in &told.calls {
        let made: Vec<_> = payments.iter().filter(|payment| payment.reference == *reference).collect();
        assert!(
            matches!(&made[..], [one] if one.id == *id && one.status == "Success"),
            "{reference}: {made:?}"
        );
    }
    let spent: i64 = payments
        .iter()
        .filter(|payment| payment.status == "Success" && payment.method == "ABT")
        .map(|payment| payment.amount)
        .sum();
    assert_eq!(
        before.balance - balance(world).await,
        spent,
        "what John's balance lost is what transactions say"
    );

    notifications_came_in_order(load, &payments);
    let listed = files_are_whole(world).await;
    for title in &told.listed {
        assert!(listed.contains(title), "{title} was listed and is lost");
    }
    format!("{} orders, {} answered returns, {} calls", states.len(), told.returned.len(), told.calls.len())
}

async fn payments(world: &World, before: &Before) -> Vec<Payment> {
    let columns = ["id", "status", "caller_reference", "access_key", "payment_method", "amount"];
    let made = "transactions t JOIN callers c ON c.number = t.caller \
                WHERE operation IN ('Pay', 'Reserve') AND parent IS NULL";
    let rows = rows(&world.payments_database, &columns, made).await;
    let payments = rows.into_iter().map(|row| {
        let [id, status, reference, access_key, method, amount] = row.try_into().unwrap();
        Payment { id, status, reference, access_key, method, amount: amount.parse().unwrap() }
    });
    payments.filter(|payment| !before.transactions.contains(&payment.id)).collect()
}

/// Each order's state, which is Amazon's; and nothing is at Amazon that no order knows.
async fn orders_agree(world: &World, before: &Before, payments: &[Payment]) -> BTreeMap<String, String> {
    let attempts = rows(&world.shop_database, &["caller_reference", "order_id"], "order_attempts").await;
    let order_of: BTreeMap<String, String> =
        attempts.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let mut alive: BTreeMap<&str, Vec<&Payment>> = BTreeMap::new();
    for payment in payments.iter().filter(|payment| payment.access_key == FIRST) {
        let order = order_of.get(&payment.reference);
        let order = order.unwrap_or_else(|| panic!("no order knows {payment:?}"));
        if !["Failure", "Cancelled"].contains(&payment.status.as_str()) {
            alive.entry(order).or_default().push(payment);
        }
    }
    let columns = ["id", "state", "transaction_id"];
    let orders = rows(&world.shop_database, &columns, "orders").await;
    let mut states = BTreeMap::new();
    for order in orders.into_iter().filter(|order| !before.orders.contains(&order[0])) {
        let [id, state, transaction] = order.try_into().unwrap();
        let at_amazon = alive.get(id.as_str()).map_or(&[][..], Vec::as_slice);
        let agrees = match (state.as_str(), at_amazon) {
            ("Paid", [one]) => one.status == "Success" && one.id == transaction,
            ("Reserved", [one]) => one.status == "Reserved" && one.id == transaction,
            (
                "AwaitingAuthorization" | "Abandoned" | "AuthorizationFailed" | "PaymentFailed" | "Cancelled",
                [],
            ) => true,
            _ => false,
        };
        assert!(agrees, "order {id} is {state}, and Amazon has {at_amazon:?}");
        states.insert(id, state);
    }
    states
}

/// At least once each, and for the first time in order. A repetition can come late: the attempt that it repeats
/// was made, and the database died before it was recorded.
fn notifications_came_in_order(load: &Load, payments: &[Payment]) {
    let received = load.received.lock().unwrap();
    for payment in
        payments.iter().filter(|payment| payment.access_key != FIRST && payment.status == "Success")
    {
        let mut news: Vec<&str> = Vec::new();
        for status in received.get(&payment.id).into_iter().flatten() {
            if !news.contains(&status.as_str()) {
                news.push(status);
            }
        }
        assert!(
            matches!(&news[..], ["SUCCESS"] | ["PENDING", "SUCCESS"]),
            "of {payment:?} the receiver heard {news:?}"
        );
    }
}

/// The titles of what merchants uploaded; each has its file, whole.
async fn files_are_whole(world: &World) -> BTreeSet<String> {
    let uploaded = "items i JOIN item_files f ON f.item_id = i.id AND f.version = i.version \
                    JOIN stored_files s ON s.key = f.key WHERE s.key LIKE 'uploads/%'";
    let items = rows(&world.shop_database, &["i.title", "s.key", "s.bytes"], uploaded).await;
    let mut titles = BTreeSet::new();
    for item in items {
        let file = std::fs::metadata(world.data.path().join("files").join(&item[1]));
        let bytes = file.unwrap_or_else(|error| panic!("the file of {item:?}: {error}")).len();
        assert_eq!(bytes.to_string(), item[2], "{item:?}");
        assert!(titles.insert(item[0].clone()), "{item:?} is listed twice");
    }
    titles
}
