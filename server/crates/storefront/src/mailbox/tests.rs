//! Mail on its way to a mail server, which is a small one of the test's.

use super::sending;
use crate::audit::{self, Deed, Filter};
use crate::databases::each;
use crate::ids::MailId;
use crate::mail::{About, Mail, Mailbox, Sending, store};
use crate::oversight;
use crate::smtp::Smtp;
use crate::state::Parts;
use crate::users::User;
use crate::users::store::{self as users, NewUser};
use crate::{Config, MIGRATIONS, Shop};
use jiff::{SignedDuration, Timestamp};
use platform::paging::Part;
use platform::{Clock, Database, Random, Tls};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Takes mail, or refuses it with an answer to `RCPT`.
#[derive(Clone, Default)]
struct MailServer {
    refuses: Arc<Mutex<Option<&'static str>>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().speak(stream));
            }
        });
        url
    }

    /// RFC 5321, as much as a sender needs.
    async fn speak(self, stream: TcpStream) {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.test\r\n").await.unwrap();
        let mut data: Option<String> = None;
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(text) = &mut data {
                if line == "." {
                    self.taken.lock().unwrap().push(data.take().unwrap());
                    writer.write_all(b"250 taken\r\n").await.unwrap();
                } else {
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                continue;
            }
            let refused = *self.refuses.lock().unwrap();
            let answer = match line.split([' ', ':']).next().unwrap() {
                "EHLO" => "250 mail.test",
                "RCPT" => refused.unwrap_or("250 ok"),
                "DATA" => {
                    data = Some(String::new());
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// A shop with one user, and where its mail goes.
fn shop(db: Database, server: Option<&str>) -> Shop {
    let public_url: url::Url = "https://shop.example".parse().unwrap();
    let smtp = server.map(|url| Smtp::new(&url.into(), None, &public_url, &Tls::default()).unwrap());
    let config = Config {
        public_url,
        allowed_hosts: platform::web::AllowedHosts::default(),
        payments_url: "http://127.0.0.1:3001".parse().unwrap(),
        access_key: "DDCALLER000000000001".parse().unwrap(),
        secret: "digitaldownload-demo-secret".into(),
        tls: Tls::default(),
        files_dir: std::env::temp_dir().join("digitaldownload-no-files"),
        demo_data: platform::DemoData::Small,
        seller_quota: 0,
        lab: false,
        lab_ports: platform::lab::Lab::default(),
        smtp,
        demo_accounts: false,
        throttle_sign_in: false,
    };
    let clock = Clock::fixed("2030-01-01T00:00:00Z".parse().unwrap());
    Shop::assemble(config, db, clock, Random::seeded(1)).unwrap()
}

fn john() -> User {
    User {
        id: "john".parse().unwrap(),
        email: "john@example.com".into(),
        name: "John".into(),
        operator: false,
    }
}

/// Writes to John.
async fn write(shop: &Shop) {
    let new = NewUser { user: john(), password_hash: String::new(), created_at: Timestamp::UNIX_EPOCH };
    let input = (new, shop.mail_stamp());
    let written: Result<(), sqlx::Error> = shop
        .db
        .transact(input, |c, (new, stamp)| {
            Box::pin(async move {
                users::insert(&mut *c, new).await?;
                store::add(c, &new.user.id, &About::Welcome, stamp).await
            })
        })
        .await;
    written.unwrap();
}

async fn mail(shop: &Shop) -> Mail {
    let mails = store::part(&shop.db, Mailbox::At("john@example.com"), &Part::Newest, 10).await.unwrap();
    assert_eq!(mails.len(), 1);
    mails.into_iter().next().unwrap()
}

fn later(shop: &Shop, by: SignedDuration) {
    shop.clock.advance(by).unwrap();
}

#[tokio::test]
async fn a_mail_is_sent_once_with_both_its_parts() {
    for database in each(&MIGRATIONS).await {
        let server = MailServer::default();
        let url = server.start().await;
        let shop = shop(database.db.clone(), Some(&url));
        write(&shop).await;
        assert_eq!(mail(&shop).await.sending, Sending::Queued);
        assert!(server.taken().is_empty(), "never before it is kept");
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        assert_eq!(sending::send_due(&shop).await.unwrap(), 0);
        let sent = mail(&shop).await;
        assert_eq!((sent.sending, sent.attempts), (Sending::Sent, 1));

        let [message] = server.taken().try_into().expect("one mail");
        for part in [
            "From: DigitalDownload <no-reply@shop.example>",
            "To: john@example.com",
            "Subject: Welcome to DigitalDownload",
            "Date: Tue, 01 Jan 2030 00:00:00 +0000",
            &format!("Message-ID: <{}@shop.example>", sent.id),
            "MIME-Version: 1.0",
            "multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
            "https://shop.example/library",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
        let (text, html) = (message.find("text/plain").unwrap(), message.find("text/html").unwrap());
        assert!(text < html, "the richer one last");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_now_is_tried_again_with_growing_waits() {
    for database in each(&MIGRATIONS).await {
        let server = MailServer::default();
        let url = server.start().await;
        let shop = shop(database.db.clone(), Some(&url));
        write(&shop).await;
        *server.refuses.lock().unwrap() = Some("451 later");
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        assert_eq!(sending::send_due(&shop).await.unwrap(), 0, "not at once");
        later(&shop, SignedDuration::from_mins(1));
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        later(&shop, SignedDuration::from_mins(4));
        assert_eq!(sending::send_due(&shop).await.unwrap(), 0, "longer than the first time");
        let waits = mail(&shop).await;
        assert_eq!((waits.sending, waits.attempts), (Sending::Queued, 2));
        *server.refuses.lock().unwrap() = None;
        later(&shop, SignedDuration::from_mins(1));
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        assert_eq!((mail(&shop).await.sending, server.taken().len()), (Sending::Sent, 1));
    }
}

#[tokio::test]
async fn it_is_given_up_in_the_end_or_when_it_is_refused_for_good() {
    for (answer, attempts) in [("451 later", 8), ("550 no such person", 1)] {
        let database = each(&MIGRATIONS).await.remove(0);
        let server = MailServer::default();
        let url = server.start().await;
        let shop = shop(database.db.clone(), Some(&url));
        write(&shop).await;
        *server.refuses.lock().unwrap() = Some(answer);
        for _ in 0..10 {
            sending::send_due(&shop).await.unwrap();
            later(&shop, SignedDuration::from_hours(24));
        }
        let failed = mail(&shop).await;
        assert_eq!((failed.sending, failed.attempts), (Sending::Failed, attempts), "{answer}");
    }
}

/// What the server said is kept, in part; the operator has it tried once more, and only what is not on its way.
#[tokio::test]
async fn what_could_not_be_sent_is_listed_and_sent_again() {
    for database in each(&MIGRATIONS).await {
        let server = MailServer::default();
        let url = server.start().await;
        let shop = shop(database.db.clone(), Some(&url));
        write(&shop).await;
        let listed = async || super::not_sent(&shop, Part::Newest).await.unwrap().0;
        let again = async |id: &MailId| oversight::mail::send_again(&shop, &john(), id).await.unwrap();
        let id = mail(&shop).await.id;
        assert!(listed().await.is_empty() && !again(&id).await, "it was not tried yet");

        *server.refuses.lock().unwrap() = Some("451 later");
        for wait in [0, 1, 5, 15] {
            later(&shop, SignedDuration::from_mins(wait));
            assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        }
        let (put_off, subject) = listed().await.remove(0);
        assert_eq!((put_off.attempts, subject.as_str()), (4, "Welcome to DigitalDownload"));
        let failure = put_off.failure.unwrap();
        assert!(failure.contains("later") && failure.len() <= 300, "{failure}");
        assert!(again(&id).await, "in an hour is not now");
        assert!(!again(&id).await, "it is due");

        *server.refuses.lock().unwrap() = Some("550 no such person");
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        assert_eq!(listed().await[0].0.sending, Sending::Failed);
        later(&shop, SignedDuration::from_hours(48));
        assert_eq!(sending::send_due(&shop).await.unwrap(), 0, "it was given up");
        *server.refuses.lock().unwrap() = None;
        assert!(again(&id).await);
        assert_eq!(sending::send_due(&shop).await.unwrap(), 1);
        assert_eq!((mail(&shop).await.sending, server.taken().len()), (Sending::Sent, 1));
        assert!(listed().await.is_empty() && !again(&id).await, "it was sent");
        let log = audit::of_page(&shop.db, &Filter::default(), &Part::Newest, 5).await.unwrap();
        assert_eq!(log.len(), 2, "each time that something was done");
        assert_eq!((log[0].deed, log[0].subject.title.as_str()), (Deed::MailSentAgain, "john@example.com"));
        assert!(log[0].old.contains("no such person"), "{log:?}");
    }
}

#[tokio::test]
async fn two_processes_send_a_mail_once() {
    for database in each(&MIGRATIONS).await {
        let server = MailServer::default();
        let url = server.start().await;
        let one = shop(database.db.clone(), Some(&url));
        write(&one).await;
        let other = Shop::from(Parts::clone(&one));
        let (a, b) = tokio::join!(sending::send_due(&one), sending::send_due(&other));
        assert_eq!((a.unwrap() + b.unwrap(), server.taken().len()), (1, 1));
    }
}

#[tokio::test]
async fn nothing_is_sent_where_no_server_is_set() {
    let database = each(&MIGRATIONS).await.remove(0);
    let shop = shop(database.db.clone(), None);
    write(&shop).await;
    assert_eq!(sending::send_due(&shop).await.unwrap(), 0);
    assert_eq!(mail(&shop).await.sending, Sending::None);
    // A server that is set later gets what is written then, not what was.
    let server = MailServer::default();
    let url = server.start().await;
    let set = self::shop(database.db.clone(), Some(&url));
    assert_eq!((sending::send_due(&set).await.unwrap(), server.taken().len()), (0, 0));
}

#[tokio::test]
async fn what_strangers_were_written_is_forgotten_after_a_month() {
    let database = each(&MIGRATIONS).await.remove(0);
    let shop = shop(database.db.clone(), None);
    write(&shop).await;
    let written: Result<(), sqlx::Error> = shop
        .db
        .transact(shop.mail_stamp(), |c, stamp| {
            Box::pin(store::add_to_stranger(c, "nobody@example.com", &About::NoAccount, stamp))
        })
        .await;
    written.unwrap();
    assert_eq!(sending::forget_strangers(&shop).await.unwrap(), 0);
    later(&shop, SignedDuration::from_hours(31 * 24));
    assert_eq!(sending::forget_strangers(&shop).await.unwrap(), 1);
    assert_eq!(mail(&shop).await.address, "john@example.com");
}
