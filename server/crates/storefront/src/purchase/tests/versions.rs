//! Which files a buyer gets when there are newer ones.

use super::{BUYER, MERCHANT, SONG, Stage};
use crate::catalogue::versions::{self, Version};
use crate::catalogue::{StoredFile, storage, store as items};
use crate::ids::{ItemId, OrderId};
use crate::orders::download_grants;
use crate::purchase::downloads;
use bytes::Bytes;
use jiff::Timestamp;
use sqlx::AnyConnection;

fn file(key: &str) -> StoredFile {
    let (name, media_type) = (format!("{key}.txt"), "text/plain".to_owned());
    StoredFile { key: key.to_owned(), name, media_type, bytes: 1, sha256: None }
}

async fn release(
    connection: &mut AnyConnection,
    (version, keys): &(Version, Vec<String>),
) -> Result<(), sqlx::Error> {
    let id: ItemId = SONG.parse().unwrap();
    let item = items::lock(connection, &id).await?.unwrap();
    let files: Vec<_> = keys.iter().map(|key| file(key)).collect();
    for file in &files {
        storage::insert_kept(connection, &item.merchant_id, file, version.at).await?;
    }
    versions::add(connection, &id, version, &files).await?;
    items::save(connection, &crate::catalogue::Item { version: Some(version.number), ..item }).await
}

impl Stage {
    async fn release(&self, number: i64, for_earlier_buyers: bool, keys: &[&str]) {
        for key in keys {
            self.shop.files.put(key, Bytes::from((*key).to_owned())).await.unwrap();
        }
        let version = Version { number, notes: String::new(), for_earlier_buyers, at: Timestamp::UNIX_EPOCH };
        let input = (version, keys.iter().map(|key| (*key).to_owned()).collect());
        self.shop.db.transact(input, |c, input| Box::pin(release(c, input))).await.unwrap();
    }

    async fn names(&self, order: &OrderId) -> Vec<String> {
        let mut names = Vec::new();
        while let Ok(file) = downloads::find(&self.shop, &BUYER, order, names.len() + 1).await {
            names.push(file.name);
        }
        names
    }
}

#[tokio::test]
async fn a_buyer_gets_what_was_bought_and_what_was_given_to_all() {
    for stage in Stage::set_on_each().await {
        let first = stage.bought(SONG).await;
        assert_eq!(stage.names(&first).await, ["song.mp3"]);
        stage.release(2, false, &["two"]).await;
        let second = stage.bought(SONG).await;
        assert_eq!(stage.order(&second).await.item_version, Some(2));
        assert_eq!(stage.names(&first).await, ["song.mp3"], "not for earlier buyers");
        assert_eq!(stage.names(&second).await, ["two.txt"]);
        stage.release(3, true, &["three", "and-more"]).await;
        for order in [&first, &second] {
            assert_eq!(stage.names(order).await, ["three.txt", "and-more.txt"]);
        }
        stage.release(4, false, &["four"]).await;
        assert_eq!(stage.names(&first).await, ["three.txt", "and-more.txt"], "the newest that is theirs");
        assert!(downloads::find(&stage.shop, &MERCHANT, &first, 1).await.is_err());
        assert!(downloads::find(&stage.shop, &BUYER, &first, 0).await.is_err());
        assert!(downloads::find(&stage.shop, &BUYER, &first, 3).await.is_err());
        let grant = download_grants::standing(&stage.shop.db, &BUYER, &first).await.unwrap().unwrap();
        let found = versions::files_of_all(&stage.shop.db, &[(grant.item.id, 3), (SONG.parse().unwrap(), 4)])
            .await
            .unwrap();
        let names: Vec<_> = found.iter().map(|((_, number), file)| (*number, file.name.as_str())).collect();
        assert_eq!(names, [(3, "three.txt"), (3, "and-more.txt"), (4, "four.txt")]);
    }
}
