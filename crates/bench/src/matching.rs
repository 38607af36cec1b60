//! Which answer belongs to which truth.

use plate::PlateRead;
use vision::PlateReading;

use crate::ImageTruth;

/// For each plate of one photo the reading that shows it: by place where the truth knows it,
/// else by the number itself. A reading serves one plate only.
pub(crate) fn match_photo<'r>(
    truths: &[&ImageTruth],
    readings: &'r [PlateReading],
) -> (Vec<Option<&'r PlateReading>>, Vec<&'r PlateReading>) {
    let mut left: Vec<&PlateReading> = readings.iter().collect();
    let mut matched = vec![None; truths.len()];
    for (place, truth) in matched.iter_mut().zip(truths) {
        let Some(quad) = truth.corners else { continue };
        let best = left
            .iter()
            .enumerate()
            .filter(|(_, r)| quad.bounds().contains(r.quad.center()))
            .min_by(|a, b| {
                let distance = |r: &PlateReading| r.quad.center().distance(quad.center());
                distance(a.1).total_cmp(&distance(b.1))
            })
            .map(|(i, _)| i);
        *place = best.map(|i| left.swap_remove(i));
    }
    for (place, truth) in matched.iter_mut().zip(truths) {
        if place.is_some() || truth.corners.is_some() || truth.plate.is_empty() {
            continue;
        }
        let best = (0..left.len()).min_by_key(|&i| distance(&left[i].read, &truth.plate));
        *place = best.map(|i| left.swap_remove(i));
    }
    (matched, left)
}

/// Whether a reading is one of this plate, with a few characters wrong.
pub(crate) fn resembles(read: &PlateRead, truth: &str) -> bool {
    distance(read, truth) <= 4
}

/// Characters in which a reading differs from the truth, place by place.
pub(crate) fn distance(read: &PlateRead, truth: &str) -> usize {
    let (mut a, mut b) = (read.plate.chars(), truth.chars());
    let mut different = 0;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return different,
            (x, y) => different += usize::from(x != y),
        }
    }
}
