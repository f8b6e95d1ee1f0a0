//! Who is spoken to when.

use super::super::places::SLOW_OF_CALLER;
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
            number: 1,
            id: NotificationId::new(format!("n{number}")).unwrap(),
            queue: wanted.queue.clone(),
            subject_id: SubjectId::new("t").unwrap(),
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
        self.add_due(due);
        let mut begun = Vec::new();
        loop {
            let wanted = self.wanted();
            if wanted.is_empty() {
                return begun;
            }
            self.line_up(claimed(wanted));
            begun.extend(self.begin().into_iter().map(|(turn, _, notification)| (turn, notification)));
        }
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
    schedule.add_due(due("K1", 1..2));
    assert_eq!(schedule.wanted(), [], "enough is claimed");
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
fn a_prompt_one_is_claimed_for_before_others_and_of_those_a_few_at_once() {
    let mut schedule = Schedule::default();
    schedule.prove(&queue("K1", 9));
    schedule.add_due(due("K1", 100..100 + 2 * NEW_AT_ONCE));
    assert_eq!(schedule.wanted().len(), NEW_AT_ONCE);
    schedule.add_due([queue("K1", 9), queue("K1", 200)]);
    let ports = |wanted: Vec<Wanted>| -> Vec<String> {
        wanted.into_iter().map(|one| one.queue.as_str().replace("K1 http://127.0.0.1:", "")).collect()
    };
    let rest = (100 + NEW_AT_ONCE..100 + 2 * NEW_AT_ONCE).map(|port| port.to_string());
    assert_eq!(ports(schedule.wanted()), ["9".to_owned()].into_iter().chain(rest).collect::<Vec<_>>());
    assert_eq!(ports(schedule.wanted()), ["200"]);
    assert!(schedule.wanted().is_empty() && schedule.due.is_empty());
}

#[test]
fn three_hundred_that_nobody_knows_are_told_with_few_claims() {
    let mut schedule = Schedule::default();
    schedule.add_due(due("K1", 0..300));
    let (mut claims, mut told) = (0, 0);
    while told < 300 {
        let wanted = schedule.wanted();
        assert!(!wanted.is_empty(), "{told} told");
        claims += 1;
        schedule.line_up(claimed(wanted));
        for (turn, _, _) in schedule.begin() {
            schedule.end(turn, Some(Standing::Prompt));
            told += 1;
        }
    }
    assert_eq!(claims, 19);
}

#[test]
fn a_caller_with_many_that_fail_does_not_keep_another_nor_its_own_new_one_waiting() {
    let mut schedule = Schedule::default();
    for (turn, _) in schedule.go_on(due("K1", 100..160)) {
        schedule.end(turn, Some(Standing::Failing));
    }
    schedule.add_due(due("K1", 100..160));
    schedule.add_due([queue("K1", 1), queue("K2", 2)]);
    let wanted: Vec<Queue> = schedule.wanted().into_iter().map(|one| one.queue).collect();
    assert_eq!(wanted.len(), DOUBTFUL_AT_ONCE + 2);
    assert!(wanted.contains(&queue("K1", 1)) && wanted.contains(&queue("K2", 2)), "{wanted:?}");
}

/// What is lined up for one that keeps us waiting is not counted among what prompt ones have.
#[test]
fn receivers_that_begin_to_hang_with_much_lined_up_leave_room_for_prompt_ones() {
    let mut schedule = Schedule::default();
    for receiver in 1..=5 {
        schedule.prove(&queue("K1", receiver));
    }
    for (turn, _) in schedule.go_on(due("K1", 1..5)) {
        schedule.slow_down(turn);
    }
    assert!(!schedule.go_on(due("K1", 5..6)).is_empty());
}

#[test]
fn who_has_no_room_is_not_forgotten_and_who_has_enough_is_not_asked() {
    let mut schedule = Schedule::default();
    let begun = schedule.go_on(due("K1", 100..170));
    assert_eq!((begun.len(), schedule.due.len()), (64, 6));
    schedule.add_due(due("K1", 100..164));
    assert!(schedule.wanted().is_empty());
    assert_eq!(schedule.due.len(), 6, "the others have something under way");
    schedule.end(begun[0].0, Some(Standing::Failing));
    assert_eq!(schedule.go_on(Vec::new()).len(), 1);
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
        schedule.add_due(due("K1", 1..2));
        assert!(schedule.wanted().is_empty());
        schedule.end(begun.pop_front().unwrap().0, Some(Standing::Prompt));
        begun.extend(schedule.begin().into_iter().map(|(turn, _, notification)| (turn, notification)));
    }
    assert!(!schedule.is_supplied(&receiver));
    schedule.add_due(due("K1", 1..2));
    assert_eq!(schedule.wanted(), [Wanted { queue: receiver, limit: AHEAD / 2 }]);
}
