//! The paper that pictures are drawn on: SVG elements, one after the other.

use super::lettering::Letters;
use std::fmt::{self, Write};

pub(super) const SIDE: f64 = 600.0;

#[derive(Default)]
pub(super) struct Sheet {
    body: String,
    /// What draws words; else the font of whoever looks at it.
    pub(super) letters: Option<&'static dyn Letters>,
}

impl Sheet {
    pub(super) fn lettered(letters: &'static dyn Letters) -> Self {
        Self { letters: Some(letters), ..Self::default() }
    }

    /// Adds elements as they are: every text in them must be escaped already.
    pub(super) fn add(&mut self, elements: fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(elements);
    }

    pub(super) fn fill(&mut self, color: &str) {
        self.rect(0.0, 0.0, SIDE, SIDE, color);
    }

    pub(super) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, color: &str) {
        self.add(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{color}"/>"#
        ));
    }

    pub(super) fn circle(&mut self, x: f64, y: f64, radius: f64, color: &str) {
        self.add(format_args!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{color}"/>"#));
    }

    pub(super) fn ring(&mut self, x: f64, y: f64, radius: f64, color: &str, width: f64) {
        self.add(format_args!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="none" stroke="{color}" stroke-width="{width:.1}"/>"#
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), color: &str, width: f64) {
        self.add(format_args!(
            r#"<path d="M{:.1} {:.1}L{:.1} {:.1}" stroke="{color}" stroke-width="{width:.1}" stroke-linecap="round"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    pub(super) fn path(&mut self, path: &str, color: &str) {
        self.add(format_args!(r#"<path d="{path}" fill="{color}"/>"#));
    }

    pub(super) fn stroke(&mut self, path: &str, color: &str, width: f64, opacity: f64) {
        self.add(format_args!(
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width:.1}" stroke-opacity="{opacity:.2}" stroke-linecap="round"/>"#
        ));
    }

    /// The area within the points.
    pub(super) fn polygon(&mut self, points: &[(f64, f64)], color: &str) {
        self.path(&format!("{}z", outline(points)), color);
    }

    /// A disc with grooves, its label and the hole.
    pub(super) fn record(&mut self, (x, y): (f64, f64), radius: f64, label: &str, hole: &str) {
        self.circle(x, y, radius, "#17171a");
        let mut groove = radius * 0.46;
        while groove < radius * 0.96 {
            self.ring(x, y, groove, "#3a3a40", 1.2);
            groove += radius * 0.055;
        }
        self.circle(x, y, radius * 0.36, label);
        self.circle(x, y, radius * 0.035, hole);
    }

    pub(super) fn into_svg(self, title: &str) -> String {
        let title = escape(title);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img"><title>{title}</title>{}</svg>"#,
            self.body
        )
    }
}

/// A path from point to point.
pub(super) fn outline(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (x, y) in points {
        let command = if path.is_empty() { 'M' } else { 'L' };
        // Writing to a String cannot fail.
        let _ = write!(path, "{command}{x:.1} {y:.1}");
    }
    path
}

/// Text for XML: what XML cannot hold at all is left out.
pub(super) fn escape(text: &str) -> String {
    let possible: String =
        text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    quick_xml::escape::partial_escape(possible.as_str()).into_owned()
}
