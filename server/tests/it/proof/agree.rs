//! Whether every order is at the shop, at Amazon and in the books what was reckoned beforehand.

use super::plan::{Fees, Moved};
use super::play::Made;
use super::stage::{BUYER, MARKET, SELLER, Stage};
use crate::model::books::{Micros, micros};
use crate::model::xml::{amount, sections, text};
use crate::support::{Caller, balance_in, rows};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What is wrong with an order, by its id; with everything together, under no id.
pub type Troubles = Vec<(String, String)>;

impl Stage {
    /// What the three whose money it is have, and Amazon's fees.
    pub async fn balances(&self) -> Moved {
        let ledger = self.app.ledger().await;
        let accounts = ledger["accounts"].as_array().unwrap();
        let fees = accounts.iter().find(|account| account["id"] == "amazon:fees");
        let of = |email| micros(&balance_in(&ledger, email));
        Moved {
            buyer: of(BUYER),
            seller: of(SELLER),
            market: of(MARKET),
            amazon: fees.map_or(0, |fees| micros(fees["balance"].as_str().unwrap())),
        }
    }

    /// Each of these orders, with Amazon's own word for it.
    pub async fn look_at_orders(&self, made: &[Made]) -> Troubles {
        let columns = ["id", "state", "transaction_id", "marketplace_fee", "amazon_fee"];
        let orders = rows(&self.shop_database, &columns, "orders").await;
        let orders: BTreeMap<&str, &Vec<String>> =
            orders.iter().map(|order| (order[0].as_str(), order)).collect();
        let caller = self.app.caller();
        let mut troubles = Troubles::new();
        for made in made {
            let Some(order) = orders.get(made.order.as_str()) else {
                troubles.push((made.order.clone(), "is not there".to_owned()));
                continue;
            };
            let looked = match self.look_at_shop(made, order).await {
                Ok(()) => self.look_at_amazon(&caller, made, &order[2]).await,
                Err(trouble) => Err(trouble),
            };
            if let Err(trouble) = looked {
                troubles.push((made.order.clone(), format!("{trouble}; {:?}", made.plan)));
            }
        }
        troubles
    }

    async fn look_at_shop(&self, made: &Made, order: &[String]) -> Result<(), String> {
        let ending = made.plan.ending();
        is("the state", order[1].as_str(), ending.state)?;
        is("whether there is a transaction", !order[2].is_empty(), ending.transaction.is_some())?;
        let refunds = made.plan.refunds();
        let back: Micros = refunds.iter().map(|refund| refund.amount).sum();
        is("what went back", self.given_back(&made.order).await, back)?;
        let borne = |of: fn(&Fees) -> Micros| refunds.iter().map(|refund| of(&refund.borne)).sum::<Micros>();
        let fees = made.plan.fees();
        let fee = |text: &String| text.parse::<Micros>().unwrap_or(0);
        is("the marketplace's fee", fee(&order[3]), fees.market - borne(|fees| fees.market))?;
        is("Amazon's fee", fee(&order[4]), fees.amazon - borne(|fees| fees.amazon))
    }

    /// Payment and refunds, as `GetTransaction` tells them.
    async fn look_at_amazon(&self, caller: &Caller, made: &Made, id: &str) -> Result<(), String> {
        let plan = &made.plan;
        let Some((status, code)) = plan.ending().transaction else { return Ok(()) };
        let xml = caller.on_transaction("GetTransaction", id).await.xml;
        let word = |name| text(&xml, name).unwrap_or_default();
        is("the reference at Amazon", word("CallerReference"), made.reference.as_str())?;
        is("the status at Amazon", word("TransactionStatus"), status)?;
        is("the code at Amazon", word("StatusCode"), code)?;
        is("the method at Amazon", word("PaymentMethod"), plan.method.word())?;
        let related = sections(&xml, "RelatedTransaction");
        let refunds: Vec<&str> = related
            .iter()
            .filter(|related| {
                text(related, "RelationType").is_some_and(|relation| relation.contains("Refund"))
            })
            .filter_map(|related| text(related, "TransactionId"))
            .collect();
        let known = plan.refunds();
        is("how often it was refunded at Amazon", refunds.len(), known.len())?;
        if plan.charged() == 0 {
            return Ok(());
        }
        let number = |name| amount(&xml, name).unwrap_or(0);
        is("the amount at Amazon", number("TransactionAmount"), plan.charged())?;
        is("Amazon's fee at Amazon", number("FPSFees"), plan.fees().amazon)?;
        is("the marketplace's fee at Amazon", number("MarketplaceFees"), plan.fees().market)?;
        let mut amounts = Vec::new();
        for refund in refunds {
            let xml = caller.on_transaction("GetTransaction", refund).await.xml;
            is("a refund's status", text(&xml, "TransactionStatus"), Some("Success"))?;
            amounts.push(amount(&xml, "TransactionAmount").unwrap_or(0));
        }
        let mut known: Vec<Micros> = known.iter().map(|refund| refund.amount).collect();
        amounts.sort_unstable();
        known.sort_unstable();
        is("the refunds at Amazon", &amounts[..], &known[..])
    }

    /// All orders together: nothing else moved money, nothing is open, and the sites' own rules hold.
    pub async fn look_at_books(&self, before: Moved, made: &[Made]) -> Troubles {
        let mut wrong = Vec::new();
        let mut expected = before;
        for made in made {
            expected += made.plan.moved();
        }
        wrong.extend(is("what each has", self.balances().await, expected).err());
        let ledger = self.app.ledger().await;
        wrong.extend(is("the sum of the books", micros(ledger["sum"].as_str().unwrap()), 0).err());
        let holds = |account: &&Value| micros(account["held"].as_str().unwrap()) != 0;
        let holding: Vec<_> = ledger["accounts"].as_array().unwrap().iter().filter(holds).collect();
        wrong.extend(is("who has money held", holding.len(), 0).err());
        for path in ["books/invariants", "orders/invariants"] {
            let rules = self.app.control(path, None).await;
            let broken = rules.as_array().unwrap().iter().filter(|rule| rule["holds"] != true);
            wrong.extend(broken.map(ToString::to_string));
        }
        wrong.extend(self.what_is_open().await);
        wrong.extend(self.what_nobody_made(made).await);
        wrong.into_iter().map(|wrong| (String::new(), wrong)).collect()
    }

    async fn what_is_open(&self) -> Vec<String> {
        let unsent = ["id", "next_attempt_at"];
        let mut open =
            rows(&self.payments_database, &unsent, "notifications WHERE next_attempt_at IS NOT NULL").await;
        let pending = "transactions WHERE status IN ('Pending', 'Reserved') OR process_at IS NOT NULL";
        open.extend(rows(&self.payments_database, &["id", "status"], pending).await);
        // Whoever went to Amazon and did nothing there is waited for.
        let asked_after = "orders WHERE check_at IS NOT NULL AND state <> 'AwaitingAuthorization'";
        open.extend(rows(&self.shop_database, &["id", "state"], asked_after).await);
        open.iter().map(|row| format!("still open: {row:?}")).collect()
    }

    /// As many orders and payments as people made, and no second one for anything.
    async fn what_nobody_made(&self, made: &[Made]) -> Vec<String> {
        let payments = made.iter().filter(|made| made.plan.ending().transaction.is_some()).count();
        let refunds: usize = made.iter().map(|made| made.plan.refunds().len()).sum();
        let count = async |database: &str, of: &str| rows(database, &["id"], of).await.len();
        let orders = count(&self.shop_database, "orders").await;
        let paid = "transactions WHERE operation IN ('Pay', 'Reserve') AND parent IS NULL";
        let paid = count(&self.payments_database, paid).await;
        let refunded = count(&self.payments_database, "transactions WHERE operation = 'Refund'").await;
        let all = is(
            "how many orders, payments and refunds there are",
            [orders, paid, refunded],
            [made.len(), payments, refunds],
        );
        all.err().into_iter().collect()
    }
}

fn is<T: PartialEq + Debug + Copy>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, not {expected:?}")) }
}
