//! Faces that set text: one alphabet of strokes, drawn with a pen for each design and weight.

mod pen;
mod skeleton;
mod specimen;
mod truetype;

pub use pen::{Glyph, glyph};
pub use specimen::{picture, specimen};

use serde::Deserialize;

/// How the strokes of a design end and meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    #[default]
    Square,
    Round,
}

/// A family's design. Lengths are units of an em of 1000, angles degrees.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The family's name in menus.
    pub family: String,
    pub weights: Vec<Weight>,
    #[serde(default = "one")]
    pub width: f32,
    /// The height of small letters.
    #[serde(default = "small")]
    pub small: f32,
    /// How much thinner a stroke is across the pen than along it, from 0.
    #[serde(default)]
    pub contrast: f32,
    /// How the pen is held.
    #[serde(default)]
    pub nib: f32,
    #[serde(default)]
    pub slant: f32,
    #[serde(default)]
    pub ends: Ends,
    /// How far feet reach; none at 0.
    #[serde(default)]
    pub serifs: f32,
    /// White on either side of a letter.
    #[serde(default = "tracking")]
    pub tracking: f32,
    #[serde(default)]
    pub mono: bool,
    #[serde(default)]
    pub dotted: bool,
    #[serde(default)]
    pub stencil: bool,
    /// How far a hand's strokes miss their place.
    #[serde(default)]
    pub shake: f32,
    /// A line that shows what the face is for.
    pub sample: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    pub name: String,
    /// As style sheets count: 400 is regular.
    pub class: u16,
    pub stroke: f32,
}

const fn one() -> f32 {
    1.0
}

const fn small() -> f32 {
    490.0
}

const fn tracking() -> f32 {
    52.0
}

impl Design {
    /// A `TrueType` file of one weight.
    pub fn truetype(&self, weight: &Weight, maker: &str) -> Vec<u8> {
        truetype::file(self, weight, maker)
    }

    /// Every letter that is drawn, in the order of the encoding.
    pub fn letters() -> impl Iterator<Item = char> {
        skeleton::letters().keys().copied()
    }
}
