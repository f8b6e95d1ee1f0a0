//! The wire against what others made: requests captured from real client libraries, the schema, OpenSSL.
#![expect(clippy::unwrap_used, reason = "what fails here is a test")]

mod amounts;
mod answers;
mod captured;
mod hostile;
mod openssl;
mod schema;
mod signers;
mod stored_value;
mod tokens;
mod tools;
mod written_xml;
