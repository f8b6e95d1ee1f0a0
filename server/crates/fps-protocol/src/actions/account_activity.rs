//! The list of what happened on the caller's account.

use super::ActionRequest;
use super::fields::{Fields, required};
use crate::enums::{
    FpsOperation, IpnOperation, PaymentMethod, SortOrder, TransactionStatus, TransactionalRole,
};
use crate::errors::FpsError;
use crate::ids::TransactionId;
use crate::parameters::Parameters;
use crate::responses::PACIFIC;
use crate::timeliness::timestamp;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use std::fmt;
use std::str::FromStr;

const MAX_BATCH_SIZE: &str = "MaxBatchSize";
const START_DATE: &str = "StartDate";
const END_DATE: &str = "EndDate";
const SORT_ORDER: &str = "SortOrderByDate";
const PAYMENT_METHOD: &str = "PaymentMethod";
/// Clients number the roles that they ask for; some send only one, without a number.
const ROLES: [&str; 10] =
    ["Role", "Role.1", "Role.2", "Role.3", "Role.4", "Role.5", "Role.6", "Role.7", "Role.8", "Role.9"];
/// Each of these two has an older name that clients still send.
const OPERATION: [&str; 2] = ["FPSOperation", "Operation"];
const STATUS: [&str; 2] = ["TransactionStatus", "Status"];
/// How much was to be told of each transaction, in 2007; since then everything is.
const RESPONSE_GROUP: &str = "ResponseGroup";
const LONGEST_RESPONSE_GROUP: usize = 128;

/// Asks for transactions of the caller's account, in whatever role it has in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAccountActivity {
    pub start_date: ActivityDate,
    /// Until now when absent.
    pub end_date: Option<ActivityDate>,
    pub max_batch_size: Option<u32>,
    pub sort_order: Option<SortOrder>,
    pub operation: Option<FpsOperation>,
    pub payment_method: Option<PaymentMethod>,
    /// Any role when empty.
    pub roles: Vec<TransactionalRole>,
    pub status: Option<TransactionStatus>,
}

impl ActionRequest for GetAccountActivity {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own = [MAX_BATCH_SIZE, START_DATE, END_DATE, SORT_ORDER, PAYMENT_METHOD, RESPONSE_GROUP];
        let own: Vec<&str> = own.into_iter().chain(ROLES).chain(OPERATION).chain(STATUS).collect();
        let fields = Fields::new(parameters, &own)?;
        fields.text(RESPONSE_GROUP, LONGEST_RESPONSE_GROUP)?;
        let max_batch_size = fields.count(MAX_BATCH_SIZE)?;
        if max_batch_size == Some(0) {
            return Err(FpsError::invalid(MAX_BATCH_SIZE, "must be at least 1"));
        }
        let roles = ROLES.iter().map(|name| fields.word(name)).collect::<Result<Vec<_>, _>>()?;
        let operation = fields.either(OPERATION[0], OPERATION[1], Fields::word::<OperationWord>)?;
        let status = fields.either(STATUS[0], STATUS[1], Fields::word::<StatusWord>)?;
        Ok(Self {
            start_date: required(START_DATE, fields.word(START_DATE)?)?,
            end_date: fields.word(END_DATE)?,
            max_batch_size,
            sort_order: fields.word(SORT_ORDER)?,
            operation: operation.map(|word| word.0),
            payment_method: fields.word(PAYMENT_METHOD)?,
            roles: roles.into_iter().flatten().collect(),
            status: status.map(|word| word.0),
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push_some(MAX_BATCH_SIZE, self.max_batch_size.map(|size| size.to_string()));
        to.push(START_DATE, self.start_date.to_string());
        to.push_some(END_DATE, self.end_date.as_ref().map(ActivityDate::to_string));
        to.push_some(SORT_ORDER, self.sort_order.map(SortOrder::as_str));
        to.push_some(OPERATION[0], self.operation.map(FpsOperation::as_str));
        to.push_some(PAYMENT_METHOD, self.payment_method.map(PaymentMethod::as_str));
        for (role, name) in self.roles.iter().zip(&ROLES[1..]) {
            to.push(*name, role.as_str());
        }
        to.push_some(STATUS[0], self.status.map(TransactionStatus::as_str));
        to
    }
}

/// A moment, a day of UTC as a whole, or a place between the transactions of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityDate {
    Day(Date),
    Moment(Timestamp),
    /// Where a batch ended and the next one begins: before the transaction of the moment that has this id. Earlier
    /// programs gave out the beginning of an id.
    Within {
        at: Timestamp,
        id: String,
    },
}

impl ActivityDate {
    /// The place before a transaction, among those of its moment.
    pub fn before(at: Timestamp, id: &TransactionId) -> Self {
        Self::Within { at, id: id.to_string() }
    }

    /// The first moment that it means.
    pub fn begins(&self) -> Timestamp {
        match self {
            Self::Day(date) => midnight(*date).unwrap_or(Timestamp::MAX),
            Self::Moment(at) | Self::Within { at, .. } => *at,
        }
    }

    /// The first moment after it; a moment is as long as a microsecond, in which times are kept.
    pub fn ends(&self) -> Timestamp {
        match self {
            Self::Day(date) => date.tomorrow().ok().and_then(midnight).unwrap_or(Timestamp::MAX),
            Self::Moment(at) | Self::Within { at, .. } => {
                Timestamp::from_microsecond(at.as_microsecond().saturating_add(1)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// With the offset of Amazon's own time, as dates in answers are. A place within a moment goes on behind the
    /// nanoseconds with two digits for each character of the id: a date of XML Schema has as many as it likes.
    pub(crate) fn to_answer(&self) -> String {
        let local = |at: Timestamp| at.to_zoned_datetime(PACIFIC.clone());
        match self {
            Self::Day(_) => self.to_string(),
            Self::Moment(at) if at.subsec_nanosecond() % 1_000_000 == 0 => {
                local(*at).strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string()
            }
            Self::Moment(at) => local(*at).strftime("%Y-%m-%dT%H:%M:%S.%9f%:z").to_string(),
            Self::Within { at, id } => {
                let local = local(*at);
                format!("{}{}{}", local.strftime("%Y-%m-%dT%H:%M:%S.%9f"), digits(id), local.strftime("%:z"))
            }
        }
    }
}

fn midnight(date: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()
}

/// Digits of a second's fraction that a moment has; what stands behind them is a place within it.
const NANOSECONDS: usize = 9;

/// Two digits for each character.
fn digits(id: &str) -> String {
    let digit = |value| char::from_digit(value, 10);
    let values = id.chars().filter_map(|c| c.to_digit(36));
    values.flat_map(|value| [digit(value / 10), digit(value % 10)]).flatten().collect()
}

fn characters(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let value = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?.parse().ok()?;
        char::from_digit(value, 36).map(|c| c.to_ascii_uppercase())
    });
    pairs.collect()
}

/// A time whose fraction is longer than nanoseconds.
fn within(text: &str) -> Option<ActivityDate> {
    let fraction = text.find(['.', ','])? + 1;
    let length = text[fraction..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - fraction);
    let place = fraction + NANOSECONDS..fraction + length;
    let id = characters(text.get(place.clone())?).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
    let at = timestamp(&format!("{}{}", &text[..place.start], &text[place.end..]))?;
    Some(ActivityDate::Within { at, id })
}

/// Of a transaction.
const LONGEST_ID: usize = 64;

impl fmt::Display for ActivityDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::Moment(at) => at.fmt(f),
            Self::Within { .. } => f.write_str(&self.to_answer()),
        }
    }
}

/// The text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADate;

impl FromStr for ActivityDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let date = if text.contains([':', 'T', 't', ' ']) {
            within(text).or_else(|| timestamp(text).map(Self::Moment))
        } else {
            text.parse().ok().map(Self::Day)
        };
        date.ok_or(NotADate)
    }
}

/// The filters of 2007 were in capitals, as notifications are.
struct OperationWord(FpsOperation);

impl FromStr for OperationWord {
    type Err = crate::enums::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let capitals = |operation: &FpsOperation| IpnOperation::from(*operation).as_str() == text;
        let older = FpsOperation::ALL.iter().copied().find(capitals);
        older.map_or_else(|| text.parse(), Ok).map(Self)
    }
}

struct StatusWord(TransactionStatus);

impl FromStr for StatusWord {
    type Err = crate::enums::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().or_else(|_| TransactionStatus::from_ipn_str(text)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Request;
    use crate::errors::ErrorCode;
    use proptest::prelude::*;

    fn parse(query: &str) -> Result<GetAccountActivity, FpsError> {
        let query = format!("Action=GetAccountActivity&{query}");
        match Request::parse(&Parameters::from_query(&query).unwrap())? {
            Request::GetAccountActivity(request) => Ok(request),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_filters_survive_a_round_trip() {
        let request = parse(
            "MaxBatchSize=50&StartDate=2030-06-01T10:00:00.010-07:00&EndDate=2030-06-02&SortOrderByDate=Ascending\
             &FPSOperation=Pay&PaymentMethod=CC&Role.1=Sender&Role.2=Caller&TransactionStatus=Pending",
        )
        .unwrap();
        assert_eq!(request.roles, [TransactionalRole::Sender, TransactionalRole::Caller]);
        assert_eq!(request.start_date.to_string(), "2030-06-01T17:00:00.01Z");
        let parameters = Request::GetAccountActivity(request.clone()).to_parameters();
        assert_eq!(parameters.len(), 10);
        assert_eq!(Request::parse(&parameters).unwrap(), Request::GetAccountActivity(request));
    }

    #[test]
    fn older_names_and_words_are_understood() {
        let today =
            parse("StartDate=2030-06-01&FPSOperation=WriteOffDebt&TransactionStatus=Cancelled&Role.1=Caller");
        let older = parse(
            "StartDate=2030-06-01&Operation=WRITE_OFF_DEBT&Status=CANCELLED&Role=Caller&ResponseGroup=Detail",
        );
        assert_eq!(today.unwrap(), older.unwrap());
    }

    #[test]
    fn dates_are_moments_or_days() {
        let date = |text: &str| text.parse::<ActivityDate>().unwrap();
        let day = date("2030-06-01");
        assert_eq!(day.begins().to_string(), "2030-06-01T00:00:00Z");
        assert_eq!(day.ends().to_string(), "2030-06-02T00:00:00Z");
        assert_eq!(date("2030-06-01T10:00:00"), date("2030-06-01T03:00:00-07:00"), "UTC without an offset");
        assert_eq!(date("2030-06-01T10:00:00.010001Z").ends().to_string(), "2030-06-01T10:00:00.010002Z");
        assert_eq!(date("9999-12-31").ends(), Timestamp::MAX);
        for text in
            ["", "today", "2030-13-01", "2030-02-30", "10:00:00Z", "99999-01-01", "2030-06-01T25:00:00Z"]
        {
            assert_eq!(text.parse::<ActivityDate>(), Err(NotADate), "{text}");
        }
    }

    proptest! {
        /// A place between two transactions of a moment survives the wire, in both forms.
        #[test]
        fn places_within_a_moment_come_back(
            id in "[0-9A-Z]{1,64}",
            micros in 0i64..4_000_000_000_000_000,
        ) {
            let at = Timestamp::from_microsecond(micros).unwrap();
            let place = ActivityDate::before(at, &TransactionId::new(id.as_str()).unwrap());
            prop_assert_eq!(&place, &ActivityDate::Within { at, id });
            prop_assert_eq!(place.to_answer().parse::<ActivityDate>(), Ok(place.clone()));
            prop_assert_eq!(place.to_string().parse::<ActivityDate>(), Ok(place));
        }

        #[test]
        fn no_text_is_too_odd(text in "[0-9.,:TZ+ -]{0,60}|.{0,30}") {
            let _ = text.parse::<ActivityDate>();
        }
    }

    #[test]
    fn bad_values_are_refused() {
        let table = [
            ("", ErrorCode::InvalidParams),
            ("StartDate=yesterday", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&EndDate=x", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&MaxBatchSize=0", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&MaxBatchSize=-1", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&MaxBatchSize=1e3", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&SortOrderByDate=Up", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&FPSOperation=Deposit", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&FPSOperation=Pay&Operation=Refund", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&PaymentMethod=Cash", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&Role=Buyer", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&Role.0=Sender", ErrorCode::InvalidRequest),
            ("StartDate=2030-06-01&Status=Done", ErrorCode::InvalidParams),
            ("StartDate=2030-06-01&Colour=Red", ErrorCode::InvalidRequest),
        ];
        for (query, code) in table {
            assert_eq!(parse(query).unwrap_err().code, code, "{query}");
        }
    }
}
