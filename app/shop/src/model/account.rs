//! What a person sees of their own account.

use super::MailReach;
use app::components::security::SessionEntry;
use app::form::FormState;
use money::Money;

/// `/account`: who the person is here, their password, and where they are signed in.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub name: String,
    pub email: String,
    /// How many recovery codes are left; `None` where there is no second factor.
    pub second_factor: Option<u32>,
    /// Of the form for a new password: fields `current_password`, `new_password`; posted to `/account/password`.
    pub form: FormState,
    /// Ended at `/account/sessions/{handle}/end` and `/account/sessions/end-others`.
    pub sessions: Vec<SessionEntry>,
}

/// `/account/email`: fields `email`, `current_password`.
#[derive(Debug, Clone)]
pub struct AccountEmailPage {
    pub email: String,
    pub form: FormState,
    pub reach: MailReach,
}

/// Where somebody stands with their second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorState {
    Off,
    /// It is on when a right code is given.
    Begun(SecondFactorSecret),
    On {
        recovery_codes: u32,
    },
}

/// What an app for codes is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorSecret {
    /// In groups of four.
    pub letters: String,
    /// `otpauth://…`.
    pub address: String,
    pub drawing: Option<QrDrawing>,
}

/// Dark squares as an SVG path, in an area of `size` by `size`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrDrawing {
    pub size: u32,
    pub path: String,
}

/// `/account/data`. Fields, posted to `/account/export`: `current_password`; `code` where a second factor is on.
#[derive(Debug, Clone)]
pub struct PersonalDataPage {
    pub form: FormState,
    pub second_factor: bool,
}

/// `/account/delete`. Fields: `current_password`; `code` where a second factor is on; `lose_credit`, ticked as `yes`, where
/// some is unspent.
#[derive(Debug, Clone)]
pub struct DeleteAccountPage {
    /// Nothing is asked while there is any.
    pub in_the_way: Vec<InTheWay>,
    pub unspent: Money,
    pub sells: bool,
    pub second_factor: bool,
    pub form: FormState,
}

/// What has to be seen through first, and where.
#[derive(Debug, Clone)]
pub struct InTheWay {
    pub words: String,
    pub href: String,
    pub link: &'static str,
}
