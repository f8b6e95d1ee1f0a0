//! `/sell`: becoming a merchant, registering as a recipient, the merchant's desk.

pub mod customers;
mod desk;
pub mod editor;
pub mod figures;
pub mod listings;
pub mod messages;
pub mod notices;
pub mod orders;
mod parts;
pub mod profile;
mod ready;
pub mod reviews;
pub mod sales_file;
mod seller;

pub use seller::Seller;

use crate::Shop;
use crate::merchants::{Merchant, store};
use crate::purchase::registration::{self, RegistrationOutcome};
use crate::selling::onboarding::{self, OnboardingError};
use crate::web::payments::refuse_return;
use crate::web::{SignedIn, page};
use crate::{catalogue, fees};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use desk::desk;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::SellPage;
use shop_pages::pages;

pub async fn show(
    State(shop): State<Shop>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let seller = merchant_of(&shop, &visitor).await?;
    let merchant = match &seller {
        Some(merchant) => Some(desk(&shop, merchant, query.as_deref()).await?),
        None => None,
    };
    let fee_words = fee_words(&shop, seller.as_ref()).await?;
    let data = SellPage { merchant, form: FormState::default(), fee_words };
    Ok(keep_for_the_moment(page(true, pages::sell(&visitor.chrome, &data))))
}

/// "Start selling": the name to sell under.
pub async fn open(
    State(shop): State<Shop>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let name = fields.get("name").unwrap_or_default();
    match onboarding::become_merchant(&shop, &visitor.user, name).await {
        Ok(()) => Ok(see_other("/sell")),
        Err(OnboardingError::Name(problem)) => {
            let mut form = FormState::default();
            form.set("name", name);
            form.refuse("name", problem.to_string());
            let fee_words = fee_words(&shop, None).await?;
            let data = SellPage { merchant: None, form, fee_words };
            Ok(page(false, pages::sell(&visitor.chrome, &data)))
        }
        Err(OnboardingError::Database(error)) => Err(error.into()),
    }
}

/// To Amazon Payments' Recipient pipeline.
pub async fn register(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
) -> Result<Response, Refusal> {
    if let Some(url) = registration::start(&shop, &merchant).await? {
        return Ok(see_other(url.as_str()));
    }
    visitor.tell("You are registered with Amazon Payments.").await?;
    Ok(see_other("/sell"))
}

/// Back from the Recipient pipeline.
pub async fn registered(
    State(shop): State<Shop>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let outcome =
        registration::accept_return(&shop, &visitor.user.id, &query).await.map_err(refuse_return)?;
    let notice = match outcome {
        RegistrationOutcome::Registered => "You are registered with Amazon Payments. List your first item.",
        RegistrationOutcome::Abandoned => "You left Amazon Payments before the end. Nothing was registered.",
        RegistrationOutcome::Refused(why) => why,
    };
    visitor.tell(notice).await?;
    Ok(see_other("/sell"))
}

/// What the marketplace keeps of each sale of this seller's, or of anybody's.
pub(super) async fn fee_words(shop: &Shop, seller: Option<&Merchant>) -> Result<String, sqlx::Error> {
    let book = fees::in_force(shop.db.readers(), seller, shop.clock.now()).await?;
    let categories = catalogue::store::categories(&shop.db).await?;
    Ok(book.words(|slug| {
        let named = categories.iter().find(|category| category.slug == *slug);
        named.map_or_else(|| slug.to_string(), |category| category.name.clone())
    }))
}

async fn merchant_of(shop: &Shop, visitor: &SignedIn) -> Result<Option<Merchant>, Refusal> {
    Ok(store::by_user(&shop.db, &visitor.user.id).await?)
}
