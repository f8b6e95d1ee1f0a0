//! The two lists are alike and apart, bounded, and go on after signing in.

use super::{CartOwner, List, add, count, forget_old, hand_over, has, items, remove};
use crate::MIGRATIONS;
use crate::databases::each;
use crate::ids::ItemId;
use jiff::{SignedDuration, Timestamp};
use platform::Database;
use sqlx::{AnyConnection, AssertSqlSafe};

fn id(number: i64) -> ItemId {
    format!("item-{number}").parse().unwrap()
}

/// A seller with more items than any list takes.
async fn shop(db: &Database) {
    let written: Result<(), sqlx::Error> = db
        .transact((), |c: &mut AnyConnection, ()| {
            Box::pin(async move {
                for statement in [
                    "INSERT INTO users (id, email, name, password_hash, operator, created_at) \
                     VALUES ('u', 'u@example.com', 'U', '', 0, 0)",
                    "INSERT INTO merchants (id, user_id, name, created_at) VALUES ('m', 'u', 'M', 0)",
                    "INSERT INTO categories (slug, name, position) VALUES ('music', 'Music', 1)",
                ] {
                    sqlx::query(statement).execute(&mut *c).await?;
                }
                for number in 0..=List::Wishes.most() {
                    let id = id(number);
                    let sql = format!(
                        "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, \
                         delivery, physical, licence, created_at) \
                         VALUES ('{id}', '{id}', 'm', 'music', 'T', '', '', 1, 'Manual', 1, '', 0)"
                    );
                    sqlx::query(AssertSqlSafe(sql)).execute(&mut *c).await?;
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

/// Whether it is there then.
async fn put(db: &Database, list: List, owner: &CartOwner, number: i64) -> bool {
    let at = Timestamp::from_second(number).unwrap();
    let input = (list, owner.clone(), id(number), at);
    let put: Result<bool, sqlx::Error> =
        db.transact(input, |c, (list, owner, item, at)| Box::pin(add(c, *list, owner, item, *at))).await;
    put.unwrap()
}

async fn on(db: &Database, list: List, owner: &CartOwner) -> Vec<String> {
    items(db, list, owner).await.unwrap().into_iter().map(|item| item.id.into_string()).collect()
}

#[tokio::test]
async fn what_is_wished_for_is_not_in_the_cart() {
    for test in each(&MIGRATIONS).await {
        let db = &test.db;
        shop(db).await;
        let owner = CartOwner::visitor("v");
        assert!(put(db, List::Wishes, &owner, 2).await && put(db, List::Wishes, &owner, 1).await);
        assert!(put(db, List::Wishes, &owner, 2).await, "again changes nothing");
        assert!(put(db, List::Cart, &owner, 3).await);
        assert_eq!(on(db, List::Wishes, &owner).await, ["item-1", "item-2"]);
        assert_eq!(on(db, List::Cart, &owner).await, ["item-3"]);
        assert!(has(db.readers(), List::Wishes, &owner, &id(1)).await.unwrap());
        assert!(!has(db.readers(), List::Cart, &owner, &id(1)).await.unwrap());
        let removed: Result<(), sqlx::Error> = db
            .transact(owner.clone(), |c, owner| {
                Box::pin(async move { remove(c, List::Wishes, owner, &[id(1), id(9)]).await })
            })
            .await;
        removed.unwrap();
        assert_eq!(on(db, List::Wishes, &owner).await, ["item-2"]);
        assert_eq!(count(db, List::Cart, &owner).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_list_is_full_at_some_time_also_after_signing_in() {
    for test in each(&MIGRATIONS).await {
        let db = &test.db;
        shop(db).await;
        let (visitor, user) = (CartOwner::visitor("v"), CartOwner::user(&"u".parse().unwrap()));
        for list in List::ALL {
            for number in 0..list.most() {
                assert!(put(db, list, &visitor, number).await);
            }
            assert!(!put(db, list, &visitor, list.most()).await);
            assert!(put(db, list, &visitor, 0).await, "what is there stays there");
            assert!(put(db, list, &user, list.most()).await);
        }
        let handed: Result<(), sqlx::Error> = db
            .transact((visitor.clone(), user.clone()), |c, (from, to)| Box::pin(hand_over(c, from, to)))
            .await;
        handed.unwrap();
        for list in List::ALL {
            assert_eq!(i64::from(count(db, list, &user).await.unwrap()), list.most());
            assert_eq!(count(db, list, &visitor).await.unwrap(), 0);
            assert!(
                has(db.readers(), list, &user, &id(list.most())).await.unwrap(),
                "what was theirs before"
            );
        }
    }
}

#[tokio::test]
async fn what_visitors_left_is_forgotten_and_what_users_have_is_not() {
    for test in each(&MIGRATIONS).await {
        let db = &test.db;
        shop(db).await;
        let (visitor, user) = (CartOwner::visitor("v"), CartOwner::user(&"u".parse().unwrap()));
        for list in List::ALL {
            put(db, list, &visitor, 1).await;
            put(db, list, &user, 1).await;
        }
        for (days, left) in [(30, 1), (31, 0)] {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(days * 24);
            let forgotten: Result<u64, sqlx::Error> =
                db.transact(now, |c, now| Box::pin(forget_old(c, *now))).await;
            assert_eq!(forgotten.unwrap(), 2 * u64::from(1 - left));
            for list in List::ALL {
                assert_eq!(count(db, list, &visitor).await.unwrap(), left);
                assert_eq!(count(db, list, &user).await.unwrap(), 1);
            }
        }
    }
}
