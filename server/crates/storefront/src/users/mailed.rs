//! What all tables of links in mail have in common: rows with `id`, `digest` and `expires_at`.

/// The functions of such a table.
macro_rules! mailed_links {
    ($table:literal) => {
        /// Whether a link of this id, with this digest, is good now.
        pub async fn is_good(
            db: &platform::Database,
            id: &$crate::ids::LinkId,
            digest: &str,
            now: jiff::Timestamp,
        ) -> Result<bool, sqlx::Error> {
            let sql = concat!("SELECT 1 FROM ", $table, " WHERE id = $1 AND digest = $2 AND expires_at > $3");
            let found = sqlx::query(sql).bind(id.as_str()).bind(digest).bind(now.as_microsecond());
            Ok(found.fetch_optional(db.readers()).await?.is_some())
        }

        /// Takes the link: answers whether nobody was faster.
        pub async fn take(connection: &mut sqlx::AnyConnection, digest: &str) -> Result<bool, sqlx::Error> {
            let taken = sqlx::query(concat!("DELETE FROM ", $table, " WHERE digest = $1")).bind(digest);
            Ok(taken.execute(connection).await?.rows_affected() == 1)
        }

        /// Forgets those that are over.
        pub async fn forget_old(
            connection: &mut sqlx::AnyConnection,
            now: jiff::Timestamp,
        ) -> Result<u64, sqlx::Error> {
            let old = sqlx::query(concat!("DELETE FROM ", $table, " WHERE expires_at <= $1"));
            Ok(old.bind(now.as_microsecond()).execute(connection).await?.rows_affected())
        }
    };
    ($table:literal of users) => {
        $crate::users::mailed::mailed_links!($table);

        /// Ends all links of this user.
        pub async fn end_all(
            connection: &mut sqlx::AnyConnection,
            user: &$crate::ids::UserId,
        ) -> Result<(), sqlx::Error> {
            let ended =
                sqlx::query(concat!("DELETE FROM ", $table, " WHERE user_id = $1")).bind(user.as_str());
            ended.execute(connection).await.map(|_| ())
        }
    };
}
pub(super) use mailed_links;
