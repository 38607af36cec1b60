//! Notices when a lane has died, and tells the service manager as long as all of them look.
//!
//! A gate whose lane is dead must not look alive: then the service manager starts the program anew.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::{Services, manager};

/// How often it is looked whether something has died.
const EVERY: Duration = Duration::from_secs(1);

/// Waits until a part has died that must not, which none does before the stop, and names it.
/// Meanwhile the service manager is told twice in each of its intervals that the daemon is alive,
/// and is left in silence while a lane does not look.
pub async fn dead_part(services: &Services) -> String {
    let half = manager::watchdog_interval().map(|whole| whole / 2);
    let mut tell = half.map(interval);
    if let Some(tell) = &mut tell {
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut look = interval(EVERY);
    let mut was_stuck = false;
    loop {
        tokio::select! {
            _ = look.tick() => {
                if let Some(dead) = services.dead() {
                    return dead;
                }
            }
            () = due(&mut tell) => {
                let stuck = services.stuck(half.unwrap_or(EVERY));
                if let (Some(part), false) = (&stuck, was_stuck) {
                    tracing::error!(part, "does not look at its lane any more; the service manager will start the daemon anew");
                }
                was_stuck = stuck.is_some();
                if !was_stuck {
                    manager::alive();
                }
            }
        }
    }
}

async fn due(tell: &mut Option<Interval>) {
    match tell {
        Some(tell) => drop(tell.tick().await),
        None => std::future::pending().await,
    }
}
