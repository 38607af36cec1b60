//! Where parts of a recording meet: what two of them tell is one vehicle.

use crate::eyes::{ShownVehicle, Told};

/// What parts told, one behind the other. A vehicle at a seam is told by both.
pub(crate) fn together(parts: impl Iterator<Item = Told>) -> Told {
    let mut all = Told::default();
    for part in parts {
        let before = all.seen.len();
        for vehicle in part.seen {
            let same = all.seen[..before]
                .iter_mut()
                .rev()
                .find(|other| is_same(other, &vehicle));
            match same {
                // The part that saw it leave knows it better.
                Some(other) if other.outcome.is_none() && vehicle.outcome.is_some() => {
                    *other = vehicle;
                }
                Some(_) => {}
                None => all.seen.push(vehicle),
            }
        }
        for file in part.unreadable {
            if !all.unreadable.contains(&file) {
                all.unreadable.push(file);
            }
        }
        all.pictures += part.pictures;
    }
    all.seen.sort_by_key(|vehicle| vehicle.decided);
    all
}

fn is_same(one: &ShownVehicle, other: &ShownVehicle) -> bool {
    let at_once = one.entered <= other.left && other.entered <= one.left;
    let text = |vehicle: &ShownVehicle| vehicle.read.as_ref().map(|read| read.plate.clone());
    let (one, other) = (text(one), text(other));
    at_once && (one.is_none() || other.is_none() || one == other)
}
