//! What is cut out: cards, labels, boxes.

use super::sheet;
use crate::draw::path::Point;
use crate::draw::{Align, Colour, Face, Page, Path};

/// Cards for recipes, four to a sheet, in three designs.
pub fn cards() -> Vec<Page> {
    ["Recipe", "Preserve", "Bread"]
        .iter()
        .map(|kind| {
            let mut page = sheet(&format!("{kind} cards, to cut"));
            for number in 0..4 {
                let y = 78.0 + 182.0 * number as f32;
                page.stroke(Path::rect(40.0, y, 515.0, 172.0), Colour::GREY, 0.7);
                page.text((52.0, y + 20.0), Align::Left, Face::SerifBold, 13.0, kind);
                page.line((120.0, y + 22.0), (543.0, y + 22.0), Colour::GREY, 0.6);
                let labels: [&str; 3] = match *kind {
                    "Recipe" => ["For how many", "Minutes", "From whom"],
                    "Preserve" => ["Jars", "Made on", "Good until"],
                    _ => ["Flour", "Water", "Hours"],
                };
                for (column, label) in labels.iter().enumerate() {
                    page.coloured_text(
                        (52.0 + 166.0 * column as f32, y + 38.0),
                        Align::Left,
                        Face::Sans,
                        7.0,
                        Colour::GREY,
                        label,
                    );
                }
                for line in 0..7 {
                    let at = y + 56.0 + 17.0 * line as f32;
                    page.line((52.0, at), (210.0, at), Colour::PALE, 0.4);
                    page.line((224.0, at), (543.0, at), Colour::PALE, 0.4);
                }
            }
            page
        })
        .collect()
}

/// Labels for jars, spice tins and parcels.
pub fn labels() -> Vec<Page> {
    let mut round = sheet("Round, 60 mm, for jars");
    for number in 0..12 {
        let at = (128.0 + 170.0 * (number % 3) as f32, 172.0 + 178.0 * (number / 3) as f32);
        for (radius, width) in [(80.0, 1.4), (74.0, 0.5), (52.0, 0.5)] {
            round.stroke(Path::circle(at, radius), Colour::hex(0x0025_4d32), width);
        }
        round.text((at.0, at.1 - 20.0), Align::Centre, Face::SerifItalic, 11.0, "home made");
        round.line((at.0 - 44.0, at.1 + 6.0), (at.0 + 44.0, at.1 + 6.0), Colour::GREY, 0.5);
        round.line((at.0 - 30.0, at.1 + 28.0), (at.0 + 30.0, at.1 + 28.0), Colour::GREY, 0.5);
    }
    let spices = [
        "Allspice",
        "Bay",
        "Caraway",
        "Cardamom",
        "Chilli",
        "Cinnamon",
        "Cloves",
        "Coriander",
        "Cumin",
        "Dill",
        "Fennel",
        "Ginger",
        "Juniper",
        "Mace",
        "Marjoram",
        "Mustard",
        "Nutmeg",
        "Oregano",
        "Paprika",
        "Pepper",
        "Rosemary",
        "Saffron",
        "Sage",
        "Salt",
        "Sesame",
        "Star anise",
        "Sumac",
        "Thyme",
        "Turmeric",
        "Vanilla",
    ];
    let mut tins = sheet("Thirty spices");
    for (number, spice) in spices.iter().enumerate() {
        let at = (40.0 + 173.0 * (number % 3) as f32, 80.0 + 71.0 * (number / 3) as f32);
        tins.stroke(Path::rect(at.0, at.1, 165.0, 63.0), Colour::hex(0x0060_2f22), 1.2);
        tins.stroke(Path::rect(at.0 + 4.0, at.1 + 4.0, 157.0, 55.0), Colour::hex(0x0060_2f22), 0.4);
        tins.text((at.0 + 82.5, at.1 + 40.0), Align::Centre, Face::SerifBold, 22.0, spice);
    }
    let mut parcels = sheet("Parcels");
    for number in 0..4 {
        let y = 80.0 + 180.0 * number as f32;
        parcels.stroke(Path::rect(40.0, y, 515.0, 168.0), Colour::BLACK, 1.6);
        parcels.coloured_text((52.0, y + 18.0), Align::Left, Face::Sans, 8.0, Colour::GREY, "From");
        parcels.coloured_text((222.0, y + 48.0), Align::Left, Face::Sans, 8.0, Colour::GREY, "To");
        for line in 0..4 {
            let at = y + 66.0 + 24.0 * line as f32;
            parcels.line((222.0, at), (540.0, at), Colour::GREY, 0.6);
            parcels.line(
                (52.0, y + 34.0 + 16.0 * line as f32),
                (190.0, y + 34.0 + 16.0 * line as f32),
                Colour::PALE,
                0.5,
            );
        }
    }
    vec![round, tins, parcels]
}

/// Boxes from one sheet each: full lines are cut, broken ones folded.
pub fn boxes() -> Vec<Page> {
    [
        ("Cube, 50 mm", 50.0, 50.0, 50.0),
        ("Cube, 35 mm", 35.0, 35.0, 35.0),
        ("For a candle, 35 by 35 by 75 mm", 35.0, 35.0, 75.0),
        ("Flat, 70 by 45 by 20 mm", 70.0, 45.0, 20.0),
        ("For tea, 45 by 25 by 70 mm", 45.0, 25.0, 70.0),
        ("For a ring, 30 by 30 by 25 mm", 30.0, 30.0, 25.0),
    ]
    .iter()
    .map(|(name, wide, deep, tall)| {
        let mm = 72.0 / 25.4;
        carton(name, wide * mm, deep * mm, tall * mm)
    })
    .collect()
}

fn carton(name: &str, wide: f32, deep: f32, tall: f32) -> Page {
    let mut page = Page::new(842.0, 595.0);
    page.text((40.0, 58.0), Align::Left, Face::SansBold, 18.0, name);
    let flap = 12.0 * 72.0 / 25.4 * 0.6;
    let (left, top) = (46.0, 92.0 + deep + flap);
    let widths = [wide, deep, wide, deep];
    let mut x = left;
    let (mut cut, mut fold) = (Path::default(), Vec::new());
    for (number, panel) in widths.iter().enumerate() {
        let right = x + panel;
        if number % 2 == 0 {
            // A lid above the first, a floor below it; the other broad side has none.
            if number == 0 {
                for (edge, sign) in [(top, -1.0), (top + tall, 1.0)] {
                    cut.add_polyline(&[
                        (x, edge),
                        (x, edge + sign * deep),
                        (x + 5.0, edge + sign * (deep + flap)),
                        (right - 5.0, edge + sign * (deep + flap)),
                        (right, edge + sign * deep),
                        (right, edge),
                    ]);
                    fold.extend([
                        ((x, edge), (right, edge)),
                        ((x, edge + sign * deep), (right, edge + sign * deep)),
                    ]);
                }
            } else {
                cut.add_polyline(&[(x, top), (right, top)]);
                cut.add_polyline(&[(x, top + tall), (right, top + tall)]);
            }
        } else {
            for (edge, sign) in [(top, -1.0), (top + tall, 1.0)] {
                let reach = sign * wide.min(deep) * 0.45;
                cut.add_polyline(&[
                    (x, edge),
                    (x + 5.0, edge + reach),
                    (right - 5.0, edge + reach),
                    (right, edge),
                ]);
                fold.push(((x, edge), (right, edge)));
            }
        }
        fold.push(((right, top), (right, top + tall)));
        x = right;
    }
    cut.add_polyline(&[(left, top), (left, top + tall)]);
    cut.add_polyline(&[(x, top), (x + flap, top + 6.0), (x + flap, top + tall - 6.0), (x, top + tall)]);
    page.stroke(cut, Colour::BLACK, 1.0);
    for (from, to) in fold {
        dashed(&mut page, from, to);
    }
    page.text(
        (40.0, 76.0),
        Align::Left,
        Face::Sans,
        9.0,
        "Cut along full lines, fold along broken ones, glue the strip at the right. Card of 200 to 300 g.",
    );
    page
}

fn dashed(page: &mut Page, from: Point, to: Point) {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let count = (length / 7.0).max(1.0) as usize;
    let mut path = Path::default();
    let at = |part: f32| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
    for number in 0..count {
        let part = number as f32 / count as f32;
        path.add_polyline(&[at(part), at(part + 0.55 / count as f32)]);
    }
    page.stroke(path, Colour::GREY, 0.7);
}
