//! What a reader believes about one plate, before grammar.

use crate::{CLASSES, Color, Layout, SLOTS};

/// Calibrated beliefs about one picture of one plate, as natural logarithms of probabilities.
#[derive(Clone, PartialEq)]
pub struct Evidence {
    pub(crate) chars: Box<[[f32; CLASSES]; SLOTS]>,
    color: [f32; Color::READABLE.len()],
    /// Single, double.
    layout: [f32; 2],
    /// Probability that this is a plate that can be read at all, 0 to 1.
    legible: f32,
}

/// A reader's output that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum EvidenceError {
    #[error("expected {expected} numbers for {what}, got {got}")]
    Shape {
        what: &'static str,
        expected: usize,
        got: usize,
    },
    #[error("{what} holds a number that is not finite")]
    NotFinite { what: &'static str },
}

impl Evidence {
    /// Takes a reader's raw outputs: logits for [`SLOTS`](crate::SLOTS) x
    /// [`CLASSES`](crate::CLASSES), 7 colours, 2 layouts and one for "a readable plate".
    ///
    /// # Errors
    /// [`EvidenceError`] when there are more or fewer numbers than that, or one is not finite.
    pub fn from_logits(
        chars: &[f32],
        color: &[f32],
        layout: &[f32],
        legible: f32,
    ) -> Result<Self, EvidenceError> {
        check("characters", chars, SLOTS * CLASSES)?;
        check("colour", color, Color::READABLE.len())?;
        check("layout", layout, 2)?;
        check("legibility", &[legible], 1)?;
        let mut slots = Box::new([[0.0; CLASSES]; SLOTS]);
        for (slot, logits) in slots.iter_mut().zip(chars.chunks_exact(CLASSES)) {
            log_softmax(logits, slot);
        }
        let mut log_color = [0.0; 7];
        log_softmax(color, &mut log_color);
        let mut log_layout = [0.0; 2];
        log_softmax(layout, &mut log_layout);
        let legible = 1.0 / (1.0 + (-legible).exp());
        Ok(Self {
            chars: slots,
            color: log_color,
            layout: log_layout,
            legible,
        })
    }

    /// Evidence of a reader that is sure of `plate` with probability `p` for each character and
    /// for its colour and layout, and finds all else equally unlikely. For tests and hand entry.
    #[must_use]
    pub fn of_plate(plate: &str, color: Color, layout: Layout, p: f32) -> Self {
        let mut chars = Box::new([[((1.0 - p) / (CLASSES - 1) as f32).ln(); CLASSES]; SLOTS]);
        let mut letters = plate.chars();
        for slot in chars.iter_mut() {
            let symbol = letters
                .next()
                .map_or(Some(crate::Symbol::BLANK), crate::Symbol::from_char)
                .unwrap_or(crate::Symbol::BLANK);
            slot[symbol.index()] = p.ln();
        }
        let color = Color::READABLE.map(|c| if c == color { p } else { (1.0 - p) / 6.0 }.ln());
        let double = if layout == Layout::Double { p } else { 1.0 - p };
        Self {
            chars,
            color,
            layout: [(1.0 - double).ln(), double.ln()],
            legible: 1.0,
        }
    }

    /// Evidence of something that looks like a plate but cannot be read.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            chars: Box::new([[-(CLASSES as f32).ln(); CLASSES]; SLOTS]),
            color: [-(7.0_f32).ln(); 7],
            layout: [-(2.0_f32).ln(); 2],
            legible: 0.0,
        }
    }

    /// Log-probabilities of the 78 classes in each of the 8 slots.
    #[must_use]
    pub fn chars(&self) -> &[[f32; CLASSES]; SLOTS] {
        &self.chars
    }

    /// Log-probabilities of [`Color::READABLE`].
    #[must_use]
    pub fn color(&self) -> &[f32; 7] {
        &self.color
    }

    /// Log-probabilities of single and double layout.
    #[must_use]
    pub fn layout(&self) -> &[f32; 2] {
        &self.layout
    }

    /// Probability that this is a plate that can be read, 0 to 1.
    #[must_use]
    pub fn legible(&self) -> f32 {
        self.legible
    }

    /// Adds `other`, its logarithms multiplied by `weight`. The sum is no probability until
    /// [`Evidence::scaled`] has divided and normalised it.
    pub(crate) fn add(&mut self, other: &Self, weight: f32) {
        for (slot, more) in self.chars.iter_mut().zip(other.chars.iter()) {
            add_each(slot, more, weight);
        }
        add_each(&mut self.color, &other.color, weight);
        add_each(&mut self.layout, &other.layout, weight);
        self.legible = self.legible.max(other.legible);
    }

    /// All zeros: nothing seen yet.
    pub(crate) fn nothing() -> Self {
        Self {
            chars: Box::new([[0.0; CLASSES]; SLOTS]),
            color: [0.0; 7],
            layout: [0.0; 2],
            legible: 0.0,
        }
    }

    /// The sum scaled by `factor` and normalised to probabilities again.
    pub(crate) fn scaled(&self, factor: f32) -> Self {
        let mut out = Self::nothing();
        for (to, from) in out.chars.iter_mut().zip(self.chars.iter()) {
            log_softmax(&from.map(|v| v * factor), to);
        }
        log_softmax(&self.color.map(|v| v * factor), &mut out.color);
        log_softmax(&self.layout.map(|v| v * factor), &mut out.layout);
        out.legible = self.legible;
        out
    }
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Evidence({:?}, legible {:.3})",
            crate::PlateRead::of(self),
            self.legible
        )
    }
}

fn check(what: &'static str, values: &[f32], expected: usize) -> Result<(), EvidenceError> {
    if values.len() != expected {
        return Err(EvidenceError::Shape {
            what,
            expected,
            got: values.len(),
        });
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(EvidenceError::NotFinite { what });
    }
    Ok(())
}

fn add_each(to: &mut [f32], from: &[f32], weight: f32) {
    for (a, b) in to.iter_mut().zip(from) {
        *a += b * weight;
    }
}

fn log_softmax(logits: &[f32], out: &mut [f32]) {
    let max = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|v| (v - max).exp()).sum();
    let log_sum = max + sum.ln();
    for (o, v) in out.iter_mut().zip(logits) {
        *o = v - log_sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_become_probabilities() {
        let mut chars = vec![0.0; SLOTS * CLASSES];
        chars[5] = 100.0;
        let e = Evidence::from_logits(&chars, &[0.0; 7], &[3.0, 3.0], 0.0).expect("right shapes");
        assert!(e.chars()[0][5] > -1e-3);
        assert!((e.chars()[1][7].exp() - 1.0 / CLASSES as f32).abs() < 1e-6);
        assert!((e.layout()[0].exp() - 0.5).abs() < 1e-6);
        assert!((e.legible() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn a_model_that_returns_nonsense_is_refused() {
        let chars = vec![f32::NAN; SLOTS * CLASSES];
        assert!(Evidence::from_logits(&chars, &[0.0; 7], &[0.0; 2], 0.0).is_err());
        assert!(Evidence::from_logits(&[0.0; 3], &[0.0; 7], &[0.0; 2], 0.0).is_err());
    }
}
