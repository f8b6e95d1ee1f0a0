//! Sudoku: squares with exactly one answer.

use super::{grid, sheet};
use crate::draw::{Align, Colour, Face, Page};
use crate::random::Random;

type Square = [u8; 81];

/// Two puzzles to a page, then the answers, six to a page.
pub fn pages(name: &str, count: usize, given: usize) -> Vec<Page> {
    let mut random = Random::named(name);
    let puzzles: Vec<(Square, Square)> = (0..count).map(|_| puzzle(&mut random, given)).collect();
    let mut pages = Vec::new();
    for (number, pair) in puzzles.chunks(2).enumerate() {
        let mut page = sheet(&format!("Puzzles {} and {}", number * 2 + 1, number * 2 + 2));
        for (place, (square, _)) in pair.iter().enumerate() {
            draw(&mut page, square, (130.0, 80.0 + 368.0 * place as f32), 37.0);
        }
        pages.push(page);
    }
    for (number, six) in puzzles.chunks(6).enumerate() {
        let mut page = sheet("Answers");
        for (place, (_, answer)) in six.iter().enumerate() {
            let at = (60.0 + 250.0 * (place % 2) as f32, 96.0 + 240.0 * (place / 2) as f32);
            let label = format!("{}", number * 6 + place + 1);
            page.text((at.0, at.1 - 5.0), Align::Left, Face::Sans, 9.0, &label);
            draw(&mut page, answer, at, 22.0);
        }
        pages.push(page);
    }
    pages
}

fn draw(page: &mut Page, square: &Square, at: (f32, f32), cell: f32) {
    grid(page, at, (cell, cell), 9, 9, 0.5);
    for block in 0..9 {
        let (x, y) = (at.0 + cell * 3.0 * (block % 3) as f32, at.1 + cell * 3.0 * (block / 3) as f32);
        page.stroke(crate::draw::Path::rect(x, y, cell * 3.0, cell * 3.0), Colour::BLACK, cell / 20.0);
    }
    for (index, digit) in square.iter().enumerate().filter(|(_, digit)| **digit > 0) {
        let x = at.0 + cell * ((index % 9) as f32 + 0.5);
        let y = at.1 + cell * ((index / 9) as f32 + 0.7);
        page.text((x, y), Align::Centre, Face::Sans, cell * 0.55, &digit.to_string());
    }
}

/// A square and its answer: a full one from which numbers are taken while the answer stays the only one.
fn puzzle(random: &mut Random, given: usize) -> (Square, Square) {
    let answer = full(random);
    let mut square = answer;
    let mut order: Vec<usize> = (0..81).collect();
    random.shuffle(&mut order);
    let mut left = 81;
    for index in order {
        if left <= given {
            break;
        }
        let digit = std::mem::take(&mut square[index]);
        // Another digit here must lead nowhere.
        let mask = free(&square, index) & !(1 << digit);
        let other = (1..=9_u8).filter(|other| mask & (1 << other) != 0).any(|other| {
            let mut trial = square;
            trial[index] = other;
            solve(&mut trial)
        });
        if other {
            square[index] = digit;
        } else {
            left -= 1;
        }
    }
    (square, answer)
}

/// A pattern that is always right, with rows, columns and digits mixed within their bands.
fn full(random: &mut Random) -> Square {
    let mut lines = |_: u8| -> Vec<usize> {
        let mut bands = [0, 1, 2];
        random.shuffle(&mut bands);
        bands
            .iter()
            .flat_map(|band| {
                let mut inner = [0, 1, 2];
                random.shuffle(&mut inner);
                inner.map(|line| band * 3 + line)
            })
            .collect()
    };
    let (rows, columns) = (lines(0), lines(1));
    let mut digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    random.shuffle(&mut digits);
    std::array::from_fn(|index| {
        let (row, column) = (rows[index / 9], columns[index % 9]);
        digits[(row * 3 + row / 3 + column) % 9]
    })
}

/// The digits that a cell may have, as bits.
fn free(square: &Square, index: usize) -> u16 {
    let (row, column) = (index / 9, index % 9);
    let corner = row / 3 * 27 + column / 3 * 3;
    let mut taken = 0_u16;
    for step in 0..9 {
        for place in [row * 9 + step, step * 9 + column, corner + step / 3 * 9 + step % 3] {
            taken |= 1 << square[place];
        }
    }
    !taken & 0b11_1111_1110
}

/// Fills the square if it can be filled; the cell with the fewest choices first.
fn solve(square: &mut Square) -> bool {
    let open = (0..81).filter(|index| square[*index] == 0);
    let Some((index, mask)) =
        open.map(|index| (index, free(square, index))).min_by_key(|(_, mask)| mask.count_ones())
    else {
        return true;
    };
    for digit in 1..=9_u8 {
        if mask & (1 << digit) != 0 {
            square[index] = digit;
            if solve(square) {
                return true;
            }
        }
    }
    square[index] = 0;
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(square: &mut Square, found: &mut Vec<Square>) {
        if found.len() > 1 {
            return;
        }
        let Some(index) =
            (0..81).filter(|index| square[*index] == 0).min_by_key(|index| free(square, *index).count_ones())
        else {
            found.push(*square);
            return;
        };
        let mask = free(square, index);
        for digit in (1..=9).filter(|digit| mask & (1 << digit) != 0) {
            square[index] = digit;
            answers(square, found);
        }
        square[index] = 0;
    }

    #[test]
    fn a_puzzle_has_the_answer_that_is_printed_and_no_other() {
        let mut random = Random::new(1);
        for given in [40, 30, 26] {
            let (mut square, answer) = puzzle(&mut random, given);
            let mut found = Vec::new();
            answers(&mut square, &mut found);
            assert_eq!(found, [answer]);
        }
    }
}
