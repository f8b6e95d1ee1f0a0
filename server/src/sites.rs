//! Opening the sites on their databases, and what the one does for the other.

use crate::doctor;
use crate::options::{Access, ConfigError, Options, Urls};
use crate::private_files;
use crate::running::StartError;
use async_trait::async_trait;
use fps_emulator::{Companion, NotificationSettings, Payments};
use fps_protocol::ids::AccessKey;
use fps_protocol::outbound::KeyBits;
use lab::{Demo, Lab, Unfinished};
use platform::Database;
use platform::jobs::{JobError, Jobs};
use platform::lab::Lab as Ports;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use storefront::Shop;

/// The sites of this process, open, each with its database.
#[derive(Debug, Clone)]
pub(crate) struct OpenSites {
    pub shop: Option<(Shop, Database)>,
    pub payments: Option<(Payments, Database)>,
    /// Where there is one: beside the payments site.
    pub lab: Option<Lab>,
}

/// Opens the databases that this process uses, nothing more.
pub(crate) async fn open_databases(
    options: &Options,
) -> Result<(Option<Database>, Option<Database>), StartError> {
    private_files::prepare(options).map_err(StartError::DataDir)?;
    let open = async |used: bool, url: &str| {
        if used { Database::open_with(url, options.database_timeouts).await.map(Some) } else { Ok(None) }
    };
    let shop = open(options.sites.shop(), &options.shop_database_url).await?;
    let payments = open(options.sites.payments(), &options.payments_database_url).await?;
    Ok((shop, payments))
}

/// Opens the sites; each migrates and seeds an empty database.
pub(crate) async fn open(options: &Options, urls: &Urls) -> Result<OpenSites, StartError> {
    let access = options.access()?;
    let (shop_db, payments_db) = open_databases(options).await?;
    can_finish_restoring(options, access.lab)?;
    let lab =
        if access.lab && payments_db.is_some() { Some(open_lab(options, urls, &access)?) } else { None };
    let ports = lab.as_ref().map(Lab::ports).unwrap_or_default();
    // Payments first: it moves the shared clock to where it was left.
    let payments = match payments_db {
        Some(db) => Some((open_payments(options, urls, (&access, ports.clone()), db.clone()).await?, db)),
        None => None,
    };
    let shop = match shop_db {
        Some(db) => {
            let secret = shop_secret(&access, payments.as_ref()).await?;
            Some((open_shop(options, urls, (&access, ports), secret, db.clone()).await?, db))
        }
        None => None,
    };
    let payments = payments.map(|payments| follow(payments, shop.as_ref()));
    if let (Some(lab), Some((payments, db))) = (&lab, &payments) {
        lab.with_checks(doctor::checks(shop.as_ref().map(|(_, db)| db), Some(db)));
        let shop = shop.as_ref().map(|(shop, _)| shop);
        lab.with_sites(std::iter::once(payments.deeds()).chain(shop.map(Shop::deeds)).collect());
        lab.with_keys(payments.keys());
        let kept = std::iter::once(payments.snapshot_part()).chain(shop.map(Shop::snapshot_part));
        lab.with_snapshot_parts(kept.collect());
        if let Some(name) = lab.finish_restoring().await? {
            tracing::info!(snapshot = %name, "finished a restore that had been broken off");
        }
    }
    Ok(OpenSites { shop, payments, lab })
}

/// Whoever has only a part of what is being restored, or no lab, would go on with one half of before and one of after.
fn can_finish_restoring(options: &Options, lab: bool) -> Result<(), StartError> {
    match Unfinished::find(&lab_folder(options)).map_err(StartError::DataDir)? {
        Some(Unfinished { name, file }) if !lab || !options.sites.payments() => {
            Err(StartError::Restoring(name.to_string(), file))
        }
        _ => Ok(()),
    }
}

/// Of `payments` alone it shows that half.
fn open_lab(options: &Options, urls: &Urls, access: &Access) -> Result<Lab, StartError> {
    let settings = lab::Settings {
        folder: lab_folder(options),
        payments_url: urls.payments.clone(),
        shop_url: options.sites.shop().then(|| urls.shop.clone()),
        control_token: options.control_token.clone(),
        demo: demo(urls, access),
        tls: options.tls.clone(),
        recording: options.recording,
    };
    Lab::open(settings, options.clock.clone(), options.random.clone()).map_err(StartError::DataDir)
}

/// Whom the lab can play.
fn demo(urls: &Urls, access: &Access) -> Option<Demo> {
    let secret = access.caller_secret.clone().filter(|_| access.demo_accounts)?;
    Some(Demo {
        access_key: AccessKey::new(fps_emulator::FIRST_CALLER).ok()?,
        secret,
        site: urls.shop.clone(),
        shop_password: storefront::DEMO_PASSWORD.into(),
        payments_password: fps_emulator::DEMO_PASSWORD.into(),
    })
}

/// Where the lab keeps what it keeps.
pub(crate) fn lab_folder(options: &Options) -> PathBuf {
    options.data_dir.join("lab")
}

async fn open_payments(
    options: &Options,
    urls: &Urls,
    (access, lab_ports): (&Access, Ports),
    db: Database,
) -> Result<Payments, fps_emulator::OpenError> {
    let config = fps_emulator::Config {
        public_url: urls.payments.clone(),
        allowed_hosts: options.allowed_hosts.clone(),
        shop_url: urls.shop.clone(),
        lab: access.lab,
        lab_ports,
        demo_accounts: access.demo_accounts,
        caller_secret: access.caller_secret.clone(),
        control_token: options.control_token.clone(),
        demo_data: options.demo_data,
        processor_delay: options.processor_delay,
        magic_amounts: options.magic_amounts,
        notifications: NotificationSettings {
            private_receivers: options.private_receivers.unwrap_or_else(|| options.is_loopback()),
            own_addresses: vec![options.payments_addr],
            tls: options.tls.clone(),
            ..options.notifications.clone()
        },
        throttle_sign_in: options.throttle_sign_in,
        signing_key: options.signing_key.clone(),
        signing_key_bits: options.signing_key_bits.unwrap_or(usual_key_bits(access)),
    };
    Payments::open(config, db, options.clock.clone(), options.random.clone()).await
}

/// In the lab as FPS had it; elsewhere a signature is to protect something.
fn usual_key_bits(access: &Access) -> KeyBits {
    if access.lab { KeyBits::AS_FPS } else { KeyBits::USUAL }
}

/// What nobody gave, Amazon Payments has made up; then it is in this process too.
async fn shop_secret(
    access: &Access,
    payments: Option<&(Payments, Database)>,
) -> Result<SecretString, StartError> {
    match (&access.shop_secret, payments) {
        (Some(given), _) => Ok(given.clone()),
        (None, Some((payments, _))) => {
            Ok(payments.caller_secret().await.map_err(fps_emulator::OpenError::from)?)
        }
        (None, None) => Err(ConfigError::PublicSecret.into()),
    }
}

async fn open_shop(
    options: &Options,
    urls: &Urls,
    (access, lab_ports): (&Access, Ports),
    secret: SecretString,
    db: Database,
) -> Result<Shop, StartError> {
    let smtp = options.smtp(&urls.shop)?;
    let config = storefront::Config {
        public_url: urls.shop.clone(),
        allowed_hosts: options.allowed_hosts.clone(),
        payments_url: urls.payments.clone(),
        access_key: access.shop_key.clone(),
        secret,
        tls: options.tls.clone(),
        files_dir: options.data_dir.join("files"),
        demo_data: options.demo_data,
        seller_quota: options.seller_quota,
        lab: access.lab,
        lab_ports,
        smtp,
        demo_accounts: access.demo_accounts,
        throttle_sign_in: options.throttle_sign_in,
    };
    Ok(Shop::open(config, db, options.clock.clone(), options.random.clone()).await?)
}

/// The shop of the same process shares the clock, so the control API's moves and resets are its too.
fn follow((payments, db): (Payments, Database), shop: Option<&(Shop, Database)>) -> (Payments, Database) {
    match shop {
        Some((shop, _)) => (payments.with_companions(vec![Arc::new(ShopFollows(shop.clone()))]), db),
        None => (payments, db),
    }
}

struct ShopFollows(Shop);

#[async_trait]
impl Companion for ShopFollows {
    async fn reset(&self) -> Result<(), JobError> {
        self.0.reset().await.map_err(|error| JobError::from(Box::from(error)))
    }

    fn jobs(&self) -> &Jobs {
        self.0.jobs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::{Clock, Random};
    use std::path::Path;

    #[test]
    fn only_in_the_lab_is_a_key_as_short_as_that_of_fps() {
        let bits = |lab| {
            let options = Options::for_tests(Path::new("."), Clock::system(), Random::seeded(1));
            usual_key_bits(&Options { lab: Some(lab), ..options }.access().unwrap())
        };
        assert_eq!([true, false].map(bits), [KeyBits::AS_FPS, KeyBits::USUAL]);
    }
}
