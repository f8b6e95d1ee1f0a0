//! A curl command: its address, its data, its Host.

use super::{PasteError, Raw, is_address};
use crate::encoding::percent_encode;

/// Options with a value that changes nothing about a signature.
const WITH_VALUE: [&str; 18] = [
    "-A",
    "-b",
    "-c",
    "-e",
    "-m",
    "-o",
    "-u",
    "-w",
    "-x",
    "--user-agent",
    "--cookie",
    "--cacert",
    "--connect-timeout",
    "--max-time",
    "--output",
    "--resolve",
    "--retry",
    "--user",
];
/// Short options with a value, which may stand right behind them.
const SHORT: [&str; 3] = ["-X", "-d", "-H"];

pub(super) fn read(text: &str) -> Result<Raw, PasteError> {
    let mut raw = Raw::default();
    let (mut method, mut host, mut address) = (None, None, None);
    let (mut data, mut is_get): (Vec<String>, bool) = (Vec::new(), false);
    let mut words = words(text)?.into_iter().skip(1);
    while let Some(word) = words.next() {
        let (option, attached) = option_of(&word);
        let mut value =
            || attached.clone().or_else(|| words.next()).ok_or(PasteError::NoValue(option.clone()));
        match option.as_str() {
            "-X" | "--request" => method = Some(value()?.to_ascii_uppercase()),
            "-d" | "--data" | "--data-ascii" | "--data-binary" => data.push(from_no_file(value()?)?),
            "--data-raw" => data.push(value()?),
            "--data-urlencode" => data.push(url_encoded(&value()?)?),
            "-H" | "--header" => host = host_of(&value()?).or(host),
            "-G" | "--get" => is_get = true,
            "--url" => address = Some(value()?),
            known if WITH_VALUE.contains(&known) => drop(value()?),
            other if other.starts_with('-') => {}
            _ => address = address.or(Some(word)),
        }
    }
    let address = address.ok_or(PasteError::NoAddress)?;
    // What curl itself does with an address that has no scheme.
    raw.go_to(&if is_address(&address) { address } else { format!("http://{address}") })?;
    raw.host = host.or(raw.host);
    let data = data.join("&");
    let usual = if data.is_empty() || is_get { "GET" } else { "POST" };
    raw.method = method.unwrap_or_else(|| usual.to_owned());
    if is_get {
        raw.query =
            [raw.query, data].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    } else {
        raw.body = data;
    }
    Ok(raw)
}

/// The option, and the value that stands in the same word.
fn option_of(word: &str) -> (String, Option<String>) {
    let short = SHORT.iter().find(|short| word.len() > 2 && word.starts_with(**short));
    match short {
        Some(short) => ((*short).to_owned(), Some(word[2..].to_owned())),
        None => (word.to_owned(), None),
    }
}

fn from_no_file(data: String) -> Result<String, PasteError> {
    if data.starts_with('@') { Err(PasteError::DataFile(data)) } else { Ok(data) }
}

/// `name=value`: the value is encoded; without a name, all of it.
fn url_encoded(data: &str) -> Result<String, PasteError> {
    match data.split_once('=') {
        Some(("", value)) => Ok(percent_encode(value)),
        Some((name, value)) => Ok(format!("{name}={}", percent_encode(value))),
        None if data.contains('@') => Err(PasteError::DataFile(data.to_owned())),
        None => Ok(percent_encode(data)),
    }
}

fn host_of(header: &str) -> Option<String> {
    let (name, value) = header.split_once(':')?;
    name.trim().eq_ignore_ascii_case("host").then(|| value.trim().to_owned())
}

/// The words of a command as a shell reads them: quotation marks, backslashes, lines that go on.
fn words(text: &str) -> Result<Vec<String>, PasteError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted(&mut letters, word.get_or_insert_default(), '\'')?,
            '"' => quoted(&mut letters, word.get_or_insert_default(), '"')?,
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            space if space.is_whitespace() => words.extend(word.take()),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(letters: &mut std::str::Chars<'_>, word: &mut String, mark: char) -> Result<(), PasteError> {
    while let Some(letter) = letters.next() {
        match letter {
            end if end == mark => return Ok(()),
            '\\' if mark == '"' => match letters.next() {
                Some(special @ ('"' | '\\' | '$' | '`')) => word.push(special),
                Some('\n') => {}
                Some(other) => word.extend(['\\', other]),
                None => return Err(PasteError::OpenQuote),
            },
            inside => word.push(inside),
        }
    }
    Err(PasteError::OpenQuote)
}
