//! What this process has claimed, and what others have that are dead.
//!
//! A SQLite file belongs to one process, so there every claim but our own is left over. On PostgreSQL each process
//! counts up as long as it lives, and one that has not counted for some looks is dead. Nobody's time is compared with
//! another's.

use crate::domain::notifications::deliveries::claims::{self, Claim, SenderId};
use platform::Database;
use platform::db::Backend;
use std::collections::{HashMap, HashSet};

/// Looks after which a process that does not count any more is dead.
const DEAD_AFTER: u32 = 5;

/// What this process knows of itself and of the others.
#[derive(Debug)]
pub struct Claims {
    pub own: SenderId,
    seen: HashMap<SenderId, Seen>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    beat: i64,
    /// How often it was looked at since.
    looks: u32,
}

impl Claims {
    pub fn new(own: SenderId) -> Self {
        Self { own, seen: HashMap::new() }
    }

    /// Says that we live, and takes back what the dead have claimed, and of our own claims what is not under way: an
    /// attempt that could not be recorded. `true` if there was any.
    pub async fn look(&mut self, db: &Database, under_way: &HashSet<i64>) -> Result<bool, sqlx::Error> {
        let is_shared = db.backend() == Backend::Postgres;
        if is_shared {
            claims::beat(db, self.own).await?;
        }
        // The claims first: who has claimed has counted before.
        let all = claims::all(db).await?;
        let beats = if is_shared { claims::beats(db).await? } else { Vec::new() };
        let dead = self.dead(beats);
        let is_left = |claim: &Claim| {
            if claim.sender == self.own {
                !under_way.contains(&claim.notification)
            } else {
                !self.seen.contains_key(&claim.sender)
            }
        };
        let left: Vec<Claim> = all.into_iter().filter(is_left).collect();
        let found = !left.is_empty();
        if found {
            tracing::info!(notifications = left.len(), "sending what a process had claimed that is gone");
        }
        claims::take_back(db, left, dead).await?;
        Ok(found)
    }

    /// Which of these have not counted for too long.
    fn dead(&mut self, beats: Vec<(SenderId, i64)>) -> Vec<SenderId> {
        let mut now = HashMap::new();
        let mut dead = Vec::new();
        for (sender, beat) in beats {
            let before = self.seen.get(&sender).filter(|seen| seen.beat == beat);
            let looks = before.map_or(0, |seen| seen.looks + 1);
            if sender != self.own && looks >= DEAD_AFTER {
                dead.push(sender);
            } else {
                now.insert(sender, Seen { beat, looks });
            }
        }
        self.seen = now;
        dead
    }

    /// Nothing is sent any more: what is left can be sent by others at once.
    pub async fn leave(&self, db: &Database) -> Result<(), sqlx::Error> {
        let own = claims::all(db).await?.into_iter().filter(|claim| claim.sender == self.own).collect();
        claims::take_back(db, own, vec![self.own]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notifications::deliveries::{self, Queue, Wanted};
    use crate::tests::notifier::{enqueue_new, new, reference_of};
    use crate::tests::support::App;
    use url::Url;

    const WE: SenderId = SenderId(1);
    const COUNTS: SenderId = SenderId(2);
    const GONE: SenderId = SenderId(3);

    #[test]
    fn who_counts_lives_and_who_does_not_is_dead_after_some_looks() {
        let mut claims = Claims::new(WE);
        for look in 0..20 {
            let beats = vec![(WE, 1), (COUNTS, look), (GONE, 7)];
            let dead = claims.dead(beats);
            if look < i64::from(DEAD_AFTER) {
                assert!(dead.is_empty(), "look {look}");
            } else if look == i64::from(DEAD_AFTER) {
                assert_eq!(dead, [GONE]);
            }
            assert!(claims.seen.contains_key(&COUNTS));
        }
    }

    async fn claim(app: &App, sender: SenderId, notification: &str) -> i64 {
        let url = Url::parse(&format!("http://127.0.0.1:9/{notification}")).unwrap();
        let new = new(app, "DDCALLER000000000001", notification, notification, Some(&url));
        let wanted = Wanted { queue: Queue::of(&new.access_key, url.as_str()), limit: 1 };
        enqueue_new(app, new).await;
        let claimed = deliveries::claim(&app.payments.db, sender, app.clock.now(), vec![wanted]).await;
        let claimed = claimed.unwrap().remove(0);
        assert_eq!(reference_of(&claimed), notification);
        claimed.number
    }

    /// The notifications that nobody has claimed.
    async fn free(app: &App, all: &[(&'static str, i64)]) -> Vec<&'static str> {
        let claimed = claims::all(&app.payments.db).await.unwrap();
        let is_free = |number| claimed.iter().all(|claim| claim.notification != number);
        all.iter().filter(|(_, number)| is_free(*number)).map(|(name, _)| *name).collect()
    }

    #[tokio::test]
    async fn claims_of_the_dead_are_taken_back_and_those_of_the_living_stay() {
        for app in App::on_each_database().await {
            let db = &app.payments.db;
            let mut all = Vec::new();
            for (sender, name) in [(COUNTS, "counts"), (GONE, "dead"), (WE, "ours"), (WE, "lost")] {
                all.push((name, claim(&app, sender, name).await));
            }
            claims::beat(db, COUNTS).await.unwrap();
            let under_way = HashSet::from([all[2].1]);
            let mut claims = Claims::new(WE);
            assert!(claims.look(db, &under_way).await.unwrap());
            if db.backend() == Backend::Sqlite {
                // Nobody else can be there.
                assert_eq!(free(&app, &all).await, ["counts", "dead", "lost"]);
                continue;
            }
            assert_eq!(free(&app, &all).await, ["dead", "lost"]);
            for _ in 0..2 * DEAD_AFTER {
                claims::beat(db, COUNTS).await.unwrap();
                assert!(!claims.look(db, &under_way).await.unwrap());
            }
            for _ in 0..DEAD_AFTER {
                claims.look(db, &under_way).await.unwrap();
            }
            assert_eq!(free(&app, &all).await, ["counts", "dead", "lost"], "it does not count any more");
            claims.leave(db).await.unwrap();
            assert_eq!(claims::beats(db).await.unwrap(), []);
            assert!(claims::all(db).await.unwrap().is_empty());
        }
    }
}
