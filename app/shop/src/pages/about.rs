//! What this shop is: help, terms, privacy. The same for everybody.

use super::shell;
use crate::model::{Chrome, Fragment, Head, Preview};
use app::assets;
use leptos::prelude::*;

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Help,
    Terms,
    Privacy,
}

impl About {
    pub const fn title(self) -> &'static str {
        match self {
            Self::Help => "Help",
            Self::Terms => "Terms",
            Self::Privacy => "Privacy",
        }
    }

    const fn summary(self) -> &'static str {
        match self {
            Self::Help => {
                "How buying, paying, cancelling, refunds, downloads and selling work at DigitalDownload."
            }
            Self::Terms => "What buyers, sellers and DigitalDownload can expect of each other.",
            Self::Privacy => "What DigitalDownload keeps about people, what for, and who sees it.",
        }
    }

    fn sections(self) -> Vec<Section> {
        match self {
            Self::Help => help(),
            Self::Terms => terms(),
            Self::Privacy => privacy(),
        }
    }
}

/// A heading and what stands below it.
struct Section {
    heading: &'static str,
    paragraphs: Vec<&'static str>,
}

fn section(heading: &'static str, paragraphs: &[&'static str]) -> Section {
    Section { heading, paragraphs: paragraphs.to_vec() }
}

pub fn about(chrome: &Chrome, which: About) -> String {
    let preview = Preview {
        description: which.summary().to_owned(),
        image: assets::address("/public/logo.svg").to_owned(),
    };
    let html = app::render::fragment(|| main(which));
    let head = Head { title: which.title().to_owned(), query: String::new(), preview: Some(preview) };
    shell::complete(chrome, &Fragment { head, html: html.into() })
}

fn main(which: About) -> AnyView {
    let sections: Vec<_> = which
        .sections()
        .into_iter()
        .map(|section| {
            let paragraphs: Vec<_> =
                section.paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect();
            view! { <section class="about-section"><h2>{section.heading}</h2> {paragraphs}</section> }
        })
        .collect();
    view! {
        <div class="narrow">
            <h1>{which.title()}</h1>
            <p class="lead">{which.summary()}</p>
            {sections}
        </div>
    }
    .into_any()
}

fn help() -> Vec<Section> {
    vec![
        section(
            "What this is",
            &[
                "DigitalDownload is a demonstration of a marketplace. Everything can be tried; nothing costs anything. Payments go \
                 through a simulation of Amazon Flexible Payments Service, a service that ended in 2015.",
                "The songs, books, fonts, games and papers are the project\u{2019}s own, and their files are real: they open.",
            ],
        ),
        section(
            "Buying",
            &[
                "Buy Now is the straight way: choose how you pay, confirm at Amazon Payments, and you are back with your download. \
                 We never see your card.",
                "The cart is for several things, also of several sellers: you confirm once, and each thing becomes an order of its \
                 own. What you allowed at Amazon Payments is given back when each order had its try.",
                "A coupon takes something off. Its code is typed at the checkout, which says what it takes off and who bears it: \
                 the seller, or the marketplace out of its own fee.",
                "You need no account to buy. Without one, this browser knows your order, and the mails about it have a link that \
                 opens it anywhere, for 30 days; Find an order, at the foot of each page, sends another.",
                "What is downloaded can be a gift: at the checkout you give the recipient\u{2019}s e-mail address, and we write there \
                 once it is paid. Whoever accepts it has the download; you keep the order, and can ask for your money back.",
                "Credit is paid ahead once and then spent with one press. It cannot be paid back; money that goes back for what you \
                 bought with it goes back to it.",
            ],
        ),
        section(
            "Held, charged, cancelled",
            &[
                "What is downloaded at once is charged at once. What a seller makes or sends is only held: you are charged when the \
                 seller delivers, and you can cancel until then. After seven days Amazon Payments gives the money free again.",
                "A card or a bank account takes a moment to answer. The order\u{2019}s page says when it is through.",
            ],
        ),
        section(
            "Money back",
            &[
                "Each seller has a rule, which stands on the item\u{2019}s page before you buy: within its days the money goes back \
                 at once, later the seller is asked.",
                "If the seller declines, or does not answer for three days, you can call the marketplace in, once. What it decides \
                 is final.",
                "With the money goes the right to download: the file leaves your library, and links to it end.",
            ],
        ),
        section(
            "Downloads",
            &[
                "Your library has all that you bought, to download as often as you like. On the order\u{2019}s page you can make a \
                 link for a device on which you are not signed in: it works for 24 hours and begins five downloads.",
                "Programs come with a licence key, on the order\u{2019}s page.",
            ],
        ),
        section(
            "Selling",
            &[
                "Under Sell you name your shop, register at Amazon Payments, and list what you sell. Of each sale the marketplace \
                 and Amazon take a fee, you get the rest; who gets what stands under every price, for you and for your buyers.",
            ],
        ),
        section(
            "Your account",
            &[
                "On its page, behind your name, you change your name, e-mail address and password, see where you are signed in, and \
                 turn a second factor on: a code of an app, asked for after the password. If you have forgotten the password, a \
                 mail brings a link for a new one.",
                "Keep the recovery codes that come with a second factor: each stands in for the app once. Who has lost both tells \
                 the operator, who asks who they are before it turns it off.",
                "Below each order, Messages reach its seller and the operator of the shop. What is not about an order, tell whoever \
                 runs this shop: it is a program that anybody can start.",
                "Under Your data you download all that is kept about you, and can delete the account.",
            ],
        ),
    ]
}

fn terms() -> Vec<Section> {
    vec![
        section(
            "No real money",
            &[
                "No money moves here, and nothing that is bought or sold here is owed to anybody. Put no real card and no real bank \
                 account in.",
            ],
        ),
        section(
            "Between buyers and sellers",
            &[
                "A purchase is between the buyer and the seller whose name stands on the item. What may be done with it is said by \
                 the licence on its page.",
                "The price, the postage and the rule for refunds are those that were shown when the order was placed. If one of them \
                 has changed meanwhile, nothing is ordered before the buyer has seen it.",
                "A seller is paid when the buyer is charged, and the buyer is charged when the seller delivers.",
            ],
        ),
        section(
            "What sellers may not do",
            &[
                "Sell what is not theirs, take another\u{2019}s name, or write what harms others. The marketplace stops the sale of \
                 items and the shops of sellers who do; orders that were placed go on, and each such step is kept with its reason.",
            ],
        ),
        section(
            "The marketplace\u{2019}s part",
            &[
                "Whoever runs it can close an account, too, for a reason that is written down. What its owner has ordered and sold \
                 goes on.",
                "DigitalDownload takes its fee of each sale, as the split under the price says, and decides where buyer and seller do \
                 not agree on a refund. It promises no more than that: this is a demonstration, and its data may be reset.",
            ],
        ),
    ]
}

fn privacy() -> Vec<Section> {
    vec![
        section(
            "Where it is kept",
            &[
                "In the database and the folder of the machine that runs this program, and nowhere else. No connection leaves the \
                 machine, unless whoever runs it has named a mail server.",
            ],
        ),
        section(
            "What is kept",
            &[
                "Of an account: name, e-mail address, a hash of the password, what the codes of a second factor are checked \
                 against, and for each place where it is signed in the browser, the network address and when it was used. Of an \
                 order: what was bought, for how much, how it was paid and what became of it; of what is sent by post also the address.",
                "Of a purchase without an account: the e-mail address that was given, until somebody adds it to an account.",
                "Messages about orders, reviews, and the mail that was written to you. What is in your cart and on your wish list.",
                "The log of the program has the addresses of requests, for finding faults.",
                "Cards and bank accounts are Amazon Payments\u{2019} business: the shop never gets them.",
            ],
        ),
        section(
            "Who sees it",
            &[
                "The seller sees the buyer\u{2019}s name, what was ordered and, of what is sent, the address; never the e-mail \
                 address. Reviews stand on the item\u{2019}s page with their writer\u{2019}s name. Who runs the marketplace sees all \
                 orders, since refunds may have to be decided.",
            ],
        ),
        section(
            "Cookies",
            &[
                "One knows that you are signed in, or which cart and wish list are a visitor\u{2019}s. It is needed, so nobody asks \
                 you about it.",
                "Another has which few items you opened last, so that you find them again. It ends when the browser is closed or \
                 you sign out, one press forgets it, and the shop keeps nothing of it.",
                "There is no other, nothing is counted, and no page loads anything from elsewhere.",
            ],
        ),
        section(
            "How long",
            &[
                "Sessions end a week after their last use and a month after they began, carts and wish lists of visitors after \
                 thirty days, links to files after a day. Orders stay, because the books must agree.",
            ],
        ),
        section(
            "Taking it with you, and leaving",
            &[
                "On the page of your account, under Your data, you download all that is kept about you as one file.",
                "There you also delete the account. Name, addresses, mail and library go; orders, reviews and what you wrote to \
                 sellers stay without your name. The page says all of it before, and what has to be seen through first.",
            ],
        ),
    ]
}
