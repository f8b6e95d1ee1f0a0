//! Who has a connection, and whose is closed for a newcomer when there are too many.

use super::ConnectionLimits;
use super::activity::Activity;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
struct Taken {
    /// `None`: one of those that are not counted by address.
    address: Option<IpAddr>,
    activity: Activity,
    end: CancellationToken,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    taken: HashMap<u64, Taken>,
}

/// The places of a site's connections; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Places {
    limits: ConnectionLimits,
    table: Arc<Mutex<Table>>,
    changed: Arc<Notify>,
}

/// Why there is no place now: everybody who has one is being served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// From this address.
    Address,
    All,
}

/// A connection's place, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    id: u64,
    pub activity: Activity,
    end: CancellationToken,
}

impl Places {
    pub fn new(limits: ConnectionLimits) -> Self {
        Self { limits, table: Arc::default(), changed: Arc::default() }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, if need be that of whoever has waited longest with nothing asked; at a full address, of the same
    /// one.
    pub fn take(&self, address: IpAddr, spared: bool) -> Result<Place, Refused> {
        let address = (!spared).then(|| network_of(address));
        let mut table = self.table();
        if address.is_some() {
            let theirs = |taken: &Taken| taken.address == address;
            let count = table.taken.values().filter(|taken| theirs(taken)).count();
            if count >= self.limits.per_address && !table.close_oldest(theirs) {
                return Err(Refused::Address);
            }
        }
        if table.taken.len() >= self.limits.all && !table.close_oldest(|_| true) {
            return Err(Refused::All);
        }
        let (activity, end) = (Activity::new(self.changed.clone()), CancellationToken::new());
        let id = table.next;
        table.next += 1;
        table.taken.insert(id, Taken { address, activity: activity.clone(), end: end.clone() });
        Ok(Place { places: self.clone(), id, activity, end })
    }

    /// Closes up to so many of those that have waited longest; says how many there were.
    pub fn close_waiting(&self, most: usize) -> usize {
        let mut table = self.table();
        (0..most).take_while(|_| table.close_oldest(|_| true)).count()
    }

    /// Until it is worth asking again.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl Table {
    fn close_oldest(&mut self, among: impl Fn(&Taken) -> bool) -> bool {
        let waiting = self.taken.iter().filter(|(_, taken)| among(taken));
        let waiting = waiting.filter_map(|(id, taken)| Some((taken.activity.waiting_since()?, *id)));
        let oldest = waiting.min().and_then(|(_, id)| self.taken.remove(&id));
        oldest.map(|oldest| oldest.end.cancel()).is_some()
    }
}

impl Place {
    /// Until somebody else needs it.
    pub async fn taken(&self) {
        self.end.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.table().taken.remove(&self.id);
        self.places.changed.notify_one();
    }
}

/// One household has an IPv6 /64 to itself, and one address of IPv4.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn places(all: usize, per_address: usize) -> Places {
        let time = Duration::from_mins(1);
        Places::new(ConnectionLimits { head: time, idle: time, all, per_address })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn is_over(place: &Place) -> bool {
        place.end.is_cancelled()
    }

    #[test]
    fn at_the_bound_the_oldest_that_waits_makes_room() {
        let places = places(3, 3);
        let mut taken = Vec::new();
        for _ in 0..5 {
            taken.push(places.take(address("127.0.0.1"), true).unwrap());
        }
        assert_eq!(taken.iter().map(is_over).collect::<Vec<_>>(), [true, true, false, false, false]);
        drop(taken.pop());
        places.take(address("127.0.0.1"), true).unwrap();
        assert!(!is_over(&taken[2]), "there was room");
        assert_eq!(places.close_waiting(10), 2);
    }

    #[test]
    fn one_address_takes_places_from_itself_alone() {
        let places = places(100, 2);
        let other = places.take(address("198.51.100.7"), false).unwrap();
        let mut greedy = Vec::new();
        for _ in 0..5 {
            greedy.push(places.take(address("203.0.113.9"), false).unwrap());
        }
        assert_eq!(greedy.iter().filter(|place| !is_over(place)).count(), 2);
        assert!(!is_over(&other));
        let spared: Vec<_> = (0..5).map(|_| places.take(address("10.0.0.1"), true).unwrap()).collect();
        assert!(!spared.iter().any(is_over), "a proxy brings many");
    }

    #[test]
    fn a_household_is_one_address() {
        assert_eq!(network_of(address("2001:db8:1:2:3::4")), network_of(address("2001:db8:1:2:9::9")));
        assert_ne!(network_of(address("2001:db8:1:2::4")), network_of(address("2001:db8:1:3::4")));
        assert_ne!(network_of(address("192.0.2.1")), network_of(address("192.0.2.2")));
    }
}
