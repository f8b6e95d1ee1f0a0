//! Pictures that are computed: each motif draws on a sheet with a palette and dice of its own.

mod fields;
mod figures;
mod lines;

use crate::draw::{Colour, Page};
use crate::random::Random;
use serde::Deserialize;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Motif {
    Tides,
    Allotment,
    Kettles,
    BusWindow,
    WeatherTiles,
    Room,
    Orchard,
    Tarpaulin,
    Flow,
    Pebbles,
    Contours,
    Hills,
    Skyline,
    Stars,
    Tree,
    Pendulum,
    Ripples,
    Facets,
    Weave,
    SeedHead,
    Quarters,
    Boats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Palette {
    Harbour,
    Garden,
    Dusk,
    Clay,
    Ink,
    Meadow,
    Winter,
    Citrus,
    Plum,
}

/// How a sheet lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    #[default]
    Square,
    /// As 2 to 3 upright.
    Tall,
    /// As 16 to 9.
    Screen,
    /// As A4 and its sisters, upright.
    Sheet,
}

impl Format {
    pub const fn size(self) -> (f32, f32) {
        match self {
            Self::Square => (800.0, 800.0),
            Self::Tall => (640.0, 960.0),
            Self::Screen => (960.0, 540.0),
            Self::Sheet => (700.0, 990.0),
        }
    }
}

/// Paper and inks.
#[derive(Debug, Clone, Copy)]
pub struct Inks {
    pub paper: Colour,
    pub inks: [Colour; 5],
}

impl Palette {
    const fn inks(self) -> Inks {
        let (paper, inks) = match self {
            Self::Harbour => (0x00f3_efe6, [0x0013_3b5c, 0x001e_6f8f, 0x0062_a8ac, 0x00e0_7a3f, 0x00f2_c879]),
            Self::Garden => (0x00f6_f2e4, [0x0025_4d32, 0x005b_8c5a, 0x00a9_c27a, 0x00c8_553d, 0x00e9_b44c]),
            Self::Dusk => (0x0019_1b33, [0x00f4_d58d, 0x00ee_8a5f, 0x00bf_4e6b, 0x0070_4a8a, 0x003b_4a83]),
            Self::Clay => (0x00f7_ede2, [0x0060_2f22, 0x00a6_4b32, 0x00d9_8a5b, 0x0084_9a8b, 0x00e9_c8a0]),
            Self::Ink => (0x00fb_faf5, [0x0018_1a1f, 0x0044_4a55, 0x0080_8791, 0x00b3_3a2e, 0x00c9_ccd1]),
            Self::Meadow => (0x00fa_f7ec, [0x0038_5b4f, 0x007f_a66a, 0x00e3_a8b8, 0x00f0_c75e, 0x006a_7fb0]),
            Self::Winter => (0x00ee_f3f6, [0x0022_3a52, 0x004f_7896, 0x009c_bccf, 0x00cd_dfe6, 0x00d6_6a5e]),
            Self::Citrus => (0x00ff_faf0, [0x00d9_4f1e, 0x00f0_8a24, 0x00f7_c531, 0x007b_a23f, 0x002c_6e63]),
            Self::Plum => (0x00f8_f0ee, [0x0044_1f45, 0x0087_3d62, 0x00c9_6f7b, 0x00e8_b4a0, 0x004f_6d7a]),
        };
        let inks = [
            Colour::hex(inks[0]),
            Colour::hex(inks[1]),
            Colour::hex(inks[2]),
            Colour::hex(inks[3]),
            Colour::hex(inks[4]),
        ];
        Inks { paper: Colour::hex(paper), inks }
    }
}

/// The picture of this name.
pub fn picture(motif: Motif, palette: Palette, format: Format, name: &str) -> Page {
    let (width, height) = format.size();
    let mut page = Page::new(width, height);
    let inks = palette.inks();
    let mut random = Random::named(name);
    page.background(inks.paper);
    let draw = match motif {
        Motif::Tides => lines::tides,
        Motif::Allotment => figures::allotment,
        Motif::Kettles => figures::kettles,
        Motif::BusWindow => figures::bus_window,
        Motif::WeatherTiles => fields::weather_tiles,
        Motif::Room => figures::room,
        Motif::Orchard => figures::orchard,
        Motif::Tarpaulin => fields::tarpaulin,
        Motif::Flow => lines::flow,
        Motif::Pebbles => fields::pebbles,
        Motif::Contours => lines::contours,
        Motif::Hills => lines::hills,
        Motif::Skyline => figures::skyline,
        Motif::Stars => figures::stars,
        Motif::Tree => figures::tree,
        Motif::Pendulum => lines::pendulum,
        Motif::Ripples => lines::ripples,
        Motif::Facets => fields::facets,
        Motif::Weave => fields::weave,
        Motif::SeedHead => fields::seed_head,
        Motif::Quarters => fields::quarters,
        Motif::Boats => figures::boats,
    };
    draw(&mut page, &mut random, &inks);
    page
}
