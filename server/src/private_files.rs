//! The databases hold secrets and the files what is sold: they are for the user that runs the program.

use crate::options::Options;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

const PRIVATE_FOLDER: u32 = 0o700;
/// Sticky, set-group-id, set-user-id: a folder that somebody shares on purpose, such as `/tmp`.
const SHARED: u32 = 0o7000;
/// What lies in a data directory of this program.
const OURS: [&str; 3] = ["shop.db", "payments.db", "files"];

/// Whatever this process makes from now on is for its user alone.
pub(crate) fn make_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Makes the data directory if it is not there, and takes from others what they could do with what lies in it.
/// A directory that is another user's, shared, or holds other things too stays as it is.
pub(crate) fn prepare(options: &Options) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(&options.data_dir)?;
    if holds_nothing_else(&options.data_dir)? {
        tighten(&options.data_dir);
    }
    for database in [&options.shop_database_url, &options.payments_database_url] {
        for file in files_of(database) {
            tighten(&file);
        }
    }
    tighten_all(&options.data_dir.join("files"))
}

/// Whether the folder is empty or has this program's things in it.
fn holds_nothing_else(folder: &Path) -> io::Result<bool> {
    let empty = fs::read_dir(folder)?.next().is_none();
    Ok(empty || OURS.iter().any(|name| folder.join(name).exists()))
}

/// A SQLite database's file and what stands beside it while it is used; none of another database.
fn files_of(database_url: &str) -> Vec<PathBuf> {
    let Some(rest) = database_url.strip_prefix("sqlite:") else { return Vec::new() };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let beside = |suffix: &str| PathBuf::from(OsString::from(format!("{path}{suffix}")));
    ["", "-wal", "-shm"].map(beside).into()
}

/// Everything in a folder, and the folder; nothing if there is none.
fn tighten_all(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    tighten(folder);
    for entry in entries {
        let entry = entry?;
        // Links lead elsewhere, to what is not ours.
        if entry.file_type()?.is_dir() {
            tighten_all(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            tighten(&entry.path());
        }
    }
    Ok(())
}

/// Leaves to others nothing of what is this user's own.
fn tighten(path: &Path) {
    let Ok(metadata) = fs::metadata(path) else { return };
    let mode = metadata.permissions().mode();
    let private = mode & 0o700;
    if mode & 0o777 == private || !is_ours_to_change(&metadata) {
        return;
    }
    match fs::set_permissions(path, Permissions::from_mode(private)) {
        Ok(()) => tracing::info!(path = %path.display(), "was open to others and is not any more"),
        Err(error) => tracing::warn!(path = %path.display(), %error, "stays open to others"),
    }
}

fn is_ours_to_change(metadata: &Metadata) -> bool {
    let own = metadata.uid() == rustix::process::geteuid().as_raw();
    own && metadata.permissions().mode() & SHARED == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::{Clock, Random};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn open_file(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "secret").unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o666)).unwrap();
    }

    fn options(data_dir: &Path) -> Options {
        Options::for_tests(data_dir, Clock::system(), Random::seeded(1))
    }

    #[test]
    fn what_is_there_already_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let elsewhere = folder.path().join("else where.db");
        let files = ["shop.db", "shop.db-wal", "shop.db-shm", "files/uploads/a", "files/covers/b.png"];
        let paths = files.map(|file| data.join(file));
        paths.iter().chain([&elsewhere]).for_each(|path| open_file(path));
        fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
        let mut options = options(&data);
        options.payments_database_url = format!("sqlite://{}?mode=rwc", elsewhere.display());
        prepare(&options).unwrap();
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(&data.join("files/uploads")), 0o700);
        for path in paths.iter().chain([&elsewhere]) {
            assert_eq!(mode(path), 0o600, "{}", path.display());
        }
    }

    #[test]
    fn a_new_directory_is_private_and_one_of_other_things_stays() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("a/data");
        prepare(&options(&new)).unwrap();
        assert_eq!(mode(&new), 0o700);

        let home = folder.path().join("home");
        open_file(&home.join("letter.txt"));
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        for (path, rights) in [(&home, 0o755), (&shared, 0o1777)] {
            fs::set_permissions(path, Permissions::from_mode(rights)).unwrap();
            prepare(&options(path)).unwrap();
            assert_eq!(mode(path), rights, "{}", path.display());
        }
        assert_eq!(mode(&home.join("letter.txt")), 0o666);
        assert!(files_of("postgres://localhost/shop").is_empty());
    }
}
