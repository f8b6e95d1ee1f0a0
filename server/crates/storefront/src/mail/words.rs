//! What mails say. Each kind's words stand here once, written from what is kept; what a subject is about is named in it.

use super::{About, News};
use crate::orders::gifts::Addressee;
use crate::orders::refund_requests::RefundRequest;
use crate::orders::{Order, view};
use app::components::time::date_time_words;
use jiff::Timestamp;
use shop_pages::model::{Letter, Part};

/// What the words of an order's mail are written from.
#[derive(Debug, Clone, Copy)]
pub struct OrderFacts<'a> {
    pub order: &'a Order,
    /// Of a mail about a request for a refund.
    pub asked: Option<&'a RefundRequest>,
    /// The path of a link that opens the order to its buyer, who is a guest.
    pub link: Option<&'a GuestLink>,
}

/// Opens an order to whoever has it, for a while.
#[derive(Debug, Clone)]
pub enum GuestLink {
    Good { path: String, until: Timestamp },
    Over,
}

/// The subject; `title` is what was ordered, where the mail is about an order.
pub fn subject(about: &About, title: &str) -> String {
    match about {
        About::Welcome => "Welcome to DigitalDownload".to_owned(),
        About::ConfirmSignUp(_) => "Open your account at DigitalDownload".to_owned(),
        About::SignUpAttempt => "You have an account at DigitalDownload already".to_owned(),
        About::PasswordReset(_) => "Choose a new password for DigitalDownload".to_owned(),
        About::NoAccount => "There is no account with this address at DigitalDownload".to_owned(),
        About::PasswordChanged => "Your password at DigitalDownload was changed".to_owned(),
        About::EmailChange(_) => "Confirm your new address at DigitalDownload".to_owned(),
        About::EmailChangeAsked { .. } => "Your address at DigitalDownload is about to change".to_owned(),
        About::EmailChanged { .. } => "Your address at DigitalDownload was changed".to_owned(),
        About::AddressTaken => "Your address is in use at DigitalDownload already".to_owned(),
        About::SecondFactorOn => "Your second factor at DigitalDownload is on".to_owned(),
        About::SecondFactorOff => "Your second factor at DigitalDownload is off".to_owned(),
        About::RecoveryCodeUsed => "A recovery code was used at DigitalDownload".to_owned(),
        About::RecoveryCodesMade => "You have new recovery codes at DigitalDownload".to_owned(),
        About::WrongCodes => "Wrong codes were given at DigitalDownload".to_owned(),
        About::AccountDeleted => "Your account at DigitalDownload is deleted".to_owned(),
        About::RegistrationCancelled => "You cannot be paid: register with Amazon Payments again".to_owned(),
        About::Order(_, news) => subject_of_order(news, title),
    }
}

fn subject_of_order(news: &News, title: &str) -> String {
    match news {
        News::Paid => format!("Your receipt: {title}"),
        News::Reserved => format!("Ordered: {title}"),
        News::Fulfilled => format!("Ready for you: {title}"),
        News::Charged => format!("Paid and on its way: {title}"),
        News::NotCharged { .. } => format!("Your payment did not go through: {title}"),
        News::PaymentFailed { .. } => format!("Your payment failed: {title}"),
        News::Cancelled => format!("Cancelled: {title}"),
        News::Refunded(_) => format!("Refunded: {title}"),
        News::PartlyRefunded(_) => format!("Partly refunded: {title}"),
        News::RefundFailed { .. } => format!("The refund failed: {title}"),
        News::RefundDeclined => format!("No refund: {title}"),
        News::Sold => format!("Sold: {title}"),
        News::ToFulfil { by } => format!("New order: {title}, fulfil by {}", date_time_words(*by)),
        News::FulfilBy { by } => format!("Fulfil by {}: {title}", date_time_words(*by)),
        News::ToSend => format!("Charged, deliver now: {title}"),
        News::NotToSend { .. } => format!("Not charged, do not send: {title}"),
        News::SaleCancelled => format!("Order cancelled, do not send: {title}"),
        News::SaleRefunded(_) => format!("Sale refunded: {title}"),
        News::RefundRequested(_) => format!("A buyer asks for a refund: {title}"),
        News::MarketplaceAsked { .. } => format!("The marketplace was asked to decide on a refund: {title}"),
        News::MarketplaceGranted { .. } => format!("The marketplace decided for a refund: {title}"),
        News::MarketplaceDeclined { .. } => format!("The marketplace decided against a refund: {title}"),
        News::Message => format!("New message about {title}"),
        News::LinkAsked => format!("The link to your order: {title}"),
        News::Gift => format!("A gift for you: {title}"),
        News::Reviewed { .. } => format!("A buyer reviewed {title}"),
        News::ReviewAnswered { .. } => format!("Your review was answered: {title}"),
    }
}

fn paragraph(words: impl Into<String>) -> Part {
    Part::Paragraph(words.into())
}

/// A mail that is about no order. `site` is the shop's own address without a slash at the end; `link` what a link that
/// lets somebody in carries, while it is good.
pub fn of_account(about: &About, site: &str, link: Option<&str>) -> Letter {
    let to = |words, path: &str| Part::Link { words, url: format!("{site}{path}") };
    let parts = match about {
        About::Welcome => vec![
            paragraph("There is an account with this address at DigitalDownload from now on."),
            paragraph(
                "What you buy is in your library, what becomes of your orders is written to you here. If you did not \
                 sign up yourself, choose a new password: then nobody else can use the account.",
            ),
            to("Your library", "/library"),
            to("Choose a new password", "/password/forgot"),
        ],
        About::ConfirmSignUp(_) => confirm(site, link),
        About::SignUpAttempt => vec![
            paragraph(
                "Somebody has just filled in the form for new accounts with your address. You have an account already, \
                 and nothing about it was changed.",
            ),
            paragraph(
                "Was it you? Sign in instead, or choose a new password if you do not know it any more. Was it somebody \
                 else? Then there is nothing to do: they were not told that you have an account.",
            ),
            to("Sign in", "/sign-in"),
            to("Choose a new password", "/password/forgot"),
        ],
        About::PasswordReset(_) => reset(site, link),
        About::NoAccount => vec![
            paragraph(
                "Somebody asked for a new password for this address. There is no account with it here, so there is \
                 nothing to change.",
            ),
            paragraph(
                "Was it you? Perhaps you signed up with another address. If it was not you, forget about it.",
            ),
            to("Sign up", "/sign-up"),
        ],
        About::PasswordChanged => vec![
            paragraph("The password of your account was changed. Other sessions were ended."),
            paragraph("If it was not you, choose a new password at once."),
            to("Choose a new password", "/password/forgot"),
        ],
        About::EmailChange(_) => new_address(site, link),
        About::EmailChangeAsked { .. }
        | About::EmailChanged { .. }
        | About::AddressTaken
        | About::SecondFactorOn
        | About::SecondFactorOff
        | About::RecoveryCodeUsed
        | About::RecoveryCodesMade
        | About::WrongCodes => of_safety(about, site),
        About::AccountDeleted => vec![
            paragraph(
                "As you wanted, your account is deleted: nobody signs in to it any more, and this address is free for a new \
                 one. What you bought and sold stays in the books, without your name. This is the last mail about it.",
            ),
            paragraph(
                "If it was not you, tell whoever runs this shop: somebody knows the password that you had.",
            ),
            to("Make a new account", "/sign-up"),
        ],
        About::RegistrationCancelled => vec![
            paragraph(
                "Amazon Payments has told us that your registration there was taken back. Until you register again, \
                 nobody can buy what you sell. Orders that were paid stay paid.",
            ),
            to("Register again", "/sell"),
        ],
        About::Order(..) => Vec::new(),
    };
    Letter { subject: subject(about, ""), parts }
}

fn confirm(site: &str, link: Option<&str>) -> Vec<Part> {
    let Some(link) = link else {
        return vec![
            paragraph("This mail had a link that opened an account. It was used, or it is older than a day."),
            Part::Link { words: "Sign in", url: format!("{site}/sign-in") },
        ];
    };
    vec![
        paragraph("Somebody, probably you, signed up at DigitalDownload with this address."),
        paragraph(
            "Open the account with this link, within a day. If it was not you, do nothing: there will be none.",
        ),
        Part::Link { words: "Open the account", url: format!("{site}/sign-up/confirm?token={link}") },
    ]
}

fn new_address(site: &str, link: Option<&str>) -> Vec<Part> {
    let Some(link) = link else {
        return vec![
            paragraph(
                "This mail had a link that made this the address of an account. It was used, or it is older than a \
                 day, or there is a newer one.",
            ),
            Part::Link { words: "Your account", url: format!("{site}/account") },
        ];
    };
    vec![
        paragraph("Somebody, probably you, wants to use this address for their account at DigitalDownload."),
        paragraph("Confirm it with this link, within a day. If it was not you, do nothing: nothing changes."),
        Part::Link {
            words: "Confirm the address",
            url: format!("{site}/account/email/confirm?token={link}"),
        },
    ]
}

/// What somebody is told about the safety of their account, and what to do if it was not them.
fn of_safety(about: &About, site: &str) -> Vec<Part> {
    let reset = Part::Link { words: "Choose a new password", url: format!("{site}/password/forgot") };
    let not_you = "If it was not you, choose a new password at once: then others are signed out, and what they have begun is \
                   over.";
    let said = match about {
        About::EmailChangeAsked { to } => format!(
            "Somebody who knows your password asked to change the address of your account to {to}. It changes when the \
             link in the mail to that address is followed."
        ),
        About::EmailChanged { to } => {
            return vec![
                paragraph(format!(
                    "The address of your account is {to} from now on. You sign in with it, and all mail goes there."
                )),
                paragraph("If it was not you, tell whoever runs this shop at once. This address opens nothing here any more."),
                Part::Link { words: "Sign in with the new address", url: format!("{site}/sign-in") },
            ];
        }
        About::AddressTaken => {
            return vec![
                paragraph(
                    "Somebody with another account wanted to use your address for it. You have an account with this \
                     address already, so nothing was changed.",
                ),
                paragraph("Was it you? Then use the account that you have. If it was not, there is nothing to do."),
                Part::Link { words: "Sign in", url: format!("{site}/sign-in") },
            ];
        }
        About::SecondFactorOn => {
            "From now on signing in asks for a code of your app after the password. Keep your recovery codes where you \
             find them without the app."
                .to_owned()
        }
        About::SecondFactorOff => {
            "Signing in does not ask for a code any more. The password alone opens your account.".to_owned()
        }
        About::RecoveryCodeUsed => {
            "A recovery code was used in place of one of your app. It is used up. You can make new ones on the page of \
             your account."
                .to_owned()
        }
        About::WrongCodes => {
            "Somebody who knows your password gave wrong codes, several in a row. Without a right one nobody comes in."
                .to_owned()
        }
        _ => "You have made new recovery codes. The old ones open nothing any more.".to_owned(),
    };
    vec![paragraph(said), paragraph(not_you), reset]
}

fn reset(site: &str, link: Option<&str>) -> Vec<Part> {
    let Some(link) = link else {
        return vec![
            paragraph(
                "This mail had a link for a new password. It was used, or it is older than an hour, or there is a newer \
                 one.",
            ),
            Part::Link { words: "Ask for a new link", url: format!("{site}/password/forgot") },
        ];
    };
    vec![
        paragraph("Somebody, probably you, asked for a new password for your account at DigitalDownload."),
        paragraph(
            "Choose it with this link, within an hour. You are signed out everywhere then. If it was not you, do \
             nothing: your password stays as it is.",
        ),
        Part::Link { words: "Choose a new password", url: format!("{site}/password/reset?token={link}") },
    ]
}

/// A mail about an order.
pub fn of_order(news: &News, facts: OrderFacts<'_>, site: &str) -> Letter {
    let order = facts.order;
    let reader = reader(news);
    let mut parts = match reader {
        Reader::Buyer => to_buyer(news, order),
        Reader::Seller => to_seller(news, facts),
        Reader::Either => to_either(news, order),
    };
    parts.push(summary(news, order));
    let words = if reader == Reader::Buyer { "Your order" } else { "Open the order" };
    match facts.link {
        None => parts.push(Part::Link { words, url: format!("{site}/orders/{}", order.id) }),
        Some(GuestLink::Good { path, until }) => {
            parts.push(paragraph(format!(
                "The link opens your order on any device, until {}. Whoever has it can see the order: keep it to yourself. \
                 With an account you can add the order to it.",
                date_time_words(*until)
            )));
            parts.push(Part::Link { words, url: format!("{site}{path}") });
        }
        Some(GuestLink::Over) => {
            parts.push(paragraph("This mail had a link to your order. It is over; you can ask for another."));
            parts.push(Part::Link { words: "Ask for a new link", url: format!("{site}/guest/link") });
        }
    }
    Letter { subject: subject_of_order(news, &order.title), parts }
}

/// To whom a gift is for: nothing of what it cost. `path` is of the link with which it is accepted, while it is good.
pub fn of_gift(order: &Order, to: &Addressee, path: Option<&str>, site: &str) -> Letter {
    let hello = if to.name.is_empty() { String::new() } else { format!("{}: ", to.name) };
    let mut parts = vec![paragraph(format!(
        "{hello}{} has bought {} for you at DigitalDownload.",
        order.buyer_name, order.title
    ))];
    if !to.message.is_empty() {
        parts.push(Part::Quote(to.message.clone()));
    }
    parts.push(Part::Facts(vec![("Item", order.title.clone()), ("Seller", order.merchant_name.clone())]));
    match path {
        Some(path) => {
            parts.push(paragraph(
                "Accept it with this link, with an account that you have or make then. It is in your library afterwards, \
                 to download as often as you like. The link is good for 30 days; whoever has it can accept the gift.",
            ));
            parts.push(Part::Link { words: "Look at your gift", url: format!("{site}{path}") });
        }
        None => parts.push(paragraph(
            "This mail had a link to accept it. It was used, or is over, or was sent to another address since: whoever \
             gave it to you can send another one.",
        )),
    }
    Letter { subject: subject_of_order(&News::Gift, &order.title), parts }
}

/// Whom a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Buyer,
    Seller,
    /// The same words for both.
    Either,
}

fn reader(news: &News) -> Reader {
    match news {
        News::Sold
        | News::ToFulfil { .. }
        | News::FulfilBy { .. }
        | News::ToSend
        | News::NotToSend { .. }
        | News::SaleCancelled
        | News::SaleRefunded(_)
        | News::RefundRequested(_)
        | News::Reviewed { .. } => Reader::Seller,
        News::MarketplaceAsked { .. }
        | News::MarketplaceGranted { .. }
        | News::MarketplaceDeclined { .. }
        | News::Message => Reader::Either,
        _ => Reader::Buyer,
    }
}

fn to_either(news: &News, order: &Order) -> Vec<Part> {
    let (title, buyer, seller) = (&order.title, &order.buyer_name, &order.merchant_name);
    match news {
        News::MarketplaceAsked { words } => vec![
            paragraph(format!(
                "{buyer} asked the marketplace to decide on a refund of {title}. It reads what was written about the \
                 order, and decides. Until then {seller} can still send the money back."
            )),
            Part::Quote(words.clone()),
        ],
        News::MarketplaceGranted { why } => vec![
            paragraph(why.as_str()),
            paragraph("The money is sent back by Amazon Payments. This decision is the last one."),
        ],
        News::MarketplaceDeclined { why } => vec![
            paragraph(why.as_str()),
            paragraph(format!(
                "This decision is the last one. {seller} can still send money back, if they like."
            )),
        ],
        _ => vec![paragraph(format!(
            "There is a new message about {title}. Read it, and answer, on the order's page."
        ))],
    }
}

/// What happened, in a sentence or two.
fn told_to_buyer(news: &News, order: &Order) -> String {
    let (title, seller, price) = (&order.title, &order.merchant_name, order.price);
    match news {
        News::Paid | News::Charged if order.is_gift => {
            format!(
                "{price} was paid for {title}, and we have written to whom it is for. The order\u{2019}s page says when it is accepted."
            )
        }
        News::Paid if order.guest_email.is_some() => {
            format!(
                "Thank you for buying {title}. {price} was paid, and what you bought is on the order\u{2019}s page."
            )
        }
        News::LinkAsked => format!("Somebody, probably you, asked for a link to your order of {title}."),
        News::Paid => {
            format!("Thank you for buying {title}. {price} was paid, and what you bought is in your library.")
        }
        News::Reserved => format!(
            "Thank you for ordering {title}. {price} is held on your payment method and charged when {seller} is ready \
             to deliver. Until then you can cancel, and nothing is charged."
        ),
        News::Fulfilled => {
            format!(
                "{seller} is ready to deliver {title}. Your payment of {price} is charged now, and then it comes."
            )
        }
        News::Charged if order.physical => {
            format!("Your payment of {price} for {title} was charged, and {seller} sends it to you.")
        }
        News::Charged => {
            format!("Your payment of {price} for {title} was charged. What you bought is yours.")
        }
        News::NotCharged { .. } => {
            format!(
                "{seller} was ready to deliver {title}, but your payment could not be charged. Nothing was sent."
            )
        }
        News::PaymentFailed { .. } => {
            format!("Your payment for {title} failed. Nothing was charged; you can try again.")
        }
        News::Cancelled => format!("Your order of {title} was cancelled. Nothing is charged."),
        News::Refunded(amount) => {
            format!(
                "{amount} for {title} went back to where you paid from. What you bought is no longer yours to download."
            )
        }
        News::PartlyRefunded(amount) => {
            format!(
                "{amount} of what you paid for {title} went back to where you paid from. What you bought stays yours."
            )
        }
        News::RefundFailed { .. } => {
            format!("The money for {title} could not be sent back. What you bought stays yours.")
        }
        News::ReviewAnswered { .. } => {
            format!("{seller} has answered your review of {title}. Everybody reads it below your review.")
        }
        // Those for others do not come here.
        _ => format!(
            "You asked for money back for {title}, and {seller} has declined. Nothing was sent back. If you do not \
             agree, you can ask the marketplace to decide, once, on the order's page."
        ),
    }
}

fn to_buyer(news: &News, order: &Order) -> Vec<Part> {
    let words = told_to_buyer(news, order);
    let said = match news {
        News::Fulfilled | News::Charged => said_by_seller(order),
        News::ReviewAnswered { words } => vec![Part::Quote(words.clone())],
        _ => Vec::new(),
    };
    let why = match news {
        News::NotCharged { why } | News::PaymentFailed { why } | News::RefundFailed { why } => why.as_str(),
        _ => "",
    };
    let words = [words.as_str(), why].into_iter().filter(|words| !words.is_empty()).map(paragraph);
    words.chain(said).collect()
}

/// What the seller said with the delivery.
fn said_by_seller(order: &Order) -> Vec<Part> {
    let tracking = order.tracking.as_ref().map(|number| paragraph(format!("Tracking number: {number}")));
    let message = order.seller_message.as_ref().map(|message| Part::Quote(message.clone()));
    tracking.into_iter().chain(message).collect()
}

fn to_seller(news: &News, OrderFacts { order, asked, .. }: OrderFacts<'_>) -> Vec<Part> {
    let (title, buyer, price) = (&order.title, &order.buyer_name, order.price);
    let words = match news {
        News::Sold => format!(
            "{buyer} bought {title} for {price}. It was delivered and paid at once; there is nothing to do."
        ),
        News::ToFulfil { by } => format!(
            "{buyer} ordered {title} for {price}. The money is held for you until {}: fulfil the order before that, or \
             you are not paid.",
            date_time_words(*by)
        ),
        News::FulfilBy { by } => format!(
            "{buyer}'s order of {title} waits for you. The {price} are held until {} and go back to the buyer after \
             that: fulfil the order, or cancel it.",
            date_time_words(*by)
        ),
        News::ToSend if order.physical => {
            format!("{buyer}'s payment of {price} for {title} was charged. Send it now.")
        }
        News::ToSend => format!("{buyer}'s payment of {price} for {title} was charged. Deliver it now."),
        News::NotToSend { .. } => {
            format!("{buyer}'s payment for {title} could not be charged. Do not send it.")
        }
        News::SaleCancelled => {
            format!("{buyer}'s order of {title} was cancelled. Do not send it; nothing is charged.")
        }
        News::SaleRefunded(amount) => format!("{amount} for {title} went back to {buyer}."),
        News::Reviewed { .. } => {
            format!("{buyer} has reviewed {title}. Everybody sees it on its page; you can answer there.")
        }
        _ => match asked {
            Some(asked) => {
                format!("{buyer} asks for {} back for {title}. Send it back, or decline.", asked.amount)
            }
            None => format!("{buyer} asks for money back for {title}. Send it back, or decline."),
        },
    };
    let mut parts = vec![paragraph(words)];
    match news {
        News::NotToSend { why } if !why.is_empty() => parts.push(paragraph(why.as_str())),
        News::Reviewed { words } => parts.push(Part::Quote(words.clone())),
        News::RefundRequested(_) => parts.extend(asked.map(|asked| Part::Quote(asked.reason.clone()))),
        _ => {}
    }
    parts
}

fn summary(news: &News, order: &Order) -> Part {
    let (buyer, seller) = (("Buyer", order.buyer_name.clone()), ("Seller", order.merchant_name.clone()));
    let people = match reader(news) {
        Reader::Buyer => vec![seller],
        Reader::Seller => vec![buyer],
        Reader::Either => vec![buyer, seller],
    };
    let mut facts = vec![("Item", order.title.clone())];
    facts.extend(people);
    facts.extend([
        ("Price", order.price.to_string()),
        ("Order", order.id.to_string()),
        ("Placed", date_time_words(order.placed_at)),
    ]);
    if let (News::ToFulfil { .. } | News::FulfilBy { .. } | News::ToSend | News::Charged, Some(to)) =
        (news, &order.shipping)
    {
        facts.push(("Send to", view::address(to).join(", ")));
    }
    Part::Facts(facts)
}
