//! Whatever the camera's place: who was read whole and surely is counted once, and no sign is.

use proptest::prelude::*;

use crate::camera::Camera;
use crate::cars::{Car, Manner};
use crate::dice::Dice;
use crate::passages::{Passage, ended};
use crate::signs::Sign;
use crate::sim::Gate;

/// Pictures with a whole and sure reading from which a vehicle must be counted.
const ENOUGH: u32 = 5;

/// Any camera that sees the stop line: how it is turned follows from where it sees it.
fn any_camera(dice: &mut Dice) -> Camera {
    let away_m = dice.between(4.0, 12.0);
    let width_at_line = dice.between(95.0, 240.0);
    let mut camera = Camera {
        focal_px: width_at_line * away_m / 0.44,
        away_m,
        above_m: if dice.chance(0.4) {
            dice.between(-0.1, 0.1)
        } else {
            dice.between(-0.3, 3.0)
        },
        beside_m: if dice.chance(0.4) {
            dice.between(-0.3, 0.3)
        } else {
            dice.between(-3.0, 3.0)
        },
        yaw: dice.between(-0.35, 0.35),
        center: (0.0, 0.0),
    };
    let at = camera.point(away_m, 0.0, 0.0);
    let (x, y) = (dice.between(500.0, 1_420.0), dice.between(300.0, 850.0));
    camera.center = (x - at.x, y - at.y);
    camera
}

fn any_car(dice: &mut Dice) -> Car {
    let manner = if dice.chance(0.3) {
        Manner::Through
    } else {
        Manner::Stops(dice.between(1.0, 6.0))
    };
    let mut car = Car::new(&dice.plate(), manner);
    car.top_speed = dice.between(1.5, 7.0);
    car.speed = car.top_speed;
    car.length = dice.between(4.0, 14.0);
    car.lateral = dice.between(-0.4, 0.4);
    if dice.chance(0.2) {
        car.clean = dice.between(0.93, 0.98);
    }
    car
}

/// One that is found in every picture and read surely, or one that is found now and then and read
/// differently each time.
fn any_sign(dice: &mut Dice) -> Sign {
    let faint = dice.chance(0.5);
    let p = if faint {
        dice.between(0.2, 0.6)
    } else {
        dice.between(0.6, 0.985)
    };
    Sign {
        text: dice
            .plate()
            .replace(['冀', '晋', '豫', '鲁', '京', '蒙'], "藏"),
        left: dice.between(50.0, 1_700.0),
        top: dice.between(50.0, 950.0),
        width: dice.between(50.0, 160.0),
        p,
        legible: if faint { dice.between(0.1, p) } else { 0.97 },
        found: if faint {
            dice.between(0.02, 0.5)
        } else {
            dice.between(0.8, 1.0)
        },
    }
}

/// Whether the two are not rows of one sign.
fn are_apart(one: &Sign, other: &Sign) -> bool {
    let wide = one.width + other.width;
    (one.left - other.left).abs() > 1.5 * wide || (one.top - other.top).abs() > wide
}

fn check(seed: u64) -> Result<(), TestCaseError> {
    let mut gate = Gate::front(seed);
    let mut dice = Dice::new(seed ^ 0x5EED);
    gate.camera = any_camera(&mut dice);
    gate.step_s = 1.0 / dice.between(3.0, 25.0);
    gate.presence = dice.chance(0.7);
    gate.missed = dice.between(0.0, 0.15);
    for _ in 0..dice.below(4) {
        let sign = any_sign(&mut dice);
        if gate.signs.iter().all(|other| are_apart(&sign, other)) {
            gate.signs.push(sign);
        }
    }
    gate.run(12.0);
    let mut plates = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let car = any_car(&mut dice);
        plates.push(car.plate.clone());
        gate.arrive(car);
        gate.drain(dice.between(6.0, 15.0));
    }
    gate.drain(20.0);
    gate.close();
    let found: Vec<String> = ended(&gate.events).iter().map(Passage::plate).collect();
    let about = format!(
        "{found:?} of {plates:?}; {:?}, {} s, presence {}, {:?}, {:?}",
        gate.whole_reads, gate.step_s, gate.presence, gate.camera, gate.signs
    );
    for plate in &plates {
        let reads = gate.whole_reads.get(plate).copied().unwrap_or_default();
        let times = found.iter().filter(|f| *f == plate).count();
        prop_assert!(
            times == 1 || (reads < ENOUGH && times == 0),
            "{plate} {times} times: {about}"
        );
    }
    prop_assert!(found.len() <= plates.len(), "{about}");
    let signs = gate.signs.iter().any(|s| found.contains(&s.text));
    prop_assert!(!signs, "a sign: {about}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn who_was_read_whole_in_five_pictures_is_one_passage_and_no_sign_is_any(seed in any::<u64>()) {
        check(seed)?;
    }
}
