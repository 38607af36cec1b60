//! Makes one alarm of a cause that lasts, however often it is seen and however it flickers.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{AlarmId, AlarmView, Cause, StepKind};

/// A cause that stays away for so long is over. A camera whose line flickers comes back within seconds:
/// its supervisor waits at most half a minute between two tries.
const SETTLE: Duration = Duration::from_secs(60);

/// What is to be done after a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardChange {
    /// A new alarm; tell the board its number with [`Board::raised`].
    Raise(Cause),
    /// The cause of this one came again; `times` in all. Told at the 2nd, 4th, 8th … time.
    #[allow(missing_docs)]
    Again { id: AlarmId, times: u32 },
    /// The cause of this one has stayed away.
    #[allow(missing_docs)]
    Clear { id: AlarmId, times: u32 },
}

/// Code of the kind, and subject.
type Place = (&'static str, String);

#[derive(Debug)]
struct Standing {
    /// None while it is not an alarm yet.
    id: Option<AlarmId>,
    since: Duration,
    /// Since when the cause is away.
    away: Option<Duration>,
    /// It is of before a restart, and its cause was not seen since: that it is there is no news.
    resumed: bool,
    times: u32,
}

/// What stands on the board: every cause that lasts, with its alarm. Times are those of a clock that only
/// goes forward, from any beginning.
#[derive(Debug, Default)]
pub struct Board {
    standing: BTreeMap<Place, Standing>,
}

impl Board {
    /// A board with the alarms that were open before, whose causes are to be seen again.
    #[must_use]
    pub fn resumed(open: &[AlarmView], now: Duration) -> Self {
        let lasting = open.iter().filter(|alarm| !alarm.ends_when_seen());
        let standing = lasting.map(|alarm| {
            let place = place_of(&alarm.cause);
            let standing = Standing {
                id: Some(alarm.id),
                since: now,
                away: Some(now),
                resumed: true,
                times: alarm.times(),
            };
            (place, standing)
        });
        Self {
            standing: standing.collect(),
        }
    }

    /// Takes in everything that is wrong now.
    pub fn look(&mut self, causes: &[Cause], now: Duration) -> Vec<BoardChange> {
        let mut changes = Vec::new();
        for cause in causes {
            let place = place_of(cause);
            let standing = self.standing.entry(place).or_insert(Standing {
                id: None,
                since: now,
                away: None,
                resumed: false,
                times: 1,
            });
            changes.extend(standing.present(cause, now));
        }
        let is_there = |place: &Place| {
            causes
                .iter()
                .any(|cause| (cause.kind.as_str(), &cause.subject) == (place.0, &place.1))
        };
        self.standing.retain(|place, standing| {
            if is_there(place) {
                return true;
            }
            let Some(id) = standing.id else {
                return false;
            };
            let away = *standing.away.get_or_insert(now);
            let over = now.saturating_sub(away) >= SETTLE;
            if over {
                let times = standing.times;
                changes.push(BoardChange::Clear { id, times });
            }
            !over
        });
        changes
    }

    /// A cause became the alarm of this number.
    pub fn raised(&mut self, cause: &Cause, id: AlarmId) {
        let place = place_of(cause);
        if let Some(standing) = self.standing.get_mut(&place) {
            standing.id = Some(id);
        }
    }
}

fn place_of(cause: &Cause) -> Place {
    (cause.kind.as_str(), cause.subject.clone())
}

impl Standing {
    fn present(&mut self, cause: &Cause, now: Duration) -> Option<BoardChange> {
        let came_back = self.away.take().is_some() && !std::mem::take(&mut self.resumed);
        let Some(id) = self.id else {
            let ripe = now.saturating_sub(self.since) >= cause.kind.patience();
            return ripe.then(|| BoardChange::Raise(cause.clone()));
        };
        if !came_back {
            return None;
        }
        self.times += 1;
        let times = self.times;
        times
            .is_power_of_two()
            .then_some(BoardChange::Again { id, times })
    }
}

impl BoardChange {
    /// What it is in the alarm's life; none for a new one.
    #[must_use]
    pub const fn step(&self) -> Option<StepKind> {
        match self {
            Self::Raise(_) => None,
            Self::Again { .. } => Some(StepKind::Again),
            Self::Clear { .. } => Some(StepKind::Cleared),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CauseKind;

    const CAMERA: CauseKind = CauseKind::CameraDark;

    fn dark() -> [Cause; 1] {
        [Cause::of(CAMERA, "north")]
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Looks, and gives numbers to new alarms as the ledger does.
    fn look(board: &mut Board, causes: &[Cause], seconds: u64) -> Vec<BoardChange> {
        let changes = board.look(causes, at(seconds));
        for change in &changes {
            if let BoardChange::Raise(cause) = change {
                board.raised(cause, AlarmId(7));
            }
        }
        changes
    }

    #[test]
    fn a_cause_that_lasts_is_one_alarm_and_cleared_when_it_stayed_away() {
        let mut board = Board::default();
        assert!(matches!(
            look(&mut board, &dark(), 0)[..],
            [BoardChange::Raise(_)]
        ));
        for second in 1..100 {
            assert_eq!(look(&mut board, &dark(), second), []);
        }
        assert_eq!(look(&mut board, &[], 100), []);
        assert_eq!(look(&mut board, &[], 159), []);
        let cleared = BoardChange::Clear {
            id: AlarmId(7),
            times: 1,
        };
        assert_eq!(look(&mut board, &[], 160), [cleared]);
        assert_eq!(look(&mut board, &[], 161), []);
        assert!(matches!(
            look(&mut board, &dark(), 200)[..],
            [BoardChange::Raise(_)]
        ));
    }

    #[test]
    fn fifty_flickers_are_one_alarm_that_counts_them() {
        let mut board = Board::default();
        let mut changes = Vec::new();
        for n in 0..50 {
            changes.extend(look(&mut board, &dark(), 20 * n));
            changes.extend(look(&mut board, &[], 20 * n + 10));
        }
        changes.extend(look(&mut board, &[], 2000));
        let raised = changes
            .iter()
            .filter(|change| matches!(change, BoardChange::Raise(_)));
        assert_eq!(raised.count(), 1);
        let again: Vec<u32> = changes
            .iter()
            .filter_map(|change| match change {
                BoardChange::Again { times, .. } => Some(*times),
                _ => None,
            })
            .collect();
        assert_eq!(again, [2, 4, 8, 16, 32]);
        let last = BoardChange::Clear {
            id: AlarmId(7),
            times: 50,
        };
        assert_eq!(changes.last(), Some(&last));
    }

    #[test]
    fn what_is_back_before_its_patience_ends_is_no_alarm() {
        let mut board = Board::default();
        let down = [Cause::of(CauseKind::CameraDown, "north")];
        assert_eq!(look(&mut board, &down, 0), []);
        assert_eq!(look(&mut board, &[], 1), []);
        assert_eq!(look(&mut board, &down, 2), []);
        assert!(matches!(
            look(&mut board, &down, 3)[..],
            [BoardChange::Raise(_)]
        ));
    }

    #[test]
    fn an_alarm_of_before_a_restart_goes_on_or_is_cleared_and_never_raised_twice() {
        let open = AlarmView {
            id: AlarmId(3),
            cause: Cause::of(CAMERA, "north"),
            drill: false,
            raised_at: jiff::Timestamp::UNIX_EPOCH,
            steps: Vec::new(),
        };
        let mut board = Board::resumed(std::slice::from_ref(&open), at(0));
        assert_eq!(look(&mut board, &dark(), 5), []);
        assert_eq!(look(&mut board, &[], 6), []);
        let again = BoardChange::Again {
            id: AlarmId(3),
            times: 2,
        };
        assert_eq!(look(&mut board, &dark(), 7), [again]);
        let mut board = Board::resumed(&[open], at(0));
        assert_eq!(look(&mut board, &[], 59), []);
        let cleared = BoardChange::Clear {
            id: AlarmId(3),
            times: 1,
        };
        assert_eq!(look(&mut board, &[], 60), [cleared]);
    }

    #[test]
    fn the_same_kind_about_two_things_is_two_alarms() {
        let mut board = Board::default();
        let two = [Cause::of(CAMERA, "north"), Cause::of(CAMERA, "south")];
        assert_eq!(look(&mut board, &two, 0).len(), 2);
    }
}
