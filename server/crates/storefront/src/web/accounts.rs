//! `/sign-in`, `/sign-up`, `/sign-out`.

use super::password::{answer, keeps_to_itself, token_of};
use super::{Visitor, address, page, seen};
use crate::Shop;
use crate::accounts::new_accounts::{self, NewAccount, SignedUp};
use crate::accounts::{self, AccountError, FirstStep, SignInError, guests};
use crate::users::User;
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use fps_protocol::encoding::percent_encode;
use platform::web::{ClientAddress, FormFields, Refusal, local_path, see_other};
use shop_pages::model::{ConfirmPage, MailReach, SignPage};
use shop_pages::pages;

const WRONG: &str = "The e-mail address and the password do not fit. Check both and try again.";
const CLOSED: &str = "DigitalDownload has closed this account, so nobody can sign in to it. Tell whoever runs this shop if you think this is a mistake.";

/// Where `?next=` leads, if it leads anywhere here.
fn next_of(query: Option<&str>) -> String {
    page_after(&address::asked(query, "next").unwrap_or_default())
}

fn page_after(next: &str) -> String {
    local_path(next).unwrap_or_else(|| "/".to_owned())
}

/// Whoever has bought something without an account is asked first whether it is to be theirs.
async fn way_on(shop: &Shop, visitor: &Visitor, user: &User, next: String) -> Result<String, sqlx::Error> {
    let claimable = guests::claimable(shop, visitor.guest.as_ref(), user).await?;
    Ok(if claimable.is_empty() { next } else { format!("/guest/claim?next={}", percent_encode(&next)) })
}

fn sign_page(shop: &Shop, form: FormState, next: String) -> SignPage {
    // Beside an error they would only distract from it.
    let show_demo = shop.config.lab && form.is_valid();
    SignPage { form, next, show_demo }
}

pub async fn sign_in_form(State(shop): State<Shop>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let next = next_of(query.as_deref());
    if visitor.user.is_some() {
        return see_other(&next);
    }
    page(true, pages::sign_in(&visitor.chrome, &sign_page(&shop, FormState::default(), next)))
}

pub async fn sign_in(
    State(shop): State<Shop>,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let next = page_after(fields.get("next").unwrap_or_default());
    let (email, password) =
        (fields.get("email").unwrap_or_default(), fields.get("password").unwrap_or_default());
    match accounts::sign_in(&shop, email, password, address).await {
        Ok(FirstStep::Done(user)) => {
            visitor.sign_in(&shop, &user).await?;
            Ok(see_other(&way_on(&shop, &visitor, &user, next).await?))
        }
        Ok(FirstStep::CodeNeeded(half)) => {
            visitor.sign_in_half(&shop, &half, &next).await?;
            Ok(see_other("/sign-in/code"))
        }
        Err(error) => {
            let problem = if matches!(error, SignInError::Closed) { CLOSED } else { WRONG };
            refused(error)?;
            let mut form = FormState::typed_only(fields.into_map(), &["email"]);
            form.refuse("", problem);
            Ok(page(false, pages::sign_in(&visitor.chrome, &sign_page(&shop, form, next))))
        }
    }
}

/// What is told on a page of its own; the rest on the page that was sent.
fn refused(error: SignInError) -> Result<(), Refusal> {
    match error {
        SignInError::NotNow(not_now) => Err(not_now.into()),
        SignInError::Database(error) => Err(error.into()),
        SignInError::Wrong | SignInError::Closed | SignInError::Over | SignInError::Code(_) => Ok(()),
    }
}

pub async fn code_form(State(shop): State<Shop>, visitor: Visitor) -> Result<Response, Refusal> {
    Ok(match visitor.half(&shop).await? {
        Some(_) => page(true, pages::sign_in_code(&visitor.chrome, &FormState::default())),
        None => see_other("/sign-in"),
    })
}

/// The second step of who has a second factor.
pub async fn code(
    State(shop): State<Shop>,
    visitor: Visitor,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let Some((half, next)) = visitor.half(&shop).await? else {
        visitor.tell("That took too long. Sign in again.").await?;
        return Ok(see_other("/sign-in"));
    };
    match accounts::give_code(&shop, &half, fields.get("code").unwrap_or_default(), from).await {
        Ok(user) => {
            visitor.sign_in(&shop, &user).await?;
            Ok(see_other(&way_on(&shop, &visitor, &user, page_after(&next)).await?))
        }
        Err(SignInError::Code(form)) => Ok(page(false, pages::sign_in_code(&visitor.chrome, &form))),
        Err(error) => {
            let over = "Your password was changed meanwhile. Sign in again.";
            let told = if matches!(error, SignInError::Closed) { CLOSED } else { over };
            refused(error)?;
            visitor.begin_session_of_nobody(told).await?;
            Ok(see_other("/sign-in"))
        }
    }
}

pub async fn sign_up_form(State(shop): State<Shop>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let next = next_of(query.as_deref());
    if visitor.user.is_some() {
        return see_other(&next);
    }
    page(true, pages::sign_up(&visitor.chrome, &sign_page(&shop, FormState::default(), next)))
}

pub async fn sign_up(
    State(shop): State<Shop>,
    visitor: Visitor,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let next = page_after(fields.get("next").unwrap_or_default());
    let field = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (name, email, password) = (field("name"), field("email"), field("password"));
    let form = NewAccount { name, email, password, next: next.clone() };
    match new_accounts::sign_up(&shop, form, from).await {
        Ok(SignedUp::AtOnce(user)) => {
            visitor.sign_in(&shop, &user).await?;
            Ok(see_other(&way_on(&shop, &visitor, &user, next).await?))
        }
        // The same answer, with a session too; it is nobody's.
        Ok(SignedUp::Taken { email }) => {
            visitor.begin_session_of_nobody(&written_to(&shop, &email)).await?;
            Ok(see_other(&next))
        }
        Ok(SignedUp::ByMail) => Ok(see_other("/sign-up/sent")),
        Err(AccountError::Invalid(errors)) => {
            let form = FormState {
                errors: errors.errors,
                ..FormState::typed_only(fields.into_map(), &["name", "email"])
            };
            Ok(page(false, pages::sign_up(&visitor.chrome, &sign_page(&shop, form, next))))
        }
        Err(AccountError::NotNow(not_now)) => Err(not_now.into()),
        Err(AccountError::Password(error)) => Err(Refusal::because(error)),
        Err(AccountError::Database(error)) => Err(error.into()),
    }
}

/// What somebody is told who signed up and is not signed in.
fn written_to(shop: &Shop, email: &str) -> String {
    match shop.config.mail_reach() {
        MailReach::Lab => format!(
            "We have written to {email}: the mail says how to go on. In the lab it is at /mail?address={email}."
        ),
        MailReach::Sent | MailReach::Nowhere => {
            format!(
                "We have written to {email}: the mail says how to go on. If you have an account, sign in."
            )
        }
    }
}

pub async fn sign_up_sent(visitor: Visitor) -> Response {
    page(true, pages::sign_up_sent(&visitor.chrome))
}

/// Where the link of a mail leads: opening it alone does nothing, since programs open links before people do.
pub async fn confirm_form(
    State(shop): State<Shop>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let token = token_of(query.as_deref());
    let good = new_accounts::may_confirm(&shop, &token).await?;
    Ok(confirm_page(&shop, &visitor, good.then_some(&token)))
}

pub async fn confirm(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    match new_accounts::confirm(&shop, fields.get("token").unwrap_or_default()).await? {
        Some((user, next)) => {
            visitor.sign_in(&shop, &user).await?;
            Ok(see_other(&way_on(&shop, &visitor, &user, page_after(&next)).await?))
        }
        None => Ok(confirm_page(&shop, &visitor, None)),
    }
}

fn confirm_page(shop: &Shop, visitor: &Visitor, token: Option<&String>) -> Response {
    let html = pages::confirm_sign_up(&visitor.chrome, &ConfirmPage { token: token.cloned() });
    keeps_to_itself(shop, answer(token.is_none(), html))
}

/// Whoever is next at this browser sees nothing of it.
pub async fn sign_out(State(shop): State<Shop>, visitor: Visitor) -> Result<Response, Refusal> {
    visitor.sign_out().await?;
    Ok(([seen::forgotten(&shop)], see_other("/")).into_response())
}
