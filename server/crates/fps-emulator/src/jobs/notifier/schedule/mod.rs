//! Who is spoken to next. Each queue (what one caller tells one receiver) has a bound, each caller has one, and there
//! is one for all (see `places`). Receivers that take what they get at once have places of their own, so have those
//! that nobody knows yet and those that fail at once; one that keeps a place for long moves to where it holds up none
//! of them.

#[cfg(test)]
mod tests;

use super::places::{Standing, Taken};
use crate::domain::notifications::deliveries::{Claimed, Queue, Wanted};
use indexmap::IndexSet;
use std::collections::{HashMap, HashSet, VecDeque};

/// Claimed for a prompt receiver beforehand, so that not every attempt is a claim of its own; more are claimed when
/// half of them are left.
const AHEAD: usize = 256;
/// The same for all prompt receivers of a caller.
const AHEAD_OF_CALLER: usize = 512;
/// Claimed in one action of receivers that fail or keep us waiting: what one that is prompt may have to wait for.
const DOUBTFUL_AT_ONCE: usize = 4;
/// And of those that nobody knows yet, of whom most will be prompt: there is a rest after each action, and hundreds of
/// them would be told seconds later for it.
const NEW_AT_ONCE: usize = 16;
/// Receivers that are remembered with nothing to send to them.
const REMEMBERED: usize = 10_000;

/// An attempt that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Turn(u64);

#[derive(Debug, Default)]
pub struct Schedule {
    /// With something due, as far as we know: to be claimed from when there is a place; who came first comes first.
    due: IndexSet<Queue>,
    queues: HashMap<Queue, State>,
    /// Those with something waiting.
    lined_up: HashSet<Queue>,
    /// The attempts under way, each with the kind of place that it holds.
    turns: HashMap<Turn, (Queue, Standing)>,
    taken: Taken,
    last_turn: u64,
}

#[derive(Debug, Default)]
struct State {
    standing: Standing,
    /// Claimed, and not begun.
    waiting: VecDeque<Claimed>,
    under_way: usize,
}

impl State {
    fn is_supplied(&self) -> bool {
        self.standing == Standing::Prompt && self.waiting.len() > AHEAD / 2
    }
}

/// What there is room for while claims are thought out.
struct Room {
    taken: Taken,
    /// What prompt receivers have lined up, by caller.
    ahead: HashMap<String, usize>,
    /// Claims for receivers that fail or keep us waiting,
    doubtful: usize,
    /// and for those that nobody knows yet.
    new: usize,
}

/// What can be claimed of a queue.
enum Claim {
    UpTo(usize),
    NoRoom,
    /// As much is under way as may be, or enough is claimed.
    HasEnough,
}

impl Room {
    fn claim(&mut self, caller: &str, state: &State) -> Claim {
        if state.standing == Standing::Prompt {
            return self.claim_ahead(caller, state);
        }
        if !state.waiting.is_empty() || state.under_way >= state.standing.bounds().queue {
            return Claim::HasEnough;
        }
        let (claims, most) = match state.standing {
            Standing::New => (&mut self.new, NEW_AT_ONCE),
            Standing::Failing | Standing::Slow | Standing::Prompt => (&mut self.doubtful, DOUBTFUL_AT_ONCE),
        };
        if *claims == most || !self.taken.has_room(caller, state.standing) {
            return Claim::NoRoom;
        }
        *claims += 1;
        self.taken.take(caller, state.standing);
        Claim::UpTo(1)
    }

    fn claim_ahead(&mut self, caller: &str, state: &State) -> Claim {
        if state.is_supplied() {
            return Claim::HasEnough;
        }
        let ahead = self.ahead.entry(caller.to_owned()).or_default();
        let limit = (AHEAD - state.waiting.len()).min(AHEAD_OF_CALLER.saturating_sub(*ahead));
        *ahead += limit;
        if limit == 0 { Claim::NoRoom } else { Claim::UpTo(limit) }
    }
}

impl Schedule {
    /// These have something due.
    pub fn add_due(&mut self, queues: impl IntoIterator<Item = Queue>) {
        self.due.extend(queues);
    }

    /// How often to ask what is [`Self::wanted`] until all that is due by now has had its turn.
    pub fn rounds(&self) -> usize {
        self.due.len().div_ceil(DOUBTFUL_AT_ONCE) + 1
    }

    /// Whether any queue is known to have something due.
    pub fn has_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// What to claim now of the queues that have something due: for prompt receivers ahead, for others what can be
    /// begun at once, so that nothing waits here behind somebody slow. Those for whom there is no room now stay for the
    /// next time; those that have enough under way are asked when it is over.
    pub fn wanted(&mut self) -> Vec<Wanted> {
        if self.due.is_empty() {
            return Vec::new();
        }
        let mut room = Room { taken: self.taken.clone(), ahead: self.ahead(), doubtful: 0, new: 0 };
        let due = std::mem::take(&mut self.due);
        let (prompt, doubtful): (Vec<Queue>, Vec<Queue>) =
            due.into_iter().partition(|queue| self.standing(queue) == Standing::Prompt);
        let unknown = State::default();
        let mut wanted = Vec::new();
        for queue in prompt.into_iter().chain(self.in_turn(doubtful)) {
            match room.claim(queue.caller(), self.queues.get(&queue).unwrap_or(&unknown)) {
                Claim::UpTo(limit) => wanted.push(Wanted { queue, limit }),
                Claim::NoRoom => {
                    self.due.insert(queue);
                }
                Claim::HasEnough => {}
            }
        }
        wanted
    }

    fn standing(&self, queue: &Queue) -> Standing {
        self.queues.get(queue).map(|state| state.standing).unwrap_or_default()
    }

    /// One of each caller and kind of receiver, then another of each: a caller with many that fail does not keep others
    /// waiting.
    fn in_turn(&self, queues: Vec<Queue>) -> Vec<Queue> {
        let mut seen: HashMap<(String, Standing), usize> = HashMap::new();
        let mut place = |queue: &Queue| {
            let seen = seen.entry((queue.caller().to_owned(), self.standing(queue))).or_default();
            *seen += 1;
            *seen
        };
        let mut placed: Vec<(usize, Queue)> =
            queues.into_iter().map(|queue| (place(&queue), queue)).collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, queue)| queue).collect()
    }

    /// How much prompt receivers have lined up, by caller.
    fn ahead(&self) -> HashMap<String, usize> {
        let mut ahead: HashMap<String, usize> = HashMap::new();
        for queue in &self.lined_up {
            if let Some(state) = self.queues.get(queue)
                && state.standing == Standing::Prompt
            {
                *ahead.entry(queue.caller().to_owned()).or_default() += state.waiting.len();
            }
        }
        ahead
    }

    /// Lines up what was claimed.
    pub fn line_up(&mut self, claimed: Vec<Claimed>) {
        for notification in claimed {
            self.lined_up.insert(notification.queue.clone());
            self.queues.entry(notification.queue.clone()).or_default().waiting.push_back(notification);
        }
    }

    /// What begins now, as far as there are places, each with the kind of place that it has; queues with the fewest
    /// attempts under way come first.
    pub fn begin(&mut self) -> Vec<(Turn, Standing, Claimed)> {
        let mut begun = Vec::new();
        loop {
            let may_begin = self.lined_up.iter().filter_map(|queue| {
                let state = self.queues.get(queue)?;
                let has_place = state.under_way < state.standing.bounds().queue
                    && self.taken.has_room(queue.caller(), state.standing);
                has_place.then_some((state.under_way, queue))
            });
            let Some((_, queue)) = may_begin.min_by_key(|(under_way, _)| *under_way) else { return begun };
            let queue = queue.clone();
            let Some(state) = self.queues.get_mut(&queue) else { return begun };
            let Some(notification) = state.waiting.pop_front() else { return begun };
            state.under_way += 1;
            if state.waiting.is_empty() {
                self.lined_up.remove(&queue);
            }
            self.taken.take(queue.caller(), state.standing);
            self.last_turn += 1;
            let turn = Turn(self.last_turn);
            begun.push((turn, state.standing, notification));
            self.turns.insert(turn, (queue, state.standing));
        }
    }

    /// The receiver keeps us waiting: the place goes to others.
    pub fn slow_down(&mut self, turn: Turn) {
        let Some((queue, held)) = self.turns.get_mut(&turn) else { return };
        self.taken.give_back(queue.caller(), *held);
        self.taken.take(queue.caller(), Standing::Slow);
        *held = Standing::Slow;
        if let Some(state) = self.queues.get_mut(queue) {
            state.standing = Standing::Slow;
        }
    }

    /// The attempt is over; `standing` is what it says of the receiver, `None` for nothing.
    pub fn end(&mut self, turn: Turn, standing: Option<Standing>) {
        let Some((queue, held)) = self.turns.remove(&turn) else { return };
        self.taken.give_back(queue.caller(), held);
        if let Some(state) = self.queues.get_mut(&queue) {
            state.under_way -= 1;
            state.standing = standing.unwrap_or(state.standing);
            let forget = state.standing == Standing::New || self.queues.len() > REMEMBERED;
            self.forget_if_idle(&queue, forget);
        }
    }

    fn forget_if_idle(&mut self, queue: &Queue, forget: bool) {
        let idle =
            self.queues.get(queue).is_some_and(|state| state.waiting.is_empty() && state.under_way == 0);
        if idle && forget {
            self.queues.remove(queue);
        }
    }

    /// Takes away what has not begun.
    pub fn clear(&mut self) {
        self.lined_up.clear();
        self.queues.values_mut().for_each(|state| state.waiting.clear());
    }

    /// Attempts that do not hang.
    pub fn brisk(&self) -> usize {
        [Standing::Prompt, Standing::New, Standing::Failing]
            .map(|standing| self.taken.by_all(standing))
            .iter()
            .sum()
    }

    /// Whether so much is claimed for a receiver that nothing more is wanted when one of its attempts ends.
    pub fn is_supplied(&self, queue: &Queue) -> bool {
        self.queues.get(queue).is_some_and(State::is_supplied)
    }
}
