//! A mailbox in memory, read by the same reader as a real one. It can lose its line at any step.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use vanthu::app::ports::{Fetched, Glance, Inbox, InboxError, OpenInbox};
use vanthu::mail::inbound::{EXCERPT, glance, identity, read};

/// What the mailbox holds.
#[derive(Default)]
struct Content {
    validity: u32,
    next: u32,
    messages: Vec<(u32, Vec<u8>)>,
    handled: Vec<Vec<u8>>,
    /// Steps until the line breaks.
    breaks_after: Option<u32>,
}

impl Content {
    fn step(&mut self) -> Result<(), InboxError> {
        match &mut self.breaks_after {
            Some(0) => Err(InboxError::Broken("thử".to_owned())),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// A mailbox in memory.
#[derive(Clone)]
pub struct FakeInbox(Arc<Mutex<Content>>);

impl FakeInbox {
    /// With messages in it.
    pub fn with(messages: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let inbox = Self(Arc::new(Mutex::new(Content { validity: 7, ..Content::default() })));
        messages.into_iter().for_each(|message| inbox.put(message));
        inbox
    }

    /// One more message.
    pub fn put(&self, message: Vec<u8>) {
        let mut content = self.0.lock().unwrap();
        content.next += 1;
        let uid = content.next;
        content.messages.push((uid, message));
    }

    /// Everything that was put away comes back, under UIDs that mean something else.
    pub fn renumber(&self) {
        let mut content = self.0.lock().unwrap();
        content.validity += 1;
        content.next = 0;
        let mut all = std::mem::take(&mut content.handled);
        all.extend(std::mem::take(&mut content.messages).into_iter().map(|(_, message)| message));
        drop(content);
        all.into_iter().for_each(|message| self.put(message));
    }

    /// The line breaks after so many steps; `None`: it holds.
    pub fn break_after(&self, steps: Option<u32>) {
        self.0.lock().unwrap().breaks_after = steps;
    }

    /// How many messages lie where they came, and how many were put away.
    pub fn counts(&self) -> (usize, usize) {
        let content = self.0.lock().unwrap();
        (content.messages.len(), content.handled.len())
    }
}

#[async_trait]
impl Inbox for FakeInbox {
    fn name(&self) -> &str {
        "vanthu@mail.example/INBOX"
    }

    async fn open(&self) -> Result<Box<dyn OpenInbox>, InboxError> {
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl OpenInbox for FakeInbox {
    fn validity(&self) -> u32 {
        self.0.lock().unwrap().validity
    }

    async fn after(&mut self, uid: u32) -> Result<Vec<u32>, InboxError> {
        let mut content = self.0.lock().unwrap();
        content.step()?;
        Ok(content.messages.iter().map(|(known, _)| *known).filter(|known| *known > uid).collect())
    }

    async fn glance(&mut self, uid: u32) -> Result<Option<Glance>, InboxError> {
        let mut content = self.0.lock().unwrap();
        content.step()?;
        let found = content.messages.iter().find(|(known, _)| *known == uid);
        Ok(found.map(|(_, message)| glance(message, message.len() as u64)))
    }

    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, InboxError> {
        let mut content = self.0.lock().unwrap();
        content.step()?;
        let Some((_, message)) = content.messages.iter().find(|(known, _)| *known == uid) else {
            return Ok(None);
        };
        let raw = message[..message.len().min(EXCERPT)].to_vec();
        Ok(Some(Fetched { identity: identity(&raw), content: read(&raw).map(Box::new), raw }))
    }

    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError> {
        let mut content = self.0.lock().unwrap();
        content.step()?;
        if let Some(at) = content.messages.iter().position(|(known, _)| *known == uid) {
            let (_, message) = content.messages.remove(at);
            content.handled.push(message);
        }
        Ok(())
    }

    async fn wait(&mut self, _: Duration) -> Result<(), InboxError> {
        self.0.lock().unwrap().step()
    }

    async fn close(self: Box<Self>) {}
}
