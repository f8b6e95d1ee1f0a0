//! The stories as people live them: at the shop, at Amazon Payments, and back.

use super::Made;
use super::stage::{AFTER_A_RESERVE, ANOTHER_SELLER, JOHN, MERCHANT, Stage, at};
use crate::doors::{Browser, DoorError, Page, fields_of};
use crate::follow::{Seen, in_turn};
use platform::lab::What;
use serde_json::json;
use url::Url;

/// Delivered at once: paid with Pay.
const SONG: &str = "now-and-forever";
/// Made by its seller when it is ordered: paid with Reserve and Settle.
const MADE_TO_ORDER: &str = "session-masters";
/// What the seller charges of the 12.00 that are held, as it is typed and as the page asks about it.
const LESS: (&str, &str) = ("7.50", "7.500000");
/// How many events of one order are looked at.
const EVENTS: usize = 50;

pub struct AtShop<'a> {
    stage: &'a Stage<'a>,
    shop: &'a Url,
}

impl<'a> AtShop<'a> {
    pub fn new(stage: &'a Stage<'a>, shop: &'a Url) -> Self {
        Self { stage, shop }
    }

    fn at(&self, path: &str) -> Url {
        at(self.shop, path)
    }

    async fn sign_in(&self, email: &str) -> Result<Browser, DoorError> {
        let mut browser = self.stage.browser();
        let fields = [("email", email), ("password", self.stage.shop_password()), ("next", "/")];
        browser.post(self.at("/sign-in"), &fields).await?.redirect()?;
        Ok(browser)
    }

    /// John, and his review of what the shop sent him to Amazon Payments for.
    async fn to_review(&self, slug: &str) -> Result<(Browser, Page), DoorError> {
        let mut john = self.sign_in(JOHN).await?;
        let page = john.get(self.at(&format!("/checkout/{slug}"))).await?.shown()?;
        let hidden = fields_of(&page.text, None);
        let mut fields: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("payment_method", "amazon-payments"));
        let start = john.post(page.url, &fields).await?.redirect()?;
        let review = self.stage.to_review(&mut john, start, JOHN).await?;
        Ok((john, review))
    }

    /// John has confirmed and is on his way back to this address of the shop.
    pub async fn confirmed(&self, slug: &str) -> Result<(Browser, Url), DoorError> {
        let (mut john, review) = self.to_review(slug).await?;
        let back = self.stage.confirm(&mut john, review).await?;
        Ok((john, back))
    }

    /// The same for what is paid at once.
    pub async fn confirmed_song(&self) -> Result<(Browser, Url), DoorError> {
        self.confirmed(SONG).await
    }

    /// Follows the way back; the order that it leads to.
    pub async fn come_back(&self, browser: &mut Browser, back: Url) -> Result<String, DoorError> {
        let to = browser.get(back).await?.redirect()?;
        order_in(&to).ok_or_else(|| DoorError::missing(&to, "order"))
    }

    async fn buy(&self, slug: &str) -> Result<(Browser, String), DoorError> {
        let (mut john, back) = self.confirmed(slug).await?;
        let order = self.come_back(&mut john, back).await?;
        self.stage.settle_down().await?;
        Ok((john, order))
    }

    pub async fn purchase(&self) -> Result<Made, DoorError> {
        let (_, order) = self.buy(SONG).await?;
        Ok(self.made(order))
    }

    pub async fn reserve_and_expire(&self) -> Result<Made, DoorError> {
        let (_, order) = self.buy(MADE_TO_ORDER).await?;
        self.stage.advance(AFTER_A_RESERVE).await?;
        self.stage.settle_down().await?;
        Ok(self.made(order))
    }

    /// What Amazon answers is chosen by a fault, which is taken away again if it was not needed.
    pub async fn decline(&self) -> Result<Made, DoorError> {
        let (mut john, back) = self.confirmed(SONG).await?;
        let code = "TransactionDenied";
        let fault = json!({ "action": "Pay", "code": code, "times": 1 });
        let fault = self.stage.perform("fault-add", fault).await?;
        let order = self.come_back(&mut john, back).await;
        let settled = self.stage.settle_down().await;
        self.stage.lab().faults.remove(fault["id"].as_str().unwrap_or_default());
        settled?;
        Ok(Made { refused: Some(code.to_owned()), ..self.made(order?) })
    }

    pub async fn refund(&self) -> Result<Made, DoorError> {
        let (mut john, order) = self.buy(SONG).await?;
        let refund = self.at(&format!("/orders/{order}/refund"));
        john.post(refund, &[("reason", "changed-mind")]).await?.redirect()?;
        self.stage.settle_down().await?;
        Ok(self.made(order))
    }

    pub async fn partial_settle(&self) -> Result<Made, DoorError> {
        let (_, order) = self.buy(MADE_TO_ORDER).await?;
        let mut merchant = self.sign_in(MERCHANT).await?;
        let fulfil = self.at(&format!("/orders/{order}/fulfil"));
        merchant.post(fulfil, &[("amount", LESS.0), ("confirmed", LESS.1)]).await?.redirect()?;
        self.stage.settle_down().await?;
        Ok(self.made(order))
    }

    pub async fn abandoned(&self) -> Result<Made, DoorError> {
        let (mut john, review) = self.to_review(SONG).await?;
        let back = self.stage.leave(&mut john, review).await?;
        let order = self.come_back(&mut john, back).await?;
        Ok(self.made(order))
    }

    /// The browser that confirmed is signed in at Amazon Payments, where its owner ends what it has just allowed.
    pub async fn token_cancelled(&self) -> Result<Made, DoorError> {
        let (mut john, back) = self.confirmed(SONG).await?;
        let token =
            back.query_pairs().find(|(name, _)| name == "tokenID").map(|(_, token)| token.into_owned());
        let token = token.ok_or_else(|| DoorError::missing(&back, "token"))?;
        self.stage.take_back(&mut john, &token).await?;
        let order = self.come_back(&mut john, back).await?;
        self.stage.settle_down().await?;
        Ok(Made { token: Some(token), ..self.made(order) })
    }

    /// A seller who has taken it back before registers first.
    pub async fn registration_taken_back(&self) -> Result<Made, DoorError> {
        let mut seller = self.sign_in(ANOTHER_SELLER).await?;
        let start = seller.post(self.at("/sell/register"), &[]).await?.redirect()?;
        if start.host() != self.shop.host() || start.path() != "/sell" {
            let review = self.stage.to_review(&mut seller, start, ANOTHER_SELLER).await?;
            let back = self.stage.confirm(&mut seller, review).await?;
            seller.visit(back).await?;
        }
        let mut holder = self.stage.account_holder(ANOTHER_SELLER).await?;
        let page = holder.get(self.stage.at_payments("/account/tokens")).await?.shown()?;
        let missing = || DoorError::missing(&page.url, "registration to take back");
        let token = registration_in(&page.text).ok_or_else(missing)?.to_owned();
        self.stage.take_back(&mut holder, &token).await?;
        self.stage.settle_down().await?;
        let desk = seller.visit(self.at("/sell")).await?;
        let state =
            if desk.text.contains("action=\"/sell/register\"") { "Unregistered" } else { "Registered" };
        Ok(Made { token: Some(token), state: state.to_owned(), ..Made::default() })
    }

    /// What the lab was told of an order.
    fn made(&self, order: String) -> Made {
        let told = self.stage.lab().store.newest(EVENTS, |kept| {
            matches!(kept.event.what, What::Order { .. }) && kept.event.about.orders.contains(&order)
        });
        let mut told: Vec<Seen<'_>> =
            told.iter().rev().map(|kept| Seen { id: kept.id, event: &kept.event }).collect();
        in_turn(&mut told);
        told.reverse();
        let state = told.iter().find_map(|seen| match &seen.event.what {
            What::Order { after, .. } => Some(after.clone()),
            _ => None,
        });
        let reference = told.iter().find_map(|seen| seen.event.about.references.first().cloned());
        let transaction = told.iter().find_map(|seen| seen.event.about.transactions.first().cloned());
        Made {
            order: Some(order),
            reference,
            transaction,
            state: state.unwrap_or_default(),
            ..Made::default()
        }
    }
}

/// `/orders/{id}/…`.
fn order_in(url: &Url) -> Option<String> {
    let mut segments = url.path_segments()?;
    (segments.next()? == "orders").then(|| segments.next()).flatten().map(str::to_owned)
}

/// The token by which money is collected for the owner of a page of tokens.
fn registration_in(page: &str) -> Option<&str> {
    let (_, card) = page.split_once(": to collect payments for you")?;
    let (_, rest) = card.split_once("action=\"/account/tokens/")?;
    rest.split('/').next()
}
