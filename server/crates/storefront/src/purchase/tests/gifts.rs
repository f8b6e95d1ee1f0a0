//! Gifts: the recipient is written to once it is paid, has the files once it is accepted, and loses them with a refund.

use super::{BUYER, MERCHANT, NEWCOMER, SONG, Stage, asked};
use crate::ids::{OrderId, UserId};
use crate::links;
use crate::mail::{Mailbox, store as mails};
use crate::orders;
use crate::orders::gifts::{Addressee, of_order};
use crate::orders::state::Phase;
use crate::purchase::gifts::{self, GiftError};
use crate::purchase::place::{Asked, Shown, place};
use crate::purchase::{cbui_return, downloads};
use platform::paging::Part;
use std::net::{IpAddr, Ipv4Addr};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn to(email: &str) -> Addressee {
    Addressee { email: email.to_owned(), name: "Ann".to_owned(), message: "Enjoy <it>".to_owned() }
}

impl Stage {
    async fn place_gift(&self, email: &str) -> OrderId {
        let asked = Asked { gift: Some(to(email)), ..asked(SONG, None, Shown::Anything) };
        place(&self.shop, &BUYER, asked).await.unwrap().order
    }

    async fn paid_gift(&self, email: &str) -> OrderId {
        let id = self.place_gift(email).await;
        cbui_return::accept(&self.shop, &self.confirmation(&id).await).await.unwrap();
        id
    }

    /// What the mail's link carries behind the order's id.
    fn gift_link(&self, id: &OrderId, email: &str) -> (i64, String) {
        let until = links::order_link_ends(self.shop.clock.now());
        let path = links::gift_path(&self.shop.config.secret, id, email, until);
        (until.as_second(), path.split("key=").nth(1).unwrap().to_owned())
    }

    async fn accept_gift(
        &self,
        user: &UserId,
        id: &OrderId,
        (until, key): &(i64, String),
    ) -> Result<(), GiftError> {
        gifts::take(&self.shop, user, id, (*until, key)).await
    }

    async fn written_to(&self, email: &str) -> Vec<String> {
        let mut letters = Vec::new();
        for mail in mails::part(&self.shop.db, Mailbox::At(email), &Part::Newest, 10).await.unwrap() {
            letters.push(format!("{:?}", crate::mailbox::letter(&self.shop, &mail).await.unwrap()));
        }
        letters
    }

    async fn may_fetch(&self, user: &UserId, id: &OrderId) -> bool {
        downloads::find(&self.shop, user, id, 1).await.is_ok()
    }
}

#[tokio::test]
async fn a_gift_is_written_of_once_paid_and_had_once_accepted() {
    for stage in Stage::set_on_each().await {
        let id = stage.place_gift("ann@example.com").await;
        assert_eq!(id, stage.place_gift("ann@example.com").await, "a button that was pressed twice");
        assert!(stage.written_to("ann@example.com").await.is_empty(), "it is not paid yet");
        cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
        let letters = stage.written_to("ann@example.com").await;
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert!(letter.contains("A gift for you") && letter.contains("Enjoy <it>"), "{letter}");
        assert!(letter.contains("/gifts/") && !letter.contains("$1.00"), "nothing of what it cost: {letter}");
        assert!(!stage.may_fetch(&BUYER, &id).await, "the giver has nothing to download");
        let bought = orders::purchase_of(&stage.shop.db, &BUYER, &SONG.parse().unwrap()).await.unwrap();
        assert_eq!(bought, None, "what is given away is not one\u{2019}s own");

        let link = stage.gift_link(&id, "ann@example.com");
        let (one, other) =
            tokio::join!(stage.accept_gift(&NEWCOMER, &id, &link), stage.accept_gift(&MERCHANT, &id, &link));
        let (winner, lost) = if one.is_ok() { (&NEWCOMER, other) } else { (&MERCHANT, one) };
        assert!(matches!(lost, Err(GiftError::NotNow)), "{lost:?}");
        assert!(stage.may_fetch(winner, &id).await && !stage.may_fetch(&BUYER, &id).await);
        assert!(gifts::accepted_by(&stage.shop, winner, &id).await.unwrap().is_some());
        assert!(gifts::accepted_by(&stage.shop, &BUYER, &id).await.unwrap().is_none());
        let again = gifts::send_again(&stage.shop, &BUYER, &id, "bob@example.com".to_owned(), HERE).await;
        assert!(matches!(again, Err(GiftError::NotNow)), "{again:?}");
        super::ask(&stage, &BUYER, &id).await.unwrap();
        stage.refund_arrives(&id).await;
        assert_eq!((stage.phase(&id).await, stage.may_fetch(winner, &id).await), (Phase::Refunded, false));
    }
}

#[tokio::test]
async fn a_corrected_address_ends_the_link_to_the_other_one() {
    let stage = Stage::set().await;
    let id = stage.paid_gift("anm@example.com").await;
    let wrong = stage.gift_link(&id, "anm@example.com");
    let foreign = gifts::send_again(&stage.shop, &NEWCOMER, &id, "ann@example.com".to_owned(), HERE).await;
    assert!(matches!(foreign, Err(GiftError::NotFound)), "{foreign:?}");
    gifts::send_again(&stage.shop, &BUYER, &id, "ann@example.com".to_owned(), HERE).await.unwrap();
    let refused = stage.accept_gift(&NEWCOMER, &id, &wrong).await;
    assert!(matches!(refused, Err(GiftError::NotFound)), "{refused:?}");
    assert!(stage.written_to("anm@example.com").await[0].contains("sent to another address"));
    let right = stage.gift_link(&id, "ann@example.com");
    stage.shop.clock.advance(jiff::SignedDuration::from_hours(31 * 24)).unwrap();
    assert!(
        matches!(stage.accept_gift(&NEWCOMER, &id, &right).await, Err(GiftError::NotFound)),
        "it is over"
    );
    let fresh = stage.gift_link(&id, "ann@example.com");
    stage.accept_gift(&NEWCOMER, &id, &fresh).await.unwrap();
    let gift = of_order(stage.shop.db.readers(), &id).await.unwrap().unwrap();
    assert_eq!(gift.accepted.unwrap().0, *NEWCOMER);
}

#[tokio::test]
async fn what_went_back_before_it_was_accepted_cannot_be_taken() {
    let stage = Stage::set().await;
    let id = stage.paid_gift("ann@example.com").await;
    let link = stage.gift_link(&id, "ann@example.com");
    super::ask(&stage, &BUYER, &id).await.unwrap();
    stage.refund_arrives(&id).await;
    assert!(matches!(stage.accept_gift(&NEWCOMER, &id, &link).await, Err(GiftError::NotNow)));
    assert!(!stage.may_fetch(&NEWCOMER, &id).await);
}
