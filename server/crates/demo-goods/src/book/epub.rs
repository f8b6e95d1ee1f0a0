//! The same book for readers whose pages have no size: an EPUB 3.

use super::{Block, Chapter, Heading, Span, typographic};
use crate::draw::svg::escaped;
use crate::{GoodsError, archive};
use std::fmt::Write as _;

const STYLE: &str = "body { font-family: serif; line-height: 1.45; margin: 5%; }\nh1 { margin: 2em 0 1em; }\n\
    p { margin: 0; text-indent: 1.2em; }\nh1 + p, h2 + p { text-indent: 0; }\n.verse { margin: 1em 1.5em; }\n\
    .verse p { text-indent: 0; }\npre { white-space: pre-wrap; font-size: .85em; margin: 1em; }\n";

pub fn epub(title: Heading<'_>, chapters: &[Chapter]) -> Result<Vec<u8>, GoodsError> {
    let name = |number: usize| format!("chapter-{:02}.xhtml", number + 1);
    let mut files = vec![
        (
            "META-INF/container.xml".to_owned(),
            "<?xml version=\"1.0\"?>\n<container version=\"1.0\" \
             xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
             full-path=\"book/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n"
                .to_owned(),
        ),
        ("book/style.css".to_owned(), STYLE.to_owned()),
    ];
    let (mut manifest, mut spine, mut contents) = (String::new(), String::new(), String::new());
    for (number, chapter) in chapters.iter().enumerate() {
        let file = name(number);
        let heading = escaped(&typographic(&chapter.title));
        let _ = writeln!(
            manifest,
            "<item id=\"c{number}\" href=\"{file}\" media-type=\"application/xhtml+xml\"/>"
        );
        let _ = writeln!(spine, "<itemref idref=\"c{number}\"/>");
        let _ = writeln!(contents, "<li><a href=\"{file}\">{heading}</a></li>");
        files.push((
            format!("book/{file}"),
            page(&heading, &format!("<h1>{heading}</h1>\n{}", body(chapter))),
        ));
    }
    let heading = escaped(title.title);
    files.push((
        "book/contents.xhtml".to_owned(),
        page(&heading, &format!("<nav xmlns:epub=\"http://www.idpf.org/2007/ops\" epub:type=\"toc\"><h1>{heading}</h1><ol>\n{contents}</ol></nav>")),
    ));
    files.push((
        "book/package.opf".to_owned(),
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
             unique-identifier=\"id\">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
             <dc:identifier id=\"id\">digitaldownload-demo:{}</dc:identifier>\n<dc:title>{heading}</dc:title>\n\
             <dc:creator>{}</dc:creator>\n<dc:publisher>{}</dc:publisher>\n<dc:language>en</dc:language>\n\
             <meta property=\"dcterms:modified\">2026-01-01T00:00:00Z</meta>\n</metadata>\n<manifest>\n\
             <item id=\"nav\" href=\"contents.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
             <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n{manifest}</manifest>\n<spine>\n\
             <itemref idref=\"nav\"/>\n{spine}</spine>\n</package>\n",
            title.title.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "-"),
            escaped(title.author),
            escaped(title.publisher),
        ),
    ));
    archive::epub("application/epub+zip", &files)
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
         lang=\"en\" xml:lang=\"en\">\n<head><title>{title}</title><link rel=\"stylesheet\" href=\"style.css\"/></head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    )
}

fn body(chapter: &Chapter) -> String {
    let mut html = String::new();
    let mut listing = false;
    for block in &chapter.blocks {
        let item = matches!(block, Block::Item(_));
        if item != listing {
            html.push_str(if item { "<ul>\n" } else { "</ul>\n" });
            listing = item;
        }
        let _ = match block {
            Block::Heading(text) => writeln!(html, "<h2>{}</h2>", escaped(&typographic(text))),
            Block::Paragraph(spans) => writeln!(html, "<p>{}</p>", inline(spans)),
            Block::Item(spans) => writeln!(html, "<li>{}</li>", inline(spans)),
            Block::Code(lines) => writeln!(html, "<pre>{}</pre>", escaped(&lines.join("\n"))),
            Block::Verse(lines) => {
                let lines: Vec<String> = lines
                    .iter()
                    .map(|line| format!("<p>{}\u{a0}</p>", escaped(&typographic(line))))
                    .collect();
                writeln!(html, "<div class=\"verse\">{}</div>", lines.join("\n"))
            }
        };
    }
    if listing {
        html.push_str("</ul>\n");
    }
    html
}

fn inline(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| {
            let text = escaped(&span.text);
            if span.italic { format!("<em>{text}</em>") } else { text }
        })
        .collect()
}
