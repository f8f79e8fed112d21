//! Mail out and in. Out: a [`Letter`](crate::domain::notice::Letter) becomes one mail to one recipient, is looked
//! at once more, and is handed to a server, a folder or a list in memory. In: [`inbound`]; [`sent`], where accepted ones are seen.

pub mod compose;
pub mod dkim;
pub mod inbound;
pub mod sent;
pub mod transport;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;

use crate::app::ports::{Clearance, Mailer, SendOutcome};
use crate::domain::bulletin::Bulletin;
use crate::domain::notice::Letter;
use crate::render::mail::TemplateFault;

use compose::{ComposeOptions, ComposeSetupError, Composer};
use transport::{Transport, TransportOptions, TransportSetupError};

/// Why mail out cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum PostSetupError {
    /// Sender, List-Id or templates.
    #[error(transparent)]
    Compose(#[from] ComposeSetupError),
    /// The way out.
    #[error(transparent)]
    Transport(#[from] TransportSetupError),
}

/// The post office: composes letters and hands them over.
#[derive(Debug)]
pub struct Post {
    composer: RwLock<Arc<Composer>>,
    transport: Transport,
}

impl Post {
    /// Sets up mail out; nothing is connected yet. Also returns what is wrong with template
    /// overrides, each of which was set aside for the embedded template.
    ///
    /// # Errors
    /// [`PostSetupError`]; each message names the setting.
    pub fn new(
        compose: ComposeOptions,
        transport: TransportOptions,
    ) -> Result<(Self, Vec<TemplateFault>), PostSetupError> {
        let (composer, faults) = Composer::new(compose)?;
        let composer = RwLock::new(Arc::new(composer));
        Ok((Self { composer, transport: Transport::new(transport)? }, faults))
    }

    /// Its composer as it is now.
    pub fn composer(&self) -> Arc<Composer> {
        self.composer.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Composes from the next letter on with another one: the office's templates have changed.
    pub fn compose_with(&self, composer: Composer) {
        *self.composer.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(composer);
    }

    /// Connects, greets and authenticates, sends nothing and takes leave: what `doctor` asks.
    ///
    /// # Errors
    /// What went wrong, on one line, in Vietnamese.
    pub async fn knock(&self) -> Result<(), String> {
        self.transport.knock().await
    }
}

#[async_trait]
impl Mailer for Post {
    fn sessions(&self) -> usize {
        self.transport.sessions()
    }

    async fn send(&self, session: usize, letter: &Letter, clearance: Clearance) -> SendOutcome {
        match self.composer().compose(letter) {
            Ok(mail) => self.transport.send(session, &mail, clearance).await,
            Err(error) => SendOutcome::Failed { reason: error.to_string() },
        }
    }

    async fn announce(&self, bulletin: &Bulletin) -> SendOutcome {
        match self.composer().compose_bulletin(bulletin) {
            Ok(mail) => self.transport.send(0, &mail, Clearance::given()).await,
            Err(error) => SendOutcome::Failed { reason: error.to_string() },
        }
    }

    async fn rest(&self) {
        self.transport.rest().await;
    }
}
