//! `/lab/signature`: a signature worked out step by step.

use super::{page, query, signature_steps};
use crate::state::Lab;
use app::form::FormState;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use fps_protocol::Secret;
use fps_protocol::explain::{self, Key, Sent};
use fps_protocol::outbound::{CERTIFICATE_URL, Certificate};
use http::StatusCode;
use jiff::Timestamp;
use lab_pages::model::{SignaturePage, SignatureSteps};
use lab_pages::pages;
use secrecy::ExposeSecret;

const PATH: &str = "/lab/signature";

pub async fn show(State(lab): State<Lab>) -> Html<String> {
    page(pages::signature(&lab.chrome(PATH), &SignaturePage::default()))
}

pub async fn work_out(State(lab): State<Lab>, body: Bytes) -> Response {
    let typed = String::from_utf8_lossy(&body);
    // White space around a secret is one of the mistakes that are looked for.
    let secret = form_urlencoded::parse(typed.as_bytes()).find(|(name, _)| name == "secret");
    let secret = secret.filter(|(_, secret)| !secret.is_empty()).map(|(_, secret)| Secret::new(secret));
    let mut form = FormState::typed_only(query::fields(&typed), &["request"]);
    match explain::read(form.value("request"), &lab.authority()) {
        Ok(sent) => {
            let nows = [lab.clock.now(), lab.clock.wall()];
            let result = Some(lab.signature_of(sent, secret, nows).await);
            page(pages::signature(&lab.chrome(PATH), &SignaturePage { form, result })).into_response()
        }
        Err(error) => {
            form.refuse("request", error.to_string());
            let data = SignaturePage { form, result: None };
            let html = pages::signature(&lab.chrome(PATH), &data);
            (StatusCode::UNPROCESSABLE_ENTITY, page(html)).into_response()
        }
    }
}

impl Lab {
    /// The steps of a signature, checked with the secret that is given, else with the site's own key. `nows` are the times
    /// that its Timestamp may be near to.
    pub(super) async fn signature_of(
        &self,
        sent: Sent,
        given: Option<Secret>,
        nows: [Timestamp; 2],
    ) -> SignatureSteps {
        let secret = match (given, sent.access_key()) {
            (None, Some(access_key)) => self.secret_of(access_key).await,
            (given, _) => given,
        };
        let certificate = match &sent {
            Sent::Outbound(outbound) => {
                self.certificate(outbound.parameters.get(CERTIFICATE_URL).unwrap_or_default()).await
            }
            Sent::Api(_) | Sent::Cbui(_) => None,
        };
        let work = move || {
            let key = match (&certificate, &secret) {
                (Some(certificate), _) => Some(Key::Certificate(certificate)),
                (None, Some(secret)) => Some(Key::Secret(secret)),
                (None, None) => None,
            };
            explain::explain(&sent, key, &nows)
        };
        // Trying all mistakes on a long request takes longer than a handler may.
        match tokio::task::spawn_blocking(work).await {
            Ok(found) => signature_steps::steps(&found),
            Err(error) => {
                tracing::error!(%error, "a signature could not be worked out");
                signature_steps::failed()
            }
        }
    }

    async fn secret_of(&self, access_key: &str) -> Option<Secret> {
        let secret = self.keys.get()?.secret(access_key).await?;
        Some(Secret::new(secret.expose_secret()))
    }

    async fn certificate(&self, url: &str) -> Option<Certificate> {
        let pem = self.keys.get()?.certificate(url).await?;
        Certificate::from_pem(&pem)
            .inspect_err(|error| tracing::error!(%error, "the certificate cannot be read"))
            .ok()
    }

    /// The payments site's own, as clients sign it.
    fn authority(&self) -> String {
        fps_protocol::signature::host_of(&self.settings.payments_url)
    }
}
