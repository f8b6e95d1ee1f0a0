//! For those whose programs call the Query API: key, sites, notifications, fees.

pub mod forms;

use crate::config;
use crate::domain::callers::{self, Caller, SiteRow};
use crate::domain::notifications::deliveries::{self, Delivery, Shown, Wish};
use crate::domain::transactions::sums;
use crate::engine::Engine;
use crate::web::account_site::account_holder::AccountHolder;
use app::form::FormState;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use payments_pages::model::{CallerSite, DeveloperCaller, DeveloperPage, MerchantTerms, NotificationCard};
use payments_pages::pages;
use platform::web::Refusal;

const PATH: &str = "/account/developer";
const LATEST_NOTIFICATIONS: i64 = 20;
const MERCHANTS: i64 = 50;

pub async fn show(State(engine): State<Engine>, holder: AccountHolder) -> Result<Response, Refusal> {
    let caller = callers::of_account(&engine.db, &holder.account.id).await?;
    let page = match caller {
        Some(caller) => CallerView::new(caller).page(&engine).await?,
        None => DeveloperPage::default(),
    };
    Ok(Html(pages::developer(&holder.chrome, &page)).into_response())
}

/// What the page shows beside what is stored: forms that were refused, the secret when it was asked for.
pub struct CallerView {
    pub caller: Caller,
    pub secret: bool,
    pub settings: FormState,
    pub site_form: FormState,
}

impl CallerView {
    pub fn new(caller: Caller) -> Self {
        let settings = stored(&caller);
        Self { caller, secret: false, settings, site_form: FormState::default() }
    }

    pub async fn page(self, engine: &Engine) -> Result<DeveloperPage, Refusal> {
        let db = &engine.db;
        let Self { caller, secret, settings, site_form } = self;
        let key = &caller.access_key;
        let sites = callers::sites(db, key).await?;
        let merchants = callers::merchants(db, key, MERCHANTS).await?;
        let of_caller = Wish { access_key: Some(key.as_str()), ..Wish::default() };
        let notifications = deliveries::latest(db, &of_caller, LATEST_NOTIFICATIONS).await?;
        let shown = DeveloperCaller {
            secret: secret.then(|| caller.secret.expose().to_owned()),
            sites: sites.into_iter().map(caller_site).collect(),
            settings,
            site_form,
            fees_earned: sums::fees_earned(db, key).await?,
            merchants: merchants.into_iter().map(merchant).collect(),
            notifications: notifications.into_iter().map(notification).collect(),
            from_configuration: key.as_str() == config::FIRST_CALLER,
            display_name: caller.display_name,
            access_key: caller.access_key.into_string(),
        };
        Ok(DeveloperPage { caller: Some(shown), form: FormState::default() })
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
