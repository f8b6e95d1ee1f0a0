//! A year: its months on sheets, and the whole on one.

use super::{grid, sheet};
use crate::draw::{Align, Colour, Face, Page};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Days since a Monday (Howard Hinnant's count of days, 1970-01-01 was a Thursday).
pub fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468 + 3
}

pub fn length(year: i32, month: i32) -> i32 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_number(next_year, next, 1) - day_number(year, month, 1)
}

pub fn pages(year: i32) -> Vec<Page> {
    let mut pages = vec![overview(year)];
    pages.extend((1..=12).map(|month| month_page(year, month)));
    pages
}

fn month_page(year: i32, month: i32) -> Page {
    let mut page = Page::new(842.0, 595.0);
    let name = MONTHS[(month - 1) as usize];
    page.text((40.0, 62.0), Align::Left, Face::SansBold, 30.0, name);
    page.coloured_text((802.0, 62.0), Align::Right, Face::Sans, 30.0, Colour::PALE, &year.to_string());
    let cell = (762.0 / 7.0, 74.0);
    for (column, day) in DAYS.iter().enumerate() {
        page.text((44.0 + cell.0 * column as f32, 92.0), Align::Left, Face::Sans, 9.0, day);
    }
    let first = day_number(year, month, 1).rem_euclid(7);
    let rows = (first + length(year, month) + 6) / 7;
    grid(&mut page, (40.0, 100.0), cell, 7, rows as usize, 0.6);
    for day in 1..=length(year, month) {
        let place = first + day - 1;
        let at = (46.0 + cell.0 * (place % 7) as f32, 120.0 + cell.1 * (place / 7) as f32);
        let colour = if place % 7 > 4 { Colour::hex(0x00b3_3a2e) } else { Colour::BLACK };
        page.coloured_text(at, Align::Left, Face::SansBold, 14.0, colour, &day.to_string());
        if place % 7 == 0 {
            let week = format!("week {}", week_of(year, month, day));
            page.coloured_text(
                (at.0 + cell.0 - 10.0, at.1),
                Align::Right,
                Face::Sans,
                7.0,
                Colour::GREY,
                &week,
            );
        }
    }
    page
}

/// The week's number as ISO 8601 counts: the first has the year's first Thursday.
fn week_of(year: i32, month: i32, day: i32) -> i32 {
    let monday = day_number(year, month, day) - day_number(year, month, day).rem_euclid(7);
    let start = |year: i32| {
        let fourth = day_number(year, 1, 4);
        fourth - fourth.rem_euclid(7)
    };
    if monday >= start(year + 1) {
        1
    } else if monday < start(year) {
        (monday - start(year - 1)) / 7 + 1
    } else {
        (monday - start(year)) / 7 + 1
    }
}

fn overview(year: i32) -> Page {
    let mut page = sheet(&year.to_string());
    for month in 1..=12 {
        let at = (40.0 + 176.0 * ((month - 1) % 3) as f32, 110.0 + 172.0 * ((month - 1) / 3) as f32);
        page.text(at, Align::Left, Face::SansBold, 11.0, MONTHS[(month - 1) as usize]);
        for (column, day) in DAYS.iter().enumerate() {
            page.coloured_text(
                (at.0 + 22.0 * column as f32 + 12.0, at.1 + 16.0),
                Align::Right,
                Face::Sans,
                7.0,
                Colour::GREY,
                &day[..2],
            );
        }
        let first = day_number(year, month, 1).rem_euclid(7);
        for day in 1..=length(year, month) {
            let place = first + day - 1;
            let x = at.0 + 22.0 * (place % 7) as f32 + 12.0;
            let y = at.1 + 32.0 + 18.0 * (place / 7) as f32;
            let colour = if place % 7 > 4 { Colour::hex(0x00b3_3a2e) } else { Colour::BLACK };
            page.coloured_text((x, y), Align::Right, Face::Sans, 9.0, colour, &day.to_string());
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fall_on_their_weekdays() {
        // A Thursday, a Monday, a Saturday; a leap year's February.
        assert_eq!(day_number(1970, 1, 1).rem_euclid(7), 3);
        assert_eq!(day_number(2024, 1, 1).rem_euclid(7), 0);
        assert_eq!(day_number(2000, 1, 1).rem_euclid(7), 5);
        assert_eq!([length(2024, 2), length(2027, 2), length(2026, 12)], [29, 28, 31]);
        assert_eq!([week_of(2027, 1, 1), week_of(2026, 12, 31), week_of(2027, 1, 4)], [53, 53, 1]);
    }
}
