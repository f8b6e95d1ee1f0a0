//! Types that are text outside of the program, on the wire and in the database: closed sets of words, and
//! identifiers. Each is parsed once, and then cannot be wrong or be taken for another.
#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod form;
pub mod sql;

/// The text is not one of the words of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value is not one of those that are known")]
pub struct UnknownWord;

/// The text cannot be an identifier of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value is not a valid identifier")]
pub struct InvalidId;

/// An enum whose values are words outside: gives it `ALL`, `as_str`, `FromStr` (which refuses any other word with
/// [`UnknownWord`]) and `Display`. A variant without a text is its own name.
///
/// ```
/// text_types::words! {
///     /// Whose money it is.
///     pub enum Role {
///         Sender = "Sender",
///         Recipient = "Recipient",
///         Caller,
///     }
/// }
/// assert_eq!("Sender".parse(), Ok(Role::Sender));
/// assert_eq!("Caller".parse(), Ok(Role::Caller));
/// assert_eq!("sender".parse::<Role>(), Err(text_types::UnknownWord));
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $(= $text:literal)?,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $crate::word!($variant $(= $text)?),)+
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $($crate::word!($variant $(= $text)?) => ::std::result::Result::Ok(Self::$variant),)+
                    _ => ::std::result::Result::Err($crate::UnknownWord),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// The text of one variant of [`words!`].
#[doc(hidden)]
#[macro_export]
macro_rules! word {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident = $text:literal) => {
        $text
    };
}

/// An identifier of its own type, which is text that the closure takes; `new` and `FromStr` refuse any other with
/// [`InvalidId`].
///
/// ```
/// text_types::id!(
///     /// Names an account.
///     pub AccountId,
///     |text| !text.is_empty()
/// );
/// assert_eq!(AccountId::new("A1").unwrap().as_str(), "A1");
/// assert!(AccountId::new("").is_err());
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $visibility:vis $name:ident, $valid:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(String);

        impl $name {
            pub fn new(text: impl ::std::convert::Into<String>) -> ::std::result::Result<Self, $crate::InvalidId> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err($crate::InvalidId) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::InvalidId;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Whether the text is 1 to `longest` letters and digits of ASCII, as most identifiers are.
pub fn alphanumeric_up_to(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
