//! Links to what was bought: signed, for a time, counted, and over with a refund.

use super::{BUYER, MERCHANT, SONG, Stage, ask};
use crate::ids::{LinkId, OrderId};
use crate::orders::download_links::{self, MOST, USES};
use crate::orders::licences;
use crate::purchase::downloads::{self, Asked, DownloadError};

impl Stage {
    async fn link(&self, order: &OrderId) -> (LinkId, String) {
        downloads::make_link(&self.shop, &BUYER, order, 1).await.unwrap();
        let links = download_links::of_order(&self.shop.db, order, self.shop.clock.now()).await.unwrap();
        let id = links[0].id.clone();
        let signature = downloads::signature(&self.shop, &id);
        (id, signature)
    }

    async fn follow(&self, (id, signature): &(LinkId, String), asked: Asked) -> &'static str {
        match downloads::follow_link(&self.shop, id, signature, asked).await {
            Ok(file) => {
                assert_eq!(file.name, "song.mp3");
                "file"
            }
            Err(DownloadError::NotFound) => "none",
            Err(DownloadError::Over) => "over",
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_link_works_for_whoever_has_it_so_often_and_so_long() {
    for stage in Stage::set_on_each().await {
        let order = stage.bought(SONG).await;
        let link = stage.link(&order).await;
        assert_eq!(stage.follow(&link, Asked::Look).await, "file");
        assert_eq!(stage.follow(&link, Asked::GoOn).await, "file", "nothing was begun, so this begins");
        for _ in 1..USES {
            assert_eq!(stage.follow(&link, Asked::Begin).await, "file");
            assert_eq!(stage.follow(&link, Asked::GoOn).await, "file");
        }
        assert_eq!(stage.follow(&link, Asked::Begin).await, "over");
        stage.later(3599).await;
        assert_eq!(stage.follow(&link, Asked::GoOn).await, "file", "the last one goes on where it broke off");
        stage.later(1).await;
        assert_eq!(stage.follow(&link, Asked::GoOn).await, "over", "for an hour");

        let other = stage.link(&order).await;
        assert_eq!(
            stage.follow(&(link.0.clone(), other.1.clone()), Asked::Begin).await,
            "none",
            "signed for another"
        );
        assert_eq!(stage.follow(&(other.0.clone(), String::new()), Asked::Begin).await, "none");
        stage.later(24 * 3600 - 1).await;
        assert_eq!(stage.follow(&other, Asked::Begin).await, "file");
        stage.later(1).await;
        assert_eq!(stage.follow(&other, Asked::Begin).await, "over");
        assert_eq!(stage.follow(&other, Asked::GoOn).await, "over");

        let late = stage.link(&order).await;
        assert_eq!(stage.follow(&late, Asked::Begin).await, "file");
        stage.later(3600).await;
        for _ in 1..USES {
            assert_eq!(
                stage.follow(&late, Asked::GoOn).await,
                "file",
                "an hour later it counts as begun anew"
            );
            stage.later(3600).await;
        }
        assert_eq!(stage.follow(&late, Asked::GoOn).await, "over");
    }
}

#[tokio::test]
async fn a_refund_arrives_a_link_and_it_counts_as_fetched() {
    let stage = Stage::set().await;
    let order = stage.bought(SONG).await;
    let link = stage.link(&order).await;
    assert_eq!(stage.follow(&link, Asked::Begin).await, "file");
    let fetched = crate::orders::download_grants::fetched_at(stage.shop.db.readers(), &order).await.unwrap();
    assert_eq!(fetched, Some(stage.shop.clock.now()), "by whoever had the link");
    ask(&stage, &BUYER, &order).await.unwrap();
    for asked in [Asked::Look, Asked::Begin, Asked::GoOn] {
        assert_eq!(stage.follow(&link, asked).await, "over");
    }
    assert!(matches!(
        downloads::make_link(&stage.shop, &BUYER, &order, 1).await,
        Err(DownloadError::NotFound)
    ));
}

#[tokio::test]
async fn only_the_buyer_makes_links_and_not_without_end() {
    let stage = Stage::set().await;
    let order = stage.bought(SONG).await;
    for (person, number) in [(&*MERCHANT, 1), (&*BUYER, 2), (&*BUYER, 0)] {
        let made = downloads::make_link(&stage.shop, person, &order, number).await;
        assert!(matches!(made, Err(DownloadError::NotFound)), "{person} {number}");
    }
    for _ in 0..MOST {
        stage.link(&order).await;
    }
    let more = downloads::make_link(&stage.shop, &BUYER, &order, 1).await;
    assert!(matches!(more, Err(DownloadError::TooManyLinks)));
    stage.later(24 * 3600).await;
    stage.link(&order).await;
}

#[tokio::test]
async fn a_program_comes_with_a_key_that_ends_with_a_refund() {
    for stage in Stage::set_on_each().await {
        let order = stage.bought(SONG).await;
        let key = licences::key(&stage.shop.config.secret, &order).unwrap();
        let verified = async || downloads::verify_licence(&stage.shop, &key).await.unwrap();
        assert_eq!(verified().await, None, "a song asks for none");
        assert_eq!(downloads::licence_key(&stage.shop, &BUYER, &order).await.unwrap(), None);
        stage
            .change(vec![
                "INSERT INTO categories (slug, name, position) VALUES ('software', 'Software', 2)".to_owned(),
                "UPDATE items SET category = 'software' WHERE slug = 'song'".to_owned(),
            ])
            .await;
        assert_eq!(downloads::licence_key(&stage.shop, &BUYER, &order).await.unwrap(), Some(key.clone()));
        assert_eq!(downloads::licence_key(&stage.shop, &MERCHANT, &order).await.unwrap(), None);
        let licence = verified().await.unwrap();
        assert_eq!((licence.item.as_str(), licence.active), (SONG, true));
        assert_eq!(downloads::verify_licence(&stage.shop, "0").await.unwrap(), None);
        ask(&stage, &BUYER, &order).await.unwrap();
        assert!(!verified().await.unwrap().active);
    }
}
