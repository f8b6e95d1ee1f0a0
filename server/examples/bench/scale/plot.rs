//! The results as an SVG: ratios above, rates with the bounds of the machine below.

use super::{GOAL, Results};
use std::fmt::{self, Write};

const WIDTH: f64 = 860.0;
/// Where bars begin, and how long they can get.
const LEFT: f64 = 300.0;
const LONGEST: f64 = 480.0;
const ROW: f64 = 16.0;
const COLOURS: [&str; 4] = ["#3566a8", "#c8762b", "#5a8f4e", "#8a8a8a"];
/// Ratios above this are cut off.
const MOST_TIMES: f64 = 3.0;

pub fn draw(results: &Results) -> Result<String, fmt::Error> {
    let mut body = String::new();
    let (payments, items) = results.sizes;
    let mut y = 24.0;
    text(
        &mut body,
        12.0,
        y,
        "font-weight=\"bold\"",
        &format!("First pages: times as long with {payments} payments and {items} items as with few"),
    )?;
    y += 14.0;
    for (index, side) in results.sides.iter().enumerate() {
        y += ROW;
        swatch(&mut body, y, COLOURS[index], side.name)?;
    }
    y += 10.0;
    let top = y;
    for index in 0..results.sides.first().map_or(0, |side| side.lines.len()) {
        y += 6.0;
        text(
            &mut body,
            LEFT - 8.0,
            y + ROW - 4.0,
            "text-anchor=\"end\"",
            &results.sides[0].lines[index].what,
        )?;
        for (number, side) in results.sides.iter().enumerate() {
            let times = side.lines[index].times();
            let length = if times.is_nan() { 0.0 } else { times.min(MOST_TIMES) / MOST_TIMES * LONGEST };
            let words = if times.is_nan() { "no answer in time".to_owned() } else { format!("{times:.2}") };
            bar(&mut body, y, length, COLOURS[number], &words)?;
            y += ROW;
        }
    }
    let goal = LEFT + GOAL / MOST_TIMES * LONGEST;
    writeln!(body, "<path d=\"M{goal:.0} {top:.0}V{y:.0}\" stroke=\"#b00020\" stroke-dasharray=\"4 3\"/>")?;
    text(&mut body, goal + 4.0, y + 13.0, "fill=\"#b00020\"", &format!("goal {GOAL}"))?;
    y += 44.0;
    text(
        &mut body,
        12.0,
        y,
        "font-weight=\"bold\"",
        "A second, on a logarithmic scale, with the bounds of the machine",
    )?;
    y += 10.0;
    for (what, rate, colour) in rates(results) {
        y += 4.0;
        text(&mut body, LEFT - 8.0, y + ROW - 4.0, "text-anchor=\"end\"", &what)?;
        // From 10 to 1,000,000.
        bar(
            &mut body,
            y,
            ((rate.max(10.0).log10() - 1.0) / 5.0 * LONGEST).min(LONGEST),
            colour,
            &format!("{rate:.0}"),
        )?;
        y += ROW;
    }
    let height = y + 20.0;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" font-family=\"sans-serif\" \
         font-size=\"12\" role=\"img\">\n<title>Speed with many payments and with few</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n"
    ))
}

fn rates(results: &Results) -> Vec<(String, f64, &'static str)> {
    let mut rates = Vec::new();
    for (number, side) in results.sides.iter().enumerate() {
        for line in side.lines.iter().filter(|line| line.what.starts_with("Pay")) {
            rates.push((format!("{}, {}, few", line.what, side.name), line.small.median(), COLOURS[number]));
            rates.push((format!("{}, {}, many", line.what, side.name), line.large.median(), COLOURS[number]));
        }
    }
    for line in &results.processes {
        rates.push((
            format!("Pay, PostgreSQL, {} processes", line.processes),
            line.rate.median(),
            COLOURS[2],
        ));
    }
    rates.extend(results.bounds.lines().map(|(what, rate)| (what.to_owned(), rate, COLOURS[3])));
    rates
}

fn text(body: &mut String, x: f64, y: f64, attributes: &str, words: &str) -> fmt::Result {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(body, "<text x=\"{x:.0}\" y=\"{y:.0}\" {attributes}>{words}</text>")
}

fn swatch(body: &mut String, y: f64, colour: &str, words: &str) -> fmt::Result {
    writeln!(
        body,
        "<rect x=\"{LEFT:.0}\" y=\"{:.0}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>",
        y - 11.0
    )?;
    text(body, LEFT + 18.0, y, "", words)
}

fn bar(body: &mut String, y: f64, length: f64, colour: &str, words: &str) -> fmt::Result {
    let height = ROW - 3.0;
    writeln!(
        body,
        "<rect x=\"{LEFT:.0}\" y=\"{y:.0}\" width=\"{length:.1}\" height=\"{height:.0}\" fill=\"{colour}\"/>"
    )?;
    text(body, LEFT + length + 5.0, y + height - 2.0, "", words)
}
