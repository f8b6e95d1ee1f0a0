//! Signs for buttons: one set of strokes, in three hands.

use std::fmt::Write as _;

const SOURCE: &str = include_str!("../../data/templates/icons.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Line,
    Thin,
    Bold,
}

impl Hand {
    const fn attributes(self) -> &'static str {
        match self {
            Self::Line => "stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\"",
            Self::Thin => "stroke-width=\"1\" stroke-linecap=\"square\" stroke-linejoin=\"miter\"",
            Self::Bold => "stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\"",
        }
    }
}

fn signs() -> impl Iterator<Item = (&'static str, &'static str)> {
    SOURCE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

fn document(data: &str, hand: Hand) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"24\" height=\"24\" viewBox=\"0 0 24 24\" fill=\"none\" \
         stroke=\"currentColor\" {}><path d=\"{data}\"/></svg>\n",
        hand.attributes()
    )
}

/// Each sign as a file, all as one sheet of symbols, and a page that shows them.
pub fn pack(hand: Hand) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> =
        signs().map(|(name, data)| (format!("svg/{name}.svg"), document(data, hand).into_bytes())).collect();
    let mut sheet = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" style=\"display:none\">\n");
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>The signs</title>\n<style>body{font:14px \
         system-ui,sans-serif;display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:1rem}figure{\
         margin:0;text-align:center}svg{width:2rem;height:2rem}</style>\n",
    );
    for (name, data) in signs() {
        let attributes = hand.attributes();
        let _ = writeln!(
            sheet,
            "<symbol id=\"{name}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" {attributes}><path d=\"{data}\"/></symbol>"
        );
        let _ =
            writeln!(page, "<figure>{}<figcaption>{name}</figcaption></figure>", document(data, hand).trim());
    }
    sheet.push_str("</svg>\n");
    page.push_str("</html>\n");
    files.push(("symbols.svg".into(), sheet.into_bytes()));
    files.push(("all.html".into(), page.into_bytes()));
    files
}

/// All signs on one picture.
pub fn picture(hand: Hand) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"600\" viewBox=\"0 0 900 600\" role=\"img\">\n\
         <title>All signs of the set</title>\n<rect width=\"900\" height=\"600\" fill=\"#fbfaf6\"/>\n",
    );
    for (number, (_, data)) in signs().enumerate() {
        let (x, y) = (52 + number % 10 * 82, 36 + number / 10 * 92);
        let _ = writeln!(
            svg,
            "<path transform=\"translate({x} {y}) scale(2.2)\" fill=\"none\" stroke=\"#1d2326\" {} d=\"{data}\"/>",
            hand.attributes()
        );
    }
    svg.push_str("</svg>\n");
    svg
}
