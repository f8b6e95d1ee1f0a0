//! `/orders/{id}/receipt`: what was paid, to print or as a PDF.

use super::downloads::attachment;
use super::{Customer, InAddress, SignedIn, orders, page};
use crate::Shop;
use crate::ids::OrderId;
use crate::orders::view;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use drawing::pdf::{self, About};
use drawing::{Align, Colour, Face, Page};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use platform::web::{Refusal, see_other};
use shop_pages::model::Receipt;
use shop_pages::pages::{self, ReceiptLine, receipt_lines, receipt_split};

/// Of buyer, merchant and operator. Where nothing was paid there is none: the order's page says where it stands.
async fn find(shop: &Shop, visitor: &SignedIn, id: &OrderId) -> Result<Option<Receipt>, Refusal> {
    let order = crate::orders::find(&shop.db, id).await?;
    orders::viewer(visitor).role(&order).ok_or_else(Refusal::not_found)?;
    Ok(view::receipt(&order))
}

pub async fn show(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    Ok(match find(&shop, &visitor, &id).await? {
        Some(receipt) => page(true, pages::receipt(&visitor.chrome, &receipt)),
        None => see_other(&format!("/orders/{id}")),
    })
}

pub async fn pdf(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let Some(receipt) = find(&shop, &visitor, &id).await? else {
        return Ok(see_other(&format!("/orders/{id}")));
    };
    let mut response = document(&receipt).into_response();
    for (name, value) in [
        (CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (CONTENT_DISPOSITION, attachment(&format!("Receipt {}.pdf", receipt.title))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ] {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

const LEFT: f32 = 64.0;
const RIGHT: f32 = 531.0;
const VALUES: f32 = 190.0;
const SIZE: f32 = 10.5;
const LINE: f32 = 17.0;

/// One sheet: facts, sums, and how the money was divided.
fn document(receipt: &Receipt) -> Vec<u8> {
    let mut sheet = Sheet { page: Page::a4(), y: 84.0 };
    sheet.page.text((LEFT, sheet.y), Align::Left, Face::SansBold, 22.0, "Receipt");
    sheet.page.coloured_text(
        (RIGHT, sheet.y),
        Align::Right,
        Face::Sans,
        SIZE,
        Colour::GREY,
        "DigitalDownload",
    );
    sheet.y += 40.0;
    let at = |moment| app::components::time::date_time_words(moment);
    sheet.fact("Sold by", &receipt.seller);
    sheet.fact("Bought by", &receipt.buyer);
    for (number, line) in receipt.address.iter().enumerate() {
        sheet.fact(if number == 0 { "Sent to" } else { "" }, line);
    }
    sheet.fact("Ordered", &at(receipt.ordered_at));
    sheet.fact("Paid", &at(receipt.paid_at));
    if let Some(way) = receipt.paid_with {
        sheet.fact("Paid with", way);
    }
    sheet.fact("Order", &receipt.order_id);
    if let Some(id) = &receipt.transaction_id {
        sheet.fact("Amazon transaction", id);
    }
    sheet.sums("What was paid", &receipt_lines(receipt));
    sheet.sums("How it was divided", &receipt_split(receipt));
    sheet.y += LINE;
    let note = "Payments at DigitalDownload are simulated: no money has moved.";
    sheet.page.coloured_text((LEFT, sheet.y), Align::Left, Face::Sans, 9.0, Colour::GREY, note);
    let title = format!("Receipt: {}", readable(&receipt.title));
    pdf::document(About { title: &title, author: "DigitalDownload" }, &[sheet.page], &[])
}

struct Sheet {
    page: Page,
    /// The base line of what comes next.
    y: f32,
}

impl Sheet {
    fn fact(&mut self, term: &str, value: &str) {
        self.page.coloured_text((LEFT, self.y), Align::Left, Face::Sans, SIZE, Colour::GREY, term);
        for line in broken(value, RIGHT - VALUES) {
            self.page.text((VALUES, self.y), Align::Left, Face::Sans, SIZE, &line);
            self.y += LINE;
        }
    }

    fn sums(&mut self, heading: &str, lines: &[ReceiptLine]) {
        if lines.is_empty() {
            return;
        }
        self.y += LINE;
        self.page.text((LEFT, self.y), Align::Left, Face::SansBold, 13.0, heading);
        self.y += LINE * 1.4;
        for line in lines {
            let face = if line.sum { Face::SansBold } else { Face::Sans };
            if line.sum {
                let y = self.y - SIZE - 2.0;
                self.page.line((LEFT, y), (RIGHT, y), Colour::PALE, 0.8);
            }
            let amount = readable(&line.amount.to_string());
            self.page.text((RIGHT, self.y), Align::Right, face, SIZE, &amount);
            for words in broken(&line.words, RIGHT - LEFT - 90.0) {
                self.page.text((LEFT, self.y), Align::Left, face, SIZE, &words);
                self.y += LINE;
            }
        }
    }
}

/// With the letters that every reader of PDF has: others are spelt with those.
fn readable(text: &str) -> String {
    let spelt = |letter: char| {
        let known = letter == '?' || drawing::face::win_ansi(letter) != b'?';
        if known { letter.to_string() } else { deunicode::deunicode_char(letter).unwrap_or("?").to_owned() }
    };
    text.chars().map(spelt).collect()
}

/// A text in lines that fit a width; at least one.
fn broken(text: &str, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in readable(text).split_whitespace() {
        for piece in pieces(word, width) {
            let last = lines.last_mut().expect("there is a line from the start");
            let longer = if last.is_empty() { piece.clone() } else { format!("{last} {piece}") };
            if Face::SansBold.width(&longer, SIZE) <= width {
                *last = longer;
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

/// A word, cut where it is longer than a line.
fn pieces(word: &str, width: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let last = pieces.last_mut().expect("there is a piece from the start");
        if Face::SansBold.width(&format!("{last}{letter}"), SIZE) > width {
            pieces.push(letter.to_string());
        } else {
            last.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::Document;
    use money::Money;
    use shop_pages::model::{Bearer, DiscountView, PriceSplit};

    fn receipt() -> Receipt {
        let split = PriceSplit {
            total: Money::from_cents(5400),
            merchant: Money::from_cents(4600),
            marketplace: Money::from_cents(545),
            amazon: Money::from_cents(255),
        };
        Receipt {
            order_id: "0190163d-8694-739b-aea5-966c26f8ad91".to_owned(),
            title: "Gannet, linocut".to_owned(),
            seller: "Salt & Ink".to_owned(),
            buyer: "Jos\u{e9} \u{141}ukasz".to_owned(),
            address: vec!["12 Elm Street".to_owned(), "Portland OR 97201".to_owned()],
            ordered_at: "2030-01-01T00:00:00Z".parse().unwrap(),
            paid_at: "2030-01-02T00:00:00Z".parse().unwrap(),
            price: Money::from_cents(4700),
            discount: Some(DiscountView {
                code: "SPRING".to_owned(),
                amount: Money::from_cents(500),
                bearer: Bearer::Seller,
            }),
            shipping: Some(Money::from_cents(1200)),
            not_charged: None,
            charged: Money::from_cents(5400),
            refunded: Some(Money::from_cents(1000)),
            paid_with: Some("Card"),
            split: Some(split),
            transaction_id: Some("T1".to_owned()),
        }
    }

    /// Another program reads the lines again.
    #[test]
    fn a_pdf_has_prices_shipping_refunds_and_fees() {
        let read = Document::load_mem(&document(&receipt())).unwrap();
        let text = read.extract_text(&[1]).unwrap();
        for part in [
            "Receipt",
            "Gannet, linocut",
            "Salt & Ink",
            "12 Elm Street",
            "$47.00",
            "Coupon SPRING, borne by Salt & Ink",
            "-$5.00",
            "$12.00",
            "$54.00",
            "-$10.00",
            "$44.00",
            "$46.00",
            "$5.45",
            "$2.55",
            "Card",
            "Lukasz",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(read.get_pages().len(), 1);
    }

    #[test]
    fn the_parts_sum_to_what_was_paid() {
        let sum = |lines: Vec<ReceiptLine>| Money::sum(lines.into_iter().map(|line| line.amount)).unwrap();
        assert_eq!(sum(receipt_split(&receipt())), receipt().charged);
        let lines = receipt_lines(&receipt());
        let until = lines.iter().position(|line| line.sum).unwrap();
        assert_eq!(sum(lines[..until].to_vec()), lines[until].amount);
    }

    #[test]
    fn the_longest_title_keeps_to_the_sheet() {
        for title in ["Wide ".repeat(60), "W".repeat(300), "\u{65e5}\u{672c}".repeat(100), String::new()] {
            for line in broken(&title, 300.0) {
                assert!(Face::SansBold.width(&line, SIZE) <= 300.0, "{line}");
            }
            assert!(document(&Receipt { title, ..receipt() }).starts_with(b"%PDF"));
        }
    }
}
