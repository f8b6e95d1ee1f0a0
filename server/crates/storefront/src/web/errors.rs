//! Every refusal in one place: what a service's error means on the web.

use super::Visitor;
use crate::Shop;
use crate::files::FilesError;
use crate::orders::OrderError;
use crate::purchase::place::PlaceError;
use crate::selling::listing::ListingError;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use platform::web::{ErrorFacts, OwnErrorPage, Refusal, with_own_error_page};
use shop_pages::model::{Availability, Chrome, ErrorPage, ItemCard};

/// What a buyer is told whose order cannot be paid now.
pub(super) const NO_SELLER: &str = "The seller cannot be paid through Amazon Payments at present. Nothing was charged; please try again later.";

/// What a buyer is told who wants to buy what the operator holds.
pub(super) const HELD: &str = "DigitalDownload has stopped the sale of this for now. Nothing was charged. Orders that were placed before go on.";
/// What a buyer is told whose item was taken off sale meanwhile.
pub(super) const NOT_FOR_SALE: &str =
    "The seller has taken this off sale meanwhile. Nothing was ordered, and nothing is charged.";

/// What a buyer is told who came after the last piece was sold.
pub(super) const SOLD_OUT: &str =
    "The last one was sold meanwhile. Nothing was ordered, and nothing is charged.";

/// What a buyer is told who tries again to buy what is sold out or off sale.
pub(super) const GONE: &str = "This is sold out, or its seller has taken it off sale. Nothing is charged.";

/// What a buyer is told who tries again with a coupon that others have used meanwhile.
pub(super) const COUPON_USED_UP: &str = "The coupon of this order has been used as often as it can be. Nothing is charged; the item can be ordered without it.";

/// What a buyer is told who wanted to confirm again what they had confirmed.
pub(super) const CONFIRMED_BEFORE: &str = "You had confirmed this at Amazon Payments already. It was not asked for a second time; here is where it stands.";

/// The shop's error page, for anybody.
pub fn error_page(facts: &ErrorFacts) -> String {
    shop_pages::pages::error(&Chrome::default(), &of(facts))
}

/// The page for what there is not, with what may have been meant.
pub(super) fn not_found_page(
    chrome: &Chrome,
    facts: &ErrorFacts,
    request_id: &str,
    suggestions: Vec<ItemCard>,
) -> String {
    let page = ErrorPage { request_id: request_id.to_owned(), suggestions, ..of(facts) };
    shop_pages::pages::error(chrome, &page)
}

fn of(facts: &ErrorFacts) -> ErrorPage {
    ErrorPage {
        status: facts.status.as_u16(),
        title: facts.title.clone(),
        detail: facts.detail.clone(),
        request_id: facts.request_id.clone(),
        suggestions: Vec::new(),
    }
}

/// Stands inside of the sessions: an error page too knows who is signed in, where that can be told.
pub async fn own_error_page(State(shop): State<Shop>, request: Request, next: Next) -> Response {
    with_own_error_page(request, next, async |mut parts| {
        // Where it cannot be told, for example because the database is away, the page is the one for anybody.
        let visitor = Visitor::from_request_parts(&mut parts, &shop).await.ok()?;
        visitor.user?;
        Some(OwnErrorPage::new(move |facts| shop_pages::pages::error(&visitor.chrome, &of(facts))))
    })
    .await
}

impl From<OrderError> for Refusal {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::NotFound => Self::not_found(),
            OrderError::NotNow(_) => {
                Self::conflict("The order has moved on meanwhile. Open it again to see where it stands.")
            }
            OrderError::SellerNotRegistered => Self::conflict(NO_SELLER),
            OrderError::Held => Self::conflict(HELD),
            OrderError::NotForSale => Self::conflict(GONE),
            OrderError::CouponUsedUp => Self::conflict(COUPON_USED_UP),
            OrderError::RefundDeclined => Self::conflict(
                "The seller declined to send this money back, and only the seller can change that, or the marketplace if \
                 the buyer asks it. Nothing was sent; the order's page says what can be done.",
            ),
            OrderError::Inconsistent(_) => Self::because(error),
            OrderError::Database(error) => error.into(),
        }
    }
}

impl From<PlaceError> for Refusal {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::UnknownItem => Self::not_found(),
            PlaceError::OwnItem => {
                Self::conflict("This is your own listing: you cannot buy it from yourself.")
            }
            PlaceError::NobodysAccount => Self::conflict(
                "This account was deleted meanwhile. Nothing was ordered and nothing was charged.",
            ),
            PlaceError::NotForSale { seller, availability } => Self::conflict(match availability {
                Availability::OnVacation { words } if words.is_empty() => {
                    format!("{seller} is away at present. Nothing was ordered and nothing was charged.")
                }
                Availability::OnVacation { words } => format!(
                    "{seller} is away at present, and says: \u{201c}{words}\u{201d} Nothing was ordered and nothing was \
                     charged."
                ),
                Availability::SellerHeld | Availability::Held => HELD.to_owned(),
                Availability::SoldOut => SOLD_OUT.to_owned(),
                Availability::Draft | Availability::Archived => NOT_FOR_SALE.to_owned(),
                Availability::SellerNotRegistered | Availability::ForSale => NO_SELLER.to_owned(),
            }),
            PlaceError::NotSentThere => Self::conflict(
                "The seller does not send this there. Nothing was ordered and nothing was charged.",
            ),
            PlaceError::NotAsShown(_) => Self::conflict(
                "The price changed since you saw it. Nothing was ordered; open the checkout again to see it.",
            ),
            PlaceError::Coupon(problem) => Self::conflict(problem.to_string()),
            PlaceError::ShippingMissing => Self::bad_request("This item needs an address to be sent to."),
            PlaceError::Order(error) => error.into(),
            PlaceError::Database(error) => error.into(),
        }
    }
}

impl From<ListingError> for Refusal {
    fn from(error: ListingError) -> Self {
        match error {
            ListingError::NotFound => Self::not_found(),
            // Handlers show the form again instead.
            ListingError::Invalid(..) => Self::bad_request("The form cannot be taken as it is."),
            ListingError::Database(error) => error.into(),
        }
    }
}

impl From<FilesError> for Refusal {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Store(object_store::Error::NotFound { .. }) => Self::not_found(),
            other => Self::because(other),
        }
    }
}
