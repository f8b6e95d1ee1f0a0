//! What a developer changes: the key's settings and sites. Another account's key does not exist here.

use crate::domain::callers::{self, Caller, CallerSettings, NewCaller};
use crate::state::Site;
use crate::web::account_site::developer::{PATH, Shape};
use crate::web::account_site::signed_in::SignedIn;
use crate::web::account_site::transaction_forms::typed;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::Secret;
use http::header::CACHE_CONTROL;
use payments_pages::model::DeveloperPage;
use payments_pages::pages;
use platform::web::{FormFields, Refusal, is_loopback, see_other};
use url::Url;

const LONGEST_NAME: usize = 128;
const LONGEST_URL: usize = 1024;
const MOST_SITES: usize = 20;

/// A first access key, with a secret and nothing else.
pub async fn make_key(
    State(site): State<Site>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    visitor.must_be_active()?;
    let payments = &site.payments;
    if callers::of_account(&payments.db, &visitor.account.id).await?.is_some() {
        return Ok(see_other(PATH));
    }
    let mut form = typed(&fields);
    let display_name = read_name(&mut form);
    if !form.is_valid() {
        let page = DeveloperPage { caller: None, form };
        return Ok(SignedIn::again(pages::developer(&visitor.chrome, &page)));
    }
    let new = NewCaller {
        access_key: payments.random.upper_alphanumeric(20),
        account_id: visitor.account.id.clone(),
        secret: Secret::new(callers::new_secret(&payments.random)),
        display_name,
        ipn_url: None,
        marketplace: false,
        refund_requests: false,
        created_at: payments.clock.now_micros(),
    };
    let made: Result<(), sqlx::Error> = payments
        .db
        .write(move |c| {
            let new = new.clone();
            Box::pin(async move { callers::insert(c, &new).await })
        })
        .await;
    match made {
        Ok(()) => {}
        // The same form was sent twice, and the other one was faster.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(see_other(PATH)),
        Err(error) => return Err(error.into()),
    }
    visitor.go(PATH, "Your access key is made. Register the site that people come back to.").await
}

/// The page with the secret on it, this once.
pub async fn show_secret(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(key): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let shape = Shape { secret: true, ..Shape::new(own(&site, &visitor, &key).await?) };
    let page = shape.page(&site).await?;
    let html = Html(pages::developer(&visitor.at(PATH).chrome, &page));
    Ok(([(CACHE_CONTROL, "no-store")], html).into_response())
}

pub async fn save_settings(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let caller = own(&site, &visitor, &key).await?;
    let mut form = typed(&fields);
    let settings = CallerSettings {
        display_name: read_name(&mut form),
        ipn_url: read_url(&mut form, "ipn_url", is_deliverable),
        marketplace: form.value("marketplace") == "on",
        refund_requests: form.value("refund_requests") == "on",
        cobranding_url: read_url(&mut form, "cobranding_url", is_safe),
    };
    if !form.is_valid() {
        let page = Shape { settings: form, ..Shape::new(caller) }.page(&site).await?;
        return Ok(SignedIn::again(pages::developer(&visitor.at(PATH).chrome, &page)));
    }
    let saved: Result<(), sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let (key, settings) = (key.clone(), settings.clone());
            Box::pin(async move { callers::update_settings(c, &key, &settings).await })
        })
        .await;
    saved?;
    visitor.go(PATH, "Saved.").await
}

pub async fn add_site(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let caller = own(&site, &visitor, &key).await?;
    let mut form = typed(&fields);
    let url = read_url(&mut form, "site", is_site);
    if url.is_none() && form.is_valid() {
        form.refuse("site", "Give the address of a site, such as https://shop.example/.");
    }
    let known = callers::sites(&site.payments.db, &key).await?.len();
    if known >= MOST_SITES {
        form.refuse("site", "There are 20 sites already: remove one first.");
    }
    let Some(url) = url.filter(|_| form.is_valid()) else {
        let page = Shape { site_form: form, ..Shape::new(caller) }.page(&site).await?;
        return Ok(SignedIn::again(pages::developer(&visitor.at(PATH).chrome, &page)));
    };
    let added: Result<(), sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let (key, url) = (key.clone(), url.clone());
            Box::pin(async move { callers::add_site(c, &key, &url).await })
        })
        .await;
    added?;
    visitor.go(PATH, "The site is registered.").await
}

pub async fn remove_site(
    State(site): State<Site>,
    visitor: SignedIn,
    Path(key): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    own(&site, &visitor, &key).await?;
    let url = fields.get("site").unwrap_or_default().to_owned();
    let removed: Result<(), sqlx::Error> = site
        .payments
        .db
        .write(move |c| {
            let (key, url) = (key.clone(), url.clone());
            Box::pin(async move { callers::remove_site(c, &key, &url).await })
        })
        .await;
    removed?;
    visitor.go(PATH, "The site is removed: nobody is sent back there any more.").await
}

async fn own(site: &Site, visitor: &SignedIn, key: &str) -> Result<Caller, Refusal> {
    let caller = callers::find(&site.payments.db, key).await?;
    caller.filter(|caller| caller.account_id == visitor.account.id).ok_or_else(Refusal::not_found)
}

fn read_name(form: &mut FormState) -> String {
    let name = form.value("display_name").trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        form.refuse("display_name", "Give a name, in at most 128 characters.");
    }
    name
}

/// An address, or `None` for an empty field.
fn read_url(form: &mut FormState, field: &str, fits: fn(&Url) -> Result<(), &'static str>) -> Option<String> {
    let text = form.value(field).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    let checked = match Url::parse(&text) {
        Ok(url) if text.len() <= LONGEST_URL => fits(&url).map(|()| url),
        _ => Err("Give a whole address, such as http://shop.example/payments."),
    };
    match checked {
        Ok(url) => Some(url.into()),
        Err(message) => {
            form.refuse(field, message);
            None
        }
    }
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

/// Notifications are posted without TLS.
fn is_deliverable(url: &Url) -> Result<(), &'static str> {
    is_web(url)?;
    if url.scheme() == "http" {
        return Ok(());
    }
    Err("Notifications are sent over http only: the address must begin with http://.")
}

/// A picture that is shown in the Co-Branded UI: over https, or from this machine.
fn is_safe(url: &Url) -> Result<(), &'static str> {
    is_web(url)?;
    if url.scheme() == "https" || is_loopback(url) {
        Ok(())
    } else {
        Err("The address must begin with https://.")
    }
}

/// What a returnURL is compared with: no query, no fragment.
fn is_site(url: &Url) -> Result<(), &'static str> {
    is_web(url)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("Leave out what comes after ? or #.");
    }
    Ok(())
}
