//! Word searches.

use super::{Theme, sheet};
use crate::draw::{Align, Colour, Face, Page, Path};
use crate::random::Random;

const SIZE: usize = 16;
const WAYS: [(isize, isize); 8] = [(1, 0), (0, 1), (1, 1), (1, -1), (-1, 0), (0, -1), (-1, -1), (-1, 1)];

struct Puzzle {
    letters: Vec<char>,
    /// Where words begin and end.
    places: Vec<(usize, usize)>,
    words: Vec<String>,
}

pub fn pages(name: &str, themes: &[Theme]) -> Vec<Page> {
    let mut random = Random::named(name);
    let puzzles: Vec<Puzzle> = themes.iter().map(|theme| puzzle(&mut random, theme)).collect();
    let mut pages = Vec::new();
    for (theme, puzzle) in themes.iter().zip(&puzzles) {
        let mut page = sheet(&theme.name);
        draw(&mut page, puzzle, (58.0, 84.0), 30.0, false);
        for (number, word) in puzzle.words.iter().enumerate() {
            let at = (62.0 + 122.0 * (number % 4) as f32, 602.0 + 22.0 * (number / 4) as f32);
            page.text(at, Align::Left, Face::Sans, 11.0, &word.to_uppercase());
        }
        pages.push(page);
    }
    for (six, names) in puzzles.chunks(6).zip(themes.chunks(6)) {
        let mut page = sheet("Answers");
        for (place, (puzzle, theme)) in six.iter().zip(names).enumerate() {
            let at = (60.0 + 250.0 * (place % 2) as f32, 96.0 + 240.0 * (place / 2) as f32);
            page.text((at.0, at.1 - 5.0), Align::Left, Face::Sans, 9.0, &theme.name);
            draw(&mut page, puzzle, at, 13.2, true);
        }
        pages.push(page);
    }
    pages
}

fn puzzle(random: &mut Random, theme: &Theme) -> Puzzle {
    let mut net: Vec<Option<char>> = vec![None; SIZE * SIZE];
    let (mut places, mut words) = (Vec::new(), Vec::new());
    for word in &theme.words {
        let letters: Vec<char> =
            word.to_uppercase().chars().filter(|letter| letter.is_alphabetic()).collect();
        // A place where it fits; a word that finds none is not in the list either.
        for _ in 0..600 {
            let (dx, dy) = random.pick(&WAYS);
            let (x, y) = (random.below(SIZE) as isize, random.below(SIZE) as isize);
            let reach = letters.len() as isize - 1;
            let inside = |value: isize| (0..SIZE as isize).contains(&value);
            if !inside(x + dx * reach) || !inside(y + dy * reach) {
                continue;
            }
            let cell = |step: usize| {
                let step = step as isize;
                ((y + dy * step) * SIZE as isize + x + dx * step) as usize
            };
            if letters
                .iter()
                .enumerate()
                .all(|(step, letter)| net[cell(step)].is_none_or(|there| there == *letter))
            {
                for (step, letter) in letters.iter().enumerate() {
                    net[cell(step)] = Some(*letter);
                }
                places.push((cell(0), cell(letters.len() - 1)));
                words.push(word.clone());
                break;
            }
        }
    }
    let filling: Vec<char> =
        theme.words.iter().flat_map(|word| word.to_uppercase().chars().collect::<Vec<_>>()).collect();
    let letters = net.into_iter().map(|letter| letter.unwrap_or_else(|| random.pick(&filling))).collect();
    Puzzle { letters, places, words }
}

fn draw(page: &mut Page, puzzle: &Puzzle, at: (f32, f32), cell: f32, answer: bool) {
    let middle = |index: usize| {
        (at.0 + cell * ((index % SIZE) as f32 + 0.5), at.1 + cell * ((index / SIZE) as f32 + 0.5))
    };
    if answer {
        for (from, to) in &puzzle.places {
            page.stroke(Path::line(middle(*from), middle(*to)), Colour::hex(0x00f2_c879), cell * 0.75);
        }
    }
    for (index, letter) in puzzle.letters.iter().enumerate() {
        let (x, y) = middle(index);
        page.text((x, y + cell * 0.2), Align::Centre, Face::Sans, cell * 0.55, &letter.to_string());
    }
}
