//! Patterns and paper: the first sheet of the stack, with a corner folded over.

mod handwork;
mod plans;
mod puzzles;
mod ruled;

use super::Subject;
use super::dice::Dice;
use super::lettering::{SERIF, Style, fit};
use super::sheet::{SIDE, Sheet};

const PAPER: &str = "#fdfbf5";
const INK: &str = "#23262d";
/// Lines that one writes over.
const FAINT: &str = "#b9bec6";
/// The sheet's edges; it goes on below the picture.
const LEFT: f64 = 58.0;
const RIGHT: f64 = 542.0;
const TOP: f64 = 28.0;
const FOLD: f64 = 56.0;

/// Where something is printed, and in which colours besides `INK`.
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    colors: Vec<&'static str>,
}

impl Area {
    fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The colours go round.
    fn color(&self, index: usize) -> &'static str {
        index.checked_rem(self.colors.len()).map_or(INK, |index| self.colors[index])
    }
}

type Motif = fn(&mut Sheet, &mut Dice, &Subject<'_>, &Area);

pub(super) fn draw(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    sheet.fill(palette.ground);
    stack(sheet, dice, subject);
    let top = words(sheet, subject);
    let mut colors = palette.seen_on(PAPER);
    colors.truncate(3);
    let area = Area { left: LEFT + 42.0, top, right: RIGHT - 42.0, bottom: SIDE, colors };
    motif(dice, subject)(sheet, dice, subject, &area);
}

/// The title says what is on the sheet; else the dice do.
fn motif(dice: &mut Dice, subject: &Subject<'_>) -> Motif {
    const NAMED: [(&[&str], Motif); 14] = [
        (&["sudoku", "sudokus", "numbers"], puzzles::sudoku),
        (&["maze", "mazes", "labyrinth", "labyrinths"], puzzles::maze),
        (&["word", "words", "letters", "crossword", "crosswords"], puzzles::letters),
        (&["habit", "habits", "tracker"], ruled::habits),
        (&["calendar", "calendars", "month", "months", "year"], ruled::calendar),
        (&["garden", "gardens", "beds"], plans::beds),
        (&["money", "household", "budget", "accounts", "list", "lists"], plans::ledger),
        (&["day", "days", "hours"], plans::day),
        (&["week", "weeks", "planner", "diary"], plans::week),
        (&["lines", "nib", "handwriting", "squared", "ruled", "graph", "dots", "grid"], ruled::rulings),
        (&["stave", "staves", "music", "guitar"], ruled::staves),
        (&["knitting", "stitch", "samplers", "embroidery", "beads"], handwork::stitches),
        (&["quilt", "quilts", "patchwork", "tiles"], handwork::quilt),
        (&["box", "boxes", "folded", "fold", "cut", "cutouts"], handwork::net),
    ];
    const ANY: [Motif; 10] = [
        puzzles::sudoku,
        puzzles::maze,
        puzzles::dots,
        ruled::calendar,
        ruled::habits,
        plans::day,
        plans::week,
        ruled::rulings,
        handwork::stitches,
        handwork::quilt,
    ];
    const PLAY: [Motif; 2] = [puzzles::dots, puzzles::maze];
    if let Some((_, motif)) = NAMED.iter().find(|(words, _)| subject.names(words)) {
        *motif
    } else if subject.names(&["rainy", "afternoon", "games", "play", "puzzles"]) {
        *dice.pick(&PLAY)
    } else {
        *dice.pick(&ANY)
    }
}

/// The sheets below lie askew; of the first one the corner shows its back.
fn stack(sheet: &mut Sheet, dice: &mut Dice, subject: &Subject<'_>) {
    let palette = subject.palette;
    let lean = dice.between(2.5, 6.0) * if dice.one_in(2) { 1.0 } else { -1.0 };
    for (turn, color) in [(lean, palette.first), (-lean * 0.55, palette.second)] {
        // Their colours may be close to the ground's, so a shadow sets them off.
        sheet.add(format_args!(
            r##"<g transform="rotate({turn:.1} 300 330)"><rect x="{:.0}" y="{:.0}" width="484" height="640" fill="#000000" fill-opacity="0.2"/><rect x="{LEFT}" y="{TOP}" width="484" height="640" fill="{color}"/></g>"##,
            LEFT + 6.0,
            TOP + 7.0
        ));
    }
    let (corner, fold) = (RIGHT - FOLD, TOP + FOLD);
    sheet.add(format_args!(
        r##"<path d="M{:.0} {:.0}H{:.0}V620H{:.0}z" fill="#000000" fill-opacity="0.22"/>"##,
        LEFT + 5.0,
        TOP + 6.0,
        RIGHT + 5.0,
        LEFT + 5.0
    ));
    sheet.polygon(&[(LEFT, TOP), (corner, TOP), (RIGHT, fold), (RIGHT, 620.0), (LEFT, 620.0)], PAPER);
    sheet.add(format_args!(
        r##"<path d="M{corner:.0} {TOP}V{:.0}Q{corner:.0} {fold:.0} {:.0} {fold:.0}H{RIGHT}z" fill="{}"/><path d="M{corner:.0} {TOP}V{:.0}Q{corner:.0} {fold:.0} {:.0} {fold:.0}H{RIGHT}z" fill="#000000" fill-opacity="0.1"/>"##,
        fold - 10.0,
        corner + 10.0,
        palette.third,
        fold - 10.0,
        corner + 10.0
    ));
}

/// Returns where something can be printed.
fn words(sheet: &mut Sheet, subject: &Subject<'_>) -> f64 {
    let style = Style::new(SERIF, 700, INK);
    let title = fit(subject.title, style, 384, 2, &[70, 64, 58, 53, 48, 44, 40, 36, 32]);
    let last = title.put(sheet, LEFT + 40.0, TOP + 34.0 + f64::from(title.size) * 0.76, style);
    let style = Style { weight: 400, ..style }.italic();
    let last = fit(subject.creator, style, 400, 1, &[28, 25, 22]).put(sheet, LEFT + 41.0, last + 42.0, style);
    sheet.rect(LEFT + 42.0, last + 22.0, RIGHT - LEFT - 84.0, 3.0, INK);
    last + 50.0
}
