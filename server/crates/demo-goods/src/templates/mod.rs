//! Things to build with: signs, patterns, palettes, tables of facts, pages to fill in.

mod icons;
mod ornaments;
mod tables;

pub use icons::{Hand, picture as icon_picture};

use crate::art::{self, Format, Motif, Palette};
use crate::draw::{picture, svg};
use crate::{GoodsError, archive};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    IconsLine,
    IconsThin,
    IconsBold,
    Palettes,
    Patterns,
    Ornaments,
    Wallpapers,
    Sun,
    Moon,
    Days,
    Lending,
    Letters,
    Resumes,
    Workbook,
}

/// A file's name, its media type, and what is in it.
pub type Made = (String, &'static str, Vec<u8>);

const ZIP: &str = "application/zip";
const CSV: &str = "text/csv";

impl Template {
    pub fn files(self, slug: &str) -> Result<Vec<Made>, GoodsError> {
        let zipped = |files: Vec<(String, Vec<u8>)>| -> Result<Vec<Made>, GoodsError> {
            let archive =
                archive::zip(files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))?;
            Ok(vec![(format!("{slug}.zip"), ZIP, archive)])
        };
        match self {
            Self::IconsLine => zipped(icons::pack(Hand::Line)),
            Self::IconsThin => zipped(icons::pack(Hand::Thin)),
            Self::IconsBold => zipped(icons::pack(Hand::Bold)),
            Self::Palettes => zipped(tables::palettes()),
            Self::Patterns => zipped(ornaments::patterns()),
            Self::Ornaments => zipped(ornaments::ornaments()),
            Self::Wallpapers => wallpapers(),
            Self::Sun => Ok(vec![
                (format!("{slug}.csv"), CSV, tables::sun()),
                ("read-me.txt".into(), "text/plain", tables::SUN_NOTES.into()),
            ]),
            Self::Moon => Ok(vec![
                (format!("{slug}.csv"), CSV, tables::moon()),
                ("read-me.txt".into(), "text/plain", tables::MOON_NOTES.into()),
            ]),
            Self::Days => Ok(vec![(format!("{slug}.csv"), CSV, tables::days())]),
            Self::Lending => lending(),
            Self::Letters => zipped(static_files(&LETTERS)),
            Self::Resumes => zipped(static_files(&RESUMES)),
            Self::Workbook => Ok(vec![(
                format!("{slug}.fods"),
                "application/vnd.oasis.opendocument.spreadsheet-flat-xml",
                tables::workbook(),
            )]),
        }
    }

    /// What a shop shows of it.
    pub fn picture(self) -> Option<String> {
        match self {
            Self::IconsLine => Some(icons::picture(Hand::Line)),
            Self::IconsThin => Some(icons::picture(Hand::Thin)),
            Self::IconsBold => Some(icons::picture(Hand::Bold)),
            Self::Patterns => Some(ornaments::patterns_picture()),
            Self::Ornaments => Some(ornaments::ornaments_picture()),
            Self::Wallpapers => {
                let (_, motif, palette) = WALLPAPERS[0];
                Some(svg::document(&art::picture(motif, palette, Format::Screen, "wall-1"), "Wallpaper"))
            }
            _ => None,
        }
    }
}

/// The library's tables, as the course on SQL uses them.
pub fn lending() -> Result<Vec<Made>, GoodsError> {
    Ok(tables::lending().into_iter().map(|(name, content)| (name, CSV, content)).collect())
}

const WALLPAPERS: [(&str, Motif, Palette); 5] = [
    ("hills", Motif::Hills, Palette::Winter),
    ("facets", Motif::Facets, Palette::Dusk),
    ("quarters", Motif::Quarters, Palette::Garden),
    ("sea", Motif::Tides, Palette::Harbour),
    ("boats", Motif::Boats, Palette::Clay),
];

fn wallpapers() -> Result<Vec<Made>, GoodsError> {
    WALLPAPERS
        .iter()
        .zip(1_u8..)
        .map(|((name, motif, palette), number)| {
            let page = art::picture(*motif, *palette, Format::Screen, &format!("wall-{number}"));
            Ok((format!("{name}-2560x1440.png"), "image/png", picture::png(&page, 2560, 110)?))
        })
        .collect()
}

type Static = (&'static str, &'static str);

fn static_files(files: &[Static]) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect()
}

const LETTERS: [Static; 5] = [
    ("receipt.html", include_str!("../../data/templates/letter-receipt.html")),
    ("welcome.html", include_str!("../../data/templates/letter-welcome.html")),
    ("reminder.html", include_str!("../../data/templates/letter-reminder.html")),
    ("news.html", include_str!("../../data/templates/letter-news.html")),
    ("read-me.txt", include_str!("../../data/templates/letter-notes.txt")),
];

const RESUMES: [Static; 3] = [
    ("one-column.html", include_str!("../../data/templates/resume-one.html")),
    ("two-columns.html", include_str!("../../data/templates/resume-two.html")),
    ("read-me.txt", include_str!("../../data/templates/resume-notes.txt")),
];
