//! The dynamic program over the slots of each form: tables of log weights, forwards and backwards,
//! with the number of serial letters so far as the state.

use crate::grammar::{Class, Slots};
use crate::{CLASSES, Color, Evidence, Form, Layout, SLOTS, Symbol};

/// Serial letters are counted to 2; more never passes.
pub(crate) const COUNTS: usize = 3;
/// The letter O is issued no more; a plate that shows one is rare.
const LETTER_O_WEIGHT: f32 = 0.02;

/// One row of one form: its slots, log weights of what goes with it, and the tables.
pub(crate) struct Run {
    pub(crate) form: Form,
    pub(crate) slots: &'static Slots,
    /// Log of prior, colour and layout weight together.
    pub(crate) weight: f32,
    pub(crate) colors: [f32; 7],
    pub(crate) layouts: [f32; 2],
    pub(crate) forward: Table,
    pub(crate) backward: Table,
    /// Log of the total weight of all strings of this run.
    pub(crate) total: f32,
}

/// `[slot boundary][serial letters so far]`, log weights.
pub(crate) type Table = [[f32; COUNTS]; SLOTS + 1];

pub(crate) fn all_runs(evidence: &Evidence) -> Vec<Run> {
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
pub(crate) fn score(evidence: &Evidence, slot: usize, symbol: Symbol) -> f32 {
    let rare = if symbol.as_char() == Some('O') {
        LETTER_O_WEIGHT.ln()
    } else {
        0.0
    };
    evidence.chars()[slot][symbol.index()] + rare
}

pub(crate) fn counts_letter(class: Class, symbol: Symbol) -> usize {
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
pub(crate) fn log_sum_fast(values: &[f32]) -> f32 {
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

pub(crate) fn best_of_run(run: &Run, evidence: &Evidence) -> ([Symbol; SLOTS], f32) {
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

fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

pub(crate) fn log_sum(values: &[f32]) -> f32 {
    values.iter().copied().fold(f32::NEG_INFINITY, log_add)
}
