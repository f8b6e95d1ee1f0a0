//! A page as a vector drawing.

use super::{Colour, Op, Page, Paint, Path, Segment};
use std::fmt::Write as _;

/// The whole document, with its title.
pub fn document(page: &Page, title: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">\n\
         <title>{}</title>\n",
        escaped(title),
        w = number(page.width),
        h = number(page.height),
    );
    for op in &page.ops {
        write_op(&mut svg, op);
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_op(svg: &mut String, op: &Op) {
    match op {
        Op::Shape { path, paint: Paint::Fill(colour) } => {
            let _ = writeln!(svg, "<path fill=\"{}\" d=\"{}\"/>", hex(*colour), data(path));
        }
        Op::Shape { path, paint: Paint::Stroke(colour, width) } => {
            let _ = writeln!(
                svg,
                "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\" \
                 stroke-linejoin=\"round\" d=\"{}\"/>",
                hex(*colour),
                number(*width),
                data(path)
            );
        }
        Op::Text { x, y, size, face, colour, text } => {
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" {} fill=\"{}\" textLength=\"{}\" \
                 lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{}</text>",
                number(*x),
                number(*y),
                number(*size),
                face.css(),
                hex(*colour),
                number(face.width(text, *size)),
                escaped(text)
            );
        }
    }
}

/// The `d` of a path, to a tenth of a point.
pub fn data(path: &Path) -> String {
    let mut data = String::new();
    for segment in &path.0 {
        let (letter, points): (char, &[(f32, f32)]) = match segment {
            Segment::Move(to) => ('M', &[*to]),
            Segment::Line(to) => ('L', &[*to]),
            Segment::Quad(by, to) => ('Q', &[*by, *to]),
            Segment::Cubic(a, b, to) => ('C', &[*a, *b, *to]),
            Segment::Close => ('Z', &[]),
        };
        data.push(letter);
        for (index, (x, y)) in points.iter().enumerate() {
            if index > 0 {
                data.push(' ');
            }
            data.push_str(&number(*x));
            data.push(' ');
            data.push_str(&number(*y));
        }
    }
    data
}

/// With at most one place after the point (two below ten, where it shows), and none that says nothing.
pub fn number(value: f32) -> String {
    let places = if value.abs() < 10.0 { 2 } else { 1 };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

pub fn hex(colour: Colour) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2)
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
