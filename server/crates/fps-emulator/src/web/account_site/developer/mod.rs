//! For those whose programs call the Query API: key, sites, notifications, fees.

pub mod forms;

use crate::config;
use crate::domain::callers::{self, Caller, SiteRow};
use crate::domain::notifications::deliveries::{self, Delivery, Shown, Wish};
use crate::domain::transactions::sums;
use crate::engine::Engine;
use crate::state::Site;
use crate::web::account_site::account_holder::AccountHolder;
use app::form::FormState;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use money::Money;
use payments_pages::model::{
    CallerSite, DeveloperCaller, DeveloperPage, DeveloperPart, MerchantTerms, NotificationCard,
};
use payments_pages::pages;
use platform::web::Refusal;

const PATH: &str = DeveloperPart::Keys.path();
const SETTINGS: &str = DeveloperPart::Settings.path();
const SITES: &str = DeveloperPart::Sites.path();
const LATEST_NOTIFICATIONS: i64 = 20;
const MERCHANTS: i64 = 50;

/// The route of one of the pages.
pub fn page(part: DeveloperPart) -> MethodRouter<Site> {
    get(move |State(engine): State<Engine>, holder: AccountHolder| show(engine, holder, part))
}

/// Whoever has no key is offered one, on any of them.
async fn show(engine: Engine, holder: AccountHolder, part: DeveloperPart) -> Result<Response, Refusal> {
    let caller = callers::of_account(&engine.db, &holder.account.id).await?;
    let page = match caller {
        Some(caller) => CallerView { part, ..CallerView::new(caller) }.page(&engine).await?,
        None => DeveloperPage::default(),
    };
    Ok(Html(pages::developer(&holder.chrome, &page)).into_response())
}

/// What the page shows beside what is stored: forms that were refused, the secret when it was asked for.
pub struct CallerView {
    pub caller: Caller,
    pub part: DeveloperPart,
    pub secret: bool,
    pub settings: FormState,
    pub site_form: FormState,
}

impl CallerView {
    pub fn new(caller: Caller) -> Self {
        let settings = stored(&caller);
        let part = DeveloperPart::default();
        Self { caller, part, secret: false, settings, site_form: FormState::default() }
    }

    pub async fn page(self, engine: &Engine) -> Result<DeveloperPage, Refusal> {
        let db = &engine.db;
        let Self { caller, part, secret, settings, site_form } = self;
        let key = &caller.access_key;
        let (mut sites, mut merchants, mut notifications) = (Vec::new(), Vec::new(), Vec::new());
        let mut fees_earned = Money::ZERO;
        match part {
            DeveloperPart::Keys => {
                merchants = callers::merchants(db, key, MERCHANTS).await?;
                fees_earned = sums::fees_earned(db, key).await?;
            }
            DeveloperPart::Sites => sites = callers::sites(db, key).await?,
            DeveloperPart::Notifications => {
                let of_caller = Wish { access_key: Some(key.as_str()), ..Wish::default() };
                notifications = deliveries::latest(db, &of_caller, LATEST_NOTIFICATIONS).await?;
            }
            DeveloperPart::Settings | DeveloperPart::Calling => {}
        }
        let shown = DeveloperCaller {
            secret: secret.then(|| caller.secret.expose().to_owned()),
            sites: sites.into_iter().map(caller_site).collect(),
            settings,
            site_form,
            fees_earned,
            merchants: merchants.into_iter().map(merchant).collect(),
            notifications: notifications.into_iter().map(notification).collect(),
            from_configuration: key.as_str() == config::FIRST_CALLER,
            display_name: caller.display_name,
            access_key: caller.access_key.into_string(),
        };
        let address = engine.config.public_url.to_string();
        Ok(DeveloperPage { part, address, caller: Some(shown), form: FormState::default() })
    }
}

fn stored(caller: &Caller) -> FormState {
    let mut form = FormState::default();
    form.set("display_name", caller.display_name.clone());
    form.set("ipn_url", caller.ipn_url.clone().unwrap_or_default());
    form.set("cobranding_url", caller.cobranding_url.clone().unwrap_or_default());
    for (name, on) in [
        ("marketplace", caller.marketplace),
        ("refund_requests", caller.refund_requests),
        ("signature_v1", caller.signature_v1),
    ] {
        if on {
            form.set(name, "on");
        }
    }
    form
}

fn caller_site(row: SiteRow) -> CallerSite {
    CallerSite { url: row.url, any_loopback: row.any_loopback }
}

fn merchant(merchant: callers::Merchant) -> MerchantTerms {
    MerchantTerms {
        name: merchant.name,
        max_fixed_fee: merchant.max_fixed_fee,
        max_variable_fee: merchant.max_variable_fee,
    }
}

fn notification(shown: Shown) -> NotificationCard {
    let outcome = |attempt: deliveries::ShownAttempt| {
        let status = attempt.http_status.map(|status| status.to_string());
        let words = [status, attempt.error].into_iter().flatten().collect::<Vec<_>>().join(": ");
        (attempt.at, words)
    };
    NotificationCard {
        kind: shown.kind.to_string(),
        subject_id: shown.subject_id.into_string(),
        url: shown.url.unwrap_or_else(|| "nowhere".to_owned()),
        state: match shown.delivery {
            Delivery::GivenUp => "Given up".to_owned(),
            Delivery::NoAddress => "No address".to_owned(),
            other => other.as_str().to_owned(),
        },
        at: shown.created_at,
        attempts: shown.attempts.into_iter().map(outcome).collect(),
    }
}
