//! `style/` and `public/`, made ready to be sent: joined, without comments and indentation, hashed and compressed. At
//! build time, because it is the same for every start, and the best compression takes longer than a start.
//!
//! A style sheet is written in parts, one for a family of pages: `style/shop.css` imports `style/shop/shell.css` and
//! others, in the order that the cascade needs. It is sent as one file.

use sha2::{Digest, Sha256};
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Hexadecimal digits of a hash in an address: enough that two versions of a file never have the same.
const HASH_DIGITS: usize = 16;

fn main() -> Outcome<()> {
    let (style, public) = (Path::new("../style"), Path::new("../public"));
    println!("cargo::rerun-if-changed={}", style.display());
    println!("cargo::rerun-if-changed={}", public.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo says where")?);
    let mut table = String::from("&[\n");
    for path in files(style)? {
        let content = plain_style(&joined(style, &path)?).into_bytes();
        add(&mut table, &out, "style", &path, &content)?;
    }
    for path in files(public)? {
        let content = fs::read(&path)?;
        let script = path.extension().is_some_and(|extension| extension == "js");
        let content = if script { plain_script(&String::from_utf8(content)?)?.into_bytes() } else { content };
        add(&mut table, &out, "public", &path, &content)?;
    }
    table.push(']');
    Ok(fs::write(out.join("assets.rs"), table)?)
}

/// The files of a folder, none of those in folders in it, by name. Editors' backups are none.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let plain = |name: &str| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
                && !name.starts_with('.')
        };
        if path.is_file() && path.file_name().and_then(|name| name.to_str()).is_some_and(plain) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A style sheet with every part in the place of the line that imports it: browsers load one file where they would load
/// a dozen, one after the other. Every part of its folder is in it once.
fn joined(style: &Path, sheet: &Path) -> Outcome<String> {
    let text = fs::read_to_string(sheet)?;
    let imported = |line: &str| Some(style.join(line.strip_prefix("@import \"")?.strip_suffix("\";")?));
    let mut parts: Vec<PathBuf> = text.lines().filter_map(imported).collect();
    let mut whole = String::new();
    for line in text.lines() {
        let part =
            imported(line).map(|part| fs::read_to_string(&part).map_err(|error| format!("{line}: {error}")));
        whole += &part.transpose()?.unwrap_or_else(|| line.to_owned());
        whole.push('\n');
    }
    parts.sort();
    if parts != files(&sheet.with_extension(""))? {
        return Err(format!("{} does not import each part of its folder once", sheet.display()).into());
    }
    Ok(whole)
}

/// Without comments, indentation and empty lines. No string of ours has a comment's beginning in it.
fn plain_style(text: &str) -> String {
    let mut without = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        without += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    without += rest;
    let lines: Vec<&str> = without.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Without indentation, empty lines and lines that are comments. Lines stay lines, so that no statement runs into the next.
fn plain_script(text: &str) -> Outcome<String> {
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return Err("a string goes over several lines, whose indentation is part of it".into());
    }
    let lines = text.lines().map(str::trim);
    let kept: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("//")).collect();
    Ok(kept.join("\n"))
}

/// Writes the file and its encodings, and its row of the table.
fn add(table: &mut String, out: &Path, folder: &str, path: &Path, content: &[u8]) -> Outcome<()> {
    let part = |part: Option<&std::ffi::OsStr>| Some(part?.to_str()?.to_owned());
    let (stem, extension) = part(path.file_stem()).zip(part(path.extension())).ok_or("a file has no name")?;
    let name = format!("{stem}.{extension}");
    let hash = &hex::encode(Sha256::digest(content))[..HASH_DIGITS];
    let content_type = match extension.as_str() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        other => return Err(format!("what is {other}? Add its type here").into()),
    };
    let include = |suffix: &str, encoded: &[u8]| -> Outcome<String> {
        let file = out.join(format!("{folder}-{name}{suffix}"));
        fs::write(&file, encoded)?;
        Ok(format!("include_bytes!({:?})", file.to_str().ok_or("OUT_DIR is no text")?))
    };
    let plain = include("", content)?;
    let shorter = |suffix: &str, encoded: Vec<u8>| -> Outcome<String> {
        if encoded.len() >= content.len() {
            return Ok("None".to_owned());
        }
        Ok(format!("Some({})", include(suffix, &encoded)?))
    };
    let (gzip, brotli) = (shorter(".gz", gzip(content)?)?, shorter(".br", brotli(content)?)?);
    writeln!(
        table,
        "Asset {{ path: \"/{folder}/{name}\", address: \"/assets/{stem}-{hash}.{extension}\", \
         content_type: \"{content_type}\", content: {plain}, gzip: {gzip}, brotli: {brotli} }},"
    )?;
    Ok(())
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let settings =
        brotli::enc::BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut encoded, &settings)?;
    Ok(encoded)
}
