//! What a person chooses on the way: what pays, and where to ship to.

use crate::domain::accounts::Account;
use crate::domain::addresses::{self, Address, Label};
use crate::domain::authorizations;
use crate::domain::instruments::Instrument;
use crate::engine::authorizations::{AuthorizationError, Authorizations, Entered};
use fps_protocol::cbui::ShippingAddress;

/// An address book is a short list: with more the oldest would not be found again anyway.
const MOST_ADDRESSES: usize = 30;

/// What is to be confirmed.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub instrument: Option<Instrument>,
    /// Where to ship to, if the caller asks.
    pub address: Option<ShippingAddress>,
}

/// What came of an address that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewAddress {
    /// It is in the address book, under this id.
    Added(String),
    BookIsFull,
}

impl Authorizations {
    /// Remembers what pays: an instrument of the account that may be chosen ([`Entered::usable_option`]).
    pub async fn choose_instrument(
        &self,
        entered: &Entered<'_>,
        instrument_id: &str,
    ) -> Result<(), AuthorizationError> {
        let input = (entered.request.id().to_owned(), entered.claim.clone(), instrument_id.to_owned());
        let choose = self.engine.db.transact(input, |c, (id, claim, instrument_id)| {
            Box::pin(authorizations::choose_instrument(c, id, claim, instrument_id))
        });
        Ok(choose.await?)
    }

    /// Remembers where to ship to: an address of the account's book.
    pub async fn choose_address(
        &self,
        entered: &Entered<'_>,
        address_id: &str,
    ) -> Result<(), AuthorizationError> {
        let input = (entered.request.id().to_owned(), entered.claim.clone(), address_id.to_owned());
        let choose = self.engine.db.transact(input, |c, (id, claim, address_id)| {
            Box::pin(authorizations::choose_address(c, id, claim, address_id))
        });
        Ok(choose.await?)
    }

    /// The account's address book, the newest first.
    pub async fn address_book(&self, account: &Account) -> Result<Vec<Address>, AuthorizationError> {
        Ok(addresses::for_account(&self.engine.db, &account.id).await?)
    }

    /// The address that was chosen, where the caller asks for one.
    pub async fn chosen_address(&self, entered: &Entered<'_>) -> Result<Option<Address>, AuthorizationError> {
        if !entered.request.chooses_address() {
            return Ok(None);
        }
        let Some(chosen) = entered.claim.address.as_deref() else { return Ok(None) };
        let book = self.address_book(entered.account).await?;
        Ok(book.into_iter().find(|address| address.id == chosen))
    }

    /// Adds an address to the account's `book`; the same one again, as by a form posted twice, is the one
    /// that is there.
    pub async fn add_address(
        &self,
        account: &Account,
        book: &[Address],
        label: Label,
    ) -> Result<NewAddress, AuthorizationError> {
        if let Some(same) = book.iter().find(|address| address.label == label) {
            return Ok(NewAddress::Added(same.id.clone()));
        }
        if book.len() >= MOST_ADDRESSES {
            return Ok(NewAddress::BookIsFull);
        }
        let id = self.engine.random.upper_alphanumeric(addresses::ID_LENGTH);
        let (account_id, created_at) = (account.id.clone(), self.engine.clock.now());
        let address = Address { id: id.clone(), account_id, label, created_at };
        self.engine.db.transact(address, |c, address| Box::pin(addresses::insert(c, address))).await?;
        Ok(NewAddress::Added(id))
    }
}
