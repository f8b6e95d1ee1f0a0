//! The demo data's documents, written by hand: a one-page PDF, a web page, a plain text, a drawing.

use platform::Random;
use std::fmt::Write as _;

/// What stands in a document.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    pub title: &'a str,
    pub creator: &'a str,
    pub body: &'a str,
}

const LINE_LENGTH: usize = 78;

pub fn plain(text: Text<'_>) -> Vec<u8> {
    let mut page = format!("{}\n{}\n{}\n", text.title, "=".repeat(text.title.chars().count()), text.creator);
    for line in wrapped(text.body) {
        page.push('\n');
        page.push_str(&line);
    }
    page.push('\n');
    page.into_bytes()
}

pub fn web_page(text: Text<'_>) -> Vec<u8> {
    let [title, creator, body] = [text.title, text.creator, text.body].map(escaped);
    let paragraphs = body.replace("\n\n", "</p>\n<p>");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>body {{ font: 1.1rem/1.5 serif; max-width: 34em; margin: 3em auto; padding: 0 1em }}</style>\n\
         <h1>{title}</h1>\n<p><em>{creator}</em></p>\n<p>{paragraphs}</p>\n</html>\n",
    )
    .into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A4, the title in large letters, then the text; PDF 1.4 with one of the fonts that every reader has.
pub fn pdf(text: Text<'_>) -> Vec<u8> {
    let mut content = String::from("BT /F1 24 Tf 72 760 Td ");
    let _ = write!(
        content,
        "({}) Tj /F1 14 Tf 0 -28 Td ({}) Tj /F1 11 Tf 0 -36 Td ",
        pdf_text(text.title),
        pdf_text(text.creator)
    );
    for line in wrapped(text.body) {
        let _ = write!(content, "({}) Tj 0 -16 Td ", pdf_text(&line));
    }
    content.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let table_at = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

/// A PDF string in `WinAnsi`: ASCII as it is, the rest as octal escapes.
fn pdf_text(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => escaped.extend(['\\', letter]),
            ' '..='~' => escaped.push(letter),
            '’' => escaped.push_str("\\222"),
            '“' => escaped.push_str("\\223"),
            '”' => escaped.push_str("\\224"),
            '–' => escaped.push_str("\\226"),
            '\u{a0}'..='\u{ff}' => {
                let _ = write!(escaped, "\\{:03o}", u32::from(letter));
            }
            _ => escaped.push('?'),
        }
    }
    escaped
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= LINE_LENGTH {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Overlapping shapes in a few colours, drawn from a number.
pub fn drawing(number: u64, title: &str) -> Vec<u8> {
    let random = Random::seeded(number);
    let below = |limit: u64| random.next_u64() % limit;
    let hue = below(360);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 800\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"800\" height=\"800\" fill=\"hsl({hue} 30% 92%)\"/>\n",
        escaped(title)
    );
    for layer in 0..14 {
        let colour = format!("hsl({} {}% {}%)", (hue + below(90)) % 360, 35 + below(40), 30 + below(40));
        let (x, y, size) = (below(800), below(800), 60 + below(220));
        let shape = match below(3) {
            0 => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"", size / 2),
            1 => format!("<rect x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{}\"", 40 + below(200)),
            _ => {
                format!("<path d=\"M{x} {y} l{size} {} l-{} {} z\"", below(120), below(160), 60 + below(160))
            }
        };
        let _ = writeln!(svg, "{shape} fill=\"{colour}\" opacity=\"0.{}\"/>", 55 + layer);
    }
    svg.push_str("</svg>\n");
    svg.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Text<'static> =
        Text {
            title: "Tea (and \\ toast)", creator: "Zoë <Ash>", body: "One line.\n\nAnother – “quoted”."
        };

    #[test]
    fn a_pdf_points_at_its_own_objects() {
        let file = String::from_utf8(pdf(TEXT)).unwrap();
        let at: usize = file.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(file[at..].starts_with("xref\n0 6\n"));
        for (number, entry) in file[at..].lines().skip(3).take(5).enumerate() {
            let offset: usize = entry[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{} 0 obj", number + 1)));
        }
        assert!(file.contains("(Tea \\(and \\\\ toast\\)) Tj"));
        assert!(file.contains("Zo\\353 <Ash>"));
    }

    #[test]
    fn a_web_page_shows_text_as_text() {
        let page = String::from_utf8(web_page(TEXT)).unwrap();
        assert!(page.contains("Zoë &lt;Ash&gt;"));
        assert!(page.contains("<p>One line.</p>\n<p>Another"));
    }

    #[test]
    fn a_drawing_is_the_same_every_time() {
        assert_eq!(drawing(3, "x"), drawing(3, "x"));
        assert_ne!(drawing(3, "x"), drawing(4, "x"));
    }
}
