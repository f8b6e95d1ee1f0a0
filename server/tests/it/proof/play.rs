//! How people live through one order.

use super::plan::{Plan, Story};
use super::stage::Stage;
use crate::model::books::{Micros, dollars};
use crate::quick_start::WHY;
use crate::support::{Page, rows};
use serde_json::json;
use url::Url;

const CUSTOMERS: bool = true;
const SELLERS: bool = false;
/// So often the clock is moved, further each time, until an order is where it has to be: hours in all, which an
/// authorization lasts.
const LOOKS: i64 = 20;

/// An order, as far as it came.
#[derive(Debug)]
pub struct Made {
    pub plan: Plan,
    /// The shop's id; empty when it was never placed.
    pub order: String,
    /// The `CallerReference` of its payment.
    pub reference: String,
}

impl Stage {
    /// Lives through the order that was drawn; what went another way than it can, in words.
    pub async fn play(&mut self, made: &mut Made) -> Result<(), String> {
        let plan = made.plan.clone();
        self.sign_in_again().await;
        let redirect = self.app.check_out(&mut self.customer, &plan.item.slug).await;
        let to = redirect.location();
        let given =
            |name: &str| to.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
        made.reference = given("callerReference").ok_or_else(|| format!("the checkout led to {to}"))?;
        let attempt = format!("order_attempts WHERE caller_reference = '{}'", made.reference);
        let attempt = self.row(&self.shop_database, &["order_id"], &attempt).await;
        made.order = attempt.ok_or("the order is not there")?.remove(0);
        if plan.story != Story::NeverConfirmed {
            if plan.story == Story::Declined {
                self.app.control("processor", Some(json!({ "hold": true }))).await;
            }
            let clicked = self.click(&redirect, plan.method.word()).await;
            let mut back: Url = given("returnURL").ok_or("there is no way back")?.parse().unwrap();
            let parameters = clicked["return_parameters"].as_object().ok_or("nothing comes back")?;
            back.query_pairs_mut().extend_pairs(
                parameters.iter().map(|(name, value)| (name, value.as_str().unwrap_or_default())),
            );
            self.go_on(made, &back).await?;
        }
        self.advance(plan.pause).await;
        Ok(())
    }

    async fn go_on(&mut self, made: &Made, back: &Url) -> Result<(), String> {
        let plan = &made.plan;
        if plan.story != Story::ReturnLost {
            for _ in 0..=usize::from(plan.comes_back_twice) {
                self.come_back(back).await?;
            }
        }
        match plan.story {
            Story::Declined => self.decline(made).await?,
            Story::Refused => self.until(made, &["PaymentFailed"]).await?,
            Story::ReturnLost => self.until(made, &["Authorized", "Paying", "Paid"]).await?,
            _ if plan.item.by_hand => self.until(made, &["Reserved"]).await?,
            _ => {}
        }
        match plan.story {
            Story::SettledInPart => {
                let (amount, confirmed) = (dollars(plan.part), six_decimals(plan.part));
                let fields = [("amount", amount.as_str()), ("confirmed", &confirmed)];
                self.press(SELLERS, made, "fulfil", &fields).await?;
            }
            Story::Settled => self.press(SELLERS, made, "fulfil", &[]).await?,
            Story::CancelledByBuyer => self.press(CUSTOMERS, made, "cancel", &[]).await?,
            Story::CancelledBySeller => self.press(SELLERS, made, "cancel", &[]).await?,
            Story::GivenBack | Story::GivenBackInParts => self.give_back(made).await?,
            _ => {}
        }
        Ok(())
    }

    /// The shop asks Amazon for the token; where that is not answered it says so, and the buyer tries again.
    async fn come_back(&mut self, back: &Url) -> Result<(), String> {
        for _ in 0..LOOKS {
            let page = self.customer.get(back).await;
            if page.status != 503 {
                return went_through(&page);
            }
        }
        Err("the return is never taken".to_owned())
    }

    /// The processor says no to what is pending, as soon as it is.
    async fn decline(&mut self, made: &Made) -> Result<(), String> {
        let pending =
            format!("transactions WHERE parent IS NULL AND caller_reference = '{}'", made.reference);
        let pending = self.row(&self.payments_database, &["id"], &pending).await;
        let id = pending.ok_or("nothing is pending")?.remove(0);
        let outcome = json!({ "outcome": "failure" });
        self.app.control(&format!("transactions/{id}/decide"), Some(outcome)).await;
        self.app.control("processor", Some(json!({ "hold": false }))).await;
        Ok(())
    }

    async fn give_back(&mut self, made: &Made) -> Result<(), String> {
        let plan = &made.plan;
        if plan.item.by_hand {
            self.press(SELLERS, made, "fulfil", &[]).await?;
        }
        self.until(made, &["Paid"]).await?;
        if plan.story == Story::GivenBack {
            return self.press(CUSTOMERS, made, "refund", WHY).await;
        }
        let policy = if plan.seller_alone { "seller_alone" } else { "shared" };
        let mut back = 0;
        for refund in plan.refunds() {
            if back > 0 {
                self.until_back(made, back).await?;
            }
            let (amount, shown) = (dollars(refund.amount), six_decimals(refund.amount));
            let fields = [
                ("amount", &*amount),
                ("policy", policy),
                ("shown_amount", &shown),
                ("shown_policy", policy),
            ];
            self.press(SELLERS, made, "refund", &fields).await?;
            back += refund.amount;
        }
        Ok(())
    }

    /// Presses a button of the order's page.
    async fn press(
        &mut self,
        customers: bool,
        made: &Made,
        button: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), String> {
        let address = self.app.shop(&format!("/orders/{}/{button}", made.order));
        let browser = if customers { &mut self.customer } else { &mut self.seller };
        went_through(&browser.post(address, fields).await)
    }

    /// Waits until the shop has the order in one of these states.
    async fn until(&mut self, made: &Made, states: &[&str]) -> Result<(), String> {
        let order = format!("orders WHERE id = '{}'", made.order);
        for look in 1..=LOOKS {
            let state = self.row(&self.shop_database, &["state"], &order).await.ok_or("the order is gone")?;
            if states.contains(&state[0].as_str()) {
                return Ok(());
            }
            self.advance(30 * look).await;
        }
        Err(format!("is never one of {states:?}"))
    }

    /// Waits until so much is back, and the order rests.
    async fn until_back(&mut self, made: &Made, amount: Micros) -> Result<(), String> {
        for _ in 0..LOOKS {
            self.until(made, &["Paid"]).await?;
            if self.given_back(&made.order).await == amount {
                return Ok(());
            }
            self.advance(60).await;
        }
        Err(format!("{} are never back", dollars(amount)))
    }

    /// What went back to the buyer, as the shop has it.
    pub async fn given_back(&self, order: &str) -> Micros {
        let refunds = format!("order_refunds WHERE order_id = '{order}'");
        let refunds = rows(&self.shop_database, &["amount"], &refunds).await;
        refunds.iter().map(|row| row[0].parse::<Micros>().unwrap()).sum()
    }
}

fn went_through(page: &Page) -> Result<(), String> {
    match page.status {
        303 => Ok(()),
        status => Err(format!("{} answered {status}: {}", page.url.path(), heading(&page.text()))),
    }
}

/// What a page that was not expected says.
fn heading(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    main.split(['<', '>'])
        .skip(1)
        .step_by(2)
        .filter(|text| !text.trim().is_empty())
        .take(8)
        .collect::<Vec<_>>()
        .join(" ")
}

/// As forms have what was shown.
fn six_decimals(amount: Micros) -> String {
    format!("{}0000", dollars(amount))
}
