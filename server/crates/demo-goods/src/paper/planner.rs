//! Planners without dates: they begin on the day on which somebody begins.

use super::{grid, sheet};
use crate::draw::{Align, Colour, Face, Page, Path};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A box with a name, and lines in it.
fn field(page: &mut Page, (x, y): (f32, f32), (wide, tall): (f32, f32), name: &str, pitch: f32) {
    page.stroke(Path::rect(x, y, wide, tall), Colour::GREY, 0.7);
    page.text((x + 7.0, y + 15.0), Align::Left, Face::SansBold, 9.0, name);
    let mut line = y + 20.0 + pitch;
    while pitch > 0.0 && line < y + tall - 4.0 {
        page.line((x + 7.0, line), (x + wide - 7.0, line), Colour::PALE, 0.4);
        line += pitch;
    }
}

/// Small boxes to tick, each with a line.
fn ticks(page: &mut Page, (x, y): (f32, f32), wide: f32, count: usize) {
    for number in 0..count {
        let at = y + 19.0 * number as f32;
        page.stroke(Path::rect(x, at - 9.0, 9.0, 9.0), Colour::GREY, 0.6);
        page.line((x + 15.0, at), (x + wide, at), Colour::PALE, 0.4);
    }
}

/// A table: its columns' names and widths.
fn table(page: &mut Page, y: f32, columns: &[(&str, f32)], rows: usize, tall: f32) {
    let mut x = 40.0;
    for (name, wide) in columns {
        page.text((x + 4.0, y - 5.0), Align::Left, Face::SansBold, 8.0, name);
        grid(page, (x, y), (*wide, tall), 1, rows, 0.5);
        x += wide;
    }
}

pub fn weeks() -> Vec<Page> {
    let mut left = sheet("Week of");
    left.line((130.0, 58.0), (300.0, 58.0), Colour::GREY, 0.6);
    for (number, day) in DAYS.iter().enumerate() {
        let at = (40.0 + 262.0 * (number % 2) as f32, 84.0 + 178.0 * (number / 2) as f32);
        field(&mut left, at, (253.0, 168.0), day, 19.0);
    }
    field(&mut left, (302.0, 618.0), (253.0, 168.0), "Next week", 19.0);
    let mut hours = sheet("Week by the hour");
    for (number, day) in DAYS.iter().enumerate() {
        hours.text((84.0 + 67.5 * number as f32, 84.0), Align::Left, Face::SansBold, 8.0, &day[..3]);
    }
    grid(&mut hours, (80.0, 90.0), (67.5, 40.0), 7, 17, 0.5);
    for hour in 0..17 {
        let label = format!("{}:00", hour + 6);
        hours.text((74.0, 103.0 + 40.0 * hour as f32), Align::Right, Face::Sans, 8.0, &label);
    }
    let mut review = sheet("Looking back");
    for (number, question) in [
        "What went well",
        "What got stuck, and on what",
        "Whom to thank",
        "What to stop",
        "One thing for next week",
    ]
    .iter()
    .enumerate()
    {
        field(&mut review, (40.0, 84.0 + 142.0 * number as f32), (515.0, 132.0), question, 19.0);
    }
    vec![left, hours, review]
}

pub fn days() -> Vec<Page> {
    let mut page = sheet("Today");
    page.line((110.0, 58.0), (300.0, 58.0), Colour::GREY, 0.6);
    field(&mut page, (40.0, 84.0), (253.0, 90.0), "Three things that matter", 0.0);
    ticks(&mut page, (52.0, 122.0), 230.0, 3);
    for hour in 0..16 {
        let y = 204.0 + 36.0 * hour as f32;
        page.text((68.0, y), Align::Right, Face::Sans, 8.0, &format!("{}:00", hour + 6));
        page.line((74.0, y), (293.0, y), Colour::PALE, 0.5);
        page.line((74.0, y + 18.0), (293.0, y + 18.0), Colour::PALE, 0.25);
    }
    field(&mut page, (302.0, 84.0), (253.0, 300.0), "To do", 0.0);
    ticks(&mut page, (314.0, 124.0), 230.0, 14);
    field(&mut page, (302.0, 394.0), (253.0, 120.0), "To say to somebody", 19.0);
    field(&mut page, (302.0, 524.0), (253.0, 150.0), "Notes", 19.0);
    field(&mut page, (302.0, 684.0), (253.0, 96.0), "Done anyway", 19.0);
    let mut evening = sheet("Evening page");
    for (number, name) in
        ["What the day was", "Somebody I saw", "Something I learned", "Tomorrow begins with"]
            .iter()
            .enumerate()
    {
        field(&mut evening, (40.0, 84.0 + 178.0 * number as f32), (515.0, 168.0), name, 19.0);
    }
    vec![page, evening]
}

pub fn habits() -> Vec<Page> {
    let mut month = sheet("A month of habits");
    for day in 0..31 {
        let label = (day + 1).to_string();
        month.text((178.0 + 12.2 * day as f32, 84.0), Align::Centre, Face::Sans, 6.5, &label);
    }
    grid(&mut month, (40.0, 90.0), (132.0, 34.0), 1, 20, 0.5);
    grid(&mut month, (172.0, 90.0), (12.2, 34.0), 31, 20, 0.4);
    let mut year = sheet("A year of one habit");
    for (number, name) in MONTHS.iter().enumerate() {
        year.text((96.0 + 38.5 * number as f32, 84.0), Align::Left, Face::SansBold, 8.0, name);
    }
    grid(&mut year, (90.0, 90.0), (38.5, 22.0), 12, 31, 0.5);
    for day in 0..31 {
        year.text((84.0, 105.0 + 22.0 * day as f32), Align::Right, Face::Sans, 7.5, &(day + 1).to_string());
    }
    let mut ring = sheet("A ring of thirty days");
    let centre = (297.0, 430.0);
    for number in 0..30_u8 {
        let angle = (12.0 * f32::from(number) - 90.0).to_radians();
        for row in 0..8_u8 {
            let reach = 92.0 + 22.0 * f32::from(row);
            ring.stroke(
                Path::circle((centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin()), 7.0),
                Colour::GREY,
                0.6,
            );
        }
        let at = (centre.0 + 272.0 * angle.cos() * 0.97, centre.1 + 268.0 * angle.sin() + 3.0);
        ring.text(at, Align::Centre, Face::Sans, 7.0, &(number + 1).to_string());
    }
    vec![month, year, ring]
}

pub fn budget() -> Vec<Page> {
    let mut month = sheet("A month's money");
    table(
        &mut month,
        100.0,
        &[("Day", 50.0), ("What", 265.0), ("In", 66.0), ("Out", 66.0), ("Left", 68.0)],
        30,
        22.0,
    );
    let mut plan = sheet("The plan");
    table(
        &mut plan,
        100.0,
        &[("Fixed, each month", 255.0), ("Planned", 86.0), ("Was", 86.0), ("Difference", 88.0)],
        12,
        22.0,
    );
    table(
        &mut plan,
        400.0,
        &[("As it comes", 255.0), ("Planned", 86.0), ("Was", 86.0), ("Difference", 88.0)],
        16,
        22.0,
    );
    let mut year = sheet("The year");
    let mut columns = vec![("", 95.0)];
    columns.extend(MONTHS.iter().map(|name| (*name, 35.0)));
    table(&mut year, 100.0, &columns, 30, 22.0);
    let mut aims = sheet("Putting aside");
    for number in 0..3 {
        let y = 90.0 + 232.0 * number as f32;
        field(&mut aims, (40.0, y), (515.0, 220.0), "For what, how much, until when", 0.0);
        grid(&mut aims, (52.0, y + 48.0), (24.5, 32.0), 20, 5, 0.5);
    }
    let mut debts = sheet("Owed and owing");
    table(
        &mut debts,
        100.0,
        &[("To or from whom", 175.0), ("Since", 70.0), ("Amount", 80.0), ("Paid", 95.0), ("Left", 95.0)],
        30,
        22.0,
    );
    vec![month, plan, year, aims, debts]
}

pub fn garden() -> Vec<Page> {
    let mut sowing = sheet("Sowing, by the month");
    let mut columns = vec![("Crop and sort", 155.0)];
    columns.extend(MONTHS.iter().map(|name| (*name, 30.0)));
    table(&mut sowing, 100.0, &columns, 30, 22.0);
    let mut beds = sheet("Beds, one square is 25 cm");
    grid(&mut beds, (40.0, 84.0), (17.15, 17.15), 30, 40, 0.4);
    let mut log = sheet("What was sown, what came");
    table(
        &mut log,
        100.0,
        &[
            ("Crop", 120.0),
            ("Sown", 60.0),
            ("Up", 60.0),
            ("Planted out", 70.0),
            ("First picked", 75.0),
            ("How much, how good", 130.0),
        ],
        30,
        22.0,
    );
    let mut turns = sheet("Four beds, four years");
    for year in 0..4 {
        for bed in 0..4 {
            let at = (40.0 + 130.0 * bed as f32, 84.0 + 176.0 * year as f32);
            field(&mut turns, at, (124.0, 166.0), &format!("Year {}, bed {}", year + 1, bed + 1), 19.0);
        }
    }
    let mut weather = sheet("Frost, rain, sun");
    table(
        &mut weather,
        100.0,
        &[
            ("Date", 60.0),
            ("Night", 50.0),
            ("Day", 50.0),
            ("Rain, mm", 60.0),
            ("What flowers, who sings", 295.0),
        ],
        30,
        22.0,
    );
    let mut seeds = sheet("The seed box");
    table(
        &mut seeds,
        100.0,
        &[("Sort", 165.0), ("From whom", 110.0), ("Year", 50.0), ("Left", 60.0), ("Again?", 130.0)],
        30,
        22.0,
    );
    vec![sowing, beds, log, turns, weather, seeds]
}

pub fn meals() -> Vec<Page> {
    let mut week = sheet("A week of meals");
    for (number, day) in DAYS.iter().enumerate() {
        let y = 84.0 + 98.0 * number as f32;
        field(&mut week, (40.0, y), (253.0, 90.0), day, 19.0);
        field(&mut week, (302.0, y), (253.0, 90.0), "To buy, to soak, to thaw", 19.0);
    }
    let mut list = sheet("To the shops");
    for (number, name) in
        ["Greens", "Bread and grain", "From the cold", "Cupboard", "House", "Market only"].iter().enumerate()
    {
        let at = (40.0 + 262.0 * (number % 2) as f32, 84.0 + 236.0 * (number / 2) as f32);
        field(&mut list, at, (253.0, 226.0), name, 0.0);
        ticks(&mut list, (at.0 + 12.0, at.1 + 42.0), 230.0, 10);
    }
    let mut larder = sheet("What is in the freezer");
    table(
        &mut larder,
        100.0,
        &[("What", 225.0), ("For how many", 90.0), ("Put in", 100.0), ("Gone", 100.0)],
        30,
        22.0,
    );
    let mut favourites = sheet("What everybody eats");
    table(
        &mut favourites,
        100.0,
        &[("Dish", 235.0), ("Minutes", 70.0), ("Where it is written", 210.0)],
        30,
        22.0,
    );
    vec![week, list, larder, favourites]
}

pub fn reading() -> Vec<Page> {
    let mut list = sheet("Read this year");
    table(
        &mut list,
        100.0,
        &[("Title", 215.0), ("By", 130.0), ("Begun", 55.0), ("Done", 55.0), ("Again?", 60.0)],
        30,
        22.0,
    );
    let mut notes = sheet("A book");
    for (number, (name, tall)) in [
        ("Title, writer, where I got it", 70.0),
        ("What it says, in three sentences", 120.0),
        ("Sentences to keep, with their pages", 240.0),
        ("Where I think otherwise", 110.0),
        ("To whom I shall give it", 60.0),
    ]
    .iter()
    .enumerate()
    {
        let y = 84.0 + [0.0, 80.0, 210.0, 460.0, 580.0][number];
        field(&mut notes, (40.0, y), (515.0, *tall), name, 19.0);
    }
    let mut shelf = sheet("A shelf to fill in");
    for row in 0..5 {
        let y = 210.0 + 140.0 * row as f32;
        shelf.line((40.0, y), (555.0, y), Colour::BLACK, 2.0);
        let mut x = 46.0;
        for book in 0..17 {
            let wide = 20.0 + ((book * 7 + row * 5) % 4) as f32 * 5.0;
            let tall = 84.0 + ((book * 5 + row * 3) % 5) as f32 * 7.0;
            if x + wide < 552.0 {
                shelf.stroke(Path::rect(x, y - tall, wide, tall), Colour::GREY, 0.7);
            }
            x += wide + 1.5;
        }
    }
    let mut lent = sheet("Lent and borrowed");
    table(
        &mut lent,
        100.0,
        &[("Title", 225.0), ("Whose, to whom", 130.0), ("Since", 80.0), ("Back", 80.0)],
        30,
        22.0,
    );
    vec![list, notes, shelf, lent]
}

pub fn travel() -> Vec<Page> {
    let mut plan = sheet("The way");
    table(
        &mut plan,
        100.0,
        &[
            ("Day", 55.0),
            ("From", 105.0),
            ("To", 105.0),
            ("By", 70.0),
            ("Leaves", 55.0),
            ("Arrives", 55.0),
            ("Number", 70.0),
        ],
        14,
        24.0,
    );
    field(
        &mut plan,
        (40.0, 460.0),
        (515.0, 320.0),
        "Where we sleep: address, telephone, until when one can arrive",
        22.0,
    );
    let mut pack = sheet("To pack");
    for (number, name) in [
        "On the body",
        "For the weather",
        "Papers and money",
        "Wash bag",
        "Current and cables",
        "For the road",
    ]
    .iter()
    .enumerate()
    {
        let at = (40.0 + 262.0 * (number % 2) as f32, 84.0 + 236.0 * (number / 2) as f32);
        field(&mut pack, at, (253.0, 226.0), name, 0.0);
        ticks(&mut pack, (at.0 + 12.0, at.1 + 42.0), 230.0, 10);
    }
    let mut day = sheet("A day away");
    for (number, name) in [
        "Where, with whom, in what weather",
        "What we saw",
        "What we ate, and what it cost",
        "To tell at home",
    ]
    .iter()
    .enumerate()
    {
        field(&mut day, (40.0, 84.0 + 178.0 * number as f32), (515.0, 168.0), name, 19.0);
    }
    let mut money = sheet("What it costs");
    table(
        &mut money,
        100.0,
        &[("Day", 60.0), ("What", 215.0), ("Paid by", 80.0), ("There", 80.0), ("At home", 80.0)],
        30,
        22.0,
    );
    vec![plan, pack, day, money]
}
