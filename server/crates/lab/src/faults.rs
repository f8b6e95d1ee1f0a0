//! What is to go wrong: a book of faults, each of which heals after so many times.

use crate::store::Store;
use fps_protocol::ErrorCode;
use fps_protocol::actions::Action;
use platform::deeds::DeedRefused;
use platform::lab::{About, Event, Faults, LostPart, NotificationFault, Recorder, RequestFault, Site, What};
use platform::{Clock, Random};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many faults can stand at once.
const MOST: usize = 1_000;
const LONGEST_DELAY_MS: u64 = 7 * 24 * 3_600_000;
/// A request is not kept waiting for longer: its connection would end.
const LONGEST_REQUEST_DELAY_MS: u64 = 60_000;
/// How long a notification waits for the one that is to overtake it.
const PATIENCE_MS: u64 = 2_000;
/// How late one is that is delayed, if nothing is said.
const USUAL_DELAY_MS: u64 = 60_000;

/// What is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    action: Option<String>,
    code: Option<String>,
    delay_ms: Option<i64>,
    drop: Option<LostWord>,
    notifications: Option<MishapWord>,
    times: Option<i64>,
    share: Option<i64>,
    seed: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LostWord {
    Answer,
    Connection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MishapWord {
    Drop,
    Delay,
    Double,
    Reorder,
    Corrupt,
}

/// A fault that stands.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    pub id: String,
    #[serde(flatten)]
    what: Wrong,
    /// How often it still happens.
    pub times: u32,
    /// Of a hundred occasions so many are hit.
    pub share: u32,
    pub seed: u64,
    #[serde(skip)]
    chance: Random,
}

impl Standing {
    /// What goes wrong: `Pay is answered with InternalError`.
    pub fn words(&self) -> String {
        self.what.words()
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Wrong {
    Request {
        /// `None`: any.
        action: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delay_ms: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        drop: Option<LostWord>,
    },
    Notification {
        notifications: MishapWord,
        #[serde(skip_serializing_if = "Option::is_none")]
        delay_ms: Option<u64>,
    },
}

/// The faults that stand; clones share them.
#[derive(Debug, Clone)]
pub struct FaultBook {
    standing: Arc<Mutex<Vec<Standing>>>,
    store: Store,
    clock: Clock,
    random: Random,
}

impl FaultBook {
    pub fn new(store: Store, clock: Clock, random: Random) -> Self {
        Self { standing: Arc::default(), store, clock, random }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Standing>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is left of them, the oldest first.
    pub fn list(&self) -> Vec<Standing> {
        self.lock().clone()
    }

    pub fn clear(&self) -> usize {
        std::mem::take(&mut *self.lock()).len()
    }

    /// Takes one away; whether it stood.
    pub fn remove(&self, id: &str) -> bool {
        let mut standing = self.lock();
        let before = standing.len();
        standing.retain(|fault| fault.id != id);
        standing.len() < before
    }

    /// Adds a fault, and answers its id. Nothing is added of what makes no sense.
    pub fn add(&self, new: NewFault) -> Result<Standing, DeedRefused> {
        let times = within("times", new.times, 1, u32::MAX)?.unwrap_or(1);
        let share = within("share", new.share, 1, 100)?.unwrap_or(100);
        let seed = within("seed", new.seed, 0, u64::MAX)?.unwrap_or_else(|| self.random.next_u64() >> 32);
        let what = Wrong::try_from(new)?;
        let mut standing = self.lock();
        if standing.len() >= MOST {
            return Err(DeedRefused::Conflict(format!("{MOST} faults stand already; clear them first")));
        }
        let id = format!("{:08x}", self.random.next_u64() >> 32);
        let fault = Standing { id, what, times, share, seed, chance: Random::seeded(seed) };
        standing.push(fault.clone());
        Ok(fault)
    }

    /// The first fault for the occasion that chance lets happen; it has one time less then.
    fn take<T>(&self, about: About, fits: impl Fn(&Standing) -> Option<T>) -> Option<T> {
        let mut standing = self.lock();
        let at = standing.iter().position(|fault| fits(fault).is_some() && fault.happens())?;
        let fault = &mut standing[at];
        let what = fits(fault);
        fault.times -= 1;
        let (id, words) = (fault.id.clone(), fault.what.words());
        if fault.times == 0 {
            standing.remove(at);
        }
        drop(standing);
        self.store.record(Event {
            at: self.clock.now(),
            wall: self.clock.wall(),
            site: Site::Lab,
            about,
            what: What::Fault { fault: id, words },
        });
        what
    }
}

impl Faults for FaultBook {
    fn of_request(&self, action: &str, request: &str) -> Option<RequestFault> {
        let about = About { request: Some(request.to_owned()), ..About::default() };
        self.take(about, |fault| fault.of_request(action))
    }

    fn of_notification(&self, id: &str) -> Option<NotificationFault> {
        let about = About { notification: Some(id.to_owned()), ..About::default() };
        self.take(about, Standing::of_notification)
    }
}

impl Standing {
    fn happens(&self) -> bool {
        self.share == 100 || self.chance.next_u64() % 100 < u64::from(self.share)
    }

    fn of_request(&self, asked: &str) -> Option<RequestFault> {
        let Wrong::Request { action, code, delay_ms, drop } = &self.what else { return None };
        let fits = action.is_none_or(|action| action == asked);
        fits.then(|| RequestFault {
            id: self.id.clone(),
            delay: Duration::from_millis(delay_ms.unwrap_or(0)),
            code: code.clone(),
            lost: drop.map(|lost| match lost {
                LostWord::Answer => LostPart::Answer,
                LostWord::Connection => LostPart::Connection,
            }),
        })
    }

    fn of_notification(&self) -> Option<NotificationFault> {
        let Wrong::Notification { notifications, delay_ms } = &self.what else { return None };
        let delay = |usual| Duration::from_millis(delay_ms.unwrap_or(usual));
        Some(match notifications {
            MishapWord::Drop => NotificationFault::Drop,
            MishapWord::Delay => NotificationFault::Delay(delay(USUAL_DELAY_MS)),
            MishapWord::Double => NotificationFault::Double,
            MishapWord::Reorder => NotificationFault::Reorder(delay(PATIENCE_MS)),
            MishapWord::Corrupt => NotificationFault::Corrupt(self.seed),
        })
    }
}

impl TryFrom<NewFault> for Wrong {
    type Error = DeedRefused;

    fn try_from(new: NewFault) -> Result<Self, DeedRefused> {
        let NewFault { action, code, delay_ms, drop, notifications, .. } = new;
        let delay_ms = within("delay_ms", delay_ms, 0, LONGEST_DELAY_MS)?;
        if let Some(notifications) = notifications {
            if action.is_some() || code.is_some() || drop.is_some() {
                return Err(bad(
                    "a fault is of requests or of notifications: give action, code or drop in another one",
                ));
            }
            let takes_delay = matches!(notifications, MishapWord::Delay | MishapWord::Reorder);
            if delay_ms.is_some() && !takes_delay {
                return Err(bad("delay_ms goes with delay and reorder"));
            }
            return Ok(Self::Notification { notifications, delay_ms });
        }
        if code.is_none() && delay_ms.is_none() && drop.is_none() {
            return Err(bad(
                "say what goes wrong: code (an error of FPS), delay_ms, drop (answer or connection), or notifications",
            ));
        }
        if code.is_some() && drop.is_some() {
            return Err(bad("an answer that is dropped has no code: give one of code and drop"));
        }
        if delay_ms.is_some_and(|delay| delay > LONGEST_REQUEST_DELAY_MS) {
            return Err(bad("delay_ms of a request is 60000 at the most: its connection would end"));
        }
        if let Some(code) = &code
            && code.parse::<ErrorCode>().is_err()
        {
            return Err(bad(format!("{code} is no error code of FPS; docs/fps.md, section 6, lists them")));
        }
        let action = match action.as_deref() {
            None | Some("") => None,
            Some(text) => {
                let unknown = || bad(format!("{text} is no action of FPS"));
                Some(Action::ALL.iter().find(|action| action.as_str() == text).ok_or_else(unknown)?.as_str())
            }
        };
        Ok(Self::Request { action, code, delay_ms, drop })
    }
}

impl Wrong {
    fn words(&self) -> String {
        match self {
            Self::Request { action, code, delay_ms, drop } => {
                let mut words = Vec::new();
                words.extend(delay_ms.map(|delay| format!("waits {delay} ms")));
                words.extend(code.as_ref().map(|code| format!("is answered with {code}")));
                words.extend(drop.map(|lost| match lost {
                    LostWord::Answer => "is done, and its answer is lost".to_owned(),
                    LostWord::Connection => "is lost before anything is done".to_owned(),
                }));
                format!("{} {}", action.unwrap_or("Any request"), words.join(" and "))
            }
            Self::Notification { notifications, .. } => match notifications {
                MishapWord::Drop => "A notification is lost on the way",
                MishapWord::Delay => "A notification is held up",
                MishapWord::Double => "A notification arrives twice",
                MishapWord::Reorder => "A notification is overtaken by the next",
                MishapWord::Corrupt => "A notification arrives with a byte changed",
            }
            .to_owned(),
        }
    }
}

/// A number that was given, if it is one of those that there can be.
fn within<T>(name: &str, given: Option<i64>, least: T, most: T) -> Result<Option<T>, DeedRefused>
where
    T: TryFrom<i64> + PartialOrd + Display + Copy,
{
    let Some(given) = given else { return Ok(None) };
    let fits = T::try_from(given).ok().filter(|number| (least..=most).contains(number));
    fits.map(Some).ok_or_else(|| bad(format!("{name} is {least} to {most}; {given} is not")))
}

fn bad(reason: impl Into<String>) -> DeedRefused {
    DeedRefused::BadRequest(reason.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn book() -> FaultBook {
        let clock = Clock::fixed("2030-01-01T00:00:00Z".parse().unwrap());
        FaultBook::new(Store::new(Vec::new()), clock, Random::seeded(1))
    }

    fn add(book: &FaultBook, json: serde_json::Value) -> Result<Standing, DeedRefused> {
        book.add(serde_json::from_value(json).unwrap())
    }

    #[test]
    fn it_happens_so_often_to_what_it_is_for_and_heals() {
        let book = book();
        add(&book, json!({ "action": "Pay", "code": "InternalError", "times": 2 })).unwrap();
        assert_eq!(book.of_request("Settle", "r"), None);
        for _ in 0..2 {
            assert_eq!(book.of_request("Pay", "r").unwrap().code.as_deref(), Some("InternalError"));
        }
        assert_eq!(book.of_request("Pay", "r"), None);
        assert!(book.list().is_empty());
        let told = book.store.newest(9, |_| true);
        assert_eq!(told.len(), 2);
        let What::Fault { words, .. } = &told[0].event.what else { panic!("{told:?}") };
        assert_eq!(words, "Pay is answered with InternalError");
    }

    #[test]
    fn a_share_is_hit_by_its_seed_and_by_no_other() {
        let hits = |seed: u64| {
            let book = book();
            let fault = json!({ "notifications": "drop", "times": 1000, "share": 30, "seed": seed });
            add(&book, fault).unwrap();
            (0..1000).map(|_| book.of_notification("n").is_some()).collect::<Vec<_>>()
        };
        let count = hits(7).iter().filter(|hit| **hit).count();
        assert!((250..350).contains(&count), "{count}");
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_words() {
        for (json, words) in [
            (json!({}), "say what goes wrong"),
            (json!({ "action": "Pay" }), "say what goes wrong"),
            (json!({ "action": "Pray", "code": "InternalError" }), "no action"),
            (json!({ "code": "Bad" }), "no error code"),
            (json!({ "code": "InternalError", "drop": "answer" }), "one of code and drop"),
            (json!({ "code": "InternalError", "times": 0 }), "times is 1"),
            (json!({ "code": "InternalError", "times": -1 }), "times is 1"),
            (json!({ "code": "InternalError", "times": 5_000_000_000_i64 }), "5000000000 is not"),
            (json!({ "code": "InternalError", "share": 0 }), "share is 1"),
            (json!({ "code": "InternalError", "seed": -7 }), "seed is 0"),
            (json!({ "delay_ms": -1 }), "delay_ms is 0"),
            (json!({ "notifications": "delay", "delay_ms": 604_800_001 }), "delay_ms is 0 to 604800000"),
            (json!({ "delay_ms": 60_001 }), "60000 at the most"),
            (json!({ "notifications": "drop", "action": "Pay" }), "requests or of notifications"),
            (json!({ "notifications": "drop", "delay_ms": 1 }), "goes with delay"),
        ] {
            let refused = add(&book(), json.clone()).unwrap_err().to_string();
            assert!(refused.contains(words), "{json}: {refused}");
        }
    }
}
