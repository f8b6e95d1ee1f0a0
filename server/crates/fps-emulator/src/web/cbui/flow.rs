//! What a person's steps do. The pages and the control API go through the same functions, so that a
//! token made by either is the same.

use crate::domain::accounts::Account;
use crate::domain::addresses::{self, Address};
use crate::domain::authorizations::{self, State};
use crate::state::Payments;
use crate::web::cbui::grants::{self, Chosen};
use crate::web::cbui::offers::{self, Offer};
use crate::web::cbui::visit::{Visit, gone, load};
use crate::web::cbui::{Stop, confirmation, objections, returns};
use fps_protocol::cbui::{CbuiReturn, CbuiStatus};
use platform::web::Refusal;

/// In lab mode, confirming an authorization whose callerReference begins with this fails as if something
/// of ours were broken: the caller gets SE.
const SIMULATED_FAILURE: &str = "simulate-SE";

/// The visit as this account's own. Somebody else's is over for it; one that is decided, or that can come
/// to nothing, leads back to the caller.
pub async fn enter(payments: &Payments, mut visit: Visit, account: &Account) -> Result<Visit, Stop> {
    if visit.is_of_another(account) {
        return Err(gone(&visit));
    }
    if !visit.is_open() {
        return Err(Stop::Leave(decided(payments, &visit, Some(account)).await?));
    }
    let status = match objections::to_references(payments, &visit).await? {
        Some(status) => Some(status),
        None => objections::to_account(payments, &visit, account).await?,
    };
    if let Some(status) = status {
        return Err(Stop::Leave(end(payments, &visit, Some(account), status).await?));
    }
    if !visit.is_of(account) {
        if !authorizations::claim(&payments.db, &visit.authorization.id, &account.id).await? {
            // Somebody else was faster, or has decided: to look again.
            return Err(Stop::Leave(visit.path("sign-in")));
        }
        visit.authorization.account_id = Some(account.id.clone());
    }
    Ok(visit)
}

/// Ends it without a token; where the person goes. Whatever was decided first counts.
async fn end(
    payments: &Payments,
    visit: &Visit,
    account: Option<&Account>,
    status: CbuiStatus,
) -> Result<String, Stop> {
    let answer = returns::without_token(status, visit.caller_reference());
    let location = returns::location(&payments.signer, &visit.return_url, &answer).await?;
    let account_id = account.map(|account| account.id.as_str());
    if authorizations::end(&payments.db, &visit.authorization.id, account_id, &location).await? {
        return Ok(location);
    }
    decided(payments, visit, account).await
}

/// Where the decision that came first leads. What was made is told to nobody but who confirmed it; an end
/// without a token says nothing that the caller's request did not say.
async fn decided(payments: &Payments, visit: &Visit, account: Option<&Account>) -> Result<String, Stop> {
    let now = authorizations::find(&payments.db, &visit.authorization.id).await?;
    let now = now.ok_or_else(Refusal::not_found)?;
    let told = now.state == State::Ended || account.is_some_and(|account| now.is_of(account));
    let location = now.return_location.clone().filter(|_| told);
    location.ok_or_else(|| gone(&Visit { authorization: now, ..visit.clone() }))
}

/// Gives the authorization back, so that another account can take it.
pub async fn release(payments: &Payments, visit: &Visit, account: &Account) -> Result<(), Stop> {
    Ok(authorizations::release(&payments.db, &visit.authorization.id, &account.id).await?)
}

/// What the account is offered to pay with.
pub async fn offers(payments: &Payments, visit: &Visit, account: &Account) -> Result<Vec<Offer>, Stop> {
    Ok(offers::for_visit(payments, visit, account).await?)
}

pub async fn choose(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    instrument_id: &str,
) -> Result<(), Stop> {
    let id = &visit.authorization.id;
    Ok(authorizations::choose_instrument(&payments.db, id, &account.id, instrument_id).await?)
}

/// The offer that was chosen, if it is still there.
pub async fn chosen(payments: &Payments, visit: &Visit, account: &Account) -> Result<Option<Offer>, Stop> {
    let offers = offers(payments, visit, account).await?;
    let chosen = visit.authorization.instrument_id.as_deref();
    Ok(offers.into_iter().find(|offer| Some(offer.instrument.id.as_str()) == chosen))
}

pub async fn addresses(payments: &Payments, account: &Account) -> Result<Vec<Address>, Stop> {
    Ok(addresses::for_account(&payments.db, &account.id).await?)
}

pub async fn choose_address(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    address_id: &str,
) -> Result<(), Stop> {
    let id = &visit.authorization.id;
    Ok(authorizations::choose_address(&payments.db, id, &account.id, address_id).await?)
}

/// The address that was chosen, where the caller asks for one.
pub async fn chosen_address(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
) -> Result<Option<Address>, Stop> {
    if !visit.chooses_address() {
        return Ok(None);
    }
    let chosen = visit.authorization.address_id.as_deref();
    Ok(addresses(payments, account).await?.into_iter().find(|address| Some(address.id.as_str()) == chosen))
}

/// Makes the token; where the person goes. Confirmed twice, or in two tabs, it is one token and one
/// answer. `None`: something else was chosen meanwhile than what the visit says, and nothing was made.
pub async fn confirm(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    chosen: Chosen,
) -> Result<Option<String>, Stop> {
    if simulates_failure(payments, visit) {
        return end(payments, visit, Some(account), CbuiStatus::SystemError).await.map(Some);
    }
    let grant = grants::prepare(payments, visit, account, &chosen)?;
    let caller_reference = visit.caller_reference().map(str::to_owned);
    let shipping = returns::shipping(visit, chosen.address);
    let answer = CbuiReturn {
        caller_reference,
        address: shipping.address,
        warning: shipping.warning,
        ..grant.answer()?
    };
    let location = returns::location(&payments.signer, &visit.return_url, &answer).await?;
    let status = match confirmation::make(payments, visit, account, grant, &location).await {
        Ok(()) => return Ok(Some(location)),
        Err(confirmation::Error::Decided) => return decided_or_changed(payments, visit, account).await,
        Err(confirmation::Error::ReferenceUsed) => CbuiStatus::PaymentNotPossible,
        Err(confirmation::Error::NotEditable) => CbuiStatus::InvalidToken,
        Err(error) => {
            let authorization = &visit.authorization.id;
            tracing::error!(%authorization, %error, "authorization {authorization} could not be confirmed");
            CbuiStatus::SystemError
        }
    };
    end(payments, visit, Some(account), status).await.map(Some)
}

async fn decided_or_changed(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
) -> Result<Option<String>, Stop> {
    let now = authorizations::find(&payments.db, &visit.authorization.id).await?;
    if now.is_some_and(|now| now.state == State::Open) {
        return Ok(None);
    }
    decided(payments, visit, Some(account)).await.map(Some)
}

fn simulates_failure(payments: &Payments, visit: &Visit) -> bool {
    let references = visit.asked.references();
    payments.config.lab
        && references.iter().any(|reference| reference.as_str().starts_with(SIMULATED_FAILURE))
}

/// Back to the caller without a token. Whoever holds the address may: it cannot be guessed, a session can
/// end on the way, and nothing is given away by it. Who leaves because nothing that the account has is
/// taken did not change their mind: the caller hears that.
pub async fn abandon(payments: &Payments, id: &str, account: Option<&Account>) -> Result<String, Stop> {
    let visit = load(payments, id).await?;
    let mine = account.filter(|account| visit.is_of(account));
    let lacks_method = match mine {
        Some(account) if visit.chooses_instrument() => offers(payments, &visit, account).await?.is_empty(),
        _ => false,
    };
    let status = if lacks_method { CbuiStatus::PaymentMethodMismatch } else { CbuiStatus::Abandoned };
    end(payments, &visit, account, status).await
}
