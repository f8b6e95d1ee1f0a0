//! What the site keeps about itself: the signing key and the state of the clock.

use platform::clock::Reading;
use platform::{Clock, Database};
use sqlx::AnyConnection;

/// The names of the settings; the values are text.
pub const SIGNING_KEY: &str = "signing_key";
pub const CERTIFICATE: &str = "certificate";
/// The path under which the certificate is served: its date of issue.
pub const CERTIFICATE_DATE: &str = "certificate_date";
/// Keys the fingerprints of cards and bank accounts.
pub const FINGERPRINT_KEY: &str = "fingerprint_key";
/// The demo caller's, where none was given.
pub const CALLER_SECRET: &str = "caller_secret";
const CLOCK_OFFSET_SECONDS: &str = "clock_offset_seconds";
/// When frozen: the moment, in microseconds.
const CLOCK_FROZEN_AT: &str = "clock_frozen_at";

/// What outlives a reset of the database.
const PRESERVED: [&str; 4] = [SIGNING_KEY, CERTIFICATE, CERTIFICATE_DATE, CALLER_SECRET];

/// `None`: it was never set.
pub async fn find(db: &Database, name: &'static str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(db.readers())
        .await?;
    Ok(row.map(|(value,)| value))
}

async fn set(c: &mut AnyConnection, name: &'static str, value: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(c)
    .await?;
    Ok(())
}

async fn remove(c: &mut AnyConnection, name: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM settings WHERE name = $1").bind(name).execute(c).await?;
    Ok(())
}

/// Stores the values unless the first of them is there already: two processes can start at once on one
/// database, and both must end with the same key.
pub async fn set_together_once(
    db: &Database,
    values: Vec<(&'static str, String)>,
) -> Result<(), sqlx::Error> {
    db.transact(values, |c, values| Box::pin(insert_together_once(c, values))).await
}

async fn insert_together_once(
    c: &mut AnyConnection,
    values: &[(&'static str, String)],
) -> Result<(), sqlx::Error> {
    for (index, (name, value)) in values.iter().enumerate() {
        let stored =
            sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(*name)
                .bind(value)
                .execute(&mut *c)
                .await?;
        if index == 0 && stored.rows_affected() == 0 {
            break;
        }
    }
    Ok(())
}

/// The value that is there, or else what `make` makes, stored: all processes end with the same.
pub async fn find_or_make(
    db: &Database,
    name: &'static str,
    make: impl FnOnce() -> String,
) -> Result<String, sqlx::Error> {
    if let Some(value) = find(db, name).await? {
        return Ok(value);
    }
    set_together_once(db, vec![(name, make())]).await?;
    find(db, name).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The settings that a reset must carry over.
pub async fn preserved(db: &Database) -> Result<Vec<(&'static str, String)>, sqlx::Error> {
    let mut values = Vec::new();
    for name in PRESERVED {
        if let Some(value) = find(db, name).await? {
            values.push((name, value));
        }
    }
    Ok(values)
}

/// Keeps the clock's state, so that a restart goes on in the same time.
pub async fn save_clock(db: &Database, clock: &Clock) -> Result<(), sqlx::Error> {
    db.transact(clock.reading(), |c, reading| Box::pin(set_clock(c, reading))).await
}

async fn set_clock(c: &mut AnyConnection, reading: &Reading) -> Result<(), sqlx::Error> {
    set(c, CLOCK_OFFSET_SECONDS, &reading.offset_seconds.to_string()).await?;
    if reading.frozen {
        set(c, CLOCK_FROZEN_AT, &reading.now.as_microsecond().to_string()).await
    } else {
        remove(c, CLOCK_FROZEN_AT).await
    }
}

/// Moves the clock to where it was kept. A value that cannot be read leaves the clock as it is.
pub async fn restore_clock(db: &Database, clock: &Clock) -> Result<(), sqlx::Error> {
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
    let frozen_at = number(find(db, CLOCK_FROZEN_AT).await?);
    if let Some(at) = frozen_at.and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()) {
        clock.set(at);
        clock.freeze();
        // Between the two calls time ran on a little.
        clock.set(at);
    } else if let Some(offset) = number(find(db, CLOCK_OFFSET_SECONDS).await?)
        && let Err(error) = clock.advance(jiff::SignedDuration::from_secs(offset))
    {
        tracing::warn!(%error, "the kept clock offset is not usable");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn database(folder: &tempfile::TempDir) -> Database {
        let url = format!("sqlite://{}", folder.path().join("payments.db").display());
        let db = Database::open(&url).await.unwrap();
        db.migrate(&crate::MIGRATIONS).await.unwrap();
        db
    }

    fn noon() -> jiff::Timestamp {
        "2030-01-01T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_restart_goes_on_in_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let before = Clock::fixed(noon());
        before.advance(jiff::SignedDuration::from_hours(48)).unwrap();
        save_clock(&db, &before).await.unwrap();
        let after = Clock::fixed(noon());
        restore_clock(&db, &after).await.unwrap();
        assert_eq!(after.reading(), before.reading());

        before.freeze();
        save_clock(&db, &before).await.unwrap();
        let frozen = Clock::fixed(noon() + jiff::SignedDuration::from_hours(1));
        restore_clock(&db, &frozen).await.unwrap();
        assert!(frozen.reading().frozen);
        assert_eq!(frozen.now(), before.now());
    }

    #[tokio::test]
    async fn the_first_key_stays() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        for key in ["first", "second"] {
            let values = vec![(SIGNING_KEY, key.to_owned()), (CERTIFICATE, format!("{key} certificate"))];
            set_together_once(&db, values).await.unwrap();
        }
        assert_eq!(find(&db, SIGNING_KEY).await.unwrap().unwrap(), "first");
        assert_eq!(find(&db, CERTIFICATE).await.unwrap().unwrap(), "first certificate");
        assert_eq!(preserved(&db).await.unwrap().len(), 2);
    }
}
