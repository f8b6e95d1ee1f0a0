//! Holding the processor of cards and bank accounts: what is pending stays so until somebody decides it, or lets it go.

use crate::domain::settings;
use crate::engine::Engine;

/// Whether it is held, for all processes of the site; a reset lets it go.
pub async fn is_held(engine: &Engine) -> Result<bool, sqlx::Error> {
    Ok(engine.config.lab && settings::find(&engine.db, settings::PROCESSOR_HELD).await?.is_some())
}

/// Holds it, or lets it go: then it answers for all that is due.
pub async fn hold(engine: &Engine, held: bool) -> Result<(), sqlx::Error> {
    if held {
        settings::set_together_once(&engine.db, vec![(settings::PROCESSOR_HELD, "held".to_owned())]).await?;
    } else {
        settings::remove(&engine.db, settings::PROCESSOR_HELD).await?;
        engine.processor.wake();
    }
    Ok(())
}
