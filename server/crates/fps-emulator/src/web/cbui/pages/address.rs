//! Where to ship to, if the caller asks.

use crate::domain::addresses::{Address, AddressId};
use crate::engine::authorizations::{Entered, NewAddress};
use crate::state::Site;
use crate::web::cbui::pages::{
    Answer, entered_by_id, new_address, page_of, path, seen_by_id, shown, status_for,
};
use crate::web::cbui::{Stop, view};
use crate::web::form::typed;
use crate::web::sign_in::Visitor;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use payments_pages::model::CbuiAddress;
use payments_pages::pages;
use platform::web::{FormFields, see_other};

/// The value of the choice that means the fields of a new address.
const NEW: &str = "new";

pub async fn address_form(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let entered = seen_by_id(&site, &visitor, &id).await?;
    if !entered.request.chooses_address() {
        return Ok(see_other(&path(&entered.request, "confirm")));
    }
    let book = site.payments.authorizations().address_book(entered.account).await?;
    let mut form = FormState::default();
    if let Some(chosen) = &entered.claim.address {
        form.set("address", chosen.as_str());
    }
    form.set("country", "United States");
    form.set("full_name", &entered.account.name);
    Ok(page(&site, &visitor, &entered, &book, form))
}

fn page(
    site: &Site,
    visitor: &Visitor,
    entered: &Entered<'_>,
    book: &[Address],
    form: FormState,
) -> Response {
    let status = status_for(&form);
    let page = CbuiAddress {
        authorization: shown(site, &entered.request),
        addresses: book.iter().map(view::saved_address).collect(),
        form,
    };
    page_of(&entered.request, status, pages::cbui_address(&visitor.chrome(), &page))
}

pub async fn choose_address(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: FormFields,
) -> Answer {
    let entered = entered_by_id(&site, &visitor, &id).await?;
    if !entered.request.chooses_address() {
        return Ok(see_other(&path(&entered.request, "confirm")));
    }
    let mut form = typed(&fields);
    let chosen = fields.get("address").unwrap_or_default();
    let book = site.payments.authorizations().address_book(entered.account).await?;
    let address_id = if chosen == NEW {
        add(&site, &entered, &book, &fields, &mut form).await?
    } else {
        let listed = book.iter().find(|address| address.id.as_str() == chosen);
        if listed.is_none() {
            form.refuse("address", "Choose where to ship to.");
        }
        listed.map(|address| address.id.clone())
    };
    match address_id {
        Some(address_id) => {
            site.payments.authorizations().choose_address(&entered, &address_id).await?;
            Ok(see_other(&path(&entered.request, "confirm")))
        }
        None => Ok(page(&site, &visitor, &entered, &book, form)),
    }
}

/// The id of the new address; `None` when something is wrong, which `form` then says.
async fn add(
    site: &Site,
    entered: &Entered<'_>,
    book: &[Address],
    fields: &FormFields,
    form: &mut FormState,
) -> Result<Option<AddressId>, Stop> {
    let Some(label) = new_address::read(fields, form) else { return Ok(None) };
    match site.payments.authorizations().add_address(entered.account, book, label).await? {
        NewAddress::Added(id) => Ok(Some(id)),
        NewAddress::BookIsFull => {
            form.refuse("address", "Your address book is full. Choose one of its addresses.");
            Ok(None)
        }
    }
}
