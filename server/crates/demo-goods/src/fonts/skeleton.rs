//! The middle of each letter's strokes, as `data/fonts/skeleton.txt` has it, and the letters with marks.

use crate::draw::path::Point;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../data/fonts/skeleton.txt");

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stroke {
    Line(Point, Point),
    Curve(Point, Point, Point, Point),
    Dot(Point),
}

/// A letter: its strokes by the run of the pen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Letter {
    pub width: f32,
    pub runs: Vec<Vec<Stroke>>,
}

/// Letters with a mark above or below: the letter, what it is made of, and the mark.
const MARKED: &str = "ÀA` ÁA´ ÂAˆ ÃA˜ ÄA¨ ÅA˚ ÇC¸ ÈE` ÉE´ ÊEˆ ËE¨ ÌI` ÍI´ ÎIˆ ÏI¨ ÑN˜ ÒO` ÓO´ ÔOˆ ÕO˜ ÖO¨ ÙU` ÚU´ ÛUˆ ÜU¨ \
    ÝY´ àa` áa´ âaˆ ãa˜ äa¨ åa˚ çc¸ èe` ée´ êeˆ ëe¨ ìı` íı´ îıˆ ïı¨ ñn˜ òo` óo´ ôoˆ õo˜ öo¨ ùu` úu´ ûuˆ üu¨ ýy´ ÿy¨";

/// Marks as they stand over a small letter; their own width comes first.
const MARKS: [(char, &str); 8] = [
    ('`', "1.2 M0,7.1 L1.2,5.9"),
    ('´', "1.2 M1.2,7.1 L0,5.9"),
    ('ˆ', "2 M0,5.9 L1,7.1 L2,5.9"),
    ('˜', "2.4 M0,6.1 c0.5,7.4 1,6.9 1.2,6.6 c1.5,6.1 2,6 2.4,7"),
    ('¨', "2 D0,6.6 D2,6.6"),
    ('˚', "1.3 M0,6.7 u0.65,7.4 r1.3,6.7 u0.65,6 r0,6.7 Z"),
    ('¸', "1.4 M0.8,0 L0.7,-0.6 r1.4,-1.3 u0.7,-2 L0,-1.9"),
    ('ı', "0 M0,5 L0,0"),
];

/// Every letter that the faces have.
pub fn letters() -> &'static BTreeMap<char, Letter> {
    static LETTERS: OnceLock<BTreeMap<char, Letter>> = OnceLock::new();
    LETTERS.get_or_init(read)
}

fn read() -> BTreeMap<char, Letter> {
    let mut letters: BTreeMap<char, Letter> = SOURCE
        .lines()
        .filter(|line| !line.starts_with("// ") && !line.is_empty())
        .filter_map(|line| {
            let mut characters = line.chars();
            Some((characters.next()?, parse(characters.as_str())))
        })
        .collect();
    let marks: BTreeMap<char, Letter> = MARKS.iter().map(|(mark, source)| (*mark, parse(source))).collect();
    for word in MARKED.split_whitespace() {
        let parts: Vec<char> = word.chars().collect();
        let [name, base, mark] = parts[..] else { continue };
        let (Some(base_letter), Some(mark_letter)) =
            (letters.get(&base).or_else(|| marks.get(&base)), marks.get(&mark))
        else {
            continue;
        };
        let up = if base.is_uppercase() && mark != '¸' { 2.0 } else { 0.0 };
        let across = (base_letter.width - mark_letter.width) / 2.0;
        let mut letter = base_letter.clone();
        let moved = mark_letter.runs.iter().map(|run| {
            run.iter().map(|stroke| stroke.map(|(x, y)| (x + across, y + up))).collect::<Vec<Stroke>>()
        });
        letter.runs.extend(moved);
        letters.insert(name, letter);
    }
    letters
}

impl Stroke {
    pub fn map(self, place: impl Fn(Point) -> Point) -> Self {
        match self {
            Self::Line(from, to) => Self::Line(place(from), place(to)),
            Self::Curve(from, a, b, to) => Self::Curve(place(from), place(a), place(b), place(to)),
            Self::Dot(at) => Self::Dot(place(at)),
        }
    }
}

/// How far the control points of a quarter reach; a circle's would be 0.55, and letters are a little fuller.
const QUARTER: f32 = 0.6;

fn parse(source: &str) -> Letter {
    let mut words = source.split_whitespace();
    let width = words.next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
    let mut letter = Letter { width, runs: Vec::new() };
    let mut at = (0.0, 0.0);
    let mut run = Vec::new();
    while let Some(word) = words.next() {
        let command = word.chars().next().unwrap_or('Z');
        let to = point(&word[1..]);
        match command {
            'M' => letter.runs.push(std::mem::take(&mut run)),
            'L' => run.push(Stroke::Line(at, to)),
            'u' => run.push(Stroke::Curve(
                at,
                (at.0, at.1 + (to.1 - at.1) * QUARTER),
                (to.0 - (to.0 - at.0) * QUARTER, to.1),
                to,
            )),
            'r' => run.push(Stroke::Curve(
                at,
                (at.0 + (to.0 - at.0) * QUARTER, at.1),
                (to.0, to.1 - (to.1 - at.1) * QUARTER),
                to,
            )),
            'c' => {
                let second = words.next().map_or(to, point);
                let end = words.next().map_or(to, point);
                run.push(Stroke::Curve(at, to, second, end));
                at = end;
                continue;
            }
            'D' => letter.runs.push(vec![Stroke::Dot(to)]),
            _ => continue,
        }
        at = to;
    }
    letter.runs.push(run);
    letter.runs.retain(|run| !run.is_empty());
    letter
}

fn point(word: &str) -> Point {
    let (x, y) = word.split_once(',').unwrap_or((word, "0"));
    (x.parse().unwrap_or(0.0), y.parse().unwrap_or(0.0))
}
