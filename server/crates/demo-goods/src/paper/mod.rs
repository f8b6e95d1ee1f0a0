//! Sheets to print: puzzles with their answers, planners, ruled papers, patterns.

mod calendar;
mod craft;
mod cut_out;
mod maze;
mod planner;
mod ruled;
mod sudoku;
mod words;

pub(crate) use calendar::{day_number, length as month_length};

use crate::draw::{Align, Colour, Face, Page};
use serde::Deserialize;

/// What the sheets are.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Paper {
    /// So many squares, each with so many numbers given, and the answers.
    Sudoku {
        count: usize,
        given: usize,
    },
    /// Square mazes of growing size.
    Mazes {
        count: usize,
    },
    /// Round ones.
    RoundMazes {
        count: usize,
    },
    /// A page for each theme.
    WordSearch {
        themes: Vec<Theme>,
    },
    /// Twelve months; `year` as in the calendar.
    Calendar {
        year: i32,
    },
    Week,
    Day,
    Habits,
    Budget,
    Garden,
    Meals,
    Reading,
    Travel,
    /// Twelve kinds of squared, dotted and slanted paper.
    Graph,
    /// Staves, tablature, chord boxes.
    Music,
    /// Lines for learning to write.
    Handwriting,
    /// Charts for needles.
    Knitting,
    CrossStitch,
    Quilt,
    /// Figures to fill in.
    Colouring {
        count: usize,
    },
    Mandalas {
        count: usize,
    },
    /// Boxes to cut and fold.
    Boxes,
    Cards,
    Labels,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub name: String,
    pub words: Vec<String>,
}

impl Paper {
    pub fn pages(&self, name: &str, title: &str, maker: &str) -> Vec<Page> {
        let mut pages = match self {
            Self::Sudoku { count, given } => sudoku::pages(name, *count, *given),
            Self::Mazes { count } => maze::square_pages(name, *count),
            Self::RoundMazes { count } => maze::round_pages(name, *count),
            Self::WordSearch { themes } => words::pages(name, themes),
            Self::Calendar { year } => calendar::pages(*year),
            Self::Week => planner::weeks(),
            Self::Day => planner::days(),
            Self::Habits => planner::habits(),
            Self::Budget => planner::budget(),
            Self::Garden => planner::garden(),
            Self::Meals => planner::meals(),
            Self::Reading => planner::reading(),
            Self::Travel => planner::travel(),
            Self::Graph => ruled::graph(),
            Self::Music => ruled::music(),
            Self::Handwriting => ruled::handwriting(),
            Self::Knitting => craft::knitting(name),
            Self::CrossStitch => craft::cross_stitch(name),
            Self::Quilt => craft::quilt(name),
            Self::Colouring { count } => craft::colouring(name, *count),
            Self::Mandalas { count } => craft::mandalas(name, *count),
            Self::Boxes => cut_out::boxes(),
            Self::Cards => cut_out::cards(),
            Self::Labels => cut_out::labels(),
        };
        let count = pages.len();
        for (number, page) in pages.iter_mut().enumerate() {
            let foot = format!("{title}  ·  {maker}");
            page.coloured_text((40.0, page.height - 24.0), Align::Left, Face::Sans, 7.0, Colour::GREY, &foot);
            let place = format!("{} of {count}", number + 1);
            page.coloured_text(
                (page.width - 40.0, page.height - 24.0),
                Align::Right,
                Face::Sans,
                7.0,
                Colour::GREY,
                &place,
            );
        }
        pages
    }
}

/// A sheet with a heading.
fn sheet(heading: &str) -> Page {
    let mut page = Page::a4();
    page.text((40.0, 58.0), Align::Left, Face::SansBold, 18.0, heading);
    page
}

/// A net of cells.
fn grid(page: &mut Page, at: (f32, f32), cell: (f32, f32), columns: usize, rows: usize, width: f32) {
    let (wide, tall) = (cell.0 * columns as f32, cell.1 * rows as f32);
    let mut path = crate::draw::Path::default();
    for column in 0..=columns {
        let x = at.0 + cell.0 * column as f32;
        path.add_polyline(&[(x, at.1), (x, at.1 + tall)]);
    }
    for row in 0..=rows {
        let y = at.1 + cell.1 * row as f32;
        path.add_polyline(&[(at.0, y), (at.0 + wide, y)]);
    }
    page.stroke(path, Colour::GREY, width);
}
