//! How many files this process may have open, and who gets them.

use std::fmt;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::server::{FEWEST, MOST};

/// Standard streams, runtime, database with its log and lock, the socket for commands with its
/// four seats, readers of reports and backups. A daemon of two lanes was seen with 25 in all.
const PROCESS: usize = 128;
/// Two cameras and their answers, the barrier, photos and their folders while they are written.
const LANE: usize = 24;
/// Connections of a platform or a broker, photos that are read for it, FTP's two lines.
const SINK: usize = 16;
/// Its line, and one that is being opened again.
const SCALE: usize = 4;

/// What evidence is made with: for each there are files that no listener gets.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeptBack {
    /// Lanes, each with its cameras, barrier and photos.
    pub lanes: usize,
    /// Platforms and brokers.
    pub sinks: usize,
    /// Weighing indicators.
    pub scales: usize,
}

impl KeptBack {
    fn files(self) -> usize {
        PROCESS + self.lanes * LANE + self.sinks * SINK + self.scales * SCALE
    }
}

/// How many files this process may have open.
#[derive(Debug, Clone, Copy)]
pub struct OpenFiles(usize);

/// What the listeners get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// What the process may have open.
    pub allowed: usize,
    /// What is kept back for evidence.
    pub kept_back: usize,
    /// Connections of each listener.
    pub connections: usize,
    /// What the process ought to be allowed.
    pub needed: usize,
}

impl OpenFiles {
    /// Raises this process's limit to the highest that it may set itself.
    #[must_use]
    pub fn raised() -> Self {
        let limit = getrlimit(Resource::Nofile);
        let highest = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        // Where it can't be raised, the lower one is divided.
        let _ = setrlimit(Resource::Nofile, highest);
        let allowed = getrlimit(Resource::Nofile).current;
        Self(allowed.map_or(usize::MAX, |files| {
            usize::try_from(files).unwrap_or(usize::MAX)
        }))
    }

    /// Divides them between evidence and so many listeners. Each of these gets a few in any case:
    /// somebody must be able to ask how the daemon is.
    #[must_use]
    pub fn divide(self, keep: KeptBack, listeners: usize) -> Division {
        let kept_back = keep.files();
        let rest = self.0.saturating_sub(kept_back);
        Division {
            allowed: self.0,
            kept_back,
            connections: (rest / listeners.max(1)).clamp(FEWEST, MOST),
            needed: kept_back.saturating_add(FEWEST.saturating_mul(listeners)),
        }
    }
}

impl Division {
    /// Whether the limit is too low for what is configured.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.allowed < self.needed
    }
}

/// What is wrong when it is short, and what to do.
impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (allowed, needed) = (self.allowed, self.needed);
        write!(
            f,
            "this process may open {allowed} files and needs {needed} with its cameras and platforms: \
             set LimitNOFILE=4096 in the unit, or ulimit -n 4096 in the shell, and start it again"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: KeptBack = KeptBack {
        lanes: 4,
        sinks: 3,
        scales: 2,
    };

    #[test]
    fn evidence_keeps_its_files_and_listeners_divide_the_rest() {
        for allowed in [400, 500, 1024, 4096, usize::MAX] {
            let division = OpenFiles(allowed).divide(SITE, 2);
            assert!(!division.is_short(), "{division:?}");
            let used = division.kept_back + 2 * division.connections;
            assert!(used <= allowed, "{division:?}");
        }
    }

    #[test]
    fn a_limit_that_is_too_low_is_told_with_its_remedy_and_leaves_a_few_connections() {
        let division = OpenFiles(256).divide(SITE, 2);
        assert!(division.is_short(), "{division:?}");
        assert_eq!(division.connections, FEWEST);
        let said = division.to_string();
        assert!(
            said.contains("256") && said.contains("LimitNOFILE"),
            "{said}"
        );
    }

    #[test]
    fn the_limit_is_raised_as_far_as_the_process_may() {
        let before = getrlimit(Resource::Nofile);
        let OpenFiles(allowed) = OpenFiles::raised();
        let now = getrlimit(Resource::Nofile);
        assert_eq!(now.current, before.maximum);
        assert_eq!(Some(allowed as u64), now.current.or(Some(u64::MAX)));
    }
}
