//! Which vehicle each passage is, and what is wrong with it.

use crate::FootageTruth;
use crate::footage::Tally;
use crate::passages::{Passage, best_match, overlap_ms};
use crate::report::{Miss, ScoredPlate};

impl Tally {
    /// Scores the passages of one clip; returns which of them each of `truths` is.
    pub(crate) fn score<'p>(
        &mut self,
        clip: &str,
        truths: &[&FootageTruth],
        passages: &'p [Passage],
        by: Option<&str>,
    ) -> Vec<Option<&'p Passage>> {
        let mut left: Vec<&Passage> = passages.iter().collect();
        // Neighbours overlap in time: whoever has a plate is matched by it, the others take what
        // is left.
        let (blank, plated): (Vec<usize>, Vec<usize>) =
            (0..truths.len()).partition(|&i| truths[i].plate.is_empty());
        let mut matched = vec![None; truths.len()];
        for i in plated.into_iter().chain(blank) {
            matched[i] = best_match(truths[i], &left).map(|best| left.remove(best));
            self.one(clip, truths[i], matched[i], by);
        }
        for extra in left {
            let overlapping = truths.iter().any(|t| overlap_ms(t, extra) > 0);
            let what = if overlapping {
                "duplicate"
            } else {
                "false passage"
            };
            if overlapping {
                self.report.duplicates += 1;
            } else {
                self.report.false_passages += 1;
            }
            self.miss(clip, what, None, Some(extra));
        }
        matched
    }

    fn one(
        &mut self,
        clip: &str,
        truth: &FootageTruth,
        passage: Option<&Passage>,
        by: Option<&str>,
    ) {
        self.passages += 1;
        self.outcome(clip, truth, passage);
        if truth.plate.is_empty() {
            self.without_plate(clip, truth, passage);
            return;
        }
        let unread = plate::PlateRead::of(&plate::Evidence::unreadable());
        let read = passage.map(|p| p.read.as_ref().unwrap_or(&unread));
        let accepted = passage.is_some_and(|p| p.accepted);
        let scored = ScoredPlate {
            truth_plate: &truth.plate,
            truth_color: truth.color,
            columns: &truth.columns,
            read,
            accepted,
        };
        self.report.add(&scored, by);
        let Some(passage) = passage else {
            self.miss(clip, "vehicle missed", Some(truth), None);
            return;
        };
        self.decided_after
            .push(passage.decided_ms.saturating_sub(truth.enter_ms) as f64);
        let right = read.is_some_and(|r| r.plate == truth.plate);
        self.judged
            .push((read.map_or(0.0, |r| r.confidence), right));
        let right_color = truth
            .color
            .is_none_or(|c| read.is_some_and(|r| r.color == c));
        let expected_trailer = truth.column("trailer_plate");
        let right_trailer =
            expected_trailer.is_empty() || passage.trailer.as_deref() == Some(expected_trailer);
        match (right, right_color, accepted, right_trailer) {
            (false, ..) => self.miss(clip, "plate wrong", Some(truth), Some(passage)),
            (_, false, ..) => self.miss(clip, "colour wrong", Some(truth), Some(passage)),
            (_, _, false, _) => self.miss(
                clip,
                "right, but left to the guard",
                Some(truth),
                Some(passage),
            ),
            (.., false) => self.miss(clip, "trailer's plate missed", Some(truth), Some(passage)),
            _ => {}
        }
    }

    fn without_plate(&mut self, clip: &str, truth: &FootageTruth, passage: Option<&Passage>) {
        match passage {
            None => {
                self.report.missed_without_plate += 1;
                self.miss(clip, "vehicle without plate missed", Some(truth), None);
            }
            Some(p) if p.accepted => {
                self.report.false_passages += 1;
                self.miss(clip, "plate read where none can be", Some(truth), Some(p));
            }
            Some(_) => {}
        }
    }

    /// Compares how the passage ended, where the truth knows it.
    fn outcome(&mut self, clip: &str, truth: &FootageTruth, passage: Option<&Passage>) {
        let expected = truth.column("outcome");
        let (false, Some(passage)) = (expected.is_empty(), passage) else {
            return;
        };
        self.report.outcomes += 1;
        if passage.outcome.is_some_and(|o| o.as_str() == expected) {
            self.report.outcomes_right += 1;
        } else {
            let what = passage.outcome.map_or("told without an end", |o| match o {
                passage::Outcome::Passed => "told as passed",
                passage::Outcome::BackedOut => "told as backed out",
                passage::Outcome::TimedOut => "told as timed out",
                passage::Outcome::Lost => "told as lost",
            });
            self.miss(clip, what, Some(truth), Some(passage));
        }
    }

    fn miss(
        &mut self,
        clip: &str,
        what: &'static str,
        truth: Option<&FootageTruth>,
        passage: Option<&Passage>,
    ) {
        let place = match (truth, passage) {
            (Some(t), _) => t.place(clip),
            (None, Some(p)) => place(clip, p.entered_ms, p.left_ms),
            (None, None) => return,
        };
        self.report.misses.push(Miss {
            place,
            what,
            truth: truth.map_or_else(String::new, |t| t.plate.clone()),
            truth_color: truth
                .and_then(|t| t.color)
                .map_or_else(String::new, |c| c.to_string()),
            read: passage.and_then(|p| p.read.clone()),
            jpeg: passage.map_or_else(Vec::new, |p| p.jpeg.clone()),
        });
    }
}

/// A stretch of a clip as reports name it.
pub(crate) fn place(clip: &str, from_ms: u64, to_ms: u64) -> String {
    format!(
        "{clip} {:.1}-{:.1} s",
        from_ms as f64 / 1e3,
        to_ms as f64 / 1e3
    )
}
