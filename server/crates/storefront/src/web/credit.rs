//! `/credit…`: what was paid ahead, and paying ahead.

use super::payments::refuse_return;
use super::{InAddress, SignedIn, Visitor, address, page};
use crate::Shop;
use crate::credit::{Credit, CreditId, CreditState, LEAST, MOST};
use crate::purchase::credit::{self, Setup};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use money::Money;
use platform::web::{FormFields, Refusal, local_path, see_other};
use shop_pages::model::{CreditOffer, CreditPage, CreditRow, CreditStatus};
use shop_pages::pages;

const PATH: &str = "/credit";
const USUAL_AMOUNT: &str = "20.00";

/// In the query: `next`, a page to go on to.
pub async fn show(
    State(shop): State<Shop>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut form = FormState::default();
    form.set("amount", USUAL_AMOUNT);
    if let Some(next) = address::asked(query.as_deref(), "next") {
        form.set("next", next);
    }
    shown(&shop, &visitor, form).await
}

/// Fields: `amount`; `next`, a page to go on to.
pub async fn charge(
    State(shop): State<Shop>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed(fields.into_map());
    let typed = form.value("amount").trim().trim_start_matches('$').to_owned();
    let amount = Money::parse_dollars(&typed).ok().filter(|amount| (LEAST..=MOST).contains(amount));
    let Some(amount) = amount else {
        form.refuse("amount", format!("Give an amount in dollars, from {LEAST} to {MOST}."));
        return shown(&shop, &visitor, form).await;
    };
    let url = credit::begin(&shop, &visitor.user.id, amount).await?;
    if let Some(next) = local_path(form.value("next")) {
        visitor.go_on_to(&next).await?;
    }
    Ok(see_other(url.as_str()))
}

/// The buyer is back. The address is signed by Amazon: it needs no session, which only knows where to go on to.
pub async fn come_back(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(id): InAddress<CreditId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let setup = credit::accept_return(&shop, &id, &query.unwrap_or_default()).await.map_err(refuse_return)?;
    let next = visitor.where_to_go_on().await?;
    let (words, to) = match setup {
        Setup::Confirmed => match credit::find(&shop, &id).await?.map(|credit| credit.state) {
            Some(CreditState::Ready { .. }) => ("Your credit is charged.", next),
            Some(CreditState::Failed { .. }) => ("Your credit was not charged. Here is why.", None),
            _ => ("Your credit is being charged. Amazon Payments has not said the last word yet.", None),
        },
        Setup::Left => ("You left Amazon Payments. Nothing was charged.", None),
        Setup::Refused(why) => (why, None),
    };
    visitor.tell(words).await?;
    Ok(see_other(to.as_deref().unwrap_or(PATH)))
}

async fn shown(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let credits = credit::of_user(shop, &visitor.user.id).await?;
    let data = CreditPage { offer: offer(&credits), credits: credits.iter().filter_map(row).collect(), form };
    Ok(page(data.form.is_valid(), pages::credit(&visitor.chrome, &data)))
}

/// What there is to spend of all that somebody charged.
pub(super) fn offer(credits: &[Credit]) -> CreditOffer {
    let spendable = || credits.iter().filter(|credit| credit.pays().is_some()).map(|credit| credit.balance);
    CreditOffer {
        total: Money::sum(spendable()).unwrap_or(Money::ZERO),
        largest: spendable().max().unwrap_or(Money::ZERO),
    }
}

/// `None`: it never came to anything.
fn row(credit: &Credit) -> Option<CreditRow> {
    let status = match &credit.state {
        CreditState::Waiting | CreditState::Left => return None,
        CreditState::Funding { .. } | CreditState::Pending { .. } => CreditStatus::Pending,
        CreditState::Ready { .. } => CreditStatus::Ready,
        CreditState::Failed { why, .. } => CreditStatus::Failed { why: why.clone() },
        CreditState::Cancelled { .. } => CreditStatus::Cancelled,
    };
    Some(CreditRow { at: credit.at, amount: credit.amount, left: credit.balance, status })
}
