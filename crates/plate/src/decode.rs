//! The most probable plate under the grammar, with a probability for every character.
//!
//! For each form a small dynamic program runs over the slots with the number of serial letters
//! as its state, once forwards and once backwards. From both come the best string and, over all
//! forms together, the marginal probability of each character: what the reader believes *given
//! that this is a plate*. Both use the same weights, so a stated probability means the same
//! whatever the form.

use serde::{Deserialize, Serialize};

use crate::grammar::{Class, Slots};
use crate::{CLASSES, Color, Evidence, Form, Layout, SLOTS, Symbol};

/// Serial letters are counted to 2; more never passes.
const COUNTS: usize = 3;
/// The letter O is issued no more; a plate that shows one is rare.
const LETTER_O_WEIGHT: f32 = 0.02;
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

/// One row of one form: its slots, log weights of what goes with it, and the tables.
struct Run {
    form: Form,
    slots: &'static Slots,
    /// Log of prior, colour and layout weight together.
    weight: f32,
    colors: [f32; 7],
    layouts: [f32; 2],
    forward: Table,
    backward: Table,
    /// Log of the total weight of all strings of this run.
    total: f32,
}

/// `[slot boundary][serial letters so far]`, log weights.
type Table = [[f32; COUNTS]; SLOTS + 1];

fn all_runs(evidence: &Evidence) -> Vec<Run> {
    let mut runs = Vec::with_capacity(Form::ALL.len() + 1);
    for form in Form::ALL {
        let mut colors = [0.0; 7];
        for ((to, &log_p), color) in colors.iter_mut().zip(evidence.color()).zip(Color::READABLE) {
            *to = log_p + form.color_weight(color).ln();
        }
        let layouts = [Layout::Single, Layout::Double].map(|layout| {
            let weight: f32 = if form.layouts().contains(&layout) {
                1.0
            } else {
                0.01
            };
            evidence.layout()[usize::from(layout == Layout::Double)] + weight.ln()
        });
        let weight = form.prior().ln() + log_sum(&colors) + log_sum(&layouts);
        for slots in form.slots() {
            let sums = slot_sums(evidence, slots);
            let forward = forward(&sums, form.max_serial_letters());
            let backward = backward(&sums, form.max_serial_letters());
            let total = weight + log_sum(&forward[SLOTS]);
            runs.push(Run {
                form,
                slots,
                weight,
                colors,
                layouts,
                forward,
                backward,
                total,
            });
        }
    }
    runs
}

/// Log weight of `symbol` in a slot.
fn score(evidence: &Evidence, slot: usize, symbol: Symbol) -> f32 {
    let rare = if symbol.as_char() == Some('O') {
        LETTER_O_WEIGHT.ln()
    } else {
        0.0
    };
    evidence.chars()[slot][symbol.index()] + rare
}

fn counts_letter(class: Class, symbol: Symbol) -> usize {
    usize::from(class == Class::Serial && symbol.is_letter())
}

/// Log weights of every slot of a row, split by whether the symbol counts as a serial letter.
fn slot_sums(evidence: &Evidence, slots: &Slots) -> [[f32; 2]; SLOTS] {
    let mut all = [[f32::NEG_INFINITY; 2]; SLOTS];
    for ((slot, &class), sums) in slots.iter().enumerate().zip(&mut all) {
        let mut scores = [[0.0; CLASSES]; 2];
        let mut used = [0; 2];
        for &symbol in class.symbols() {
            let letter = counts_letter(class, symbol);
            scores[letter][used[letter]] = score(evidence, slot, symbol);
            used[letter] += 1;
        }
        *sums = [0, 1].map(|letter| log_sum_fast(&scores[letter][..used[letter]]));
    }
    all
}

/// Like [`log_sum`] with one exponential for each value that matters; a decode takes thousands.
fn log_sum_fast(values: &[f32]) -> f32 {
    let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if high == f32::NEG_INFINITY {
        return high;
    }
    let matters = values.iter().map(|v| v - high).filter(|&v| v > -20.0);
    high + matters.map(f32::exp).sum::<f32>().ln()
}

fn forward(all: &[[f32; 2]; SLOTS], max_letters: usize) -> Table {
    let mut table = [[f32::NEG_INFINITY; COUNTS]; SLOTS + 1];
    table[0][0] = 0.0;
    for (slot, sums) in all.iter().enumerate() {
        for count in 0..=max_letters.min(COUNTS - 1) {
            let plain = table[slot][count] + sums[0];
            let lettered = if count > 0 {
                table[slot][count - 1] + sums[1]
            } else {
                f32::NEG_INFINITY
            };
            table[slot + 1][count] = log_add(plain, lettered);
        }
    }
    table
}

fn backward(all: &[[f32; 2]; SLOTS], max_letters: usize) -> Table {
    let max = max_letters.min(COUNTS - 1);
    let mut table = [[f32::NEG_INFINITY; COUNTS]; SLOTS + 1];
    for value in &mut table[SLOTS][..=max] {
        *value = 0.0;
    }
    for (slot, sums) in all.iter().enumerate().rev() {
        for count in 0..=max {
            let plain = table[slot + 1][count] + sums[0];
            let lettered = if count < max {
                table[slot + 1][count + 1] + sums[1]
            } else {
                f32::NEG_INFINITY
            };
            table[slot][count] = log_add(plain, lettered);
        }
    }
    table
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

fn best_of_run(run: &Run, evidence: &Evidence) -> ([Symbol; SLOTS], f32) {
    let max = run.form.max_serial_letters().min(COUNTS - 1);
    let mut table = [[(f32::NEG_INFINITY, Symbol::BLANK); COUNTS]; SLOTS + 1];
    table[0][0].0 = 0.0;
    for (slot, &class) in run.slots.iter().enumerate() {
        for &symbol in class.symbols() {
            let s = score(evidence, slot, symbol);
            let step = counts_letter(class, symbol);
            for count in step..=max {
                let log_p = table[slot][count - step].0 + s;
                if log_p > table[slot + 1][count].0 {
                    table[slot + 1][count] = (log_p, symbol);
                }
            }
        }
    }
    let mut count = (0..=max)
        .max_by(|&a, &b| table[SLOTS][a].0.total_cmp(&table[SLOTS][b].0))
        .unwrap_or_default();
    let log_p = table[SLOTS][count].0;
    let mut symbols = [Symbol::BLANK; SLOTS];
    for slot in (0..SLOTS).rev() {
        symbols[slot] = table[slot + 1][count].1;
        count -= counts_letter(run.slots[slot], symbols[slot]).min(count);
    }
    (symbols, log_p)
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

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

fn log_sum(values: &[f32]) -> f32 {
    values.iter().copied().fold(f32::NEG_INFINITY, log_add)
}

#[cfg(test)]
mod tests;
