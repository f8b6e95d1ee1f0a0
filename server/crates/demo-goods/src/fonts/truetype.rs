//! A design and a weight as a `TrueType` file: its twelve tables, written as OpenType's specification has them.

use super::pen::{CAPITALS, DESCENDERS, Glyph, glyph};
use super::{Design, Weight};
use crate::draw::path::{Path, Segment};

const EM: u16 = 1000;
const ASCENT: i16 = 960;
const DESCENT: i16 = -260;
/// 2026-01-01, in seconds since 1904: a fixed day, so that the file is always the same.
const MADE: i64 = 3_850_070_400;
/// Pairs that need less white between them, in thousandths of the em.
const KERNED: &str = "AV-70 AW-55 AT-70 AY-75 Av-35 Ay-35 FA-55 LT-75 LV-70 LY-75 PA-60 TA-70 Ta-70 Tc-70 Te-70 To-70 \
    Tr-50 Ty-50 Tu-50 VA-70 Va-45 Ve-45 Vo-45 WA-55 Wa-35 We-35 Wo-35 YA-75 Ya-60 Ye-60 Yo-60 ra-10 rc-12 ro-12 \
    va-15 ve-15 vo-15 wa-10 wo-10 ya-15 ye-15 yo-15";

pub fn file(design: &Design, weight: &Weight, maker: &str) -> Vec<u8> {
    let names: Vec<char> = Design::letters().filter(|name| *name != ' ').collect();
    let mut glyphs = vec![missing(weight.stroke), space(design)];
    glyphs.extend(names.iter().filter_map(|name| glyph(design, weight.stroke, *name)));
    let shapes: Vec<Shape> = glyphs.iter().map(Shape::new).collect();
    // The space and its unbreakable sister are one picture.
    let mut map: Vec<(u16, u16)> = vec![(0x20, 1), (0xa0, 1)];
    map.extend((2..).zip(&names).map(|(index, name)| (u16::try_from(u32::from(*name)).unwrap_or(0), index)));
    map.sort_unstable();
    let (glyf, loca) = glyf_and_loca(&shapes);
    let mut tables: Vec<([u8; 4], Vec<u8>)> = vec![
        (*b"OS/2", os2(design, weight, &shapes, &map)),
        (*b"cmap", cmap(&map)),
        (*b"gasp", words(&[1, 1, 0xffff, 15])),
        (*b"glyf", glyf),
        (*b"head", head(&shapes, weight, design)),
        (*b"hhea", hhea(&shapes)),
        (*b"hmtx", hmtx(&shapes)),
        (*b"loca", loca),
        (*b"maxp", maxp(&shapes)),
        (*b"name", name(design, weight, maker)),
        (*b"post", post(design)),
    ];
    if !design.mono {
        tables.insert(6, (*b"kern", kern(&map)));
        tables.sort_by_key(|(tag, _)| *tag);
    }
    assemble(&tables)
}

/// A letter's points in whole units, as the file has them.
struct Shape {
    advance: u16,
    contours: Vec<Vec<(i16, i16, bool)>>,
    bounds: [i16; 4],
}

impl Shape {
    fn new(glyph: &Glyph) -> Self {
        let contours = contours(&glyph.outline);
        let points = || contours.iter().flatten();
        let bounds = [
            points().map(|point| point.0).min().unwrap_or(0),
            points().map(|point| point.1).min().unwrap_or(0),
            points().map(|point| point.0).max().unwrap_or(0),
            points().map(|point| point.1).max().unwrap_or(0),
        ];
        Self { advance: glyph.advance as u16, contours, bounds }
    }

    fn points(&self) -> usize {
        self.contours.iter().map(Vec::len).sum()
    }
}

fn contours(path: &Path) -> Vec<Vec<(i16, i16, bool)>> {
    let mut contours: Vec<Vec<(i16, i16, bool)>> = Vec::new();
    let whole = |(x, y): (f32, f32), on: bool| (x.round() as i16, y.round() as i16, on);
    for segment in &path.0 {
        if let Segment::Move(to) = segment {
            contours.push(vec![whole(*to, true)]);
            continue;
        }
        let Some(contour) = contours.last_mut() else { continue };
        match *segment {
            Segment::Quad(by, to) => contour.extend([whole(by, false), whole(to, true)]),
            // The pen draws no cubic curves.
            Segment::Line(to) | Segment::Cubic(_, _, to) => contour.push(whole(to, true)),
            Segment::Move(_) | Segment::Close => {}
        }
    }
    for contour in &mut contours {
        contour.dedup();
        if contour.len() > 1 && contour.first() == contour.last() {
            contour.pop();
        }
    }
    contours.retain(|contour| contour.len() > 2);
    contours
}

/// What stands for a letter that the face does not have: an empty box.
fn missing(stroke: f32) -> Glyph {
    let inner = stroke.min(80.0);
    let mut outline = Path::polygon(&[(60.0, 0.0), (60.0, CAPITALS), (440.0, CAPITALS), (440.0, 0.0)]);
    outline.add(Path::polygon(&[
        (60.0 + inner, inner),
        (440.0 - inner, inner),
        (440.0 - inner, CAPITALS - inner),
        (60.0 + inner, CAPITALS - inner),
    ]));
    Glyph { advance: 500.0, outline }
}

fn space(design: &Design) -> Glyph {
    let advance =
        if design.mono { 600.0 * design.width } else { 150.0 * design.width + design.tracking * 2.0 };
    Glyph { advance: advance.round(), outline: Path::default() }
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn signed(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn glyf_and_loca(shapes: &[Shape]) -> (Vec<u8>, Vec<u8>) {
    let (mut glyf, mut loca) = (Vec::new(), Vec::new());
    for shape in shapes {
        loca.extend((glyf.len() as u32).to_be_bytes());
        if shape.contours.is_empty() {
            continue;
        }
        glyf.extend(signed(&[shape.contours.len() as i16]));
        glyf.extend(signed(&shape.bounds));
        let mut end = 0;
        for contour in &shape.contours {
            end += contour.len() as u16;
            glyf.extend((end - 1).to_be_bytes());
        }
        glyf.extend(words(&[0]));
        // Outlines overlap: the first flag says so.
        for (index, point) in shape.contours.iter().flatten().enumerate() {
            glyf.push(u8::from(point.2) | if index == 0 { 0x40 } else { 0 });
        }
        let steps = |of: fn(&(i16, i16, bool)) -> i16| {
            let mut before = 0;
            shape.contours.iter().flatten().map(move |point| {
                let step = of(point) - before;
                before = of(point);
                step
            })
        };
        glyf.extend(steps(|point| point.0).flat_map(i16::to_be_bytes));
        glyf.extend(steps(|point| point.1).flat_map(i16::to_be_bytes));
        while glyf.len() % 4 != 0 {
            glyf.push(0);
        }
    }
    loca.extend((glyf.len() as u32).to_be_bytes());
    (glyf, loca)
}

fn extremes(shapes: &[Shape]) -> [i16; 4] {
    let inked = || shapes.iter().filter(|shape| !shape.contours.is_empty());
    [
        inked().map(|shape| shape.bounds[0]).min().unwrap_or(0),
        inked().map(|shape| shape.bounds[1]).min().unwrap_or(0),
        inked().map(|shape| shape.bounds[2]).max().unwrap_or(0),
        inked().map(|shape| shape.bounds[3]).max().unwrap_or(0),
    ]
}

fn head(shapes: &[Shape], weight: &Weight, design: &Design) -> Vec<u8> {
    let mut table = words(&[1, 0, 1, 0]);
    // The check sum of the file, put in at the end.
    table.extend([0; 4]);
    table.extend(0x5f0f_3cf5_u32.to_be_bytes());
    table.extend(words(&[0b1011, EM]));
    table.extend(MADE.to_be_bytes());
    table.extend(MADE.to_be_bytes());
    table.extend(signed(&extremes(shapes)));
    let style = u16::from(is_bold(weight)) | (u16::from(design.slant > 0.0) << 1);
    table.extend(words(&[style, 6, 2, 1, 0]));
    table
}

fn hhea(shapes: &[Shape]) -> Vec<u8> {
    let bounds = extremes(shapes);
    let widest = shapes.iter().map(|shape| shape.advance).max().unwrap_or(0);
    let right = shapes.iter().map(|shape| shape.advance as i16 - shape.bounds[2]).min().unwrap_or(0);
    let mut table = words(&[1, 0]);
    table.extend(signed(&[ASCENT, DESCENT, 0]));
    table.extend(words(&[widest]));
    table.extend(signed(&[bounds[0], right, bounds[2], 1, 0, 0, 0, 0, 0, 0, 0]));
    table.extend(words(&[shapes.len() as u16]));
    table
}

fn hmtx(shapes: &[Shape]) -> Vec<u8> {
    shapes
        .iter()
        .flat_map(|shape| [shape.advance.to_be_bytes(), shape.bounds[0].to_be_bytes()].concat())
        .collect()
}

fn maxp(shapes: &[Shape]) -> Vec<u8> {
    let points = shapes.iter().map(Shape::points).max().unwrap_or(0) as u16;
    let contours = shapes.iter().map(|shape| shape.contours.len()).max().unwrap_or(0) as u16;
    words(&[1, 0, shapes.len() as u16, points, contours, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// Format 4: runs of codes whose glyphs are in the same order.
fn cmap(map: &[(u16, u16)]) -> Vec<u8> {
    let mut runs: Vec<(u16, u16, u16)> = Vec::new();
    for &(code, index) in map {
        match runs.last_mut() {
            Some((from, to, first)) if *to + 1 == code && *first + (code - *from) == index => *to = code,
            _ => runs.push((code, code, index)),
        }
    }
    runs.push((0xffff, 0xffff, 0));
    let count = runs.len() as u16;
    let power = 1 << count.ilog2();
    let mut body = words(&[count * 2, power * 2, count.ilog2() as u16, (count - power) * 2]);
    body.extend(runs.iter().flat_map(|run| run.1.to_be_bytes()));
    body.extend(words(&[0]));
    body.extend(runs.iter().flat_map(|run| run.0.to_be_bytes()));
    body.extend(runs.iter().flat_map(|run| {
        // The last run leads to glyph 0.
        let delta = if run.0 == 0xffff { 1 } else { run.2.wrapping_sub(run.0) };
        delta.to_be_bytes()
    }));
    body.extend(vec![0; 2 * runs.len()]);
    let mut table = words(&[0, 1, 3, 1, 0, 12, 4, body.len() as u16 + 6, 0]);
    table.extend(body);
    table
}

fn kern(map: &[(u16, u16)]) -> Vec<u8> {
    let index_of = |letter: char| {
        let code = u32::from(letter) as u16;
        map.binary_search_by_key(&code, |pair| pair.0).ok().map(|place| map[place].1)
    };
    let mut pairs: Vec<(u16, u16, i16)> = KERNED
        .split_whitespace()
        .filter_map(|word| {
            let mut letters = word.chars();
            let (left, right) = (index_of(letters.next()?)?, index_of(letters.next()?)?);
            Some((left, right, letters.as_str().parse().ok()?))
        })
        .collect();
    pairs.sort_unstable();
    let count = pairs.len() as u16;
    let power = 1 << count.ilog2();
    let mut table =
        words(&[0, 1, 0, 14 + 6 * count, 1, count, power * 6, count.ilog2() as u16, (count - power) * 6]);
    for (left, right, by) in pairs {
        table.extend(words(&[left, right]));
        table.extend(signed(&[by]));
    }
    table
}

fn os2(design: &Design, weight: &Weight, shapes: &[Shape], map: &[(u16, u16)]) -> Vec<u8> {
    let inked: Vec<u32> =
        shapes.iter().map(|shape| u32::from(shape.advance)).filter(|width| *width > 0).collect();
    let average = (inked.iter().sum::<u32>() / inked.len().max(1) as u32) as i16;
    let mut table = words(&[4]);
    table.extend(signed(&[average]));
    // Installable by whoever has it: no restriction in the file, the licence is beside it.
    table.extend(words(&[weight.class, 5, 0]));
    table.extend(signed(&[650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0]));
    table.extend([2, 0, 0, if design.mono { 9 } else { 0 }, 0, 0, 0, 0, 0, 0]);
    // Basic Latin, Latin-1, punctuation, currency.
    table.extend([0x8000_0003_u32, 0x0000_0002, 0, 0].iter().flat_map(|bits| bits.to_be_bytes()));
    table.extend(b"DDGD");
    let upright = design.slant <= 0.0;
    let selection = u16::from(!upright)
        | u16::from(is_bold(weight)) << 5
        | u16::from(weight.class == 400 && upright) << 6
        | 1 << 7;
    let last = map.last().map_or(0, |pair| pair.0);
    table.extend(words(&[selection, 0x20, last]));
    table.extend(signed(&[ASCENT, DESCENT, 0]));
    table.extend(words(&[ASCENT.unsigned_abs(), DESCENT.unsigned_abs()]));
    table.extend([1_u32, 0].iter().flat_map(|bits| bits.to_be_bytes()));
    table.extend(signed(&[design.small as i16, CAPITALS as i16]));
    table.extend(words(&[0, 0x20, 2]));
    table
}

const fn is_bold(weight: &Weight) -> bool {
    weight.class == 700
}

fn name(design: &Design, weight: &Weight, maker: &str) -> Vec<u8> {
    let family = &design.family;
    // Old menus know a family of four styles alone; the others are families of their own there.
    let (old_family, old_style) = match weight.class {
        400 => (family.clone(), "Regular"),
        700 => (family.clone(), "Bold"),
        _ => (format!("{family} {}", weight.name), "Regular"),
    };
    let full = format!("{family} {}", weight.name);
    let postscript = full.replace(' ', "-");
    let records = [
        (0, format!("Drawn by {maker} for the demonstration shop of DigitalDownload")),
        (1, old_family),
        (2, old_style.to_owned()),
        (3, format!("1.000;{postscript}")),
        (4, full),
        (5, "Version 1.000".to_owned()),
        (6, postscript),
        (8, maker.to_owned()),
        (16, family.clone()),
        (17, weight.name.clone()),
    ];
    let (mut table, mut strings) = (words(&[0, 10, 6 + 12 * 10]), Vec::new());
    for (id, text) in records {
        let encoded: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        table.extend(words(&[3, 1, 0x409, id, encoded.len() as u16, strings.len() as u16]));
        strings.extend(encoded);
    }
    table.extend(strings);
    table
}

fn post(design: &Design) -> Vec<u8> {
    let mut table = words(&[3, 0]);
    table.extend(((-design.slant * 65_536.0) as i32).to_be_bytes());
    table.extend(signed(&[(DESCENDERS / 2.0) as i16, 50]));
    table.extend(u32::from(design.mono).to_be_bytes());
    table.extend([0; 16]);
    table
}

fn assemble(tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = 1 << count.ilog2();
    let mut file = 0x0001_0000_u32.to_be_bytes().to_vec();
    file.extend(words(&[count, power * 16, count.ilog2() as u16, (count - power) * 16]));
    let mut at = 12 + 16 * tables.len();
    let mut head_at = 0;
    for (tag, table) in tables {
        if tag == b"head" {
            head_at = at;
        }
        file.extend(tag);
        file.extend(sum(table).to_be_bytes());
        file.extend((at as u32).to_be_bytes());
        file.extend((table.len() as u32).to_be_bytes());
        at += table.len().div_ceil(4) * 4;
    }
    for (_, table) in tables {
        file.extend(table);
        file.resize(file.len().div_ceil(4) * 4, 0);
    }
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(sum(&file));
    file[head_at + 8..head_at + 12].copy_from_slice(&adjustment.to_be_bytes());
    file
}

fn sum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0, |sum, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}
