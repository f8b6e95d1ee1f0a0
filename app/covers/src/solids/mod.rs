//! Models to print: a body on the plate that it grows on, with a title block as on a working drawing.

mod faceted;
mod layered;
mod turned;

use super::Subject;
use super::dice::Dice;
use super::lettering::{SANS, Style, fit};
use super::palette::{self, darker};
use super::sheet::{SIDE, Sheet};

/// Everything above is for the picture.
const BLOCK: f64 = 402.0;
/// The middle of the plate and half its size, as it is seen.
const PLATE: (f64, f64) = (300.0, 272.0);
const HALF: (f64, f64) = (250.0, 112.0);
/// What is round lies this flat, and what is upright keeps this much.
const FLAT: f64 = HALF.1 / HALF.0;
const UPRIGHT: f64 = 0.894;

/// Places on the plate for so many bodies, from the back to the front.
const THREE: [(f64, f64); 3] = [(-0.62, 0.42), (0.42, -0.62), (0.3, 0.3)];
const FOUR: [(f64, f64); 4] = [(-0.52, -0.28), (-0.62, 0.46), (0.46, -0.62), (0.56, 0.3)];
const FIVE: [(f64, f64); 5] = [(-0.44, -0.44), (-0.74, 0.5), (0.5, -0.74), (0.08, 0.74), (0.74, 0.08)];

type Motif = fn(&mut Sheet, &mut Dice, &Subject<'_>, &Material);

/// What a body is made of: as it is, in the light, in the shade.
struct Material {
    color: &'static str,
    top: String,
    edge: String,
    dark: String,
}

impl Material {
    fn of(color: &'static str) -> Self {
        Self { color, top: darker(color, -0.3), edge: darker(color, 0.3), dark: darker(color, 0.6) }
    }
}

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    axes(sheet, subject);
    plate(sheet, subject);
    let color = another(dice, subject, palette.ink);
    motif(dice, subject)(sheet, dice, subject, &Material::of(color));
    block(sheet, subject);
}

/// A colour for a body besides one that is `taken`.
fn another(dice: &mut Dice, subject: &Subject<'_>, taken: &str) -> &'static str {
    let palette = subject.palette;
    let mut colors = palette::seen(&palette.accents(), palette.ground);
    colors.retain(|color| *color != taken);
    if colors.is_empty() { palette.ink } else { dice.pick_color(&colors) }
}

/// The title says what it is; else the dice do.
fn motif(dice: &mut Dice, subject: &Subject<'_>) -> Motif {
    const NAMED: [(&[&str], Motif); 7] = [
        (&["gear", "gears", "cog", "cogs", "wheels"], layered::gears),
        (&["box", "boxes", "lid", "lids", "case", "cases", "trays"], layered::boxes),
        (&["coaster", "coasters", "tiles", "badges"], layered::coasters),
        (&["hook", "hooks", "bracket", "brackets", "clips"], layered::hooks),
        (&["lamp", "lampshade", "lampshades", "shades", "fluted"], layered::fluted),
        (&["country", "terrain", "landscape", "hills", "mountain", "mountains", "islands"], faceted::country),
        (&["bodies", "body", "dice", "solids", "polyhedra", "crystals"], faceted::bodies),
    ];
    const ANY: [Motif; 6] =
        [turned::set, layered::fluted, layered::gears, layered::boxes, faceted::bodies, faceted::country];
    if let Some((_, motif)) = NAMED.iter().find(|(words, _)| subject.names(words)) {
        *motif
    } else if turned::named(subject).is_some() {
        turned::set
    } else {
        *dice.pick(&ANY)
    }
}

/// A point of the plate, whose sides go from -1 to 1, as it is seen.
fn seen((x, y): (f64, f64), height: f64) -> (f64, f64) {
    (PLATE.0 + (x - y) * HALF.0 / 2.0, PLATE.1 + (x + y) * HALF.1 / 2.0 - height)
}

fn plate(sheet: &mut Sheet, subject: &Subject<'_>) {
    let ink = subject.palette.ink;
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|corner| seen(corner, 0.0));
    let [_, right, near, left] = corners;
    let down = |(x, y): (f64, f64)| (x, y + 11.0);
    sheet.polygon(&[left, near, right, down(right), down(near), down(left)], ink);
    sheet.polygon(&corners, subject.palette.ground);
    sheet.add(format_args!(r#"<g stroke-opacity="0.45">"#));
    for line in 0..=8u32 {
        let along = f64::from(line) / 4.0 - 1.0;
        let width = if line % 8 == 0 { 4.0 } else { 1.6 };
        sheet.line(seen((along, -1.0), 0.0), seen((along, 1.0), 0.0), ink, width);
        sheet.line(seen((-1.0, along), 0.0), seen((1.0, along), 0.0), ink, width);
    }
    sheet.add(format_args!("</g>"));
}

/// Which way is up.
fn axes(sheet: &mut Sheet, subject: &Subject<'_>) {
    let palette = subject.palette;
    let (x, y) = (70.0, 92.0);
    let colors = palette.seen_on(palette.ground);
    for (index, to) in [(x, y - 42.0), (x + 36.0, y + 17.0), (x - 24.0, y + 17.0)].into_iter().enumerate() {
        let color = colors.get(index).copied().unwrap_or(palette.ink);
        sheet.line((x, y), to, color, 5.0);
        sheet.circle(to.0, to.1, 6.0, color);
    }
    sheet.circle(x, y, 6.0, palette.ink);
}

/// Title and creator in their box.
fn block(sheet: &mut Sheet, subject: &Subject<'_>) {
    let ink = subject.palette.ink;
    sheet.add(format_args!(
        r#"<path d="M24 24H576V576H24zM24 {BLOCK}H576" fill="none" stroke="{ink}" stroke-width="3"/>"#
    ));
    let style = Style::new(SANS, 800, ink);
    let title = fit(subject.title, style, 508, 2, &[54, 48, 42, 36, 32]);
    let capital = f64::from(title.size) * 0.72;
    let room = SIDE - 24.0 - BLOCK;
    let first = BLOCK + (room - capital - title.depth() - 38.0) / 2.0 + capital;
    let last = title.put(sheet, 46.0, first, style);
    let style = Style { weight: 500, ..style };
    fit(subject.creator, style, 500, 1, &[27, 24, 20]).put(sheet, 47.0, last + 38.0, style);
}
