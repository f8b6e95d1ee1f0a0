//! Things to print in three dimensions: closed surfaces in millimetres, as STL and OBJ.

mod shapes;
mod solid;

pub use solid::{Solid, picture};

use serde::Deserialize;

/// What is made; each is a set of parts by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    Vases,
    Planters,
    Chess,
    Tops,
    Dice,
    Gears,
    Boxes,
    Knobs,
    Coasters,
    Hooks,
    Terrain,
    Lampshades,
    Candles,
    Bobbins,
}

impl Model {
    pub fn parts(self) -> Vec<(String, Solid)> {
        match self {
            Self::Vases => shapes::vases(),
            Self::Planters => shapes::planters(),
            Self::Chess => shapes::chess(),
            Self::Tops => shapes::tops(),
            Self::Dice => shapes::dice(),
            Self::Gears => shapes::gears(),
            Self::Boxes => shapes::boxes(),
            Self::Knobs => shapes::knobs(),
            Self::Coasters => shapes::coasters(),
            Self::Hooks => shapes::hooks(),
            Self::Terrain => shapes::terrain(),
            Self::Lampshades => shapes::lampshades(),
            Self::Candles => shapes::candles(),
            Self::Bobbins => shapes::bobbins(),
        }
    }
}
