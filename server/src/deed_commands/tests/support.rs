//! A table of deeds, a control API that remembers what it was asked, and the command line before it.

use crate::cli::Cli;
use crate::deed_commands::{Asked, CommandError, ControlApi, Look, add_to};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use clap::CommandFactory;
use futures_util::{StreamExt, stream};
use http::StatusCode;
use platform::Tls;
use platform::deeds::{Command, Deed, Field, Kind, Method};
use serde_json::Value;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const PROBE: Deed = Deed {
    name: "thing-probe",
    method: Method::Post,
    path: "/things/{name}/probe",
    summary: "Looks at a thing",
    fields: &[
        Field::path("name", "which thing", "before"),
        Field::query("wait", Kind::Seconds, "how long to wait", "10"),
        Field::body("outcome", Kind::OneOf(&["success", "failure"]), "how it ends", "success").required(),
        Field::body("payment_methods", Kind::Texts, "what it is paid with", "CC"),
        Field::body("verified", Kind::Flag, "whether somebody has looked", "true"),
        Field::body("password", Kind::Secret, "what nobody sees", "…"),
        Field::body("seed", Kind::Integer, "what chance begins with", "7"),
        Field::body("by", Kind::Text, "who does it", "hand"),
    ],
    answer: "{}",
    commands: &[Command {
        words: &["thing", "probe"],
        summary: "Looks at a thing",
        positional: &["name", "outcome"],
        flags: &["wait", "payment_methods", "verified", "password", "seed"],
        fixed: &[("by", "hand")],
    }],
    page: "/lab",
};

const LIST: Deed = Deed {
    name: "things",
    method: Method::Get,
    path: "/things",
    summary: "Lists things",
    fields: &[Field::query("owner", Kind::Text, "whose", "ann@example.com")],
    answer: "[]",
    commands: &[Command {
        words: &["thing", "list"],
        summary: "Lists things",
        positional: &[],
        flags: &["owner"],
        fixed: &[],
    }],
    page: "/lab",
};

static TABLE: [Deed; 2] = [PROBE, LIST];

/// Those above, and the program's own.
pub fn deeds() -> Vec<&'static Deed> {
    crate::deeds().into_iter().chain(&TABLE).collect()
}

pub fn command() -> clap::Command {
    add_to(Cli::command(), &deeds())
}

pub fn parse(arguments: &[&str]) -> Result<Asked, clap::Error> {
    let matches = command().try_get_matches_from([&["digitaldownload"], arguments].concat())?;
    Ok(Asked::of(&matches, &deeds()).expect("one of these subcommands"))
}

/// What came in.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub method: String,
    pub uri: String,
    pub body: String,
    pub headers: http::HeaderMap,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub async fn start(answer: impl Fn(&Seen) -> Response + Clone + Send + Sync + 'static) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let book = seen.clone();
        let router = Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().into()).unwrap();
            let (method, uri) = (parts.method.to_string(), parts.uri.to_string());
            let one = Seen { method, uri, body, headers: parts.headers };
            let response = answer(&one);
            book.lock().unwrap().push(one);
            response
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }

    /// Where nobody listens.
    pub fn nowhere() -> Self {
        Self { url: "http://127.0.0.1:1".to_owned(), seen: Arc::default() }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Runs a command line against it; what it writes, up to so many lines.
    pub async fn run_for(&self, lines: usize, arguments: &[&str]) -> Result<String, CommandError> {
        let json = arguments.contains(&"--json");
        let asked = parse(arguments).unwrap();
        let api = ControlApi::new(self.url.parse().unwrap(), Some("letmein".into()), &Tls::default());
        let mut out = Reader { text: Vec::new(), lines };
        asked.run(&api, Look { json, colours: false }, &mut out).await?;
        Ok(String::from_utf8(out.text).unwrap())
    }

    pub async fn run(&self, arguments: &[&str]) -> Result<String, CommandError> {
        self.run_for(usize::MAX, arguments).await
    }
}

/// Reads so many lines and goes, as `head` does.
struct Reader {
    text: Vec<u8>,
    lines: usize,
}

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let enough = String::from_utf8_lossy(&self.text).lines().count() >= self.lines;
        if enough { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

pub fn json(answer: &Value) -> Response {
    axum::Json(answer.clone()).into_response()
}

pub fn refused(status: StatusCode, error: &str) -> Response {
    (status, axum::Json(serde_json::json!({ "error": error }))).into_response()
}

/// A stream that stays open after these lines, or ends there.
pub fn lines(lines: &[String], stays: bool) -> Response {
    let lines: Vec<_> =
        lines.iter().map(|line| Ok::<_, Infallible>(Bytes::from(format!("{line}\n")))).collect();
    let lines = stream::iter(lines);
    let body =
        if stays { Body::from_stream(lines.chain(stream::pending())) } else { Body::from_stream(lines) };
    body.into_response()
}
