//! A mail server of others, where one is set: nothing leaves the machine without it.

use crate::ids::MailId;
use jiff::Timestamp;
use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls as SmtpTls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use platform::Tls;
use platform::web::is_loopback_host;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use url::Url;

/// For each answer of the server.
const PATIENCE: Duration = Duration::from_secs(15);
/// For all of a mail.
const WHOLE_PATIENCE: Duration = Duration::from_mins(1);

/// Where mail is sent to be sent on; clones share it.
#[derive(Clone)]
pub struct Smtp(Arc<Parts>);

struct Parts {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Names the shop in the ids of mails.
    host: String,
}

/// The server's address has a password in it.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.0.from).finish_non_exhaustive()
    }
}

/// Why the settings cannot be meant; none of these says the password.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    #[error("it must be smtps://user:password@host:port, or smtp://… with ?tls=required")]
    NotAServer,
    #[error("without TLS it is for a server on this machine: use smtps://…, or smtp://…?tls=required")]
    InTheClear,
    #[error("{0} cannot be who mail is from: {1}")]
    From(String, AddressError),
}

/// Why a mail was not sent.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{why}")]
pub struct NotSent {
    pub why: String,
    /// Trying again would not help.
    pub for_good: bool,
}

/// A mail to be sent.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub id: &'a MailId,
    pub to: &'a str,
    pub at: Timestamp,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Smtp {
    /// `from` is no-reply at the shop's host unless it is given.
    pub fn new(url: &SecretString, from: Option<&str>, shop: &Url, tls: &Tls) -> Result<Self, SmtpError> {
        let server = Url::parse(url.expose_secret()).map_err(|_| SmtpError::NotAServer)?;
        let name = server.host_str().ok_or(SmtpError::NotAServer)?.to_owned();
        let wanted = server.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let encrypted = match (server.scheme(), wanted.as_deref()) {
            ("smtps", _) | ("smtp", Some("required")) => true,
            ("smtp", None) => false,
            _ => return Err(SmtpError::NotAServer),
        };
        if !encrypted && !is_loopback_host(&name) {
            return Err(SmtpError::InTheClear);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
        let mut builder = builder.map_err(|_| SmtpError::NotAServer)?.timeout(Some(PATIENCE));
        if encrypted {
            let mut parameters = TlsParameters::builder(name);
            for authority in tls.own_authorities() {
                let authority = Certificate::from_der(authority).map_err(|_| SmtpError::NotAServer)?;
                parameters = parameters.add_root_certificate(authority);
            }
            let parameters = parameters.build().map_err(|_| SmtpError::NotAServer)?;
            let at_once = server.scheme() == "smtps";
            builder = builder.tls(if at_once {
                SmtpTls::Wrapper(parameters)
            } else {
                SmtpTls::Required(parameters)
            });
        }
        let host = shop.host_str().unwrap_or("localhost").to_owned();
        let address = from.map_or_else(|| format!("no-reply@{host}"), ToOwned::to_owned);
        let from = address.parse::<Address>().map_err(|error| SmtpError::From(address, error))?;
        let from = Mailbox::new(Some("DigitalDownload".to_owned()), from);
        Ok(Self(Arc::new(Parts { transport: builder.build(), from, host })))
    }

    /// Hands the mail to the server. The same again has the same Message-ID, by which readers take it for one.
    pub async fn send(&self, mail: Outgoing<'_>) -> Result<(), NotSent> {
        let message = self.message(mail).map_err(|why| NotSent { why, for_good: true })?;
        match tokio::time::timeout(WHOLE_PATIENCE, self.0.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(NotSent { for_good: error.is_permanent(), why: error.to_string() }),
            Err(_) => Err(NotSent { why: "the server took too long".to_owned(), for_good: false }),
        }
    }

    fn message(&self, mail: Outgoing<'_>) -> Result<Message, String> {
        let to = mail.to.parse::<Address>().map_err(|error| error.to_string())?;
        // What is an alternative of what is told apart by a line that stands in neither.
        let parts = MultiPart::alternative()
            .boundary(format!("=_{}", mail.id))
            .singlepart(SinglePart::plain(mail.text))
            .singlepart(SinglePart::html(mail.html));
        Message::builder()
            .from(self.0.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .date(system_time(mail.at))
            .message_id(Some(format!("<{}@{}>", mail.id, self.0.host)))
            .header(AutoSubmitted)
            .multipart(parts)
            .map_err(|error| error.to_string())
    }
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.as_microsecond()).unwrap_or(0))
}

/// RFC 3834: nobody's out-of-office note answers.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(url: &str, from: Option<&str>) -> Result<Smtp, SmtpError> {
        Smtp::new(&url.into(), from, &"https://shop.example".parse().unwrap(), &Tls::default())
    }

    #[test]
    fn a_server_is_reached_by_tls_or_is_on_this_machine() {
        for good in [
            "smtps://user:p%40ss@mail.example",
            "smtps://mail.example:4650",
            "smtp://user:pass@mail.example?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
        ] {
            assert!(smtp(good, None).is_ok(), "{good}");
        }
        for clear in ["smtp://mail.example", "smtp://user:pass@192.0.2.1:25"] {
            assert!(matches!(smtp(clear, None), Err(SmtpError::InTheClear)), "{clear}");
        }
        for wrong in ["", "mail.example", "https://mail.example", "smtp://mail.example?tls=opportunistic"] {
            assert!(matches!(smtp(wrong, None), Err(SmtpError::NotAServer)), "{wrong}");
        }
        assert!(matches!(smtp("smtp://localhost", Some("nobody")), Err(SmtpError::From(..))));
    }

    #[test]
    fn a_password_does_not_print_itself() {
        let shown = format!("{:?}", smtp("smtps://user:secret@mail.example", Some("shop@example.com")));
        assert!(shown.contains("shop@example.com") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_message_has_both_parts_and_the_headers_of_its_kind() {
        let at = "2030-06-03T09:00:00Z".parse().unwrap();
        let mail = |id: &'static MailId, to| Outgoing {
            id,
            to,
            at,
            subject: "Ünder\r\nBcc: all@example.com".to_owned(),
            text: "Text".to_owned(),
            html: "<p>HTML</p>".to_owned(),
        };
        let id: &MailId = Box::leak(Box::new("id-1".parse().unwrap()));
        let smtp = smtp("smtp://localhost", None).unwrap();
        let message = smtp.message(mail(id, "john@example.com")).unwrap();
        let message = String::from_utf8(message.formatted()).unwrap();
        for part in [
            "From: DigitalDownload <no-reply@shop.example>\r\n",
            "To: john@example.com\r\n",
            "Date: Mon, 03 Jun 2030 09:00:00 +0000\r\n",
            "Message-ID: <id-1@shop.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "MIME-Version: 1.0\r\n",
            "multipart/alternative;",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
        assert!(!message.contains("\r\nBcc:"), "{message}");
        assert!(smtp.message(mail(id, "no address")).is_err());
    }
}
