//! What can be wrong that only the program knows of: its settings, its ports, its databases. Looked at beside the running
//! sites, and without them where none answers.

use crate::options::Options;
use crate::sites;
use async_trait::async_trait;
use lab::{Check, Finding, Unfinished};
use platform::Database;
use platform::db::{DatabaseError, Migrations, Schema};
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A site, as it is spoken of here.
#[derive(Debug, Clone, Copy)]
struct Site {
    name: &'static str,
    /// What gives it another port.
    flag: &'static str,
    migrations: &'static Migrations,
}

const SHOP: Site = Site { name: "The shop", flag: "--shop-addr", migrations: &storefront::MIGRATIONS };
const PAYMENTS: Site =
    Site { name: "Amazon Payments", flag: "--payments-addr", migrations: &fps_emulator::MIGRATIONS };

/// Of sites that do not run: what would keep them from it.
pub(crate) async fn examine(options: &Options) -> Vec<Finding> {
    let mut findings = vec![settings(options)];
    findings.extend(restore(options));
    for (site, address, url) in [
        (PAYMENTS, options.payments_addr, &options.payments_database_url),
        (SHOP, options.shop_addr, &options.shop_database_url),
    ] {
        findings.push(port(site, address).await);
        findings.push(schema(site, Database::look_at(url, site.migrations).await));
    }
    findings
}

/// Of those that run.
pub(crate) fn checks(shop: Option<&Database>, payments: Option<&Database>) -> Vec<Box<dyn Check>> {
    let both = [(PAYMENTS, payments), (SHOP, shop)];
    both.into_iter()
        .filter_map(|(site, db)| Some(Box::new(OpenSchema { site, db: db?.clone() }) as Box<dyn Check>))
        .collect()
}

struct OpenSchema {
    site: Site,
    db: Database,
}

#[async_trait]
impl Check for OpenSchema {
    async fn look(&self) -> Finding {
        schema(self.site, self.db.schema(self.site.migrations).await)
    }
}

fn settings(options: &Options) -> Finding {
    // A port that is left open becomes a free one.
    let (shop, payments) = (options.shop_addr.port().max(1), options.payments_addr.port().max(1));
    let tried = options.access().and_then(|_| options.urls(shop, payments));
    let tried = tried.and_then(|urls| options.smtp(&urls.shop));
    Finding::new("The settings make sense", tried.map(|_| "ok".to_owned()).map_err(|error| error.to_string()))
}

fn restore(options: &Options) -> Option<Finding> {
    let wrong = match Unfinished::find(&sites::lab_folder(options)) {
        Ok(None) => return None,
        Ok(Some(Unfinished { name, file })) => format!(
            "going back to \"{name}\" was broken off: `serve` with the lab finishes it; without {} it is given up",
            file.display()
        ),
        Err(error) => format!("what the lab keeps cannot be read: {error}"),
    };
    Some(Finding::new("No restore of a snapshot is half done", Err(wrong)))
}

async fn port(Site { name, flag, .. }: Site, address: SocketAddr) -> Finding {
    let words = match TcpListener::bind(address).await {
        Ok(_) => Ok(format!("nothing listens at {address}")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(format!(
            "something listens at {address} already, and it is no payments site with a lab: stop it, or take another \
             address with {flag}"
        )),
        Err(error) => {
            Err(format!("nobody can listen at {address} ({error}): take another address with {flag}"))
        }
    };
    Finding::new(format!("{name} can listen"), words)
}

fn schema(Site { name, .. }: Site, found: Result<Schema, DatabaseError>) -> Finding {
    let words = match found {
        Ok(Schema::UpToDate) => Ok("its schema is this program's".to_owned()),
        Ok(Schema::Missing) => Ok("there is nothing in it yet: a start makes it".to_owned()),
        Ok(Schema::Behind(missing)) => Err(format!(
            "its schema is old, {missing} migrations behind: a start or `migrate` brings it up to date; keep a copy \
             if an older program is to use it again"
        )),
        Ok(Schema::Ahead(version)) => Err(format!(
            "a newer program has been here (migration {version} is not known to this one): run that one, or give \
             another data directory"
        )),
        Ok(Schema::Altered(version)) => Err(format!(
            "migration {version} was broken off, or is not what this program made: go back to a copy, or give \
             another data directory"
        )),
        Err(error) => Err(format!(
            "it cannot be used ({error}): does another program have it, may this one write there, and does its \
             server run?"
        )),
    };
    Finding::new(format!("The database of {} can be used", lower(name)), words)
}

/// In the middle of a sentence.
fn lower(name: &str) -> String {
    name.strip_prefix("The ").map_or_else(|| name.to_owned(), |name| format!("the {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::{Clock, Random};
    use std::path::Path;

    fn options(folder: &Path) -> Options {
        Options::for_tests(folder, Clock::system(), Random::seeded(1))
    }

    /// What is wrong, as `check: words`.
    async fn wrong(options: &Options) -> Vec<String> {
        let findings = examine(options).await.into_iter().filter(|finding| !finding.well);
        findings.map(|finding| format!("{}: {}", finding.check, finding.words)).collect()
    }

    #[tokio::test]
    async fn before_the_first_start_nothing_is_wrong_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { data_dir: folder.path().join("data"), ..options(folder.path()) };
        assert_eq!(wrong(&options).await, [""; 0]);
        assert!(folder.path().read_dir().unwrap().next().is_none());
    }

    #[tokio::test]
    async fn a_port_that_is_taken_and_settings_that_cannot_be_meant_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = other.local_addr().unwrap();
        let options = Options { shop_addr: address, ..options(folder.path()) };
        let told = wrong(&options).await;
        assert!(
            matches!(&told[..], [told] if told.contains(&format!("something listens at {address} already"))),
            "{told:?}"
        );
        let options = Options { access_key: "no key".to_owned(), ..options };
        assert!(wrong(&options).await[0].contains("DD_ACCESS_KEY must have"));
    }

    #[tokio::test]
    async fn a_schema_that_is_old_and_one_of_a_newer_program_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path());
        let db = Database::open(&options.shop_database_url).await.unwrap();
        db.migrate(&storefront::MIGRATIONS).await.unwrap();
        assert_eq!(wrong(&options).await, [""; 0]);
        for (change, words) in [
            ("DELETE FROM _sqlx_migrations WHERE version > 30", "its schema is old"),
            (
                "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 30",
                "a newer program has been here (migration 9999",
            ),
        ] {
            let changed: Result<(), sqlx::Error> = db
                .write(move |c| Box::pin(async move { sqlx::query(change).execute(c).await.map(drop) }))
                .await;
            changed.unwrap();
            let told = wrong(&options).await;
            assert!(
                matches!(&told[..], [told] if told.starts_with("The database of the shop can be used") && told.contains(words)),
                "{told:?}"
            );
        }
    }
}
