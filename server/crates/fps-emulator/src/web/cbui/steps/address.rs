//! Where to ship to, if the caller asks.

use crate::domain::accounts::Account;
use crate::domain::addresses::{self, Address};
use crate::state::Site;
use crate::web::cbui::steps::{Answer, authorization, entered, page_of, status_for};
use crate::web::cbui::visit::{self, Visit};
use crate::web::cbui::{Stop, address_form as form_of_new, flow, view};
use crate::web::form::typed;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use payments_pages::model::CbuiAddress;
use payments_pages::pages;
use platform::web::{FormFields, see_other};

/// The value of the choice that means the fields of a new address.
const NEW: &str = "new";
/// An address book is a short list: with more the oldest would not be found again anyway.
const MOST: usize = 30;

pub async fn address_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    if !visit.chooses_address() {
        return Ok(see_other(&visit.path("confirm")));
    }
    let mut form = FormState::default();
    if let Some(chosen) = &visit.authorization.address_id {
        form.set("address", chosen);
    }
    form.set("country", "United States");
    form.set("full_name", &account.name);
    page(&site, &visitor, &visit, account, form).await
}

async fn page(site: &Site, visitor: &Visitor, visit: &Visit, account: &Account, form: FormState) -> Answer {
    let addresses = flow::addresses(&site.payments, account).await?;
    let status = status_for(&form);
    let page = CbuiAddress {
        authorization: authorization(site, visit),
        addresses: addresses.iter().map(view::saved_address).collect(),
        form,
    };
    Ok(page_of(visit, status, pages::cbui_address(&visitor.chrome(), &page)))
}

pub async fn choose_address(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let visit = visit::visit(&site.payments, &id, visitor.account.as_ref()).await?;
    let (visit, account) = entered(&site, &visitor, visit).await?;
    if !visit.chooses_address() {
        return Ok(see_other(&visit.path("confirm")));
    }
    let mut form = typed(&fields);
    let chosen = fields.get("address").unwrap_or_default();
    let book = flow::addresses(&site.payments, account).await?;
    let address_id = if chosen == NEW {
        add(&site, account, &book, &fields, &mut form).await?
    } else if book.iter().any(|address| address.id == chosen) {
        Some(chosen.to_owned())
    } else {
        form.refuse("address", "Choose where to ship to.");
        None
    };
    match address_id {
        Some(address_id) => {
            flow::choose_address(&site.payments, &visit, account, &address_id).await?;
            Ok(see_other(&visit.path("confirm")))
        }
        None => page(&site, &visitor, &visit, account, form).await,
    }
}

/// The id of the new address; the same one again, as by a form posted twice, is the one that is there.
async fn add(
    site: &Site,
    account: &Account,
    book: &[Address],
    fields: &FormFields,
    form: &mut FormState,
) -> Result<Option<String>, Stop> {
    let payments = &site.payments;
    let Some(new) = form_of_new::read(fields, account, &payments.random, payments.clock.now(), form) else {
        return Ok(None);
    };
    let same =
        |old: &&Address| **old == Address { id: old.id.clone(), created_at: old.created_at, ..new.clone() };
    if let Some(old) = book.iter().find(same) {
        return Ok(Some(old.id.clone()));
    }
    if book.len() >= MOST {
        form.refuse("address", "Your address book is full. Choose one of its addresses.");
        return Ok(None);
    }
    let id = new.id.clone();
    payments
        .db
        .write(move |c| {
            let new = new.clone();
            Box::pin(async move { addresses::insert(c, &new).await })
        })
        .await?;
    Ok(Some(id))
}
