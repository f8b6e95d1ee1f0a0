//! Requests of real client libraries, captured on the wire (fps.md §14), sent to the site byte by byte.

use crate::domain::accounts;
use crate::domain::callers::{self, MadeBy, NewCaller};
use crate::tests::support::{App, JANE};
use fps_protocol::{ErrorCode, FpsError, Parameters, Secret};
use jiff::Timestamp;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const LOG: &str = include_str!("../../../fps-protocol/tests/it/fixtures/captured-requests.log");
/// The requests of one library were signed with another secret than those of all others.
const OTHER: &str = "Boto/2.49.0 Python/3.11.7";

/// One request as it was sent, but for the length of the body, which the log has lost.
struct Captured {
    bytes: String,
    at: Option<Timestamp>,
    is_others: bool,
}

/// In the log the blank line between headers and body is missing for some.
fn read(text: &str) -> Captured {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let request_line = lines.next().unwrap();
    let (headers, body): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.contains(": "));
    let body = body.concat();
    let kept = headers.iter().filter(|line| {
        let name = line.split(':').next().unwrap().to_ascii_lowercase();
        !["content-length", "connection", "expect"].contains(&name.as_str())
    });
    let head: Vec<&str> = [request_line].into_iter().chain(kept.copied()).collect();
    let length = body.len();
    let bytes =
        format!("{}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}", head.join("\r\n"));
    let query = request_line.split(' ').nth(1).unwrap().split_once('?').map_or("", |(_, query)| query);
    let sent = if body.is_empty() { query } else { &body };
    let parameters = Parameters::from_form(sent.as_bytes()).unwrap();
    let at = parameters.get("Timestamp").map(|text| text.parse().unwrap());
    Captured { bytes, at, is_others: text.contains(OTHER) }
}

async fn send(address: SocketAddr, bytes: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A site where the captured key is known with this secret, and where it listens.
async fn site(secret: &'static str) -> (App, SocketAddr) {
    let app = App::new().await;
    let jane = accounts::find_by_email(&app.payments.db, JANE).await.unwrap().unwrap();
    let caller = NewCaller {
        access_key: "AKEXAMPLE".parse().unwrap(),
        account_id: jane.id,
        secret: Secret::new(secret),
        display_name: "Captured".to_owned(),
        ipn_url: None,
        marketplace: true,
        refund_requests: false,
        signature_v1: false,
        created_at: app.clock.now(),
        made_by: MadeBy::Owner,
    };
    let written = app.payments.db.write(move |c| {
        let caller = caller.clone();
        Box::pin(async move { callers::insert(c, &caller).await })
    });
    written.await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.payments.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(axum::serve(listener, service).into_future());
    (app, address)
}

/// What is said of a request that nobody is known to have sent.
fn is_refused_at_the_door(answer: &str) -> bool {
    let codes = [
        ErrorCode::SignatureDoesNotMatch,
        ErrorCode::InvalidSignature,
        ErrorCode::InvalidClientTokenId,
        ErrorCode::AuthFailure,
        ErrorCode::RequestExpired,
        ErrorCode::InvalidParameterValue,
    ];
    let missing = ["AWSAccessKeyId", "Signature", "Timestamp", "SignatureVersion", "SignatureMethod"];
    codes.iter().any(|code| answer.contains(&format!("<Code>{code}</Code>")))
        || missing.iter().any(|name| answer.contains(&FpsError::missing(name).message.replace('"', "&quot;")))
        || missing.iter().any(|name| answer.contains(&FpsError::missing(name).message))
}

#[tokio::test]
async fn every_captured_request_passes_the_door_at_its_time_and_no_other() {
    let (everybodys, others) = (site("secretKEY").await, site("secret").await);
    let captured = LOG.split("----\n").filter(|text| !text.trim().is_empty()).map(read);
    let (mut signed, mut unsigned) = (0, 0);
    for request in captured {
        let (right, wrong) = if request.is_others { (&others, &everybodys) } else { (&everybodys, &others) };
        let Some(at) = request.at else {
            assert!(is_refused_at_the_door(&send(right.1, &request.bytes).await), "it is not signed");
            unsigned += 1;
            continue;
        };
        right.0.clock.set(at);
        wrong.0.clock.set(at);
        let answer = send(right.1, &request.bytes).await;
        assert!(answer.contains("RequestI"), "{answer}");
        assert!(!is_refused_at_the_door(&answer), "{}\n{answer}", request.bytes);
        let forged = send(wrong.1, &request.bytes).await;
        assert!(forged.contains("<Code>SignatureDoesNotMatch</Code>"), "{}\n{forged}", request.bytes);
        signed += 1;
    }
    assert_eq!((signed, unsigned), (35, 1));
}
