//! One way to draw a page: shapes and lines of text, from which a PDF, a vector drawing or a picture in points is made.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the numbers are places on a page, small on every machine; and points have the names that geometry gives them"
)]

pub mod face;
pub mod path;
pub mod pdf;
pub mod picture;
pub mod svg;

pub use face::Face;
pub use path::{Path, Segment};

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    pub const BLACK: Self = Self(17, 17, 17);
    pub const WHITE: Self = Self(255, 255, 255);
    pub const GREY: Self = Self(120, 120, 120);
    pub const PALE: Self = Self(205, 205, 205);

    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self(red, green, blue)
    }

    /// The colour `part` of the way to another.
    #[must_use]
    pub fn towards(self, other: Self, part: f32) -> Self {
        let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * part.clamp(0.0, 1.0)) as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// How a shape is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paint {
    Fill(Colour),
    Stroke(Colour, f32),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    Shape {
        path: Path,
        paint: Paint,
    },
    /// `x` and `y` are the start of the base line.
    Text {
        x: f32,
        y: f32,
        size: f32,
        face: Face,
        colour: Colour,
        text: String,
    },
}

/// A sheet in points (1/72 inch), from its upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub width: f32,
    pub height: f32,
    pub ops: Vec<Op>,
}

/// Where a text stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

impl Page {
    pub const fn new(width: f32, height: f32) -> Self {
        Self { width, height, ops: Vec::new() }
    }

    pub const fn a4() -> Self {
        Self::new(595.0, 842.0)
    }

    pub const fn a5() -> Self {
        Self::new(420.0, 595.0)
    }

    pub fn fill(&mut self, path: Path, colour: Colour) {
        self.ops.push(Op::Shape { path, paint: Paint::Fill(colour) });
    }

    pub fn stroke(&mut self, path: Path, colour: Colour, width: f32) {
        self.ops.push(Op::Shape { path, paint: Paint::Stroke(colour, width) });
    }

    pub fn background(&mut self, colour: Colour) {
        self.fill(Path::rect(0.0, 0.0, self.width, self.height), colour);
    }

    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), colour: Colour, width: f32) {
        self.stroke(Path::line(from, to), colour, width);
    }

    pub fn text(&mut self, at: (f32, f32), align: Align, face: Face, size: f32, text: &str) {
        self.coloured_text(at, align, face, size, Colour::BLACK, text);
    }

    pub fn coloured_text(
        &mut self,
        at: (f32, f32),
        align: Align,
        face: Face,
        size: f32,
        colour: Colour,
        text: &str,
    ) {
        let width = face.width(text, size);
        let x = match align {
            Align::Left => at.0,
            Align::Centre => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        self.ops.push(Op::Text { x, y: at.1, size, face, colour, text: text.to_owned() });
    }
}

/// A picture could not be made: nothing that a caller can mend.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("a picture of this size cannot be drawn")]
    Size,
    #[error(transparent)]
    Png(#[from] png::EncodingError),
}
