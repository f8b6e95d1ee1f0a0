//! What a guest bought becomes somebody's with an account, with all that hangs on it.

use super::{BUYER, MERCHANT, NEWCOMER, SONG, Stage, shop_id};
use crate::figures::customers;
use crate::ids::UserId;
use crate::mail::{Mailbox, store as mails};
use crate::orders::state::Phase;
use crate::purchase::claims::{self, ClaimError};
use crate::purchase::{cbui_return, downloads};
use crate::users::{User, guests};
use platform::paging::Part;

impl Stage {
    async fn guest(&self) -> UserId {
        let id: UserId = "guest-1".parse().unwrap();
        let user = User {
            id: id.clone(),
            email: "ann@example.com".to_owned(),
            name: "Guest".to_owned(),
            operator: false,
        };
        let input = (user, self.shop.clock.now());
        self.shop.db.transact(input, |c, (user, at)| Box::pin(guests::insert(c, user, *at))).await.unwrap();
        id
    }
}

#[tokio::test]
async fn orders_downloads_mail_and_customers_follow() {
    for stage in Stage::set_on_each().await {
        let guest = stage.guest().await;
        let id = stage.order_of(&guest, SONG).await.unwrap().order;
        cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
        assert_eq!(stage.phase(&id).await, Phase::Paid);
        assert_eq!(stage.order(&id).await.guest_email.as_deref(), Some("ann@example.com"));
        let db = &stage.shop.db;
        let written = mails::part(db, Mailbox::At("ann@example.com"), &Part::Newest, 10).await.unwrap();
        assert_eq!(written.len(), 1, "the receipt");
        let letter = crate::mailbox::letter(&stage.shop, &written[0]).await.unwrap();
        assert!(format!("{letter:?}").contains("/guest/orders/"), "{letter:?}");
        assert!(downloads::find(&stage.shop, &guest, &id, 1).await.is_ok());

        let own = claims::claim(&stage.shop, &guest, &MERCHANT).await;
        assert!(matches!(own, Err(ClaimError::OwnSale)), "{own:?}");
        let (one, other) = tokio::join!(
            claims::claim(&stage.shop, &guest, &BUYER),
            claims::claim(&stage.shop, &guest, &NEWCOMER)
        );
        let (winner, lost) = if one.is_ok() { (&BUYER, other) } else { (&NEWCOMER, one) };
        assert!(matches!(lost, Err(ClaimError::Nothing)), "{lost:?}");
        let order = stage.order(&id).await;
        assert_eq!((&order.buyer_id, order.guest_email.as_deref()), (&**winner, None));
        assert!(downloads::find(&stage.shop, winner, &id, 1).await.is_ok());
        assert!(downloads::find(&stage.shop, &guest, &id, 1).await.is_err());
        assert_eq!(mails::part(db, Mailbox::Of(winner), &Part::Newest, 10).await.unwrap().len(), 1);
        assert!(customers::find(db, &shop_id("m"), winner).await.unwrap().is_some());
        assert!(customers::find(db, &shop_id("m"), &guest).await.unwrap().is_none());
        assert!(guests::find(db.readers(), &guest).await.unwrap().is_none());
        super::ask(&stage, winner, &id).await.unwrap();
        stage.refund_arrives(&id).await;
        assert_eq!(stage.phase(&id).await, Phase::Refunded);
    }
}
