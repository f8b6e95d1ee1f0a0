//! Pages as a PDF: outlines of the document, compressed pages, the faces that every reader has.

use super::face::win_ansi;
use super::{Colour, Face, Op, Page, Paint, Path, Segment};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::io::Write as _;

/// An entry of the reader's table of contents.
#[derive(Debug, Clone)]
pub struct Bookmark {
    pub title: String,
    /// The page it leads to, from 0.
    pub page: usize,
}

/// What stands in the document's properties.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub title: &'a str,
    pub author: &'a str,
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const OUTLINE: Ref = Ref::new(4);
const FIRST_FACE: i32 = 5;
const FIRST_PAGE: i32 = 11;

pub fn document(about: About<'_>, pages: &[Page], bookmarks: &[Bookmark]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let page_ref = |index: usize| Ref::new(FIRST_PAGE + 2 * index as i32);
    let first_bookmark = FIRST_PAGE + 2 * pages.len() as i32;
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr("en"));
    if !bookmarks.is_empty() {
        catalog.outlines(OUTLINE);
    }
    catalog.finish();
    pdf.pages(PAGES).kids((0..pages.len()).map(page_ref)).count(pages.len() as i32);
    pdf.document_info(INFO).title(TextStr(about.title)).author(TextStr(about.author));
    for (index, face) in Face::ALL.into_iter().enumerate() {
        pdf.type1_font(Ref::new(FIRST_FACE + index as i32))
            .base_font(Name(face.postscript_name().as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (index, page) in pages.iter().enumerate() {
        let content_ref = Ref::new(page_ref(index).get() + 1);
        let mut written = pdf.page(page_ref(index));
        written.parent(PAGES).media_box(Rect::new(0.0, 0.0, page.width, page.height)).contents(content_ref);
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        for (number, face) in Face::ALL.into_iter().enumerate() {
            if uses(page, face) {
                fonts.pair(Name(name(face).as_bytes()), Ref::new(FIRST_FACE + number as i32));
            }
        }
        fonts.finish();
        resources.finish();
        written.finish();
        pdf.stream(content_ref, &deflated(&content(page))).filter(Filter::FlateDecode);
    }
    write_bookmarks(&mut pdf, bookmarks, first_bookmark, page_ref);
    pdf.finish()
}

fn write_bookmarks(pdf: &mut Pdf, bookmarks: &[Bookmark], first: i32, page_ref: impl Fn(usize) -> Ref) {
    let count = bookmarks.len() as i32;
    if count == 0 {
        return;
    }
    pdf.outline(OUTLINE).first(Ref::new(first)).last(Ref::new(first + count - 1)).count(count);
    for (index, bookmark) in (0..).zip(bookmarks) {
        let mut item = pdf.outline_item(Ref::new(first + index));
        item.title(TextStr(&bookmark.title)).parent(OUTLINE);
        if index > 0 {
            item.prev(Ref::new(first + index - 1));
        }
        if index < count - 1 {
            item.next(Ref::new(first + index + 1));
        }
        item.dest().page(page_ref(bookmark.page)).fit();
    }
}

fn uses(page: &Page, wanted: Face) -> bool {
    page.ops.iter().any(|op| matches!(op, Op::Text { face, .. } if *face == wanted))
}

const fn name(face: Face) -> &'static str {
    match face {
        Face::Serif => "F0",
        Face::SerifItalic => "F1",
        Face::SerifBold => "F2",
        Face::Sans => "F3",
        Face::SansBold => "F4",
        Face::Mono => "F5",
    }
}

fn content(page: &Page) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
    for op in &page.ops {
        match op {
            Op::Shape { path, paint } => {
                match paint {
                    Paint::Fill(colour) => {
                        let [red, green, blue] = parts(*colour);
                        content.set_fill_rgb(red, green, blue);
                    }
                    Paint::Stroke(colour, width) => {
                        let [red, green, blue] = parts(*colour);
                        content.set_stroke_rgb(red, green, blue).set_line_width(round(*width));
                    }
                }
                trace(&mut content, path, page.height);
                match paint {
                    Paint::Fill(_) => content.fill_nonzero(),
                    Paint::Stroke(..) => content.stroke(),
                };
            }
            Op::Text { x, y, size, face, colour, text } => {
                let [red, green, blue] = parts(*colour);
                let bytes: Vec<u8> = text.chars().map(win_ansi).collect();
                content.set_fill_rgb(red, green, blue);
                content.begin_text().set_font(Name(name(*face).as_bytes()), *size);
                content.next_line(round(*x), round(page.height - y)).show(Str(&bytes)).end_text();
            }
        }
    }
    content.finish().into_vec()
}

fn trace(content: &mut Content, path: &Path, height: f32) {
    let put = |(x, y): (f32, f32)| (round(x), round(height - y));
    let mut at = (0.0, 0.0);
    for segment in &path.0 {
        match *segment {
            Segment::Move(to) => {
                at = to;
                let (x, y) = put(to);
                content.move_to(x, y);
            }
            Segment::Line(to) => {
                at = to;
                let (x, y) = put(to);
                content.line_to(x, y);
            }
            // A PDF has cubic curves alone.
            Segment::Quad(by, to) => {
                let third = |end: (f32, f32)| {
                    (end.0 + (by.0 - end.0) * 2.0 / 3.0, end.1 + (by.1 - end.1) * 2.0 / 3.0)
                };
                let [(ax, ay), (bx, by), (x, y)] = [put(third(at)), put(third(to)), put(to)];
                content.cubic_to(ax, ay, bx, by, x, y);
                at = to;
            }
            Segment::Cubic(a, b, to) => {
                let [(ax, ay), (bx, by), (x, y)] = [put(a), put(b), put(to)];
                content.cubic_to(ax, ay, bx, by, x, y);
                at = to;
            }
            Segment::Close => {
                content.close_path();
            }
        }
    }
}

fn parts(colour: Colour) -> [f32; 3] {
    [colour.0, colour.1, colour.2].map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0)
}

fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(5));
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
