//! Both sites with their databases, and the people who use them.

use crate::payments_site::Callers;
use crate::purchase::{Browser, attribute, hidden_fields};
use crate::{Failure, options, start};
use platform::Clock;
use server::{Options, Running};
use storefront::Many;
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// What is moved at once at the most, in dollars.
const DEPOSIT: usize = 10_000;

pub struct World {
    options: Options,
    running: Option<Running>,
    shop: Url,
    pub callers: Callers,
}

impl World {
    /// On the databases of these URLs (payments, shop), else on files.
    pub async fn start(
        server: &Handle,
        data: &TempDir,
        name: &str,
        urls: Option<(String, String)>,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let mut options = Options { clock, ..options(data, name) };
        if let Some((payments, shop)) = urls {
            (options.payments_database_url, options.shop_database_url) = (payments, shop);
        }
        let running = start(server, options.clone()).await?;
        let (shop, callers) = (running.shop_url().clone(), Callers::at(running.payments_url().as_str())?);
        Ok(Self { options, running: Some(running), shop, callers })
    }

    pub async fn stop(&mut self, server: &Handle) -> Result<(), Failure> {
        match self.running.take() {
            Some(running) => Ok(server.spawn(running.stop()).await?),
            None => Ok(()),
        }
    }

    /// Again, by the machine's clock.
    pub async fn start_now(&mut self, server: &Handle) -> Result<(), Failure> {
        self.options.clock = Clock::system();
        let running = start(server, self.options.clone()).await?;
        self.shop = running.shop_url().clone();
        self.callers = Callers::at(running.payments_url().as_str())?;
        self.running = Some(running);
        Ok(())
    }

    /// Of Amazon Payments and of the shop.
    pub fn database_urls(&self) -> (String, String) {
        (self.options.payments_database_url.clone(), self.options.shop_database_url.clone())
    }

    pub fn shop_url(&self) -> &Url {
        &self.shop
    }

    pub async fn signed_in_to_shop(&self, email: &str) -> Result<Browser, Failure> {
        let mut browser = Browser::default();
        let fields = [("email", email), ("password", "digitaldownload")];
        browser.post(&self.shop.join("/sign-in")?, &fields).await?;
        Ok(browser)
    }

    pub async fn signed_in_to_amazon(&self, email: &str) -> Result<Browser, Failure> {
        let mut browser = Browser::default();
        let fields = [("email", email), ("password", "amazonpayments")];
        browser.post(&self.callers.endpoint.join("/account/sign-in")?, &fields).await?;
        Ok(browser)
    }

    pub async fn buyer(&self) -> Result<Browser, Failure> {
        self.signed_in_to_shop("john@example.com").await
    }

    /// John gets what so many purchases cost, and some more.
    pub async fn deposit_for(&self, purchases: usize) -> Result<(), Failure> {
        let mut john = self.signed_in_to_amazon("john@example.com").await?;
        let page_url = self.callers.endpoint.join("/account/balance")?;
        let amount = DEPOSIT.to_string();
        for _ in 0..=purchases / DEPOSIT {
            let page = john.get(&page_url).await?.text;
            let form =
                page.split("<form").find(|form| form.contains("deposit_amount")).ok_or("no deposit form")?;
            let bank = form.split("name=\"deposit_bank\"").nth(1).unwrap_or_default();
            let bank = attribute(bank, "value").ok_or("no bank account")?;
            let mut fields = hidden_fields(form);
            fields.retain(|(name, _)| *name != "deposit_bank");
            fields.extend([("deposit_amount", amount.as_str()), ("deposit_bank", bank)]);
            let answer = john.post(&self.callers.endpoint.join("/account/balance/deposit")?, &fields).await?;
            if answer.status != 303 {
                return Err(format!("no deposit was taken: {}", answer.text).into());
            }
        }
        Ok(())
    }

    /// So many items more, of a tenth as many sellers; while it is stopped.
    pub async fn seed(&self, server: &Handle, items: usize) -> Result<(), Failure> {
        let items = u32::try_from(items)?;
        let (options, many) = (self.options.clone(), Many { items, sellers: items.div_ceil(10) });
        Ok(server.spawn(async move { server::seed_many(&options, many).await }).await??)
    }
}
