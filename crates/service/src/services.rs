//! Services, started one after the other and stopped in reverse.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinHandle;

/// The end of a service, to be awaited.
pub type Stopping = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A part of the daemon that runs.
pub trait Service: Send {
    /// Ends it. When this is done, all it held is handed over or written down.
    fn stop(self: Box<Self>) -> Stopping;

    /// What of it has died without which the daemon must be started anew.
    fn dead(&self) -> Option<String> {
        None
    }

    /// What of it has not moved for so long, although nothing holds it up that a person was told of.
    fn stuck(&self, _for_long: Duration) -> Option<String> {
        None
    }
}

/// A loop that may be cut off anywhere.
impl Service for JoinHandle<()> {
    fn stop(self: Box<Self>) -> Stopping {
        self.abort();
        Box::pin(async {
            // Cut off, as it should be; waiting for it lets go of what it held.
            let _ = self.await;
        })
    }
}

/// All services that run, in the order in which they were started.
#[derive(Default)]
pub struct Services(Vec<(&'static str, Box<dyn Service>)>);

impl Services {
    /// Takes in a service that was started.
    pub fn add(&mut self, name: &'static str, service: impl Service + 'static) {
        self.0.push((name, Box::new(service)));
    }

    /// Takes in a service that the site may do without.
    pub fn add_if_any(&mut self, name: &'static str, service: Option<impl Service + 'static>) {
        if let Some(service) = service {
            self.add(name, service);
        }
    }

    /// What has died without which the daemon must be started anew.
    #[must_use]
    pub fn dead(&self) -> Option<String> {
        self.0.iter().find_map(|(_, service)| service.dead())
    }

    /// What has not moved for so long.
    #[must_use]
    pub fn stuck(&self, for_long: Duration) -> Option<String> {
        let mut services = self.0.iter();
        services.find_map(|(_, service)| service.stuck(for_long))
    }

    /// Stops all of them, the last one first.
    pub async fn stop(mut self) {
        while let Some((name, service)) = self.0.pop() {
            tracing::debug!(service = name, "stopping");
            service.stop().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    struct Noted(&'static str, Arc<Mutex<Vec<&'static str>>>);

    impl Service for Noted {
        fn stop(self: Box<Self>) -> Stopping {
            Box::pin(async move { self.1.lock().expect("whole").push(self.0) })
        }

        fn dead(&self) -> Option<String> {
            (self.0 == "lanes").then(|| "lane-north".to_owned())
        }
    }

    #[tokio::test]
    async fn services_are_stopped_in_reverse_and_the_dead_one_is_named() {
        let stopped = Arc::default();
        let mut services = Services::default();
        services.add("ledger", Noted("ledger", Arc::clone(&stopped)));
        assert_eq!(services.dead(), None);
        services.add("clock", tokio::spawn(std::future::pending()));
        services.add_if_any("broker", None::<Noted>);
        services.add("lanes", Noted("lanes", Arc::clone(&stopped)));
        assert_eq!(services.dead().as_deref(), Some("lane-north"));
        services.stop().await;
        assert_eq!(*stopped.lock().expect("whole"), ["lanes", "ledger"]);
    }
}
