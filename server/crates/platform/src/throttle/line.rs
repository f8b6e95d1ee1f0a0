//! Where those wait whose passwords are to be looked at: one after the other for one account, side by side for
//! several, and only so many in all.

use super::who::Who;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// In the line, or having their passwords looked at: for one account.
const MOST_OF_ACCOUNT: usize = 32;
/// From one address.
const MOST_OF_ADDRESS: usize = 128;
/// In all. Hashing for so many takes some seconds.
const MOST_IN_ALL: usize = 256;

/// The line is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Clones are one line.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    in_all: usize,
    addresses: HashMap<IpAddr, usize>,
    accounts: HashMap<String, (Arc<tokio::sync::Mutex<()>>, usize)>,
}

/// A place in the line, given up when it is dropped.
#[derive(Debug)]
pub struct Place {
    line: Line,
    who: Who,
    /// Held by the one of its account whose turn it is.
    pub turn: Arc<tokio::sync::Mutex<()>>,
}

impl Line {
    pub fn enter(&self, who: &Who) -> Result<Place, Full> {
        let mut waiting = self.waiting();
        let Waiting { in_all, addresses, accounts } = &mut *waiting;
        let of_address = addresses.get(&who.address).copied().unwrap_or(0);
        let of_account = accounts.get(&who.account).map_or(0, |(_, number)| *number);
        if *in_all >= MOST_IN_ALL || of_address >= MOST_OF_ADDRESS || of_account >= MOST_OF_ACCOUNT {
            return Err(Full);
        }
        *in_all += 1;
        *addresses.entry(who.address).or_default() += 1;
        let (turn, number) = accounts.entry(who.account.clone()).or_default();
        *number += 1;
        Ok(Place { line: self.clone(), who: who.clone(), turn: Arc::clone(turn) })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        let waiting = self.waiting();
        waiting.in_all == 0 && waiting.addresses.is_empty() && waiting.accounts.is_empty()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.line.waiting();
        waiting.in_all -= 1;
        if let Some(number) = waiting.addresses.get_mut(&self.who.address) {
            *number -= 1;
            if *number == 0 {
                waiting.addresses.remove(&self.who.address);
            }
        }
        if let Some((_, number)) = waiting.accounts.get_mut(&self.who.account) {
            *number -= 1;
            if *number == 0 {
                waiting.accounts.remove(&self.who.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::who::HERE;
    use super::*;

    fn enter(line: &Line, number: usize, address: u8) -> Result<Place, Full> {
        line.enter(&Who::new(&format!("{number}@example.com"), IpAddr::from([192, 0, 2, address])))
    }

    #[test]
    fn the_line_has_an_end_for_an_account_an_address_and_all() {
        let line = Line::default();
        let john = Who::new("john@example.com", HERE);
        let johns: Vec<_> = (0..MOST_OF_ACCOUNT).map(|_| line.enter(&john).unwrap()).collect();
        assert_eq!(line.enter(&john).unwrap_err(), Full);
        assert!(line.enter(&Who::new("jane@example.com", HERE)).is_ok());
        drop(johns);
        assert!(line.is_empty());

        let of_one: Vec<_> = (0..MOST_OF_ADDRESS).map(|number| enter(&line, number, 1).unwrap()).collect();
        assert_eq!(enter(&line, 999, 1).unwrap_err(), Full);
        let of_two: Vec<_> = (0..MOST_OF_ADDRESS).map(|number| enter(&line, number, 2).unwrap()).collect();
        assert_eq!(enter(&line, 999, 3).unwrap_err(), Full, "in all");
        drop(of_one);
        assert!(enter(&line, 999, 3).is_ok());
        drop(of_two);
        assert!(line.is_empty());
    }
}
