//! Who is spoken to next. Each queue (what one caller tells one receiver) has a bound, each caller has one, and there
//! is one for all. Receivers that take what they get at once have places of their own, so have those that nobody knows
//! yet and those that fail at once; one that keeps a place for long moves to where it holds up none of them.

use crate::domain::notifications::deliveries::{Claimed, Queue, Wanted};
use std::collections::{HashMap, VecDeque};

/// What is known of a receiver, from the last that it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing: it was never spoken to.
    #[default]
    New,
    /// It is not there, or refuses, at once.
    Failing,
    /// Took it, and at once.
    Prompt,
    /// Keeps us waiting.
    Slow,
}

/// How many attempts are made at once: of one queue, of one caller, and in all.
struct Bounds {
    queue: usize,
    caller: usize,
    all: usize,
}

impl Standing {
    const fn bounds(self) -> Bounds {
        match self {
            Self::Prompt => Bounds { queue: 8, caller: 32, all: 64 },
            Self::New | Self::Slow => Bounds { queue: 1, caller: 64, all: 128 },
            Self::Failing => Bounds { queue: 1, caller: 16, all: 64 },
        }
    }
}

/// Places that are kept for long, at the most: those who turn out to be slow move here without asking, so nobody who is
/// not prompt is begun with that could be too many.
const SLOW_OF_CALLER: usize = 128;
const SLOW_OF_ALL: usize = 256;
/// Claimed for a prompt receiver beforehand, so that not every attempt is a claim of its own; more are claimed when
/// half of them are left.
const AHEAD: usize = 64;
/// The same for all prompt receivers of a caller.
const AHEAD_OF_CALLER: usize = 256;
/// Receivers that are remembered with nothing to send to them.
const REMEMBERED: usize = 10_000;

/// An attempt that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Turn(u64);

#[derive(Debug, Default)]
pub struct Schedule {
    queues: HashMap<Queue, State>,
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

/// How many places are taken.
#[derive(Debug, Clone, Default)]
struct Taken {
    by_caller: HashMap<(String, Standing), usize>,
    by_all: HashMap<Standing, usize>,
}

impl Taken {
    fn by(&self, caller: &str, standing: Standing) -> usize {
        self.by_caller.get(&(caller.to_owned(), standing)).copied().unwrap_or(0)
    }

    fn by_all(&self, standing: Standing) -> usize {
        self.by_all.get(&standing).copied().unwrap_or(0)
    }

    fn has_room(&self, caller: &str, standing: Standing) -> bool {
        let bounds = standing.bounds();
        let in_bounds = self.by(caller, standing) < bounds.caller && self.by_all(standing) < bounds.all;
        in_bounds && (standing == Standing::Prompt || self.has_room_if_slow(caller))
    }

    /// If all that are not prompt turn out to be slow.
    fn has_room_if_slow(&self, caller: &str) -> bool {
        let doubtful = [Standing::New, Standing::Failing, Standing::Slow];
        let of_caller: usize = doubtful.iter().map(|standing| self.by(caller, *standing)).sum();
        let of_all: usize = doubtful.iter().map(|standing| self.by_all(*standing)).sum();
        of_caller < SLOW_OF_CALLER && of_all < SLOW_OF_ALL
    }

    fn take(&mut self, caller: &str, standing: Standing) {
        *self.by_caller.entry((caller.to_owned(), standing)).or_default() += 1;
        *self.by_all.entry(standing).or_default() += 1;
    }

    fn give_back(&mut self, caller: &str, standing: Standing) {
        let key = (caller.to_owned(), standing);
        if let Some(taken) = self.by_caller.get_mut(&key) {
            *taken -= 1;
            if *taken == 0 {
                self.by_caller.remove(&key);
            }
        }
        if let Some(taken) = self.by_all.get_mut(&standing) {
            *taken -= 1;
        }
    }
}

impl Schedule {
    /// What to claim now of the queues that have something due: for prompt receivers ahead, for others what can be
    /// begun at once, so that nothing waits here behind somebody slow.
    pub fn wanted(&self, due: Vec<Queue>) -> Vec<Wanted> {
        let mut taken = self.taken.clone();
        let mut ahead: HashMap<String, usize> = HashMap::new();
        for (queue, state) in self.queues.iter().filter(|(_, state)| !state.waiting.is_empty()) {
            *ahead.entry(queue.caller().to_owned()).or_default() += state.waiting.len();
        }
        let unknown = State::default();
        let mut limit = |queue: &Queue| {
            let state = self.queues.get(queue).unwrap_or(&unknown);
            let caller = queue.caller();
            if state.standing == Standing::Prompt {
                let ahead = ahead.entry(caller.to_owned()).or_default();
                let limit = if state.is_supplied() { 0 } else { AHEAD - state.waiting.len() };
                let limit = limit.min(AHEAD_OF_CALLER.saturating_sub(*ahead));
                *ahead += limit;
                return limit;
            }
            let idle = state.waiting.is_empty() && state.under_way < state.standing.bounds().queue;
            if !idle || !taken.has_room(caller, state.standing) {
                return 0;
            }
            taken.take(caller, state.standing);
            1
        };
        let wanted = due.into_iter().map(|queue| Wanted { limit: limit(&queue), queue });
        wanted.filter(|wanted| wanted.limit > 0).collect()
    }

    /// Lines up what was claimed.
    pub fn line_up(&mut self, claimed: Vec<Claimed>) {
        for notification in claimed {
            self.queues.entry(notification.queue.clone()).or_default().waiting.push_back(notification);
        }
    }

    /// What begins now, as far as there are places; queues with the fewest attempts under way come first.
    pub fn begin(&mut self) -> Vec<(Turn, Claimed)> {
        let mut begun = Vec::new();
        loop {
            let Self { queues, turns, taken, last_turn } = self;
            let may_begin = queues.iter_mut().filter(|(queue, state)| {
                !state.waiting.is_empty()
                    && state.under_way < state.standing.bounds().queue
                    && taken.has_room(queue.caller(), state.standing)
            });
            let next = may_begin.min_by_key(|(_, state)| state.under_way);
            let Some((queue, state)) = next else { return begun };
            let Some(notification) = state.waiting.pop_front() else { return begun };
            state.under_way += 1;
            taken.take(queue.caller(), state.standing);
            *last_turn += 1;
            let turn = Turn(*last_turn);
            turns.insert(turn, (queue.clone(), state.standing));
            begun.push((turn, notification));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notifications::{NotificationId, SubjectId};
    use fps_protocol::ids::AccessKey;
    use jiff::Timestamp;

    fn queue(caller: &str, receiver: usize) -> Queue {
        Queue::of(&AccessKey::new(caller).unwrap(), &format!("http://127.0.0.1:{receiver}/"))
    }

    fn due(caller: &str, receivers: std::ops::Range<usize>) -> Vec<Queue> {
        receivers.map(|receiver| queue(caller, receiver)).collect()
    }

    /// What a database with plenty of everything gives.
    fn claimed(wanted: Vec<Wanted>) -> Vec<Claimed> {
        let claim = |wanted: Wanted| {
            (0..wanted.limit).map(move |number| Claimed {
                id: NotificationId::new(format!("n{number}")).unwrap(),
                queue: wanted.queue.clone(),
                subject_id: SubjectId::new("t").unwrap(),
                sequence: 1,
                url: "http://127.0.0.1/".to_owned(),
                body: String::new(),
                created_at: Timestamp::UNIX_EPOCH,
                attempts: 0,
            })
        };
        wanted.into_iter().flat_map(claim).collect()
    }

    impl Schedule {
        fn go_on(&mut self, due: Vec<Queue>) -> Vec<(Turn, Claimed)> {
            let wanted = self.wanted(due);
            self.line_up(claimed(wanted));
            self.begin()
        }

        /// All of them hang, as many as are begun; returns how many that are.
        fn hang(&mut self, due: &[Queue]) -> usize {
            let mut hanging = 0;
            loop {
                let begun = self.go_on(due.to_owned());
                if begun.is_empty() {
                    return hanging;
                }
                hanging += begun.len();
                for (turn, _) in begun {
                    self.slow_down(turn);
                }
            }
        }

        fn prove(&mut self, queue: &Queue) {
            for (turn, _) in self.go_on(vec![queue.clone()]) {
                self.end(turn, Some(Standing::Prompt));
            }
        }
    }

    #[test]
    fn receivers_that_hang_take_no_place_of_a_prompt_one_of_the_same_caller_nor_of_a_new_one() {
        let mut schedule = Schedule::default();
        schedule.prove(&queue("K1", 1));
        // Each time those that hang move on, and others that hang take their places.
        assert_eq!(schedule.hang(&due("K1", 100..400)), SLOW_OF_CALLER);
        assert_eq!(schedule.go_on(due("K1", 1..2)).len(), 8, "the prompt one has all its places");
        assert_eq!(schedule.go_on(due("K2", 2..3)).len(), 1, "and so has another caller's");
    }

    #[test]
    fn a_hundred_that_hang_leave_a_place_for_one_that_nobody_knows() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.hang(&due("K1", 100..200)), 100);
        assert_eq!(schedule.go_on(due("K1", 1..2)).len(), 1);
    }

    #[test]
    fn a_slow_one_is_spoken_to_once_at_a_time_until_it_is_prompt() {
        let mut schedule = Schedule::default();
        let begun = schedule.go_on(due("K1", 1..2));
        assert_eq!(begun.len(), 1);
        schedule.slow_down(begun[0].0);
        assert!(schedule.go_on(due("K1", 1..2)).is_empty());
        schedule.end(begun[0].0, Some(Standing::Slow));
        let begun = schedule.go_on(due("K1", 1..2));
        assert_eq!(begun.len(), 1);
        schedule.end(begun[0].0, Some(Standing::Prompt));
        assert_eq!(schedule.go_on(due("K1", 1..2)).len(), 8);
        assert_eq!(schedule.wanted(due("K1", 1..2)), [], "enough is claimed");
    }

    #[test]
    fn a_prompt_one_that_begins_to_hang_holds_no_more_than_its_own_places() {
        let mut schedule = Schedule::default();
        schedule.prove(&queue("K1", 1));
        let begun = schedule.go_on(due("K1", 1..2));
        for (turn, _) in &begun {
            schedule.slow_down(*turn);
        }
        assert!(schedule.begin().is_empty());
        for (number, (turn, _)) in begun.iter().enumerate() {
            schedule.end(*turn, Some(Standing::Slow));
            let last = number == begun.len() - 1;
            assert_eq!(schedule.begin().len(), usize::from(last), "after {number}");
        }
    }

    #[test]
    fn what_ends_leaves_nothing_behind() {
        let mut schedule = Schedule::default();
        for (turn, _) in schedule.go_on(due("K1", 1..9)) {
            schedule.slow_down(turn);
            schedule.end(turn, Some(Standing::Failing));
        }
        for (turn, _) in schedule.go_on(due("K1", 11..19)) {
            schedule.end(turn, None);
        }
        assert!(schedule.turns.is_empty() && schedule.taken.by_caller.is_empty());
        assert_eq!((schedule.brisk(), schedule.queues.len()), (0, 8), "what is known of them");
        for receiver in 0..2 * REMEMBERED {
            for (turn, _) in schedule.go_on(due("K1", 100 + receiver..101 + receiver)) {
                schedule.end(turn, Some(Standing::Failing));
            }
        }
        assert!(schedule.queues.len() <= REMEMBERED + 1);
    }

    #[test]
    fn those_that_fail_at_once_leave_places_for_new_ones() {
        let mut schedule = Schedule::default();
        for (turn, _) in schedule.go_on(due("K1", 100..160)) {
            schedule.end(turn, Some(Standing::Failing));
        }
        assert_eq!(schedule.go_on(due("K1", 100..160)).len(), 16);
        assert_eq!(schedule.go_on(due("K1", 200..260)).len(), 60);
    }

    #[test]
    fn nothing_more_is_wanted_until_half_of_what_was_claimed_has_begun() {
        let mut schedule = Schedule::default();
        let receiver = queue("K1", 1);
        schedule.prove(&receiver);
        let mut begun = VecDeque::from(schedule.go_on(due("K1", 1..2)));
        for _ in 0..AHEAD / 2 - 8 {
            assert!(schedule.is_supplied(&receiver));
            assert!(schedule.wanted(due("K1", 1..2)).is_empty());
            schedule.end(begun.pop_front().unwrap().0, Some(Standing::Prompt));
            begun.extend(schedule.begin());
        }
        assert!(!schedule.is_supplied(&receiver));
        assert_eq!(schedule.wanted(due("K1", 1..2)), [Wanted { queue: receiver, limit: AHEAD / 2 }]);
    }
}
