//! What a developer changes: the key's settings and sites. Another account's key does not exist here.

use crate::domain::callers::{self, Caller, CallerSettings};
use crate::domain::notifications::receivers::Receivers;
use crate::engine::Engine;
use crate::engine::callers::{
    self as services, AddSiteError, ChangeSettingsError, MOST_SITES, RegisterError,
};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::developer::{CallerView, PATH, SETTINGS, SITES};
use crate::web::form::{LONGEST_NAME, typed};
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use identity::PublicName;
use payments_pages::model::{DeveloperPage, DeveloperPart};
use payments_pages::pages;
use platform::web::{FormFields, Refusal, is_loopback, never_compressed, see_other};
use std::fmt::Display;
use url::Url;

const LONGEST_URL: usize = 1024;

/// A first access key, with a secret and nothing else.
pub async fn make_key(
    State(engine): State<Engine>,
    holder: AccountHolder,
    fields: FormFields,
) -> Result<Response, Refusal> {
    holder.must_be_active()?;
    if callers::of_account(&engine.db, &holder.account.id).await?.is_some() {
        return Ok(see_other(PATH));
    }
    let mut form = typed(&fields);
    let registered = match PublicName::parse(form.value("display_name"), LONGEST_NAME) {
        Ok(display_name) => services::register(&engine, &holder.account, display_name).await,
        Err(problem) => Err(problem.into()),
    };
    match registered {
        Ok(()) => {}
        Err(RegisterError::Name(problem)) => {
            form.refuse("display_name", problem.to_string());
            let page = DeveloperPage { form, ..DeveloperPage::default() };
            return Ok(AccountHolder::again(pages::developer(&holder.chrome, &page)));
        }
        // The same form was sent twice, and the other one was faster.
        Err(RegisterError::AlreadyRegistered) => return Ok(see_other(PATH)),
        Err(RegisterError::Database(error)) => return Err(error.into()),
    }
    holder.go(PATH, "Your access key is made. Register the site that people come back to.").await
}

/// The page with the secret on it, this once.
pub async fn show_secret(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(key): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let view = CallerView { secret: true, ..CallerView::new(own_caller(&engine, &holder, &key).await?) };
    let page = view.page(&engine).await?;
    let html = Html(pages::developer(&holder.at(PATH).chrome, &page));
    Ok(never_compressed(html.into_response()))
}

pub async fn save_settings(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let caller = own_caller(&engine, &holder, &key).await?;
    let mut form = typed(&fields);
    let settings = CallerSettings {
        display_name: read_new_name(&mut form, &caller),
        ipn_url: read_url(&mut form, "ipn_url", |url| is_deliverable(&engine, url)),
        marketplace: form.value("marketplace") == "on",
        refund_requests: form.value("refund_requests") == "on",
        signature_v1: form.value("signature_v1") == "on",
        cobranding_url: read_url(&mut form, "cobranding_url", is_safe),
    };
    if form.is_valid() {
        match services::change_settings(&engine, &caller, settings).await {
            Ok(()) => return holder.go(SETTINGS, "Saved.").await,
            Err(ChangeSettingsError::Name(problem)) => form.refuse("display_name", problem.to_string()),
            Err(ChangeSettingsError::Database(error)) => return Err(error.into()),
        }
    }
    let page = CallerView { part: DeveloperPart::Settings, settings: form, ..CallerView::new(caller) }
        .page(&engine)
        .await?;
    Ok(AccountHolder::again(pages::developer(&holder.at(SETTINGS).chrome, &page)))
}

/// The name that the caller goes by from now on; the one that it has may stay whatever it is.
fn read_new_name(form: &mut FormState, caller: &Caller) -> String {
    let typed = form.value("display_name").trim().to_owned();
    if typed == caller.display_name {
        return typed;
    }
    match PublicName::parse(&typed, LONGEST_NAME) {
        Ok(name) => name.into_string(),
        Err(problem) => {
            form.refuse("display_name", problem.to_string());
            typed
        }
    }
}

pub async fn add_site(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let caller = own_caller(&engine, &holder, &key).await?;
    let mut form = typed(&fields);
    let url = read_url(&mut form, "site", is_site);
    if url.is_none() && form.is_valid() {
        form.refuse("site", "Give the address of a site, such as https://shop.example/.");
    }
    if let Some(url) = url {
        match services::add_site(&engine, &caller, url).await {
            Ok(()) => return holder.go(SITES, "The site is registered.").await,
            Err(AddSiteError::TooManySites) => {
                form.refuse("site", format!("There are {MOST_SITES} sites already: remove one first."));
            }
            Err(AddSiteError::Database(error)) => return Err(error.into()),
        }
    }
    let page = CallerView { part: DeveloperPart::Sites, site_form: form, ..CallerView::new(caller) }
        .page(&engine)
        .await?;
    Ok(AccountHolder::again(pages::developer(&holder.at(SITES).chrome, &page)))
}

pub async fn remove_site(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let caller = own_caller(&engine, &holder, &key).await?;
    let url = fields.get("site").unwrap_or_default().to_owned();
    services::remove_site(&engine, &caller, url).await?;
    holder.go(SITES, "The site is removed: nobody is sent back there any more.").await
}

/// The caller of this key, if the key is the holder's.
async fn own_caller(engine: &Engine, holder: &AccountHolder, key: &str) -> Result<Caller, Refusal> {
    let key = key.parse().map_err(|_| Refusal::not_found())?;
    let caller = callers::find(&engine.db, &key).await?;
    caller.filter(|caller| caller.account_id == holder.account.id).ok_or_else(Refusal::not_found)
}

/// An address, or `None` for an empty field.
fn read_url<E: Display>(
    form: &mut FormState,
    field: &str,
    fits: impl Fn(&Url) -> Result<(), E>,
) -> Option<String> {
    let text = form.value(field).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    match address(&text, fits) {
        Ok(url) => Some(url),
        Err(message) => {
            form.refuse(field, message);
            None
        }
    }
}

fn address<E: Display>(text: &str, fits: impl Fn(&Url) -> Result<(), E>) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if text.len() <= LONGEST_URL => {
            fits(&url).map(|()| url.into()).map_err(|wrong| wrong.to_string())
        }
        _ => Err("Give a whole address, such as http://shop.example/payments.".to_owned()),
    }
}

/// The address of a site that people may be sent back to; otherwise what is wrong, as a sentence.
pub fn site_address(text: &str) -> Result<String, String> {
    address(text, is_site)
}

/// An address that notifications may be sent to; otherwise what is wrong, as a sentence.
pub fn notification_address(engine: &Engine, text: &str) -> Result<String, String> {
    address(text, |url| is_deliverable(engine, url))
}

fn is_web(url: &Url) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("The address must begin with https:// or http://.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("The address must have no user name or password in it.");
    }
    Ok(())
}

/// Notifications are not posted to everywhere. What a name leads to is seen when they are.
fn is_deliverable(engine: &Engine, url: &Url) -> Result<(), String> {
    is_web(url)?;
    let refused = Receivers::of(&engine.config).check_url(url);
    refused.map_err(|refused| format!("Notifications cannot go there: {refused}."))
}

/// A picture that is shown in the Co-Branded UI: over https, or from this machine.
fn is_safe(url: &Url) -> Result<(), &'static str> {
    is_web(url)?;
    let is_safe = url.scheme() == "https" || is_loopback(url);
    if is_safe { Ok(()) } else { Err("The address must begin with https://.") }
}

/// What a returnURL is compared with: no query, no fragment.
fn is_site(url: &Url) -> Result<(), &'static str> {
    is_web(url)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("Leave out what comes after ? or #.");
    }
    Ok(())
}
