//! Bodies of revolution: vases, knobs, chessmen.

use super::super::Subject;
use super::super::dice::Dice;
use super::super::sheet::Sheet;
use super::layered::{Body, Plan, STEP};
use super::{FIVE, FOUR, Material, THREE, seen};

/// Height and radius, from the foot to the rim, both as shares of the largest.
type Profile = &'static [(f64, f64)];

const VASES: [Profile; 4] = [
    &[(0.0, 0.5), (0.3, 0.95), (0.45, 1.0), (0.7, 0.55), (0.85, 0.38), (1.0, 0.56)],
    &[(0.0, 0.62), (0.15, 0.7), (0.5, 0.62), (0.8, 0.78), (1.0, 1.0)],
    &[(0.0, 0.6), (0.2, 0.98), (0.4, 0.9), (0.6, 0.4), (0.9, 0.3), (1.0, 0.36)],
    &[(0.0, 0.44), (0.35, 0.7), (0.7, 1.0), (0.9, 0.86), (1.0, 0.7)],
];
const POTS: [Profile; 3] = [
    &[(0.0, 0.66), (0.74, 0.88), (0.75, 1.0), (1.0, 1.0)],
    &[(0.0, 0.6), (0.3, 0.85), (0.7, 1.0), (1.0, 0.92)],
    &[(0.0, 1.0), (0.1, 1.0), (0.12, 0.7), (1.0, 0.96)],
];
const KNOBS: [Profile; 3] = [
    &[(0.0, 0.62), (0.1, 0.62), (0.2, 0.4), (0.45, 0.42), (0.6, 0.9), (0.75, 1.0), (0.9, 0.85), (1.0, 0.3)],
    &[(0.0, 0.75), (0.15, 0.5), (0.5, 0.55), (0.55, 1.0), (0.85, 1.0), (1.0, 0.6)],
    &[(0.0, 0.5), (0.3, 0.4), (0.5, 0.7), (0.7, 0.95), (0.85, 0.8), (1.0, 0.2)],
];
const STICKS: [Profile; 3] = [
    &[
        (0.0, 1.0),
        (0.06, 0.95),
        (0.14, 0.4),
        (0.3, 0.25),
        (0.4, 0.5),
        (0.5, 0.25),
        (0.84, 0.25),
        (0.9, 0.6),
        (1.0, 0.6),
    ],
    &[(0.0, 1.0), (0.2, 0.75), (0.4, 0.3), (0.8, 0.36), (0.86, 0.6), (1.0, 0.6)],
    &[(0.0, 0.9), (0.1, 0.9), (0.12, 0.34), (0.55, 0.5), (0.8, 0.3), (0.88, 0.66), (1.0, 0.7)],
];
const BOBBINS: [Profile; 2] = [
    &[(0.0, 1.0), (0.14, 1.0), (0.15, 0.5), (0.84, 0.5), (0.85, 1.0), (1.0, 1.0)],
    &[(0.0, 1.0), (0.1, 1.0), (0.22, 0.42), (0.78, 0.42), (0.9, 1.0), (1.0, 1.0)],
];
const TOPS: [Profile; 3] = [
    &[(0.0, 0.04), (0.3, 0.8), (0.42, 1.0), (0.52, 0.85), (0.6, 0.2), (0.65, 0.1), (1.0, 0.12)],
    &[(0.0, 0.05), (0.1, 0.2), (0.28, 0.95), (0.36, 1.0), (0.4, 0.5), (0.5, 0.12), (1.0, 0.1)],
    &[(0.0, 0.04), (0.2, 0.4), (0.3, 1.0), (0.4, 1.0), (0.45, 0.14), (0.9, 0.1), (1.0, 0.2)],
];
const FIGURES: [Profile; 3] = [
    &[
        (0.0, 1.0),
        (0.12, 1.0),
        (0.18, 0.7),
        (0.5, 0.36),
        (0.6, 0.32),
        (0.62, 0.64),
        (0.67, 0.64),
        (0.69, 0.36),
        (0.76, 0.56),
        (0.86, 0.62),
        (0.95, 0.42),
        (1.0, 0.1),
    ],
    &[(0.0, 1.0), (0.1, 1.0), (0.16, 0.7), (0.45, 0.45), (0.7, 0.42), (0.76, 0.72), (1.0, 0.72)],
    &[
        (0.0, 1.0),
        (0.1, 1.0),
        (0.14, 0.66),
        (0.4, 0.34),
        (0.62, 0.3),
        (0.65, 0.58),
        (0.69, 0.58),
        (0.72, 0.32),
        (0.82, 0.52),
        (0.9, 0.44),
        (0.96, 0.14),
        (1.0, 0.14),
    ],
];

/// What is turned, the words that name it, and its size.
pub(super) struct Kind {
    words: &'static [&'static str],
    profiles: &'static [Profile],
    height: f64,
    radius: f64,
    /// The hole as a share of the rim; 0 for none.
    hole: f64,
}

static KINDS: [Kind; 7] = [
    Kind {
        words: &["vase", "vases", "bottle", "bottles"],
        profiles: &VASES,
        height: 178.0,
        radius: 54.0,
        hole: 0.8,
    },
    Kind {
        words: &["pot", "pots", "planter", "planters", "cups", "bowls"],
        profiles: &POTS,
        height: 104.0,
        radius: 64.0,
        hole: 0.84,
    },
    Kind {
        words: &["knob", "knobs", "handles", "feet"],
        profiles: &KNOBS,
        height: 108.0,
        radius: 52.0,
        hole: 0.0,
    },
    Kind {
        words: &["candle", "candles", "candlestick", "candlesticks"],
        profiles: &STICKS,
        height: 178.0,
        radius: 54.0,
        hole: 0.6,
    },
    Kind {
        words: &["bobbin", "bobbins", "spool", "spools"],
        profiles: &BOBBINS,
        height: 96.0,
        radius: 46.0,
        hole: 0.34,
    },
    Kind { words: &["top", "tops", "spinning"], profiles: &TOPS, height: 118.0, radius: 58.0, hole: 0.0 },
    Kind {
        words: &["chess", "figures", "pawns", "men"],
        profiles: &FIGURES,
        height: 142.0,
        radius: 40.0,
        hole: 0.0,
    },
];

/// What the title names.
pub(super) fn named(subject: &Subject<'_>) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| subject.names(kind.words))
}

/// A few of a kind. A printer lays all of them down together: none is further than the others.
pub(super) fn set(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>, material: &Material) {
    let any = &KINDS[dice.index(KINDS.len())];
    let kind = named(subject).unwrap_or(any);
    let places = places(dice, subject, kind);
    let room = if places.len() == FIVE.len() { 46.0 } else { 64.0 };
    let scale = (room / kind.radius).min(1.0);
    let mut profiles = kind.profiles.to_vec();
    dice.shuffle(&mut profiles);
    let palette = subject.palette;
    let layers = (1..100u32).take_while(|layer| f64::from(*layer) * STEP < kind.height).count();
    let printed = if dice.one_in(3) { layers * (60 + dice.index(16)) / 100 } else { usize::MAX };
    for (index, place) in places.iter().enumerate() {
        let profile = profiles.get(index % profiles.len().max(1)).copied().unwrap_or_default();
        let height = kind.height * dice.between(0.72, 1.0);
        let body = Body {
            foot: seen(*place, 0.0),
            plan: Plan::Round,
            layers: radii(profile, height)
                .into_iter()
                .map(|radius| (radius * kind.radius * scale, 0.0))
                .collect(),
            hole: kind.hole,
        };
        body.put(sheet, &format!("body{index}"), material, palette.ink, printed);
        if printed < body.layers.len() && index + 1 == places.len() {
            body.nozzle(sheet, palette.ink, palette.ground, printed);
        }
    }
}

/// As many as the title says; else as there is room for.
fn places(dice: &mut Dice, subject: &Subject<'_>, kind: &Kind) -> &'static [(f64, f64)] {
    if subject.names(&["three"]) {
        &THREE
    } else if subject.names(&["four"]) {
        &FOUR
    } else if subject.names(&["five"]) || kind.radius < 50.0 {
        &FIVE
    } else if dice.one_in(2) {
        &FOUR
    } else {
        &THREE
    }
}

/// The radius of each layer of a profile, its corners a little rounded.
fn radii(profile: Profile, height: f64) -> Vec<f64> {
    let heights = (0..100u32).map(|layer| f64::from(layer) * STEP / height).take_while(|share| *share <= 1.0);
    let sharp: Vec<f64> = heights.map(|share| radius_at(profile, share)).collect();
    let near = |layer: usize| sharp.get(layer).copied();
    (0..sharp.len())
        .map(|layer| {
            let here = near(layer).unwrap_or_default();
            let below = layer.checked_sub(1).and_then(near).unwrap_or(here);
            let above = near(layer + 1).unwrap_or(here);
            (below + here * 3.0 + above) / 5.0
        })
        .collect()
}

fn radius_at(profile: Profile, share: f64) -> f64 {
    let mut last = (0.0, 0.0);
    for &(height, radius) in profile {
        if height >= share {
            let along = if height > last.0 { (share - last.0) / (height - last.0) } else { 1.0 };
            return last.1 + (radius - last.1) * along;
        }
        last = (height, radius);
    }
    last.1
}
