//! What is read and looked at: books, prints, sheets, templates.

use super::{Maker, PreviewKind};
use crate::book::{self, Heading};
use crate::catalogue::Beside;
use crate::draw::pdf::{self, About};
use crate::draw::{Colour, Page, picture, svg};
use crate::fonts::{self, Design};
use crate::paper::Paper;
use crate::templates::{self, Template};
use crate::{GoodsError, sources};

impl Maker<'_> {
    pub(super) fn book(&mut self, text: &str, epub: bool, with: Option<Beside>) -> Result<(), GoodsError> {
        let chapters = book::parse(sources::find(&sources::TEXTS, text)?);
        let title =
            Heading { title: &self.item.title, author: &self.item.creator, publisher: &self.item.shop };
        let set = book::set(title, &chapters);
        self.file(format!("{}.pdf", self.item.slug), "application/pdf", set.file);
        if epub {
            let file = book::epub(title, &chapters)?;
            self.file(format!("{}.epub", self.item.slug), "application/epub+zip", file);
        }
        self.leaf_through(&set.pages, &[0, 2, 3]);
        match with {
            None => {}
            Some(Beside::LendingTables) => {
                for (name, media_type, bytes) in templates::lending()? {
                    self.file(name, media_type, bytes);
                }
            }
            Some(Beside::ChoirWorkbook) => {
                let [(_, media_type, bytes)] = &Template::Workbook.files("workbook")?[..] else {
                    return Ok(());
                };
                self.file("a-year-with-formulas.fods".into(), media_type, bytes.clone());
            }
            Some(Beside::PracticeSheets) => {
                let sheets = Paper::Graph.pages(text, "Paper to draw on", &self.item.shop);
                let about = About { title: "Paper to draw on", author: &self.item.shop };
                self.file(
                    "paper-to-draw-on.pdf".into(),
                    "application/pdf",
                    pdf::document(about, &sheets, &[]),
                );
            }
            Some(Beside::PracticeFont) => {
                let design = grocers_hand();
                let bytes = design.truetype(&design.weights[0], &self.item.shop);
                self.file("grocers-hand.ttf".into(), "font/ttf", bytes);
                let sheets = Paper::Handwriting.pages(text, "Lines for the pen", &self.item.shop);
                let about = About { title: "Lines for the pen", author: &self.item.shop };
                self.file(
                    "lines-for-the-pen.pdf".into(),
                    "application/pdf",
                    pdf::document(about, &sheets, &[]),
                );
            }
        }
        Ok(())
    }

    pub(super) fn print(&mut self, page: &Page, png: Option<u32>) -> Result<(), GoodsError> {
        let (slug, title) = (&self.item.slug, &self.item.title);
        let drawing = svg::document(page, title);
        // The shop shows less than it sells: the picture small, in points.
        let small = picture::png(page, 640, 96)?;
        if let Some(width) = png {
            self.file(format!("{slug}-print.png"), "image/png", picture::png(page, width, 300)?);
        }
        self.file(format!("{slug}.svg"), "image/svg+xml", drawing.into_bytes());
        let about = About { title, author: &self.item.creator };
        let sheet = pdf::document(about, std::slice::from_ref(page), &[]);
        self.file(format!("{slug}.pdf"), "application/pdf", sheet);
        self.preview(PreviewKind::Picture, format!("{slug}-preview.png"), "image/png", small);
        if self.item.deep {
            self.picture("on-the-wall", on_the_wall(page, title));
        }
        Ok(())
    }

    pub(super) fn paper(&mut self, paper: &Paper) {
        let item = self.item;
        let pages = paper.pages(&item.slug, &item.title, &item.shop);
        let file = pdf::document(About { title: &item.title, author: &item.creator }, &pages, &[]);
        self.file(format!("{}.pdf", item.slug), "application/pdf", file);
        self.leaf_through(&pages, &[0, 1]);
    }

    pub(super) fn template(&mut self, template: Template) -> Result<(), GoodsError> {
        for (name, media_type, bytes) in template.files(&self.item.slug)? {
            self.file(name, media_type, bytes);
        }
        if let Some(drawing) = template.picture() {
            let name = format!("{}-preview.svg", self.item.slug);
            self.preview(PreviewKind::Picture, name, "image/svg+xml", drawing.into_bytes());
        }
        Ok(())
    }
}

/// The hand that the course on old handwriting is practised with.
fn grocers_hand() -> Design {
    Design {
        family: "Grocers Hand".into(),
        weights: vec![fonts::Weight { name: "Regular".into(), class: 400, stroke: 54.0 }],
        width: 0.82,
        small: 400.0,
        contrast: 0.6,
        nib: 35.0,
        slant: 18.0,
        ends: fonts::Ends::Square,
        serifs: 0.0,
        tracking: 30.0,
        mono: false,
        dotted: false,
        stencil: false,
        shake: 5.0,
        sample: "Itm two li of candles".into(),
    }
}

/// A print in a frame over a sideboard: how large it is, beside things whose size one knows.
fn on_the_wall(page: &Page, title: &str) -> String {
    use crate::draw::{Op, Path};
    let mut room = Page::new(900.0, 700.0);
    room.background(Colour::hex(0x00e6_e1d6));
    room.fill(Path::rect(0.0, 560.0, 900.0, 140.0), Colour::hex(0x00b9_a78b));
    room.fill(Path::rect(210.0, 470.0, 480.0, 24.0), Colour::hex(0x006b_4a32));
    room.fill(Path::rect(222.0, 494.0, 456.0, 96.0), Colour::hex(0x0080_5a3e));
    for x in [240.0, 394.0, 548.0] {
        room.stroke(Path::rect(x, 506.0, 112.0, 72.0), Colour::hex(0x006b_4a32), 2.0);
    }
    room.fill(Path::ellipse((290.0, 452.0), 26.0, 20.0), Colour::hex(0x001e_6f8f));
    room.line((290.0, 434.0), (270.0, 380.0), Colour::hex(0x005b_8c5a), 4.0);
    room.line((290.0, 434.0), (312.0, 366.0), Colour::hex(0x005b_8c5a), 4.0);
    let scale = (330.0 / page.height).min(420.0 / page.width);
    let (wide, tall) = (page.width * scale, page.height * scale);
    let at = (450.0 - wide / 2.0, 60.0);
    room.fill(Path::rect(at.0 - 34.0, at.1 - 24.0, wide + 68.0, tall + 68.0), Colour::hex(0x00c9_c1b2));
    room.fill(Path::rect(at.0 - 36.0, at.1 - 36.0, wide + 72.0, tall + 72.0), Colour::hex(0x0026_2421));
    room.fill(Path::rect(at.0 - 26.0, at.1 - 26.0, wide + 52.0, tall + 52.0), Colour::WHITE);
    for op in &page.ops {
        if let Op::Shape { path, paint } = op {
            // What reaches over the sheet's edge is not printed.
            let inside = |(x, y): (f32, f32)| {
                (at.0 + x.clamp(0.0, page.width) * scale, at.1 + y.clamp(0.0, page.height) * scale)
            };
            let paint = match *paint {
                crate::draw::Paint::Stroke(colour, width) => {
                    crate::draw::Paint::Stroke(colour, width * scale)
                }
                fill @ crate::draw::Paint::Fill(_) => fill,
            };
            room.ops.push(Op::Shape { path: path.map(inside), paint });
        }
    }
    svg::document(&room, &format!("{title}, framed, over a sideboard"))
}
