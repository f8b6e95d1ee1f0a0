//! Tables of facts that are computed, and tables to calculate in.

use crate::paper::{day_number, month_length};
use crate::random::Random;
use std::f64::consts::{PI, TAU};
use std::fmt::Write as _;

pub const SUN_NOTES: &str = "Sunrise and sunset for every fifth degree of latitude from 60 south to 70 north, on each \
day of a year.\n\nTimes are local mean solar time at the place itself: for the clock, add four minutes for each degree \
that the place lies west of its zone's meridian, and an hour in summer time. They are for the upper edge of the sun, with \
the usual 34 minutes of arc for refraction, by the NOAA's approximation: good to a minute or two below 60 degrees.\nA dash \
means that the sun does not rise or does not set.\n";
pub const MOON_NOTES: &str = "New moons, quarters and full moons from 2026 to 2050, in UTC, by Jean Meeus' mean phases with \
the larger periodic terms: good to a few minutes. Columns: date, time, phase, lunation since 2000.\n";

fn date(number: i32) -> (i32, i32, i32) {
    // The inverse of the count of days: year by year is quick enough here.
    let mut year = 1970 + number / 366;
    while day_number(year + 1, 1, 1) <= number {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && day_number(year, month + 1, 1) <= number {
        month += 1;
    }
    (year, month, number - day_number(year, month, 1) + 1)
}

pub fn sun() -> Vec<u8> {
    let mut table = String::from("month,day,latitude,sunrise,sunset,daylight_minutes\r\n");
    let first = day_number(2027, 1, 1);
    for day in 0..365 {
        let (_, month, of_month) = date(first + day);
        let year_part = TAU * (f64::from(day) + 0.5) / 365.0;
        let declination = 0.006_918 - 0.399_912 * year_part.cos() + 0.070_257 * year_part.sin()
            - 0.006_758 * (2.0 * year_part).cos()
            + 0.000_907 * (2.0 * year_part).sin();
        let equation = 229.18
            * (0.000_075 + 0.001_868 * year_part.cos()
                - 0.032_077 * year_part.sin()
                - 0.014_615 * (2.0 * year_part).cos()
                - 0.040_849 * (2.0 * year_part).sin());
        for latitude in (-60..=70).step_by(5) {
            let phi = f64::from(latitude).to_radians();
            let cosine = (90.833_f64.to_radians().cos() / (phi.cos() * declination.cos()))
                - phi.tan() * declination.tan();
            let _ = write!(table, "{month},{of_month},{latitude},");
            if cosine.abs() > 1.0 {
                let _ = write!(table, "-,-,{}\r\n", if cosine > 1.0 { 0 } else { 1440 });
                continue;
            }
            let half = cosine.acos() / PI * 720.0;
            let noon = 720.0 - equation;
            let _ =
                write!(table, "{},{},{}\r\n", clock(noon - half), clock(noon + half), (2.0 * half).round());
        }
    }
    table.into_bytes()
}

fn clock(minutes: f64) -> String {
    let whole = minutes.round().rem_euclid(1440.0) as u32;
    format!("{:02}:{:02}", whole / 60, whole % 60)
}

pub fn moon() -> Vec<u8> {
    let mut table = String::from("date,time_utc,phase,lunation\r\n");
    // 2000-01-06, the first new moon of that year, in days since the Monday of the count.
    let base = f64::from(day_number(2000, 1, 1)) + 5.597_66;
    for quarter in 26 * 4 * 12..=51 * 4 * 13 {
        let k = f64::from(quarter) / 4.0;
        let century = k / 1236.85;
        let sun = (2.5534 + 29.105_356_7 * k).to_radians();
        let moon = (201.5643 + 385.816_935_28 * k + 0.010_758 * century * century).to_radians();
        let node = (160.7108 + 390.670_502_84 * k).to_radians();
        let e = 1.0 - 0.002_516 * century;
        let terms = match quarter % 4 {
            0 => {
                -0.4072 * moon.sin()
                    + 0.172_41 * e * sun.sin()
                    + 0.016_08 * (2.0 * moon).sin()
                    + 0.010_39 * (2.0 * node).sin()
                    + 0.007_39 * e * (moon - sun).sin()
                    - 0.005_14 * e * (moon + sun).sin()
            }
            2 => {
                -0.406_14 * moon.sin()
                    + 0.173_02 * e * sun.sin()
                    + 0.016_14 * (2.0 * moon).sin()
                    + 0.010_43 * (2.0 * node).sin()
                    + 0.007_34 * e * (moon - sun).sin()
                    - 0.005_15 * e * (moon + sun).sin()
            }
            phase => {
                let w = 0.003_06 - 0.000_38 * e * sun.cos() + 0.000_26 * moon.cos();
                -0.628_01 * moon.sin() + 0.171_72 * e * sun.sin() - 0.011_83 * e * (moon + sun).sin()
                    + 0.008_62 * (2.0 * moon).sin()
                    + 0.008_04 * (2.0 * node).sin()
                    + 0.004_54 * e * (moon - sun).sin()
                    + if phase == 1 { w } else { -w }
            }
        };
        // Terrestrial time runs about 72 seconds ahead of UTC in these years.
        let moment = base + 29.530_588_861 * k + terms - 72.0 / 86_400.0;
        let (year, month, day) = date(moment.floor() as i32);
        if (2026..=2050).contains(&year) {
            let name = ["new", "first quarter", "full", "last quarter"][(quarter % 4) as usize];
            let _ = write!(
                table,
                "{year}-{month:02}-{day:02},{},{name},{}\r\n",
                clock(moment.fract() * 1440.0),
                quarter / 4
            );
        }
    }
    table.into_bytes()
}

/// A row for each day from 2020 to 2040, with what reports group by.
pub fn days() -> Vec<u8> {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let mut table = String::from(
        "date,year,quarter,month,day,day_of_year,weekday,weekday_name,is_weekend,days_in_month,is_month_end,iso_year,iso_week,days_since_2020\r\n",
    );
    let first = day_number(2020, 1, 1);
    for number in first..day_number(2041, 1, 1) {
        let (year, month, day) = date(number);
        let weekday = number.rem_euclid(7);
        // The week belongs to the year that has its Thursday.
        let thursday = number - weekday + 3;
        let (iso_year, ..) = date(thursday);
        let week = (thursday - day_number(iso_year, 1, 1)) / 7 + 1;
        let length = month_length(year, month);
        let _ = write!(
            table,
            "{year}-{month:02}-{day:02},{year},{},{month},{day},{},{},{},{},{length},{},{iso_year},{week},{}\r\n",
            (month + 2) / 3,
            number - day_number(year, 1, 1) + 1,
            weekday + 1,
            NAMES[weekday as usize],
            u8::from(weekday > 4),
            u8::from(day == length),
            number - first,
        );
    }
    table.into_bytes()
}

const FIRST: [&str; 20] = [
    "Anna", "Bela", "Clara", "David", "Emre", "Fatima", "Goran", "Hanna", "Ivo", "Jana", "Karim", "Lena",
    "Milan", "Nora", "Oskar", "Petra", "Rosa", "Stefan", "Tilda", "Yusuf",
];
const LAST: [&str; 16] = [
    "Adler", "Brandt", "Cevik", "Dorn", "Eriksen", "Falk", "Gruber", "Hofer", "Ilic", "Jansen", "Kern",
    "Lindt", "Moser", "Novak", "Orban", "Pohl",
];
const NOUNS: [&str; 16] = [
    "River", "Garden", "Clock", "Winter", "Harbour", "Orchard", "Mirror", "Bridge", "Lantern", "Border",
    "Kitchen", "Island", "Museum", "Railway", "Forest", "Violin",
];
const MANNERS: [&str; 10] = [
    "The Last",
    "A Short History of the",
    "Under the",
    "Letters from the",
    "The Other",
    "Beyond the",
    "The Quiet",
    "Murder at the",
    "Notes on the",
    "The Invisible",
];
const SUBJECTS: [&str; 6] = ["novel", "crime", "history", "nature", "children", "travel"];

/// Members, titles, copies and four years of loans of a small library that does not exist.
pub fn lending() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::named("lending records");
    let mut members = String::from("member_id,name,joined,born,branch\r\n");
    let mut titles = String::from("title_id,title,author,year,subject,pages\r\n");
    let mut copies = String::from("copy_id,title_id,branch,bought,price_cents\r\n");
    let mut loans = String::from("loan_id,copy_id,member_id,lent,due,returned,renewals\r\n");
    let branches = ["Centre", "Mill Street", "Hillside"];
    let first = day_number(2022, 1, 3);
    let day = |number: i32| {
        let (year, month, day) = date(number);
        format!("{year}-{month:02}-{day:02}")
    };
    for id in 1..=240 {
        let name = format!("{} {}", random.pick(&FIRST), random.pick(&LAST));
        let joined = first - random.below(3000) as i32;
        let _ = write!(
            members,
            "{id},{name},{},{},{}\r\n",
            day(joined),
            1935 + random.below(80),
            random.pick(&branches)
        );
    }
    let mut copy = 0;
    for id in 1..=320 {
        let title = format!("{} {}", random.pick(&MANNERS), random.pick(&NOUNS));
        let author = format!("{} {}", random.pick(&FIRST), random.pick(&LAST));
        let _ = write!(
            titles,
            "{id},{title},{author},{},{},{}\r\n",
            1950 + random.below(75),
            random.pick(&SUBJECTS),
            90 + random.below(520)
        );
        for _ in 0..=random.below(3) {
            copy += 1;
            let bought = first - random.below(2500) as i32;
            let _ = write!(
                copies,
                "{copy},{id},{},{},{}\r\n",
                random.pick(&branches),
                day(bought),
                800 + 10 * random.below(220)
            );
        }
    }
    // Nobody can borrow what somebody has: each copy has a day from which it is free.
    let mut free = vec![first; copy + 1];
    let mut id = 0;
    for today in first..first + 4 * 365 {
        let open = today.rem_euclid(7) < 6;
        let busy = if today.rem_euclid(365) > 270 { 9 } else { 6 };
        for _ in 0..if open { random.below(busy) } else { 0 } {
            let chosen = 1 + random.below(copy);
            if free[chosen] > today {
                continue;
            }
            id += 1;
            let renewals = if random.chance(0.2) { 1 + random.below(2) } else { 0 };
            let due = today + 21 * (1 + renewals as i32);
            let late = if random.chance(0.15) { 60 } else { 18 };
            let back = due - 18 + random.below(late) as i32;
            free[chosen] = back + 1;
            // The last ones are still out.
            let returned = if back < first + 4 * 365 { day(back) } else { String::new() };
            let _ = write!(
                loans,
                "{id},{chosen},{},{},{},{returned},{renewals}\r\n",
                1 + random.below(240),
                day(today),
                day(due)
            );
        }
    }
    vec![
        ("members.csv".into(), members.into_bytes()),
        ("titles.csv".into(), titles.into_bytes()),
        ("copies.csv".into(), copies.into_bytes()),
        ("loans.csv".into(), loans.into_bytes()),
    ]
}

/// Palettes of five inks that are far enough apart, for three kinds of programs.
pub fn palettes() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::named("palettes");
    let (mut css, mut gimp, mut json) = (
        String::from(":root {\n"),
        String::from("GIMP Palette\nName: Two hundred palettes\nColumns: 5\n#\n"),
        String::from("[\n"),
    );
    for number in 1..=200 {
        let base = random.between(0.0, 360.0);
        let spread = random.pick(&[24.0, 40.0, 120.0, 150.0, 180.0]);
        let colours: Vec<(u8, u8, u8)> = (0..5_u8)
            .map(|step| {
                let hue = base + spread * f32::from(step % 3) + 8.0 * f32::from(step);
                let lightness = [0.22, 0.38, 0.55, 0.72, 0.93][usize::from(step)];
                let chroma = if step == 4 { 0.25 } else { random.between(0.35, 0.75) };
                rgb(hue, chroma, lightness)
            })
            .collect();
        let _ = write!(json, "  [");
        for (step, (red, green, blue)) in colours.iter().enumerate() {
            let _ = writeln!(css, "  --p{number:03}-{}: #{red:02x}{green:02x}{blue:02x};", step + 1);
            let _ = writeln!(gimp, "{red:3} {green:3} {blue:3}\tp{number:03}-{}", step + 1);
            let _ = write!(json, "{}\"#{red:02x}{green:02x}{blue:02x}\"", if step > 0 { ", " } else { "" });
        }
        let _ = writeln!(json, "]{}", if number < 200 { "," } else { "" });
    }
    css.push_str("}\n");
    json.push_str("]\n");
    vec![
        ("palettes.css".into(), css.into_bytes()),
        ("palettes.gpl".into(), gimp.into_bytes()),
        ("palettes.json".into(), json.into_bytes()),
    ]
}

/// A colour by hue, saturation and lightness.
fn rgb(hue: f32, saturation: f32, lightness: f32) -> (u8, u8, u8) {
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |offset: f32| {
        let place = (offset + hue / 30.0).rem_euclid(12.0);
        ((lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)) * 255.0).round() as u8
    };
    (channel(0.0), channel(8.0), channel(4.0))
}

/// A household's year as one flat `OpenDocument` spreadsheet, with formulas.
pub fn workbook() -> Vec<u8> {
    const LINES: [&str; 18] = [
        "Wages",
        "Other income",
        "Rent",
        "Heat and light",
        "Water",
        "Telephone and internet",
        "Insurance",
        "Food",
        "House",
        "Clothes",
        "Travel to work",
        "Car or bicycle",
        "Health",
        "Children",
        "Presents",
        "Going out",
        "Holidays",
        "Put aside",
    ];
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
         xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" office:version=\"1.3\" \
         office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:body><office:spreadsheet>\n",
    );
    let text = |value: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
    };
    let formula = |code: &str| {
        format!(
            "<table:table-cell table:formula=\"of:={code}\" office:value-type=\"float\" office:value=\"0\"/>"
        )
    };
    for sheet in ["Plan", "Was", "Difference"] {
        let _ = write!(xml, "<table:table table:name=\"{sheet}\"><table:table-row>{}", text(sheet));
        for month in
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Year"]
        {
            xml.push_str(&text(month));
        }
        xml.push_str("</table:table-row>\n");
        for (row, line) in (2..).zip(LINES) {
            let _ = write!(xml, "<table:table-row>{}", text(line));
            for column in 'B'..='M' {
                if sheet == "Difference" {
                    xml.push_str(&formula(&format!("[Was.{column}{row}]-[Plan.{column}{row}]")));
                } else {
                    xml.push_str("<table:table-cell office:value-type=\"float\" office:value=\"0\"/>");
                }
            }
            xml.push_str(&formula(&format!("SUM([.B{row}:.M{row}])")));
            xml.push_str("</table:table-row>\n");
        }
        let _ = write!(xml, "<table:table-row>{}", text("Left over"));
        for column in 'B'..='N' {
            xml.push_str(&formula(&format!("SUM([.{column}2:.{column}3])-SUM([.{column}4:.{column}19])")));
        }
        xml.push_str("</table:table-row></table:table>\n");
    }
    xml.push_str("</office:spreadsheet></office:body></office:document>\n");
    xml.into_bytes()
}
