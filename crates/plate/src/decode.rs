//! The most probable plate under the grammar, with a probability for every character.
//!
//! For each form a small dynamic program runs over the slots with the number of serial letters
//! as its state, once forwards and once backwards. From both come the best string and, over all
//! forms together, the marginal probability of each character: what the reader believes *given
//! that this is a plate*. Both use the same weights, so a stated probability means the same
//! whatever the form.

use serde::{Deserialize, Serialize};

use crate::runs::{
    COUNTS, Run, all_runs, best_of_run, counts_letter, log_sum, log_sum_fast, score,
};
use crate::{CLASSES, Color, Evidence, Layout, SLOTS, Symbol};

/// Below this the colour is reported as unknown.
const COLOR_FLOOR: f32 = 0.5;
/// Other characters worth telling, each with at least this probability.
const ALTERNATIVE_FLOOR: f32 = 0.001;

/// A character that might stand here instead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The other character.
    #[serde(rename = "char")]
    pub symbol: char,
    /// Its probability, 0 to 1.
    pub p: f32,
}

/// One character of a plate as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CharRead {
    /// The character.
    #[serde(rename = "char")]
    pub symbol: char,
    /// Its probability under the grammar, 0 to 1.
    pub p: f32,
    /// The next best, most probable first, at most 3.
    pub alternatives: Vec<Alternative>,
}

/// A plate as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlateRead {
    /// Without dots or spaces, upper row first.
    pub plate: String,
    /// Colour, `Unknown` when no colour is more probable than not.
    pub color: Color,
    /// Probability of that colour.
    pub color_p: f32,
    /// One row or two.
    pub layout: Layout,
    /// Probability of the weakest character, 0 to 1: a plate is as good as its worst character.
    pub confidence: f32,
    /// Probability that this is a plate which can be read at all.
    pub legible: f32,
    /// Character by character.
    pub chars: Vec<CharRead>,
}

impl PlateRead {
    /// The most probable plate under the grammar.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let runs = all_runs(evidence);
        let symbols = best_symbols(&runs, evidence);
        let marginals = marginals(&runs, evidence);
        let (color, color_p) = best_color(&runs);
        let layout = best_layout(&runs);

        let mut plate = String::with_capacity(SLOTS * 3);
        let mut chars = Vec::with_capacity(SLOTS);
        let mut confidence = 1.0_f32;
        for (symbol, probabilities) in symbols.iter().zip(&marginals) {
            let p = probabilities[symbol.index()].clamp(0.0, 1.0);
            confidence = confidence.min(p);
            let Some(c) = symbol.as_char() else { continue };
            plate.push(c);
            chars.push(CharRead {
                symbol: c,
                p,
                alternatives: alternatives(probabilities, *symbol),
            });
        }
        Self {
            plate,
            color,
            color_p,
            layout,
            confidence,
            legible: evidence.legible(),
            chars,
        }
    }

    /// The province the plate names.
    #[must_use]
    pub fn province(&self) -> Option<char> {
        crate::province_of(&self.plate)
    }
}

/// Viterbi inside every run; the best string of all.
fn best_symbols(runs: &[Run], evidence: &Evidence) -> [Symbol; SLOTS] {
    let mut best = ([Symbol::BLANK; SLOTS], f32::NEG_INFINITY);
    for run in runs {
        let (symbols, log_p) = best_of_run(run, evidence);
        if log_p + run.weight > best.1 {
            best = (symbols, log_p + run.weight);
        }
    }
    best.0
}

/// Probability of each class in each slot over all forms.
fn marginals(runs: &[Run], evidence: &Evidence) -> [[f32; CLASSES]; SLOTS] {
    let totals: Vec<f32> = runs.iter().map(|r| r.total).collect();
    let all = log_sum(&totals);
    let mut out = [[0.0; CLASSES]; SLOTS];
    // A run this unlikely changes no digit that anyone sees.
    for run in runs.iter().filter(|r| r.total - all > -16.0) {
        for (slot, &class) in run.slots.iter().enumerate() {
            // What stands around the symbol, over all counts of letters before it.
            let around = [0, 1].map(|step| {
                let mut log_p = [f32::NEG_INFINITY; COUNTS];
                let after = &run.backward[slot + 1][step..];
                for ((to, before), after) in log_p.iter_mut().zip(&run.forward[slot]).zip(after) {
                    *to = before + after;
                }
                log_sum_fast(&log_p) + run.weight - all
            });
            for &symbol in class.symbols() {
                let s = score(evidence, slot, symbol);
                let log_p = s + around[counts_letter(class, symbol)];
                if log_p > -16.0 {
                    out[slot][symbol.index()] += log_p.exp();
                }
            }
        }
    }
    out
}

fn best_color(runs: &[Run]) -> (Color, f32) {
    let shares = shares_of(runs, |run| &run.colors);
    let (index, p) = highest(&shares);
    let color = if p < COLOR_FLOOR {
        Color::Unknown
    } else {
        Color::READABLE[index]
    };
    (color, p)
}

fn best_layout(runs: &[Run]) -> Layout {
    let shares = shares_of(runs, |run| &run.layouts);
    if shares[1] > shares[0] {
        Layout::Double
    } else {
        Layout::Single
    }
}

/// How each run's total splits over the values of a property, summed over runs.
fn shares_of<const N: usize>(runs: &[Run], property: impl Fn(&Run) -> &[f32; N]) -> [f32; N] {
    let totals: Vec<f32> = runs.iter().map(|r| r.total).collect();
    let all = log_sum(&totals);
    let mut shares = [0.0; N];
    for run in runs {
        let values = property(run);
        let sum = log_sum(values);
        for (share, value) in shares.iter_mut().zip(values) {
            *share += (run.total - all + value - sum).exp();
        }
    }
    shares
}

fn alternatives(probabilities: &[f32; CLASSES], chosen: Symbol) -> Vec<Alternative> {
    let mut others: Vec<_> = Symbol::all()
        .filter(|&s| s != chosen && probabilities[s.index()] >= ALTERNATIVE_FLOOR)
        .filter_map(|s| {
            Some(Alternative {
                symbol: s.as_char()?,
                p: probabilities[s.index()],
            })
        })
        .collect();
    others.sort_by(|a, b| b.p.total_cmp(&a.p));
    others.truncate(3);
    others
}

fn highest(values: &[f32]) -> (usize, f32) {
    values
        .iter()
        .copied()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

#[cfg(test)]
mod tests;
