//! The data of an order's pages.

use super::downloads;
use crate::Shop;
use crate::catalogue::StoredFile;
use crate::mail::reminders::held_until;
use crate::orders::refund_requests::{Answer, KeptRequest, MayEscalate};
use crate::orders::refund_terms::{self, Decision};
use crate::orders::state::{Milestone, State};
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{
    Order, OrderError, calls, download_grants, download_links, gifts, refund_requests, terms, timeline,
};
use app::form::FormState;
use jiff::SignedDuration;
use money::Money;
use shop_pages::model::{ChargeLessPage, Download, DownloadLink, OrderPage, Promise};
use shop_pages::pages::Live;

/// An order's page, for its buyer, its merchant or the operator; without suggestions.
pub async fn page_data(shop: &Shop, viewer: Viewer<'_>, order: &Order) -> Result<OrderPage, OrderError> {
    let role = viewer.role(order).ok_or(OrderError::NotFound)?;
    let mut page = course(shop, role, order).await?;
    if shop.config.lab
        && let Some(guest) = &mut page.guest
    {
        guest.mailbox = Some(guest.email.clone());
    }
    let standing = Standing::of(shop, order).await?;
    page.refund_decision = view::decision(standing.decision);
    if role == Role::Buyer {
        if order.is_gift {
            page.gift = gifts::of_order(shop.db.readers(), &order.id).await?.as_ref().map(view::gift);
        }
        page.links = links(shop, order, &page.downloads).await?;
        page.licence_key = downloads::licence_key(shop, &order.buyer_id, &order.id).await?;
        page.order.actions.refund &= standing.may_ask();
    } else {
        let kept = calls::of_order(&shop.db, &order.id).await?;
        page.calls = kept.into_iter().map(|call| view::call(&order.id, call)).collect();
    }
    let may_escalate = standing.may_escalate;
    page.refund_request =
        standing.request.and_then(|asked| view::refund_request(order, role, asked, may_escalate));
    Ok(page)
}

/// What of the page changes without whoever looks at it: asked for again and again while the page is open, so without
/// what else [`page_data`] has.
pub async fn live(shop: &Shop, viewer: Viewer<'_>, order: &Order) -> Result<Live, OrderError> {
    let role = viewer.role(order).ok_or(OrderError::NotFound)?;
    let mut page = course(shop, role, order).await?;
    let asked = refund_requests::of_order(shop.db.readers(), &order.id).await?;
    page.refund_request = asked.and_then(|asked| view::refund_request(order, role, asked, MayEscalate::No));
    Ok(Live::of_order(&page))
}

/// The page with what happened so far, and with what can be fetched for that.
async fn course(shop: &Shop, role: Role, order: &Order) -> Result<OrderPage, OrderError> {
    let entries = timeline::of_order(&shop.db, &order.id).await?;
    let files = match role {
        Role::Buyer => downloads::granted_files(shop, &order.buyer_id, &order.id).await?,
        Role::Merchant | Role::Operator => Vec::new(),
    };
    let promise = promise(order, &entries);
    let page = view::page(order, role, entries, files.iter().map(StoredFile::facts).collect());
    Ok(OrderPage { promise, ..page })
}

/// What can be relied on while the money is held.
fn promise(order: &Order, entries: &[timeline::Entry]) -> Option<Promise> {
    if !matches!(order.state, State::Reserved { .. }) {
        return None;
    }
    let reserved = entries.iter().rev().find(|entry| entry.milestone == Milestone::Reserved)?.at;
    let within = |days: u8| reserved.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).ok();
    Some(Promise { ready_by: order.handling_days.and_then(within), held_until: held_until(reserved) })
}

/// The links that the buyer made and that still work.
async fn links(shop: &Shop, order: &Order, files: &[Download]) -> Result<Vec<DownloadLink>, OrderError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let links = download_links::of_order(&shop.db, &order.id, shop.clock.now()).await?;
    let site = shop.config.site();
    let view = |link: download_links::DownloadLink| {
        let name = files.get(link.file.checked_sub(1)?)?.file.name.clone();
        let url = format!("{site}/downloads/{}/{}", link.id, downloads::signature(shop, &link.id));
        let uses_left = u32::try_from(link.uses_left()).unwrap_or(0);
        Some(DownloadLink { url, name, expires_at: link.expires_at, uses_left })
    };
    Ok(links.into_iter().filter_map(view).collect())
}

/// Where an order stands with refunds.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What the seller's rule says now.
    pub decision: Decision,
    /// The seller declined, and the buyer's button does not change that.
    pub declined: bool,
    /// What the buyer asked for, open or declined.
    pub request: Option<KeptRequest>,
    /// Whether the buyer can ask the marketplace to decide on it.
    pub may_escalate: MayEscalate,
}

impl Standing {
    pub async fn of(shop: &Shop, order: &Order) -> Result<Self, OrderError> {
        let fetched_at = download_grants::fetched_at(shop.db.readers(), &order.id).await?;
        let request = refund_requests::of_order(shop.db.readers(), &order.id).await?;
        // None that stands was declined, and of one that is open an earlier one may have been.
        let declined =
            request.is_some() && refund_requests::is_declined(shop.db.readers(), &order.id).await?;
        let now = shop.clock.now();
        let may_escalate = match &request {
            Some(kept) => refund_requests::may_escalate(shop.db.readers(), &order.id, kept, now).await?,
            None => MayEscalate::No,
        };
        let decision = refund_terms::decision(order, fetched_at, now);
        Ok(Self { decision, declined, request, may_escalate })
    }

    /// Whether the buyer has a button: not against the seller's word, and not twice.
    pub fn may_ask(&self) -> bool {
        let waits = self.request.as_ref().is_some_and(|kept| kept.answer == Answer::Open);
        !self.declined && (self.decision == Decision::AtOnce || !waits)
    }
}

/// Whether a buyer's wish to have the money back can be met, in the state that the order is in.
pub fn can_go_back(order: &Order) -> bool {
    matches!(order.state, State::Paid { .. } | State::Fulfilling { .. })
}

/// What is asked before less than the price is charged.
pub fn charge_less(order: &Order, amount: Money, form: FormState) -> ChargeLessPage {
    let method = order.payment_method;
    let split =
        method.and_then(|method| terms::split(amount, order.fixed_fee, order.variable_fee, method).ok());
    ChargeLessPage {
        order: view::summary(order, Role::Merchant),
        amount,
        rest: order.price.sub(amount).unwrap_or(Money::ZERO),
        share: split.map(|parts| parts.merchant),
        form,
    }
}
