//! Which row of the ledger each vehicle of the video is.

use jiff::{SignedDuration, Timestamp};
use passage::{CorrectedItem, PassageView};
use plate::SLOTS;

use crate::eyes::ShownVehicle;

/// Eyes that looked at other pictures of the same second see a vehicle come and go somewhat sooner or later.
const SLACK: SignedDuration = SignedDuration::from_secs(3);

/// What comes of comparing a vehicle of the video with the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Judgement {
    /// In the video and not in the ledger.
    NotInLedger,
    /// In the ledger and not in the video, which is there.
    NotInVideo,
    /// The ledger says another plate than the video.
    ReadDifferently,
    /// A person set the plate that the ledger has: the eyes read what the machine had read before.
    Corrected,
    /// In both; the video's plate is not sure enough to compare.
    Unsure,
    /// Without a plate, in the video or in the ledger alone, while another vehicle was there: eyes that looked at other
    /// pictures may have taken the two for one.
    Beside,
    /// In both, with the same plate.
    Same,
    /// In the ledger, at a time that there is no video of.
    NoVideo,
    /// In the first or last pictures before a hole of the video, and not in the ledger: whether it passed nobody can say.
    AtEdge,
    /// Typed in from paper; no camera saw it.
    OnPaper,
}

impl Judgement {
    /// All of them, those first that somebody has to look at.
    pub const ALL: [Self; 10] = [
        Self::NotInLedger,
        Self::NotInVideo,
        Self::ReadDifferently,
        Self::Corrected,
        Self::Beside,
        Self::AtEdge,
        Self::NoVideo,
        Self::Unsure,
        Self::OnPaper,
        Self::Same,
    ];

    /// Whether video and ledger contradict each other.
    #[must_use]
    pub const fn is_finding(self) -> bool {
        matches!(
            self,
            Self::NotInLedger | Self::NotInVideo | Self::ReadDifferently
        )
    }

    /// Its name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotInLedger => "not_in_ledger",
            Self::NotInVideo => "not_in_video",
            Self::ReadDifferently => "read_differently",
            Self::Corrected => "corrected",
            Self::Unsure => "unsure",
            Self::Beside => "beside",
            Self::Same => "same",
            Self::NoVideo => "no_video",
            Self::AtEdge => "at_edge",
            Self::OnPaper => "on_paper",
        }
    }
}

/// A vehicle of the video, a row of the ledger, or both.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What comes of it.
    pub judgement: Judgement,
    /// The vehicle as the video shows it.
    pub seen: Option<ShownVehicle>,
    /// The row.
    pub row: Option<PassageView>,
}

impl Compared {
    /// When that was: when the row was decided, or would have been.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        let row = self.row.as_ref().map(|row| row.decided_at);
        let seen = self.seen.as_ref().map(|seen| seen.decided);
        row.or(seen).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Compares the vehicles of the video with the rows of the ledger; `is_shown` says whether there is video of a time.
pub(crate) fn compare(
    seen: Vec<ShownVehicle>,
    rows: Vec<PassageView>,
    is_shown: &dyn Fn(Timestamp, Timestamp) -> bool,
) -> Vec<Compared> {
    // Whoever has no plate is told from the next one by how the lane empties alone.
    let beside_rows: Vec<_> = rows
        .iter()
        .map(|row| (row.entered_at, end_of(row)))
        .collect();
    let beside_seen: Vec<_> = seen.iter().map(|seen| (seen.entered, seen.left)).collect();
    let mut seen: Vec<Option<ShownVehicle>> = seen.into_iter().map(Some).collect();
    let mut rows: Vec<Option<PassageView>> = rows.into_iter().map(Some).collect();
    let mut all = Vec::new();
    for (vehicle, row) in pairs(&seen, &rows) {
        // Either may have found its like already, and then the other stays free.
        let both_free = seen[vehicle].is_some() && rows[row].is_some();
        let (Some(vehicle), Some(row)) = (
            seen[vehicle].take_if(|_| both_free),
            rows[row].take_if(|_| both_free),
        ) else {
            continue;
        };
        all.push(Compared {
            judgement: judged(&vehicle, &row),
            seen: Some(vehicle),
            row: Some(row),
        });
    }
    for vehicle in seen.into_iter().flatten() {
        let time = (vehicle.entered, vehicle.left);
        let judgement = if vehicle.at_edge {
            Judgement::AtEdge
        } else if vehicle.read.is_none() && overlaps(time, &beside_rows) {
            Judgement::Beside
        } else {
            Judgement::NotInLedger
        };
        all.push(Compared {
            judgement,
            seen: Some(vehicle),
            row: None,
        });
    }
    for row in rows.into_iter().flatten() {
        let judgement = if row.paper.is_some() {
            Judgement::OnPaper
        } else if !is_shown(row.entered_at, end_of(&row)) {
            Judgement::NoVideo
        } else if row.reading.plate.is_empty()
            && overlaps((row.entered_at, end_of(&row)), &beside_seen)
        {
            Judgement::Beside
        } else {
            Judgement::NotInVideo
        };
        all.push(Compared {
            judgement,
            seen: None,
            row: Some(row),
        });
    }
    all.sort_by_key(Compared::at);
    all
}

fn overlaps((from, until): (Timestamp, Timestamp), others: &[(Timestamp, Timestamp)]) -> bool {
    let mut others = others.iter();
    others.any(|&(begin, end)| begin <= until && from <= end)
}

/// Who is whom: of all that were there at the same time the most alike first, then the nearest in time. So a vehicle whose row
/// says another plate is compared with that row, when its time has no better one.
fn pairs(seen: &[Option<ShownVehicle>], rows: &[Option<PassageView>]) -> Vec<(usize, usize)> {
    let mut possible = Vec::new();
    for (s, vehicle) in seen.iter().enumerate() {
        for (r, row) in rows.iter().enumerate() {
            let (Some(vehicle), Some(row)) = (vehicle, row) else {
                continue;
            };
            if row.paper.is_none() && at_once(vehicle, row) {
                let apart = vehicle.decided.duration_since(row.decided_at).abs();
                possible.push((unlike(vehicle, row), apart, s, r));
            }
        }
    }
    possible.sort();
    possible.into_iter().map(|(_, _, s, r)| (s, r)).collect()
}

fn at_once(vehicle: &ShownVehicle, row: &PassageView) -> bool {
    let (from, until) = (vehicle.entered - SLACK, vehicle.left + SLACK);
    from <= end_of(row) && row.entered_at <= until
}

fn end_of(row: &PassageView) -> Timestamp {
    let finished = row.finished.map_or(row.decided_at, |finished| finished.at);
    finished.max(row.decided_at)
}

/// In how many characters they differ, by what the machine read of the row or by what a person made of it.
fn unlike(vehicle: &ShownVehicle, row: &PassageView) -> usize {
    let Some(read) = &vehicle.read else {
        // Nothing is nearer to no plate than no plate.
        return if row.reading.plate.is_empty() {
            0
        } else {
            SLOTS
        };
    };
    let first = row.first_reading.as_ref();
    let texts = [
        Some(&row.reading.plate),
        first.map(|reading| &reading.plate),
    ];
    let each = texts.into_iter().flatten();
    each.map(|text| different(&read.plate, text))
        .min()
        .unwrap_or(SLOTS)
}

fn different(one: &str, other: &str) -> usize {
    let (one, mut other) = (one.chars().map(Some), other.chars());
    let mut places = 0;
    let mut count = 0;
    for symbol in one {
        count += usize::from(symbol != other.next());
        places += 1;
    }
    (count + other.count()).max(usize::from(places == 0) * SLOTS)
}

fn judged(vehicle: &ShownVehicle, row: &PassageView) -> Judgement {
    let Some(read) = vehicle.read.as_ref().filter(|_| vehicle.accepted) else {
        return Judgement::Unsure;
    };
    if row.reading.plate == read.plate && same_color(row, read) {
        return Judgement::Same;
    }
    let by_person = row
        .corrections
        .iter()
        .any(|correction| matches!(correction.item, CorrectedItem::Plate | CorrectedItem::Color));
    let was_read = row
        .first_reading
        .as_ref()
        .is_some_and(|first| first.plate == read.plate);
    if by_person && was_read {
        Judgement::Corrected
    } else {
        Judgement::ReadDifferently
    }
}

/// Colours that are not known contradict nobody.
fn same_color(row: &PassageView, read: &plate::PlateRead) -> bool {
    let unknown = plate::Color::Unknown;
    let (told, seen) = (row.reading.color, read.color);
    told == seen || told == unknown || seen == unknown
}
