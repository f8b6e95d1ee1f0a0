//! Reading mail: finds it, and writes its words.

use crate::Shop;
use crate::ids::{LinkId, MailId, OrderId, UserId};
use crate::links;
use crate::mail::words::{self, GuestLink, OrderFacts};
use crate::mail::{About, Mail, Mailbox, News, store};
use crate::orders::gifts::{self, Gift};
use crate::orders::{self, Order, refund_requests};
use crate::users::{email_changes, resets, sign_ups};
use platform::paging::{self, Neighbours, Part, Place};
use shop_pages::model::{Letter, MailEntry};

/// Mails of one page of a mailbox.
const PER_PAGE: usize = 50;

/// A page of a mailbox, the newest first, with the ways to its neighbours.
pub async fn page(
    shop: &Shop,
    mailbox: Mailbox<'_>,
    part: Part<Place<MailId>>,
) -> Result<(Vec<MailEntry>, Neighbours), sqlx::Error> {
    let place = |mail: &Mail| Place { at: mail.at, id: mail.id.clone() };
    let (mails, ways) = paging::page(part, PER_PAGE, place, |part, limit| {
        Box::pin(async move { store::part(&shop.db, mailbox, &part, limit).await })
    })
    .await?;
    let subjects = subjects(shop, &mails).await?;
    let entry = |(mail, subject): (&Mail, String)| MailEntry {
        id: mail.id.to_string(),
        subject,
        at: mail.at,
        unread: mail.unread,
    };
    Ok((mails.iter().zip(subjects).map(entry).collect(), ways))
}

/// A page of all mail that could not be sent, the newest first, each with its subject.
pub async fn not_sent(
    shop: &Shop,
    part: Part<Place<MailId>>,
) -> Result<(Vec<(Mail, String)>, Neighbours), sqlx::Error> {
    let place = |mail: &Mail| Place { at: mail.at, id: mail.id.clone() };
    let (mails, ways) = paging::page(part, PER_PAGE, place, |part, limit| {
        Box::pin(async move { store::not_sent(&shop.db, &part, limit).await })
    })
    .await?;
    let subjects = subjects(shop, &mails).await?;
    Ok((mails.into_iter().zip(subjects).collect(), ways))
}

/// The subject of each of these.
async fn subjects(shop: &Shop, mails: &[Mail]) -> Result<Vec<String>, sqlx::Error> {
    let of_order = |mail: &'_ Mail| match &mail.about {
        About::Order(id, _) => Some(id.clone()),
        _ => None,
    };
    let orders: Vec<_> = mails.iter().filter_map(of_order).collect();
    let titles = orders::titles(&shop.db, &orders.iter().collect::<Vec<_>>()).await?;
    let subject = |mail: &Mail| {
        let title = of_order(mail).and_then(|id| titles.get(&id)).map_or("", String::as_str);
        words::subject(&mail.about, title)
    };
    Ok(mails.iter().map(subject).collect())
}

/// Opens a mail of this mailbox: from now on it is read.
pub async fn open(
    shop: &Shop,
    mailbox: Mailbox<'_>,
    id: &MailId,
) -> Result<Option<(Mail, Letter)>, sqlx::Error> {
    let Some(mail) = store::find(&shop.db, mailbox, id).await? else { return Ok(None) };
    if mail.unread {
        let input = (id.clone(), shop.clock.now());
        shop.db.transact(input, |c, (id, now)| Box::pin(store::mark_read(c, id, *now))).await?;
    }
    let letter = letter(shop, &mail).await?;
    Ok(Some((mail, letter)))
}

/// One's own mail counts as read, up to the one that was the newest when one said so.
pub async fn mark_all_read(shop: &Shop, user: &UserId, up_to: Option<MailId>) -> Result<(), sqlx::Error> {
    let input = (user.clone(), up_to, shop.clock.now());
    shop.db
        .transact(input, |c, (user, up_to, now)| {
            Box::pin(store::mark_all_read(c, user, up_to.as_ref(), *now))
        })
        .await
}

/// What a mail says now.
pub async fn letter(shop: &Shop, mail: &Mail) -> Result<Letter, sqlx::Error> {
    let site = shop.config.site();
    let About::Order(id, news) = &mail.about else {
        let link = link(shop, &mail.about).await?;
        return Ok(words::of_account(&mail.about, site, link.as_deref()));
    };
    let order = orders::store::load(shop.db.readers(), id).await?.ok_or(sqlx::Error::RowNotFound)?;
    if *news == News::Gift {
        let gift = gifts::of_order(shop.db.readers(), id).await?.ok_or(sqlx::Error::RowNotFound)?;
        let path = gift_path(shop, mail, id, &gift);
        return Ok(words::of_gift(&order, &gift.to, path.as_deref(), site));
    }
    let asked = match news {
        News::RefundRequested(request) => refund_requests::by_id(shop.db.readers(), id, request).await?,
        _ => None,
    };
    let link = guest_link(shop, mail, &order);
    let asked = asked.as_ref().map(|kept| &kept.request);
    let facts = OrderFacts { order: &order, asked, link: link.as_ref() };
    Ok(words::of_order(news, facts, site))
}

/// What accepts the gift, while this mail is the one that does.
fn gift_path(shop: &Shop, mail: &Mail, id: &OrderId, gift: &Gift) -> Option<String> {
    let until = links::order_link_ends(mail.at);
    let good = gift.accepted.is_none() && gift.to.email == mail.address && shop.clock.now() < until;
    good.then(|| links::gift_path(&shop.config.secret, id, &gift.to.email, until))
}

/// What opens the order to a guest, in a mail to them. Who has an account signs in.
fn guest_link(shop: &Shop, mail: &Mail, order: &Order) -> Option<GuestLink> {
    order.guest_email.as_ref().filter(|email| **email == mail.address)?;
    let until = links::order_link_ends(mail.at);
    Some(if shop.clock.now() < until {
        GuestLink::Good { path: links::order_path(&shop.config.secret, &order.id, until), until }
    } else {
        GuestLink::Over
    })
}

/// What the link of this mail carries, while it is good.
async fn link(shop: &Shop, about: &About) -> Result<Option<String>, sqlx::Error> {
    let made = |id: &LinkId| {
        let token = links::token(&shop.config.secret, id);
        let digest = links::digest(&token);
        (token, digest)
    };
    let now = shop.clock.now();
    Ok(match about {
        About::PasswordReset(id) => {
            let (token, digest) = made(id);
            resets::is_good(&shop.db, id, &digest, now).await?.then_some(token)
        }
        About::ConfirmSignUp(id) => {
            let (token, digest) = made(id);
            sign_ups::is_good(&shop.db, id, &digest, now).await?.then_some(token)
        }
        About::EmailChange(id) => {
            let (token, digest) = made(id);
            email_changes::is_good(&shop.db, id, &digest, now).await?.then_some(token)
        }
        _ => None,
    })
}
