//! Many pictures of one plate become one answer, character by character.

use crate::{Evidence, PlateRead};

/// Frames of one approach are not independent: the same mud and the same glare are in each of
/// them. More frames than this add no certainty, they only average.
const INDEPENDENT_FRAMES: f32 = 3.0;

/// Sums evidence over the frames of one vehicle.
///
/// Log-probabilities are averaged under the weight given to each frame and then counted as a few
/// independent looks, so that a hundred equal frames of a smudge do not become certainty.
#[derive(Debug, Clone)]
pub struct Vote {
    sum: Evidence,
    weight: f32,
    best_weight: f32,
    frames: u32,
}

impl Default for Vote {
    fn default() -> Self {
        Self {
            sum: Evidence::nothing(),
            weight: 0.0,
            best_weight: 0.0,
            frames: 0,
        }
    }
}

impl Vote {
    /// Adds one frame. `weight` says how good it is (sharp, large, inside the region): any
    /// positive number, compared only with the other frames of this vote.
    pub fn add(&mut self, evidence: &Evidence, weight: f32) {
        if weight.is_finite() && weight > 0.0 {
            self.sum.add(evidence, weight);
            self.weight += weight;
            self.best_weight = self.best_weight.max(weight);
            self.frames += 1;
        }
    }

    /// Adds all frames of `other`, which turned out to show the same plate.
    pub fn merge(&mut self, other: &Self) {
        self.sum.add(&other.sum, 1.0);
        self.weight += other.weight;
        self.best_weight = self.best_weight.max(other.best_weight);
        self.frames += other.frames;
    }

    /// Frames counted so far.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.frames
    }

    /// The plate after all frames, or `None` before the first.
    #[must_use]
    pub fn result(&self) -> Option<PlateRead> {
        Some(PlateRead::of(&self.evidence()?))
    }

    /// The evidence of all frames together.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence> {
        if self.frames == 0 {
            return None;
        }
        // How many frames as good as the best one this vote amounts to.
        let looks = self.weight / self.best_weight;
        Some(self.sum.scaled(looks.min(INDEPENDENT_FRAMES) / self.weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Color, Layout};

    fn seen(plate: &str, p: f32) -> Evidence {
        Evidence::of_plate(plate, Color::Yellow, Layout::Single, p)
    }

    #[test]
    fn two_good_frames_outvote_a_bad_one_at_the_character_it_got_wrong() {
        let mut vote = Vote::default();
        vote.add(&seen("冀A12345", 0.9), 1.0);
        vote.add(&seen("冀A72345", 0.6), 1.0);
        vote.add(&seen("冀A12346", 0.9), 1.0);
        vote.add(&seen("冀A12345", 0.9), 1.0);
        assert_eq!(vote.result().expect("four frames").plate, "冀A12345");
    }

    #[test]
    fn a_hundred_doubtful_frames_do_not_become_certainty() {
        let mut vote = Vote::default();
        for _ in 0..100 {
            vote.add(&seen("冀A12345", 0.6), 1.0);
        }
        let many = vote.result().expect("many frames").confidence;
        let mut three = Vote::default();
        for _ in 0..3 {
            three.add(&seen("冀A12345", 0.6), 1.0);
        }
        let few = three.result().expect("three frames").confidence;
        assert!((many - few).abs() < 1e-3, "{many} against {few}");
    }

    #[test]
    fn a_sharp_frame_weighs_more_than_a_blurred_one() {
        let mut vote = Vote::default();
        vote.add(&seen("晋A12345", 0.8), 0.2);
        vote.add(&seen("冀A12345", 0.8), 1.0);
        assert_eq!(vote.result().expect("two frames").plate, "冀A12345");
    }

    #[test]
    fn two_votes_merged_are_the_vote_over_all_their_frames() {
        let (mut first, mut second, mut all) = (Vote::default(), Vote::default(), Vote::default());
        for (i, plate) in ["冀A12345", "冀A72345", "冀A12345"].into_iter().enumerate() {
            let part = if i < 2 { &mut first } else { &mut second };
            part.add(&seen(plate, 0.8), 1.0);
            all.add(&seen(plate, 0.8), 1.0);
        }
        first.merge(&second);
        assert_eq!(first.frames(), 3);
        assert_eq!(first.result(), all.result());
    }

    #[test]
    fn no_frames_give_no_plate() {
        assert!(Vote::default().result().is_none());
    }
}
