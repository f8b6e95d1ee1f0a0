//! Whatever a program sends to the web service, of whatever action: a bad request is refused with an
//! error of FPS in XML and a 4xx status, names what is wrong, and moves nothing.

use crate::on_both_databases;
use crate::support::shapes::{Kind, Pairs, SHAPES, full, with, without};
use crate::support::{Answer, App};
use fps_protocol::ErrorCode::{
    self, AmountOutOfRange, InvalidDateRange, InvalidParams, InvalidTransactionId,
};
use fps_protocol::actions::Action;
use fps_protocol::responses::{self, ApiFailure, VerifySignatureResult};
use futures_util::stream::{self, StreamExt as _};

on_both_databases!(
    bad_values_are_refused_by_name,
    missing_repeated_and_unknown_parameters_are_refused_by_name,
    what_cannot_be_decoded_is_refused,
    long_values_are_refused,
    times_and_versions_that_are_none_are_refused,
    date_ranges_that_are_none_are_refused,
    other_methods_and_bodies_are_refused,
);

/// How many requests are under way at once.
const AT_ONCE: usize = 16;

const NO_AMOUNTS: &[&str] = &[
    "-1",
    "+1",
    "1e3",
    "1E-2",
    "NaN",
    "nan",
    "inf",
    "Infinity",
    "0x10",
    "1,00",
    "1,000.00",
    "1.0000001",
    "1.",
    ".5",
    ".",
    " 1",
    "1 ",
    "1\t",
    "1.0.0",
    "٣",
    "１",
    "$1",
    "1 USD",
    "--1",
    "1/2",
    "one",
    "null",
];
const BEYOND_ALL_AMOUNTS: &[&str] = &[
    "100000000.01",
    "99999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
];
const NO_CURRENCIES: &[&str] = &["EUR", "usd", "US", "USDD", "XXX", "$", "", "840"];
const NO_DATES: &[&str] = &[
    "yesterday",
    "2030-13-01",
    "2030-02-30",
    "2030-06-03T25:00:00Z",
    "99999-01-01",
    "-1",
    "0",
    "1e9",
    "1290000000",
    "2030-06-03T09:00:00+99:99",
    "03.06.2030",
    "٢٠٣٠-٠٦-٠٣",
    "9999-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "2030-06-03 bis",
];
const NO_COUNTS: &[&str] =
    &["-1", "+5", "1.5", "1e3", "99999999999999999999", "ten", "٣", "NaN", "0x1", " 1"];
const NO_PERCENTS: &[&str] =
    &["-1", "+1", "100.01", "101", "1e1", "NaN", "ten", "5%", "99999999999999999999"];
const NO_IDS: &[&str] = &["a b", "a-b", "é", "../../etc/passwd", "' OR 1=1 --", "<X>", "X\u{1}", "\u{202E}X"];
const NO_WORDS: &[&str] = &["nonsense", "SUCCESS!", "é", "0", " "];
const NO_URLS: &[&str] =
    &["javascript:alert(1)", "not a URL", "http://", "ftp://a/", "//a/", "http://[::1", "data:,x"];
const NO_REFERENCES: &[&str] = &["a\u{1}b", "a\nb", "\u{7F}"];

/// The values that a kind does not take, and the codes that may say so.
fn bad_values(kind: Kind) -> Vec<(String, &'static [ErrorCode])> {
    let say = |values: &[&str], codes: &'static [ErrorCode]| {
        values.iter().map(|value| ((*value).to_owned(), codes)).collect::<Vec<_>>()
    };
    let long = |length: usize| "X".repeat(length);
    let params: &[ErrorCode] = &[InvalidParams];
    match kind {
        Kind::Amount => [
            say(NO_AMOUNTS, params),
            say(BEYOND_ALL_AMOUNTS, &[AmountOutOfRange]),
            say(&["0", "0.00", "000"], &[AmountOutOfRange]),
        ]
        .concat(),
        Kind::Fee => [say(NO_AMOUNTS, params), say(BEYOND_ALL_AMOUNTS, &[AmountOutOfRange])].concat(),
        Kind::Percent => say(NO_PERCENTS, params),
        Kind::Count => say(NO_COUNTS, params),
        Kind::Date => say(NO_DATES, &[InvalidParams, InvalidDateRange]),
        Kind::Token => [say(NO_IDS, params), say(&[&long(66)], params)].concat(),
        Kind::Instrument => {
            let codes: &[ErrorCode] = &[ErrorCode::InvalidPaymentInstrument];
            [say(NO_IDS, codes), say(&[&long(66)], codes)].concat()
        }
        Kind::Transaction => {
            [say(NO_IDS, &[InvalidTransactionId]), say(&[&long(65)], &[InvalidTransactionId])].concat()
        }
        Kind::Reference => [say(NO_REFERENCES, params), say(&[&long(129)], params)].concat(),
        Kind::Word(_) => say(NO_WORDS, params),
        Kind::Text => Vec::new(),
        Kind::Url => [say(NO_URLS, params), say(&[&format!("http://a/{}", long(1024))], params)].concat(),
    }
}

/// The error, if it is one as all client libraries read it.
fn refusal(answer: &Answer, about: &str) -> (ErrorCode, String) {
    assert!((400..500).contains(&answer.status), "{about}: {answer:?}");
    assert!(answer.content_type.starts_with("text/xml"), "{about}: {answer:?}");
    let start = "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>";
    assert!(answer.xml.starts_with(start), "{about}: {answer:?}");
    let failure = responses::parse::<VerifySignatureResult>(Action::VerifySignature, &answer.xml);
    let Err(ApiFailure::Refused(refusal)) = failure else { panic!("{about}: {failure:?} from {answer:?}") };
    let id = refusal.request_id.clone().unwrap_or_default();
    assert!(!id.is_empty() && id == answer.request_id, "{about}: {answer:?}");
    let code = refusal.known_code().unwrap_or_else(|| panic!("{about}: {refusal:?}"));
    (code, refusal.message)
}

fn borrowed(pairs: &Pairs) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// One request that has to be refused.
struct Case {
    action: &'static str,
    pairs: Pairs,
    codes: &'static [ErrorCode],
    /// The parameter that the message has to name.
    name: String,
}

/// Sends them all, by GET and by POST in turn.
async fn assert_refused(app: &App, cases: Vec<Case>) {
    assert!(!cases.is_empty());
    let caller = &app.caller();
    let books_before = app.ledger().await;
    let checked = stream::iter(cases.into_iter().enumerate()).map(|(number, case)| async move {
        let about = format!("{} {:?}", case.action, case.pairs);
        let answer = if number % 2 == 0 {
            caller.call(case.action, &borrowed(&case.pairs)).await
        } else {
            caller.post(case.action, &borrowed(&case.pairs)).await
        };
        let (code, message) = refusal(&answer, &about);
        assert!(case.codes.contains(&code), "{about}: {code}: {message}");
        assert!(
            message.to_lowercase().contains(&case.name.to_lowercase()),
            "{about} is not named: {message}"
        );
    });
    checked.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
    assert_eq!(app.ledger().await, books_before, "a refused request moves nothing");
}

#[test]
fn every_action_has_a_shape() {
    for action in Action::ALL {
        assert!(SHAPES.iter().any(|(name, _)| *name == action.as_str()), "{action}");
    }
    for (name, _) in SHAPES {
        assert!(Action::from_name(name).is_ok(), "{name} is no action");
    }
}

async fn bad_values_are_refused_by_name(app: App) {
    let mut cases = Vec::new();
    for (action, fields) in SHAPES.iter().copied() {
        let good = full(fields);
        for field in fields {
            let name = field.value_name();
            for (value, codes) in bad_values(field.kind) {
                cases.push(Case { action, pairs: with(&good, &name, &value), codes, name: name.clone() });
            }
            if matches!(field.kind, Kind::Amount | Kind::Fee) {
                let name = format!("{}.CurrencyCode", field.name);
                for value in NO_CURRENCIES {
                    let pairs = with(&good, &name, value);
                    cases.push(Case { action, pairs, codes: &[InvalidParams], name: name.clone() });
                }
            }
        }
    }
    assert_refused(&app, cases).await;
    app.stop().await;
}

async fn missing_repeated_and_unknown_parameters_are_refused_by_name(app: App) {
    let mut cases = Vec::new();
    for (action, fields) in SHAPES.iter().copied() {
        let good = full(fields);
        for field in fields.iter().filter(|field| field.required) {
            let (name, codes) = (field.name.to_owned(), &[InvalidParams][..]);
            cases.push(Case { action, pairs: without(&good, field.name), codes, name: name.clone() });
            if !matches!(field.kind, Kind::Amount) {
                cases.push(Case { action, pairs: with(&good, field.name, ""), codes, name });
            }
        }
        for name in ["Colour", "transactionid", "SenderTokenID", "é", "TransactionAmount.Value.Value"] {
            let mut pairs = good.clone();
            pairs.push((name.to_owned(), "1".to_owned()));
            cases.push(Case { action, pairs, codes: &[ErrorCode::InvalidRequest], name: name.to_owned() });
        }
    }
    assert_refused(&app, cases).await;

    let caller = app.caller();
    for (action, fields) in SHAPES.iter().copied() {
        let signed = caller.sign(action, &borrowed(&full(fields)));
        for (name, value) in signed.iter() {
            for again in [value, "another"] {
                let mut repeated = signed.clone();
                repeated.push(name, again);
                let answer = caller.send_query(&repeated.to_query()).await;
                let (code, message) = refusal(&answer, &format!("{action} {name} twice"));
                assert_eq!(code, InvalidParams, "{action} {name}: {message}");
                assert!(message.contains(name), "{action} {name}: {message}");
            }
        }
    }
    app.stop().await;
}

async fn what_cannot_be_decoded_is_refused(app: App) {
    let caller = app.caller();
    let broken: [&[u8]; 9] =
        [b"%", b"%f", b"%zz", b"%+1", b"%ff", b"%C3", b"%ed%a0%80", b"a%00b", b"%f4%90%80%80"];
    for (action, fields) in SHAPES.iter().copied() {
        let good = caller.sign(action, &borrowed(&full(fields))).to_query();
        for escape in broken {
            let escape = std::str::from_utf8(escape).unwrap();
            for query in
                [format!("{good}&X={escape}"), format!("{good}&{escape}=1"), format!("{escape}&{good}")]
            {
                for answer in
                    [caller.send_query(&query).await, caller.send_form(query.clone().into_bytes()).await]
                {
                    assert_eq!(refusal(&answer, &query).0, ErrorCode::InvalidRequest, "{query}");
                }
            }
        }
        for bytes in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\0"] {
            let body = [good.as_bytes(), b"&X=", bytes].concat();
            let answer = caller.send_form(body).await;
            assert_eq!(refusal(&answer, action).0, ErrorCode::InvalidRequest, "{action} {bytes:?}");
        }
    }
    app.stop().await;
}

async fn long_values_are_refused(app: App) {
    let caller = app.caller();
    let long = "9".repeat(100_000);
    let mut cases = Vec::new();
    for (action, fields) in SHAPES.iter().copied() {
        let good = full(fields);
        for field in fields {
            // What is signed elsewhere may be long: a long list of parameters is only not genuine.
            if field.name != "HttpParameters" {
                cases.push((action, with(&good, &field.value_name(), &long), field.value_name()));
            }
        }
    }
    for (action, pairs, name) in cases {
        let answer = caller.post(action, &borrowed(&pairs)).await;
        let (code, message) = refusal(&answer, &format!("{action} {name}"));
        assert!(message.len() < 1_000, "{action} {name}: an answer does not give all of it back");
        assert!(message.to_lowercase().contains(&name.to_lowercase()), "{action} {name}: {code} {message}");
    }
    for (action, fields) in SHAPES.iter().copied() {
        let mut pairs = full(fields);
        pairs.push(("CallerDescription".to_owned(), "x".repeat(1 << 20)));
        let answer = caller.post(action, &borrowed(&pairs)).await;
        let (code, message) = refusal(&answer, action);
        assert_eq!(code, ErrorCode::InvalidRequest, "{action}: {message}");
        assert!(message.contains("too large"), "{action}: {message}");
        // A line of the request that no server reads is refused before anybody sees what it asks for.
        let query = caller.sign(action, &borrowed(&pairs)).to_query();
        let answer = caller
            .send_raw(format!("GET /?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
            .await;
        assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("<html"), "{action}: {answer}");
    }
    app.stop().await;
}

async fn times_and_versions_that_are_none_are_refused(app: App) {
    let caller = app.caller();
    for (action, fields) in SHAPES.iter().copied() {
        let good = full(fields);
        let with_common = async |name: &str, value: &str| {
            let mut pairs = borrowed(&good);
            pairs.push((name, value));
            refusal(&caller.call(action, &pairs).await, &format!("{action} {name}={value}"))
        };
        for value in NO_DATES {
            for name in ["Timestamp", "Expires"] {
                let (code, message) = with_common(name, value).await;
                let codes = [ErrorCode::InvalidParameterValue, ErrorCode::RequestExpired];
                assert!(codes.contains(&code), "{action} {name}={value}: {code} {message}");
                assert!(message.contains(name), "{action} {name}={value}: {message}");
            }
        }
        for value in
            ["2030-06-03T08:44:59Z", "2030-06-03T09:15:01Z", "0001-01-01T00:00:00Z", "9999-12-30T00:00:00Z"]
        {
            assert_eq!(
                with_common("Timestamp", value).await.0,
                ErrorCode::RequestExpired,
                "{action} {value}"
            );
        }
        for value in ["", "1999-01-01", "2010-08-29", "2010", "latest", "2010-08-28 "] {
            let (code, message) = with_common("Version", value).await;
            assert_eq!(code, InvalidParams, "{action} {value}: {message}");
            assert!(message.contains("Version"), "{action} {value}: {message}");
        }
    }
    app.stop().await;
}

async fn date_ranges_that_are_none_are_refused(app: App) {
    if Action::from_name("GetAccountActivity").is_err() {
        return app.stop().await;
    }
    let caller = app.caller();
    for (start, end, code) in [
        ("2030-06-04", "2030-06-05", Some(InvalidDateRange)),
        ("2030-06-03T09:00:01Z", "2030-06-05", Some(InvalidDateRange)),
        ("2030-06-02", "2030-06-01", Some(InvalidDateRange)),
        ("2030-06-02T00:00:01Z", "2030-06-02T00:00:00Z", Some(InvalidDateRange)),
        ("9999-12-30T00:00:00Z", "9999-12-30T00:00:00Z", Some(InvalidDateRange)),
        ("0001-01-01", "2030-06-03", None),
        ("2030-06-01", "9999-12-30", None),
        ("2030-06-01", "2030-06-03T23:00:00-07:00", None),
    ] {
        let answer = caller.call("GetAccountActivity", &[("StartDate", start), ("EndDate", end)]).await;
        match code {
            Some(code) => assert_eq!(refusal(&answer, start).0, code, "{start} {end}"),
            None => assert_eq!(answer.status, 200, "{start} {end}: {answer:?}"),
        }
    }
    app.stop().await;
}

async fn other_methods_and_bodies_are_refused(app: App) {
    let caller = app.caller();
    for (action, fields) in SHAPES.iter().copied() {
        let query = caller.sign(action, &borrowed(&full(fields))).to_query();
        for content_type in ["application/json", "multipart/form-data; boundary=x", "text/xml", "nonsense"] {
            let request =
                platform::http_client().post(app.payments("/")).header("content-type", content_type);
            let answer = request.body(query.clone()).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 400, "{action} {content_type}");
            assert!(answer.text().await.unwrap().contains("<Code>InvalidRequest</Code>"), "{action}");
        }
        for method in ["PUT", "DELETE", "PATCH"] {
            let url = app.payments(&format!("/?{query}"));
            let request = platform::http_client().request(method.parse().unwrap(), url);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 400, "{action} {method}");
            assert!(answer.text().await.unwrap().contains("<Code>InvalidRequest</Code>"), "{action}");
        }
        // Who only looks pays nothing.
        let look = platform::http_client().head(app.payments(&format!("/?{query}"))).send().await.unwrap();
        assert_eq!(look.status().as_u16(), 400, "{action} HEAD");
        // Neither half a request nor none at all.
        for body in ["", "&", "=", "&&=&", "Action"] {
            refusal(&caller.send_form(body.as_bytes().to_vec()).await, body);
        }
    }
    app.stop().await;
}
