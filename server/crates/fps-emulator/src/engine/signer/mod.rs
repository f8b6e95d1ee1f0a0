//! Signs returns and notifications. Receivers verify that with a certificate, which they fetch.

mod identity;

use crate::config::Config;
use fps_protocol::Parameters;
use fps_protocol::outbound::{self, KeyBits, KeyError, Signature};
pub use identity::{Identity, certificate_name};
use platform::background::BackgroundTasks;
use platform::blocking::{BlockingPool, Interrupted};
use platform::jobs::JobError;
use platform::{Clock, Database, Random};
use secrecy::SecretString;
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the signing key cannot be kept: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl From<SignerError> for JobError {
    fn from(error: SignerError) -> Self {
        Self::from(Box::from(error))
    }
}

/// Whom a notification is signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    /// A receiver that takes what it is sent.
    Prompt,
    /// One that perhaps does not.
    Doubtful,
}

/// Signs for the outside; clones share the key, which is read or made once.
#[derive(Debug, Clone)]
pub struct Signer {
    db: Database,
    clock: Clock,
    random: Random,
    public_url: Url,
    given_key: Option<SecretString>,
    /// Of a key that is made.
    key_bits: KeyBits,
    identity: Arc<Mutex<Option<Arc<Identity>>>>,
    /// A signature takes milliseconds of a core. People who go back to a site have places of their own, so
    /// that they never wait behind a batch of notifications; neither does a receiver that takes what it is sent wait
    /// behind those who perhaps do not. Notifications have what payments leave of the cores.
    returns: BlockingPool,
    notifications: BlockingPool,
    doubtful_notifications: BlockingPool,
}

impl Signer {
    pub fn new(
        db: Database,
        clock: Clock,
        random: Random,
        config: &Config,
        background: &BackgroundTasks,
    ) -> Self {
        let in_the_background = || BlockingPool::of_half_the_cores().in_the_background(background);
        Self {
            db,
            clock,
            random,
            public_url: config.public_url.clone(),
            given_key: config.signing_key.clone(),
            key_bits: config.signing_key_bits,
            identity: Arc::default(),
            returns: BlockingPool::of_half_the_cores(),
            notifications: in_the_background(),
            doubtful_notifications: in_the_background(),
        }
    }

    /// Reads the key, or makes and stores it: the first start takes a moment, not the first customer.
    pub async fn prepare(&self) -> Result<(), SignerError> {
        self.identity().await.map(drop)
    }

    /// The signature for a notification to `url`.
    pub async fn sign_notification(
        &self,
        url: &Url,
        unsigned: Parameters,
        addressee: Addressee,
    ) -> Result<Signature, SignerError> {
        let (identity, url) = (self.identity().await?, url.clone());
        let sign = move || Signature::make(&identity.key, "POST", &url, unsigned, &identity.certificate_url);
        let signed = match addressee {
            Addressee::Prompt => self.notifications.run(sign).await?,
            Addressee::Doubtful => self.doubtful_notifications.run(sign).await?,
        };
        Ok(signed?)
    }

    /// Whether parameters from the outbox carry a signature that a receiver can verify with what lies at the address
    /// in it: the site may have got another address since.
    pub async fn has_signed(&self, parameters: &Parameters) -> Result<bool, SignerError> {
        let url = parameters.get(outbound::CERTIFICATE_URL).and_then(|url| Url::parse(url).ok());
        let (Some(url), Some(_)) = (url, parameters.get(outbound::SIGNATURE)) else { return Ok(false) };
        let Some(name) = certificate_name(url.path()) else { return Ok(false) };
        Ok(url == self.certificate_url(name) && self.certificate_pem(name).await?.is_some())
    }

    /// The address that a person goes back to, with the answer, signed.
    pub async fn sign_return(&self, return_url: &Url, answer: &Parameters) -> Result<Url, SignerError> {
        let (identity, return_url, answer) = (self.identity().await?, return_url.clone(), answer.clone());
        let sign =
            move || outbound::signed_return(&identity.key, &return_url, &answer, &identity.certificate_url);
        Ok(self.returns.run(sign).await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::notifier::{Receiver, enqueue};
    use crate::tests::support::App;
    use futures_util::FutureExt;
    use http::StatusCode;
    use jiff::SignedDuration;
    use std::sync::{Mutex, mpsc};

    /// Takes every place of a pool until what comes back is dropped.
    fn hold(pool: &BlockingPool) -> mpsc::Sender<()> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (starts, begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let ended = Arc::new(Mutex::new(ended));
        for _ in 0..cores {
            let (pool, starts, ended) = (pool.clone(), starts.clone(), ended.clone());
            let wait = move || {
                starts.send(()).unwrap();
                ended.lock().unwrap().recv().unwrap_err();
            };
            tokio::spawn(async move { pool.run(wait).await });
        }
        (0..(cores / 2).max(1)).for_each(|_| begun.recv().unwrap());
        end
    }

    /// Both outcomes, where one waits as long as the pool is held and the other comes meanwhile.
    async fn waits_alone<T, U>(
        pool: &BlockingPool,
        waits: impl Future<Output = T>,
        comes: impl Future<Output = U>,
    ) -> (T, U) {
        let held = hold(pool);
        let mut waits = Box::pin(waits);
        assert!(waits.as_mut().now_or_never().is_none());
        let came = comes.await;
        assert!(waits.as_mut().now_or_never().is_none());
        drop(held);
        (waits.await, came)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_person_who_goes_back_waits_behind_no_notification() {
        let app = App::new().await;
        let signer = &app.payments.signer;
        let url: Url = "http://localhost:3000/back".parse().unwrap();
        let nothing = Parameters::default();
        let notification = signer.sign_notification(&url, nothing.clone(), Addressee::Prompt);
        let back = signer.sign_return(&url, &nothing);
        let (notification, back) = waits_alone(&signer.notifications, notification, back).await;
        let back = back.unwrap();
        assert!(back.query().unwrap().contains("signature="), "{back}");
        assert!(!notification.unwrap().bytes.is_empty());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_receiver_that_takes_what_it_is_sent_waits_behind_no_doubtful_one() {
        let app = App::new().await;
        let signer = &app.payments.signer;
        let url: Url = "http://localhost:3000/ipn".parse().unwrap();
        let sign = |addressee| signer.sign_notification(&url, Parameters::default(), addressee);
        let (doubtful, prompt) = (sign(Addressee::Doubtful), sign(Addressee::Prompt));
        let (doubtful, prompt) = waits_alone(&signer.doubtful_notifications, doubtful, prompt).await;
        for signed in [doubtful, prompt] {
            assert!(!signed.unwrap().bytes.is_empty());
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_signed_goes_out_again_as_it_was() {
        let app = App::new().await;
        let (receiver, url) = Receiver::start(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK]).await;
        enqueue(&app, "n1", &url).await;
        assert_eq!(app.payments.run_due().await.unwrap(), 1);
        app.clock.advance(SignedDuration::from_secs(10)).unwrap();
        let signer = &app.payments.signer;
        let held = [hold(&signer.notifications), hold(&signer.doubtful_notifications)];
        assert_eq!(app.payments.run_due().await.unwrap(), 1);
        drop(held);
        let bodies = receiver.bodies();
        assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
    }
}
