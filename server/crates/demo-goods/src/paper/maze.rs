//! Mazes with one way through, square and round.

use super::sheet;
use crate::draw::path::Point;
use crate::draw::{Align, Colour, Face, Page, Path};
use crate::random::Random;
use std::f32::consts::TAU;

/// Which cells of a net have a way to which.
struct Maze {
    columns: usize,
    rows: usize,
    /// Columns of a round maze come back to their beginning.
    round: bool,
    /// For each cell: is the way to the next column open, and the one to the next row.
    open: Vec<[bool; 2]>,
}

impl Maze {
    /// A walk that goes back when it is stuck: each cell is reached once.
    fn new(random: &mut Random, columns: usize, rows: usize, round: bool) -> Self {
        let mut maze = Self { columns, rows, round, open: vec![[false; 2]; columns * rows] };
        let mut seen = vec![false; columns * rows];
        let mut way = vec![0];
        seen[0] = true;
        while let Some(&cell) = way.last() {
            let next: Vec<usize> = maze.neighbours(cell).into_iter().filter(|next| !seen[*next]).collect();
            if next.is_empty() {
                way.pop();
                continue;
            }
            let to = random.pick(&next);
            maze.connect(cell, to);
            seen[to] = true;
            way.push(to);
        }
        maze
    }

    fn neighbours(&self, cell: usize) -> Vec<usize> {
        let (column, row) = (cell % self.columns, cell / self.columns);
        let mut next = Vec::with_capacity(4);
        if column + 1 < self.columns {
            next.push(cell + 1);
        } else if self.round {
            next.push(cell + 1 - self.columns);
        }
        if column > 0 {
            next.push(cell - 1);
        } else if self.round {
            next.push(cell + self.columns - 1);
        }
        if row + 1 < self.rows {
            next.push(cell + self.columns);
        }
        if row > 0 {
            next.push(cell - self.columns);
        }
        next
    }

    fn connect(&mut self, a: usize, b: usize) {
        let (low, high) = (a.min(b), a.max(b));
        if high - low == self.columns && self.columns > 1 {
            self.open[low][1] = true;
        } else if high - low == 1 {
            self.open[low][0] = true;
        } else {
            // Around the circle: from the last column to the first.
            self.open[high][0] = true;
        }
    }

    fn is_open(&self, a: usize, b: usize) -> bool {
        let (low, high) = (a.min(b), a.max(b));
        if high - low == self.columns {
            self.open[low][1]
        } else if high - low == 1 {
            self.open[low][0]
        } else {
            self.open[high][0]
        }
    }

    /// The cells from one to another.
    fn way(&self, from: usize, to: usize) -> Vec<usize> {
        let mut before = vec![usize::MAX; self.open.len()];
        let mut queue = std::collections::VecDeque::from([from]);
        before[from] = from;
        while let Some(cell) = queue.pop_front() {
            for next in self.neighbours(cell) {
                if before[next] == usize::MAX && self.is_open(cell, next) {
                    before[next] = cell;
                    queue.push_back(next);
                }
            }
        }
        let mut way = vec![to];
        while let Some(&last) = way.last()
            && last != from
        {
            way.push(before[last]);
        }
        way
    }
}

/// One to a page, growing, and the answers four to a page.
pub fn square_pages(name: &str, count: usize) -> Vec<Page> {
    let mut random = Random::named(name);
    let mazes: Vec<Maze> = (0..count)
        .map(|number| {
            let columns = 12 + number * 26 / count.max(1);
            Maze::new(&mut random, columns, columns * 4 / 3, false)
        })
        .collect();
    finish(&mazes, draw_square)
}

pub fn round_pages(name: &str, count: usize) -> Vec<Page> {
    let mut random = Random::named(name);
    let mazes: Vec<Maze> = (0..count)
        .map(|number| {
            let rings = 7 + number * 12 / count.max(1);
            Maze::new(&mut random, rings * 4, rings, true)
        })
        .collect();
    finish(&mazes, draw_round)
}

fn finish(mazes: &[Maze], draw: impl Fn(&mut Page, &Maze, Point, f32, bool)) -> Vec<Page> {
    let mut pages: Vec<Page> = mazes
        .iter()
        .enumerate()
        .map(|(number, maze)| {
            let mut page = sheet(&format!("Maze {}", number + 1));
            draw(&mut page, maze, (50.0, 90.0), 495.0, false);
            page
        })
        .collect();
    for (number, four) in mazes.chunks(4).enumerate() {
        let mut page = sheet("Answers");
        for (place, maze) in four.iter().enumerate() {
            let at = (50.0 + 260.0 * (place % 2) as f32, 100.0 + 345.0 * (place / 2) as f32);
            let label = format!("{}", number * 4 + place + 1);
            page.text((at.0, at.1 - 6.0), Align::Left, Face::Sans, 9.0, &label);
            draw(&mut page, maze, at, 228.0, true);
        }
        pages.push(page);
    }
    pages
}

fn draw_square(page: &mut Page, maze: &Maze, at: Point, wide: f32, answer: bool) {
    let cell = wide / maze.columns as f32;
    let corner = |column: usize, row: usize| (at.0 + column as f32 * cell, at.1 + row as f32 * cell);
    let mut walls = Path::default();
    for index in 0..maze.open.len() {
        let (column, row) = (index % maze.columns, index / maze.columns);
        if !maze.open[index][0] && column + 1 < maze.columns {
            walls.add_polyline(&[corner(column + 1, row), corner(column + 1, row + 1)]);
        }
        if !maze.open[index][1] && row + 1 < maze.rows {
            walls.add_polyline(&[corner(column, row + 1), corner(column + 1, row + 1)]);
        }
    }
    // The way in is at the upper left, the way out at the lower right.
    walls.add_polyline(&[corner(1, 0), corner(maze.columns, 0), corner(maze.columns, maze.rows)]);
    walls.add_polyline(&[corner(maze.columns - 1, maze.rows), corner(0, maze.rows), corner(0, 0)]);
    if answer {
        let way: Vec<Point> = maze
            .way(0, maze.open.len() - 1)
            .into_iter()
            .map(|index| {
                let (x, y) = corner(index % maze.columns, index / maze.columns);
                (x + cell / 2.0, y + cell / 2.0)
            })
            .collect();
        page.stroke(Path::polyline(&way), Colour::hex(0x00c8_553d), cell * 0.35);
    }
    page.stroke(walls, Colour::BLACK, (cell * 0.11).max(0.6));
}

fn draw_round(page: &mut Page, maze: &Maze, at: Point, wide: f32, answer: bool) {
    let centre = (at.0 + wide / 2.0, at.1 + wide / 2.0);
    let ring = wide / 2.0 / (maze.rows as f32 + 1.5);
    // Row 0 is the innermost ring.
    let radius = |row: usize| ring * (row as f32 + 1.5);
    let turn = |column: usize| column as f32 / maze.columns as f32;
    let place = |turn: f32, radius: f32| {
        (centre.0 + radius * (TAU * turn).cos(), centre.1 + radius * (TAU * turn).sin())
    };
    let mut walls = Path::default();
    for index in 0..maze.open.len() {
        let (column, row) = (index % maze.columns, index / maze.columns);
        let (from, to) = (turn(column), turn(column + 1));
        if !maze.open[index][0] {
            walls.add_polyline(&[place(to, radius(row)), place(to, radius(row + 1))]);
        }
        let way_out = row + 1 == maze.rows && column == 0;
        if !maze.open[index][1] && !way_out {
            walls.add(Path::arc(centre, radius(row + 1), from, to));
        }
        let way_in = row == 0 && column == maze.columns / 2;
        if row == 0 && !way_in {
            walls.add(Path::arc(centre, radius(0), from, to));
        }
    }
    if answer {
        let mut way: Vec<Point> = maze
            .way(maze.columns / 2, (maze.rows - 1) * maze.columns)
            .into_iter()
            .map(|index| {
                place(
                    turn(index % maze.columns) + 0.5 / maze.columns as f32,
                    radius(index / maze.columns) + ring / 2.0,
                )
            })
            .collect();
        way.push(centre);
        page.stroke(Path::polyline(&way), Colour::hex(0x00c8_553d), ring * 0.3);
    }
    page.fill(Path::circle(centre, ring * 0.5), Colour::hex(0x00c8_553d));
    page.stroke(walls, Colour::BLACK, (ring * 0.09).max(0.6));
}
