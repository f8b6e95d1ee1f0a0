//! A merchant becomes a recipient at Amazon Payments: the Recipient pipeline, there and back.

use super::cbui_return::{self, ReturnError};
use super::{failure_messages, provenance};
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::fees;
use crate::fps_client::FeeTerms;
use crate::ids::{CallerReference, UserId};
use crate::merchants::{Merchant, Registration, store};
use fps_protocol::cbui::CbuiStatus;
use url::Url;

/// The returnURL's path.
pub const RETURN_PATH: &str = "/sell/registered";

/// How a way through the Recipient pipeline ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationOutcome {
    Registered,
    /// The merchant left without confirming.
    Abandoned,
    /// A sentence for people.
    Refused(&'static str),
}

/// Where the merchant goes to register; `None` for one who is registered already, also by a way through the pipeline
/// whose return was lost.
pub async fn start(shop: &Shop, merchant: &Merchant) -> Result<Option<Url>, sqlx::Error> {
    if merchant.is_registered() || is_found_again(shop, merchant).await? {
        return Ok(None);
    }
    let reference: CallerReference = shop.new_id();
    let caps = fees::caps_for(&shop.db, merchant, shop.clock.now()).await?;
    let fees = FeeTerms { fixed: caps.fixed, variable: caps.variable };
    let url = shop.fps.recipient_url(&reference, fees, RETURN_PATH);
    let input = (merchant.id.clone(), reference);
    shop.db
        .transact(input, move |c, (id, reference)| {
            Box::pin(store::begin_registration(c, id, reference, caps))
        })
        .await?;
    Ok(Some(url))
}

/// Whether the last way through the pipeline was confirmed though nobody came back from it; the merchant is
/// registered then. Where Amazon cannot be asked, there is a new one.
async fn is_found_again(shop: &Shop, merchant: &Merchant) -> Result<bool, sqlx::Error> {
    let Some(reference) = &merchant.registration_reference else { return Ok(false) };
    let Ok(Some(recipient_token)) = provenance::registration_given_for(shop, reference).await else {
        return Ok(false);
    };
    let registration = Registration { recipient_token, refund_token: None, at: shop.clock.now() };
    complete(shop, merchant, registration).await?;
    tracing::info!(merchant = %merchant.id, "the return of a registration was lost; its token is found");
    Ok(true)
}

async fn complete(shop: &Shop, merchant: &Merchant, registration: Registration) -> Result<(), sqlx::Error> {
    let caps = merchant.fee_caps;
    let who = Who::Person { id: merchant.user_id.clone(), name: merchant.name.clone() };
    let subject = Subject::new(Kind::Seller, &merchant.id, &merchant.name);
    let entry = Entry::new(shop.new_id(), registration.at, who, Deed::Registered, subject)
        .changed("", format!("fees of at most {} and {} % of the price", caps.fixed, caps.variable));
    let input = (merchant.id.clone(), registration, entry);
    shop.db
        .transact(input, |c, (id, registration, entry)| {
            Box::pin(async move {
                if store::complete_registration(&mut *c, id, registration).await? {
                    audit::record(c, entry).await?;
                }
                Ok::<(), sqlx::Error>(())
            })
        })
        .await?;
    shop.shared_pages.forget();
    Ok(())
}

/// Takes the query of the return. The same return again changes nothing; one for another merchant than
/// the signed-in one is refused.
pub async fn accept_return(
    shop: &Shop,
    user: &UserId,
    query: &str,
) -> Result<RegistrationOutcome, ReturnError> {
    let back = cbui_return::read(shop, RETURN_PATH, query).await?;
    let reference = cbui_return::reference(&back)?;
    let merchant = store::by_registration_reference(&shop.db, &reference).await?;
    let merchant = merchant.filter(|merchant| merchant.user_id == *user).ok_or(ReturnError::UnknownOrder)?;
    if let Some(registration) = &merchant.registration {
        let same = back.token_id.as_ref().is_none_or(|token| registration.recipient_token == *token);
        return if same { Ok(RegistrationOutcome::Registered) } else { Err(ReturnError::DoesNotFit) };
    }
    match back.status {
        CbuiStatus::SuccessRecipient => {}
        CbuiStatus::Abandoned => return Ok(RegistrationOutcome::Abandoned),
        CbuiStatus::CallerException
        | CbuiStatus::SystemError
        | CbuiStatus::PaymentMethodMismatch
        | CbuiStatus::PaymentNotPossible
        | CbuiStatus::NotMarketplace => {
            return Ok(RegistrationOutcome::Refused(failure_messages::not_registered(back.status)));
        }
        _ => return Err(ReturnError::DoesNotFit),
    }
    let (Some(recipient_token), Some(refund_token)) = (back.token_id, back.refund_token_id) else {
        return Err(ReturnError::DoesNotFit);
    };
    if !provenance::is_our_token(shop, &recipient_token, &reference).await? {
        tracing::warn!(merchant = %merchant.id, "a registration has a token that is not this shop's");
        return Err(ReturnError::DoesNotFit);
    }
    let refund_token = Some(refund_token);
    complete(shop, &merchant, Registration { recipient_token, refund_token, at: shop.clock.now() }).await?;
    Ok(RegistrationOutcome::Registered)
}
