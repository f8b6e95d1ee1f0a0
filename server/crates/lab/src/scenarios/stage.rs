//! What all stories are played on: who can be played, where the sites are, and the deeds that move time and make tokens.

use crate::doors::{Browser, Caller, Demo, DoorError, Page, fields_of, radio};
use crate::state::Lab;
use platform::deeds::{Arguments, DeedRefused};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

pub const JOHN: &str = "john@example.com";
pub const MERCHANT: &str = "merchant@example.com";
/// Who takes a registration back: not the merchant, from whom the other stories buy.
pub const ANOTHER_SELLER: &str = "seller11@example.com";
/// The demo merchant's recipient token.
pub const MERCHANTS_TOKEN: &str = "DEMORECIPIENTTOKEN00RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR";
pub const BALANCE: &str = "Account balance";
/// A second more than a reserve is good for.
pub const AFTER_A_RESERVE: i64 = 7 * 86_400 + 1;
/// Pages of the Co-Branded UI before the review.
const MOST_STEPS: usize = 6;

pub struct Stage<'a> {
    lab: &'a Lab,
    demo: &'a Demo,
    http: reqwest::Client,
}

impl<'a> Stage<'a> {
    /// Refuses where nobody can be played.
    pub fn of(lab: &'a Lab) -> Result<Self, DeedRefused> {
        let demo = lab.settings.demo.as_ref().ok_or_else(|| {
            DeedRefused::Conflict(
                "stories are played by the demo accounts, whose passwords are published: they are off where others \
                 than this machine come. Start with the lab on a loopback address"
                    .to_owned(),
            )
        })?;
        Ok(Self { lab, demo, http: platform::http_client_with(&lab.settings.tls) })
    }

    pub fn lab(&self) -> &Lab {
        self.lab
    }

    pub fn shop(&self) -> Option<&'a Url> {
        self.lab.settings.shop_url.as_ref()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.http.clone())
    }

    pub fn shop_password(&self) -> &str {
        self.demo.shop_password.expose_secret()
    }

    pub fn caller(&self) -> Caller {
        Caller::of(self.lab, self.demo, self.http.clone())
    }

    /// Where the demo caller sends people back to, whether anybody is there or not.
    pub fn site_of_caller(&self) -> &Url {
        &self.demo.site
    }

    /// An address of the payments site.
    pub fn at_payments(&self, path: &str) -> Url {
        at(&self.lab.settings.payments_url, path)
    }

    /// A reference that nobody has used.
    pub fn reference(&self, of: &str) -> String {
        format!("lab-{of}-{:012x}", self.lab.random.next_u64() >> 16)
    }

    /// Does a deed of the table.
    pub async fn perform(&self, name: &str, told: Value) -> Result<Value, DoorError> {
        let deed = self.lab.deed(name).ok_or(DeedRefused::NoSuchCall)?;
        let mut arguments = Arguments::default();
        for (field, value) in told.as_object().into_iter().flatten() {
            arguments.add(deed, field, value.clone()).map_err(DeedRefused::from)?;
        }
        Ok(self.lab.perform(name, arguments).await?)
    }

    /// Moves the clock; what falls due has run when this returns.
    pub async fn advance(&self, seconds: i64) -> Result<(), DoorError> {
        self.perform("clock-change", json!({ "advance_seconds": seconds })).await.map(drop)
    }

    /// Runs what is due now: notifications, and what the shop does upon them.
    pub async fn settle_down(&self) -> Result<(), DoorError> {
        self.advance(1).await
    }

    /// What a person's click through a pipeline of the Co-Branded UI brings back: the token.
    pub async fn token(
        &self,
        pipeline: &str,
        email: &str,
        reference: &str,
        parameters: Value,
    ) -> Result<String, DoorError> {
        let asked = json!({
            "access_key": self.demo.access_key.as_str(), "pipeline": pipeline, "account": email,
            "payment_method": "ABT", "caller_reference": reference, "parameters": parameters,
        });
        let made = self.perform("token-create", asked).await?;
        let no_token = || {
            let status = made["status"].as_str().unwrap_or("nothing");
            DoorError::Impossible(format!("{email} was given no token by {pipeline}, but {status}"))
        };
        made["token_id"].as_str().map(str::to_owned).ok_or_else(no_token)
    }

    /// From the address that a caller sends a person to up to the review.
    pub async fn to_review(&self, browser: &mut Browser, start: Url, email: &str) -> Result<Page, DoorError> {
        let mut page = browser.visit(start).await?;
        for _ in 0..MOST_STEPS {
            let step = page.url.path().rsplit('/').next().unwrap_or_default().to_owned();
            let done = match step.as_str() {
                "confirm" => return Ok(page),
                "sign-in" => browser.post(page.url, &self.credentials(email)).await?,
                "instrument" => {
                    let missing = || DoorError::missing(&page.url, format!("payment method {BALANCE:?}"));
                    let chosen = radio(&page.text, BALANCE).ok_or_else(missing)?;
                    browser.post(page.url, &[("instrument", &chosen)]).await?
                }
                _ => return Err(page.unexpected("a step of the Co-Branded UI")),
            };
            page = browser.visit(done.redirect()?).await?;
        }
        Err(page.unexpected("the review"))
    }

    /// Presses Confirm; where the person is sent back to.
    pub async fn confirm(&self, browser: &mut Browser, review: Page) -> Result<Url, DoorError> {
        let fields = fields_of(&review.text, Some(review.url.path()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(review.url, &fields).await?.redirect()
    }

    /// Presses Cancel instead.
    pub async fn leave(&self, browser: &mut Browser, review: Page) -> Result<Url, DoorError> {
        let mut cancel = review.url;
        let path = cancel.path().replace("/confirm", "/cancel");
        cancel.set_path(&path);
        browser.post(cancel, &[]).await?.redirect()
    }

    /// A browser that is signed in at Amazon Payments.
    pub async fn account_holder(&self, email: &str) -> Result<Browser, DoorError> {
        let mut browser = self.browser();
        browser.post(self.at_payments("/account/sign-in"), &self.credentials(email)).await?.redirect()?;
        Ok(browser)
    }

    fn credentials<'s>(&'s self, email: &'s str) -> [(&'static str, &'s str); 2] {
        [("email", email), ("password", self.demo.payments_password.expose_secret())]
    }

    /// The owner's page of tokens: the button that ends one.
    pub async fn take_back(&self, browser: &mut Browser, token: &str) -> Result<(), DoorError> {
        let cancel = self.at_payments(&format!("/account/tokens/{token}/cancel"));
        browser.post(cancel, &[]).await?.redirect().map(drop)
    }
}

/// A path of a site.
pub fn at(site: &Url, path: &str) -> Url {
    let mut url = site.clone();
    url.set_path(path);
    url
}
