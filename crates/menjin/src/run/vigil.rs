//! Notices when a lane's thread has died.

use std::thread::JoinHandle;
use std::time::Duration;

/// How often the threads are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Waits until one of the threads has ended, which none does before the stop, and names it. A gate
/// whose lane is dead must not look alive: the service manager starts the program anew.
pub(crate) async fn dead_thread(threads: &[JoinHandle<()>]) -> String {
    let mut look = tokio::time::interval(EVERY);
    loop {
        look.tick().await;
        if let Some(dead) = threads.iter().find(|thread| thread.is_finished()) {
            return dead.thread().name().unwrap_or("lane").to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[expect(clippy::panic, reason = "the panic is what is looked for")]
    async fn a_thread_that_panics_is_noticed_and_named() {
        let (alive, wait) = std::sync::mpsc::channel::<()>();
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
            let builder = std::thread::Builder::new().name(name.to_owned());
            builder.spawn(body).expect("a thread")
        };
        let threads = [
            spawn(
                "lane-north",
                Box::new(move || assert!(wait.recv().is_err())),
            ),
            spawn("lane-south", Box::new(|| panic!("as a lane might"))),
        ];
        assert_eq!(dead_thread(&threads).await, "lane-south");
        drop(alive);
    }
}
