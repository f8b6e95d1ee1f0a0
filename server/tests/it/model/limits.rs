//! How much of a token's limits is used, reckoned from what was paid with it.

use super::books::Micros;
use super::state::{Limit, Model, Period, State, Time, Token, Unit};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

impl Period {
    pub fn text(self) -> String {
        let plural = if self.count == 1 { "" } else { "s" };
        format!("{} {:?}{plural}", self.count, self.unit)
    }

    fn span(self, times: i64) -> Span {
        let count = self.count * times;
        match self.unit {
            Unit::Day => count.days(),
            Unit::Week => count.weeks(),
            Unit::Month => count.months(),
        }
    }

    /// When the period after so many others begins, by the calendar from the first one's start.
    fn start(self, first: Time, number: i64) -> Time {
        let first = Timestamp::from_second(first).unwrap().to_zoned_datetime(TimeZone::UTC);
        first.checked_add(self.span(number)).unwrap().timestamp().as_second()
    }

    /// The number of the period that a moment is in.
    fn number_at(self, first: Time, moment: Time) -> i64 {
        let mut number = 0;
        while self.start(first, number + 1) <= moment {
            number += 1;
        }
        number
    }
}

/// What was used of a limit in the window that is open, and in the one before it.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage {
    pub now: i64,
    pub window_start: Time,
}

impl<A> Model<A> {
    pub fn usage(&self, token: &Token, limit: &Limit) -> Usage {
        let number = |moment| limit.period.map_or(0, |period| period.number_at(token.valid_from, moment));
        let open = number(self.now);
        let window_start =
            limit.period.map_or(token.valid_from, |period| period.start(token.valid_from, open));
        let in_window =
            self.paid_with(&token.id).into_iter().filter(|payment| number(payment.received) == open);
        // What has come to nothing does not count, nor what a Settle has left.
        let counts = in_window.filter(|payment| !matches!(payment.state, State::Failure | State::Cancelled));
        let now = counts
            .map(|payment| match (limit.is_amount, payment.state) {
                (true, State::Success) => payment.amount,
                (true, _) => payment.asked,
                (false, _) => 1,
            })
            .sum();
        Usage { now, window_start }
    }

    /// When the next payment of a subscription can be taken; `None`: it has come to its end, or does before that.
    pub fn next_payment(&self, token: &Token) -> Option<Time> {
        let (limit, period) = token.limits.first().and_then(|limit| Some((limit, limit.period?)))?;
        let usage = self.usage(token, limit);
        let open = period.number_at(token.valid_from, self.now);
        let next = if usage.now < limit.most {
            usage.window_start
        } else {
            period.start(token.valid_from, open + 1)
        };
        let is_over = token.cancelled || token.is_expired(self.now) || token.is_expired(next);
        (!is_over).then_some(next)
    }

    /// Whether a payment of so much exceeds one of the token's limits.
    pub fn exceeds_limits(&self, token: &Token, amount: Micros) -> bool {
        token.limits.iter().any(|limit| {
            let takes = if limit.is_amount { amount } else { 1 };
            self.usage(token, limit).now + takes > limit.most
        })
    }
}
