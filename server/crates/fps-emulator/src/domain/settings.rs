//! What the site keeps about itself: the signing key and the state of the clock.

use platform::Database;
use platform::clock::Setting;
use secrecy::{ExposeSecret, SecretString};
use sqlx::AnyConnection;

/// The names of the settings; the values are text.
const SIGNING_KEY: &str = "signing_key";
const CERTIFICATE: &str = "certificate";
/// What stands for the certificate in its address: as a rule its date of issue.
const CERTIFICATE_NAME: &str = "certificate_date";
/// Keys the fingerprints of cards and bank accounts.
pub const FINGERPRINT_KEY: &str = "fingerprint_key";
/// The demo caller's, where none was given.
pub const CALLER_SECRET: &str = "caller_secret";
/// There while the processor of cards and bank accounts is held.
pub const PROCESSOR_HELD: &str = "processor_held";
/// How the clock stands, in one row so that it is read whole: a number that grows with each change, and the setting.
const CLOCK: &str = "clock";
/// Where earlier programs kept it, in seconds; and when it was frozen, in microseconds.
const CLOCK_OFFSET_SECONDS: &str = "clock_offset_seconds";
const CLOCK_FROZEN_AT: &str = "clock_frozen_at";

/// What outlives a reset of the database.
const PRESERVED: [&str; 4] = [SIGNING_KEY, CERTIFICATE, CERTIFICATE_NAME, CALLER_SECRET];

/// `None`: it was never set.
pub async fn find(db: &Database, name: &'static str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(db.readers())
        .await?;
    Ok(row.map(|(value,)| value))
}

/// It is as if it was never set.
pub async fn remove(db: &Database, name: &'static str) -> Result<(), sqlx::Error> {
    db.transact(name, |c, name| {
        Box::pin(async move {
            sqlx::query("DELETE FROM settings WHERE name = $1").bind(*name).execute(c).await?;
            Ok(())
        })
    })
    .await
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

/// The key that signs for the outside, in PEM, and its certificate with the name that it has in its address.
#[derive(Debug, Clone)]
pub struct SigningIdentity {
    pub key: SecretString,
    pub certificate: String,
    pub name: String,
}

impl SigningIdentity {
    fn into_values(self) -> Vec<(&'static str, String)> {
        let key = self.key.expose_secret().to_owned();
        vec![(SIGNING_KEY, key), (CERTIFICATE, self.certificate), (CERTIFICATE_NAME, self.name)]
    }
}

/// `None`: none was made yet.
pub async fn signing_identity(db: &Database) -> Result<Option<SigningIdentity>, sqlx::Error> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT k.value, c.value, n.value FROM settings k JOIN settings c ON c.name = $2 JOIN settings n ON n.name = $3 \
         WHERE k.name = $1",
    )
    .bind(SIGNING_KEY)
    .bind(CERTIFICATE)
    .bind(CERTIFICATE_NAME)
    .fetch_optional(db.readers())
    .await?;
    Ok(row.map(|(key, certificate, name)| SigningIdentity { key: key.into(), certificate, name }))
}

/// Stores it unless there is one already.
pub async fn set_signing_identity_once(db: &Database, identity: SigningIdentity) -> Result<(), sqlx::Error> {
    set_together_once(db, identity.into_values()).await
}

/// It takes the place of the one that there is, of which the certificate stays.
pub async fn replace_signing_identity(db: &Database, identity: SigningIdentity) -> Result<(), sqlx::Error> {
    db.transact(identity.into_values(), |c, values| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO retired_certificates (name, certificate) SELECT n.value, c.value \
                 FROM settings n JOIN settings c ON c.name = $2 WHERE n.name = $1 ON CONFLICT (name) DO NOTHING",
            )
            .bind(CERTIFICATE_NAME)
            .bind(CERTIFICATE)
            .execute(&mut *c)
            .await?;
            for (name, value) in values {
                sqlx::query("UPDATE settings SET value = $2 WHERE name = $1")
                    .bind(*name)
                    .bind(value)
                    .execute(&mut *c)
                    .await?;
            }
            Ok(())
        })
    })
    .await
}

/// The certificate of that name, in PEM, of whatever key; `None` if none was ever called so.
pub async fn certificate(db: &Database, name: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT c.value FROM settings n JOIN settings c ON c.name = $3 WHERE n.name = $2 AND n.value = $1 \
         UNION ALL SELECT certificate FROM retired_certificates WHERE name = $1",
    )
    .bind(name)
    .bind(CERTIFICATE_NAME)
    .bind(CERTIFICATE)
    .fetch_optional(db.readers())
    .await
}

/// What a reset must carry over.
#[derive(Debug)]
pub struct Preserved {
    values: Vec<(&'static str, String)>,
    /// Each with its name.
    retired_certificates: Vec<(String, String)>,
}

pub async fn preserved(db: &Database) -> Result<Preserved, sqlx::Error> {
    let mut values = Vec::new();
    for name in PRESERVED {
        if let Some(value) = find(db, name).await? {
            values.push((name, value));
        }
    }
    let retired = sqlx::query_as("SELECT name, certificate FROM retired_certificates");
    Ok(Preserved { values, retired_certificates: retired.fetch_all(db.readers()).await? })
}

/// Into a database that has none of it.
pub async fn restore(db: &Database, preserved: Preserved) -> Result<(), sqlx::Error> {
    db.transact(preserved, |c, preserved| {
        Box::pin(async move {
            insert_together_once(&mut *c, &preserved.values).await?;
            for (name, certificate) in &preserved.retired_certificates {
                sqlx::query(
                    "INSERT INTO retired_certificates (name, certificate) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                )
                .bind(name)
                .bind(certificate)
                .execute(&mut *c)
                .await?;
            }
            Ok(())
        })
    })
    .await
}

/// How the clock stands for all processes on the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptClock {
    /// Grows with each change.
    pub version: i64,
    pub setting: Setting,
}

impl KeptClock {
    fn read(text: &str) -> Option<Self> {
        let (version, setting) = text.split_once(' ')?;
        Some(Self { version: version.parse().ok()?, setting: setting.parse().ok()? })
    }
}

/// `None`: nobody has moved it. A row that cannot be read is as if it were not there.
pub async fn clock(db: &Database) -> Result<Option<KeptClock>, sqlx::Error> {
    Ok(find(db, CLOCK).await?.and_then(|text| KeptClock::read(&text)))
}

/// The same, held against everybody else until the transaction ends.
pub async fn hold_clock(c: &mut AnyConnection) -> Result<Option<KeptClock>, sqlx::Error> {
    // A row that is not there cannot be held.
    insert_together_once(c, &[(CLOCK, String::new())]).await?;
    let (text,): (String,) =
        sqlx::query_as("UPDATE settings SET value = value WHERE name = $1 RETURNING value")
            .bind(CLOCK)
            .fetch_one(c)
            .await?;
    Ok(KeptClock::read(&text))
}

pub async fn set_clock(c: &mut AnyConnection, clock: KeptClock) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE settings SET value = $2 WHERE name = $1")
        .bind(CLOCK)
        .bind(format!("{} {}", clock.version, clock.setting))
        .execute(c)
        .await?;
    Ok(())
}

/// How an earlier program left it.
pub async fn clock_of_old(db: &Database) -> Result<Option<Setting>, sqlx::Error> {
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
    let frozen_at = number(find(db, CLOCK_FROZEN_AT).await?);
    if let Some(at) = frozen_at.and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()) {
        return Ok(Some(Setting::frozen(at)));
    }
    Ok(number(find(db, CLOCK_OFFSET_SECONDS).await?).map(Setting::running))
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
        assert_eq!(preserved(&db).await.unwrap().values.len(), 2);
    }
}
