//! Answers of the control API for people.

use clap::builder::styling::{AnsiColor, Style};
use jiff::{Span, SpanRound, Unit};
use serde_json::{Map, Value};
use std::io::IsTerminal;

/// Characters of a table's cell, and of one at the end of its line, which pushes nothing aside; whoever wants all of a
/// longer one asks for JSON.
const WIDEST: usize = 64;
const WIDEST_AT_THE_END: usize = 240;
/// What people look for first; the rest follows as it came.
const FIRST: [&str; 7] = ["at", "created_at", "id", "request_id", "name", "email", "title"];

/// Colours go to people: not into files and pipes, nor where they are not wanted.
pub(crate) fn colours_wanted() -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let cannot = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    std::io::stdout().is_terminal() && !unwanted && !cannot
}

pub(super) fn heading(text: &str, colours: bool) -> String {
    styled(text, Style::new().bold(), colours)
}

pub(super) fn good_or_bad(text: &str, good: bool, colours: bool) -> String {
    let colour = if good { AnsiColor::Green } else { AnsiColor::Red };
    styled(text, colour.on_default(), colours)
}

fn styled(text: &str, style: Style, colours: bool) -> String {
    if colours && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// The answer, line by line.
pub(super) fn in_words(answer: &Value, colours: bool) -> Vec<String> {
    match answer {
        Value::Object(fields) if fields.contains_key("offset_seconds") => vec![clock(answer)],
        Value::Null => vec!["done".to_owned()],
        Value::Object(fields) if fields.is_empty() => vec!["done".to_owned()],
        Value::Object(fields) => pairs(fields, colours),
        Value::Array(rows) if rows.is_empty() => vec!["nothing".to_owned()],
        Value::Array(rows) => list(rows, colours),
        scalar => text(scalar).lines().map(clean).collect(),
    }
}

fn list(rows: &[Value], colours: bool) -> Vec<String> {
    let objects: Option<Vec<&Map<String, Value>>> = rows.iter().map(Value::as_object).collect();
    match objects {
        Some(rows) => table(&rows, colours),
        None => rows.iter().map(|row| clean(&text(row))).collect(),
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// `key  value`, the values below each other; what has parts of its own follows, indented.
pub(super) fn pairs(fields: &Map<String, Value>, colours: bool) -> Vec<String> {
    let width = fields.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (name, value) in in_order(fields.iter().collect()) {
        let padded = heading(&format!("{:width$}", clean(name)), colours);
        let one_line = match value {
            Value::Array(several) if several.iter().all(is_scalar) => {
                Some(several.iter().map(text).collect::<Vec<_>>().join(", "))
            }
            value if is_scalar(value) => Some(text(value)),
            Value::Object(none) if none.is_empty() => Some(String::new()),
            _ => None,
        };
        if let Some(value) = one_line {
            let value = if value.is_empty() { "-".to_owned() } else { value };
            let mut parts = value.lines().map(clean);
            lines.push(format!("{padded}  {}", parts.next().unwrap_or_default()));
            lines.extend(parts.map(|part| format!("{:width$}  {part}", "")));
        } else {
            lines.push(heading(&clean(name), colours));
            lines.extend(in_words(value, colours).into_iter().map(|line| format!("  {line}")));
        }
    }
    lines
}

fn in_order<'a>(mut fields: Vec<(&'a String, &'a Value)>) -> Vec<(&'a String, &'a Value)> {
    fields.sort_by_key(|(name, _)| {
        FIRST.iter().position(|first| first == &name.as_str()).unwrap_or(FIRST.len())
    });
    fields
}

/// Columns of what each row has of single values, as wide as their widest.
fn table(rows: &[&Map<String, Value>], colours: bool) -> Vec<String> {
    let mut names: Vec<(&String, &Value)> = Vec::new();
    for (name, value) in rows.iter().flat_map(|row| row.iter()) {
        if !names.iter().any(|(known, _)| *known == name) {
            names.push((name, value));
        }
    }
    names.retain(|(name, _)| rows.iter().filter_map(|row| row.get(*name)).all(is_scalar));
    let last = names.len().saturating_sub(1);
    let columns: Vec<Vec<String>> = in_order(names)
        .into_iter()
        .enumerate()
        .map(|(at, (name, _))| {
            let widest = if at == last { WIDEST_AT_THE_END } else { WIDEST };
            let cells =
                rows.iter().map(|row| row.get(name).map(|value| cell(value, widest)).unwrap_or_default());
            std::iter::once(clean(name)).chain(cells).collect()
        })
        .collect();
    let columns: Vec<Vec<String>> = columns.into_iter().map(aligned).collect();
    (0..=rows.len())
        .map(|row| {
            let cells: Vec<&str> = columns.iter().map(|column| column[row].as_str()).collect();
            let line = cells.join("  ");
            if row == 0 { heading(line.trim_end(), colours) } else { line.trim_end().to_owned() }
        })
        .collect()
}

/// Numbers stand below each other by their last digit.
fn aligned(column: Vec<String>) -> Vec<String> {
    let width = column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
    let is_number = |cell: &String| {
        cell == "-" || cell.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let numbers = column.iter().skip(1).all(is_number);
    let pad = |cell: String| if numbers { format!("{cell:>width$}") } else { format!("{cell:width$}") };
    column.into_iter().map(pad).collect()
}

fn cell(value: &Value, widest: usize) -> String {
    let whole = clean(&text(value));
    if whole.is_empty() {
        return "-".to_owned();
    }
    match whole.char_indices().nth(widest) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

/// A single value; nothing is empty.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// What others wrote may not steer the terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            character if character.is_control() => char::REPLACEMENT_CHARACTER,
            character => character,
        })
        .collect()
}

/// What time it is there, and how that differs from real time.
fn clock(answer: &Value) -> String {
    let now = clean(answer["now"].as_str().unwrap_or("unknown"));
    let offset = match answer["offset_seconds"].as_i64().unwrap_or(0) {
        0 => String::new(),
        seconds if seconds > 0 => format!(", {} ahead of real time", length(seconds)),
        seconds => format!(", {} behind real time", length(seconds.saturating_neg())),
    };
    let frozen = if answer["frozen"] == true { ", frozen" } else { "" };
    let speed = match answer["speed"].as_u64() {
        None | Some(0 | 1) => String::new(),
        Some(speed) => format!(", {speed} times as fast"),
    };
    format!("{now}{offset}{frozen}{speed}")
}

/// Seconds as people write them: `7d 2h`.
fn length(seconds: i64) -> String {
    let span = Span::new().try_seconds(seconds).ok();
    let in_days = SpanRound::new().largest(Unit::Day).days_are_24_hours();
    let span = span.and_then(|span| span.round(in_days).ok());
    span.map_or_else(|| format!("{seconds}s"), |span| format!("{span:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plain(answer: &Value) -> String {
        in_words(answer, false).join("\n")
    }

    #[test]
    fn tells_the_clock_in_words() {
        let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": 604_800, "frozen": true });
        assert_eq!(plain(&answer), "2030-01-08T00:00:00Z, 7d ahead of real time, frozen");
        let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": 0, "frozen": false });
        assert_eq!(plain(&answer), "2030-01-08T00:00:00Z");
        let answer = json!({ "now": "2030-01-08T00:00:00Z", "offset_seconds": -60, "speed": 1440 });
        assert_eq!(plain(&answer), "2030-01-08T00:00:00Z, 1m behind real time, 1440 times as fast");
    }

    #[test]
    fn an_object_is_names_and_values() {
        let answer = json!({
            "status": "SA", "token_id": "T1", "refund_token_id": null, "sites": ["a", "b"],
            "parameters": { "expiry": "10/2030", "n": 1 }, "text": "one\ntwo", "none": {},
        });
        assert_eq!(
            plain(&answer),
            "none             -\n\
             parameters\n  expiry  10/2030\n  n       1\n\
             refund_token_id  -\n\
             sites            a, b\n\
             status           SA\n\
             text             one\n                 two\n\
             token_id         T1"
        );
        assert_eq!(plain(&json!({})), "done");
    }

    #[test]
    fn a_list_is_a_table_of_its_single_values() {
        let rows = json!([
            { "name": "ann@example.com", "balance": "5.0000", "verified": true, "instruments": ["CC"] },
            { "name": "bo", "balance": "-500.25", "verified": null, "instruments": [] },
        ]);
        assert_eq!(
            plain(&rows),
            "name             balance  verified\n\
             ann@example.com   5.0000  yes\n\
             bo               -500.25  -"
        );
        assert_eq!(plain(&json!([])), "nothing");
        assert_eq!(plain(&json!(["a", "b"])), "a\nb");
        let long = plain(&json!([{ "body": "x".repeat(900), "words": "y".repeat(900) }]));
        let cells: Vec<usize> =
            long.lines().nth(1).unwrap().split("  ").map(|cell| cell.chars().count()).collect();
        assert_eq!(cells, [WIDEST + 1, WIDEST_AT_THE_END + 1], "{long}");
    }

    #[test]
    fn colours_only_where_they_are_wanted_and_nothing_else_that_steers() {
        let answer = json!([{ "name": "\u{1b}[31mred\u{7}" }]);
        assert_eq!(plain(&answer), "name\n\u{fffd}[31mred\u{fffd}");
        assert_eq!(in_words(&answer, true)[0], "\u{1b}[1mname\u{1b}[0m");
    }
}
