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
        Manner::Stops(dice.between(1.0, 12.0))
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

/// Another number of the same fleet: one digit differs.
fn neighbour(plate: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = plate.chars().collect();
    let at = 2 + dice.below(chars.len() - 2);
    let digit = chars[at].to_digit(10).unwrap_or(0) + 1 + dice.below(8) as u32;
    chars[at] = char::from_digit(digit % 10, 10).unwrap_or('0');
    chars.into_iter().collect()
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

/// A sign, or a board with further rows of it within one of its widths, as a name stands above a
/// telephone number.
fn any_board(dice: &mut Dice, most_rows: usize) -> Vec<Sign> {
    let first = any_sign(dice);
    let rows = if most_rows > 2 {
        dice.below(most_rows)
    } else {
        usize::from(dice.chance(0.6))
    };
    let mut board = vec![first.clone()];
    for row in 1..=rows {
        let mut sign = any_sign(dice);
        sign.width = first.width * dice.between(0.8, 1.25);
        sign.left = first.left + first.width * dice.between(-0.2, 0.2);
        sign.top = first.top + first.width * dice.between(0.4, 0.55) * row as f32;
        board.push(sign);
    }
    board
}

/// Whether two boards stand apart.
fn are_apart(one: &Sign, other: &Sign) -> bool {
    let wide = one.width + other.width;
    (one.left - other.left).abs() > 1.5 * wide || (one.top - other.top).abs() > 1.5 * wide
}

fn check(seed: u64, most_rows: usize) -> Result<(), TestCaseError> {
    let mut gate = Gate::front(seed);
    let mut dice = Dice::new(seed ^ 0x5EED);
    gate.camera = any_camera(&mut dice);
    gate.step_s = 1.0 / dice.between(3.0, 25.0);
    gate.presence = dice.chance(0.7);
    gate.missed = dice.between(0.0, 0.15);
    for _ in 0..dice.below(4) {
        let board = any_board(&mut dice, most_rows);
        let apart = |sign: &Sign| gate.signs.iter().all(|other| are_apart(sign, other));
        if board.iter().all(apart) {
            gate.signs.extend(board);
        }
    }
    gate.run(12.0);
    let mut plates: Vec<String> = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let mut car = any_car(&mut dice);
        if let Some(before) = plates.last().filter(|_| dice.chance(0.3)) {
            let plate = neighbour(before, &mut dice);
            if !plates.contains(&plate) {
                car.plate = plate;
            }
        }
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

/// How many approaches are tried; `MENJIN_LANE_CASES` asks for more.
fn approaches() -> u64 {
    let asked = std::env::var("MENJIN_LANE_CASES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(96)
}

#[test]
fn who_was_read_whole_in_five_pictures_is_one_passage_and_no_sign_is_any() {
    // The same approaches at each run: what fails here was broken by the change at hand.
    let told = |seed| {
        check(seed, 3)
            .err()
            .map(|why| format!("seed {seed}: {why}"))
    };
    let wrong: Vec<String> = (0..approaches()).filter_map(told).collect();
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn approaches_that_went_wrong_once_go_right() {
    // Two rows of a board found in turn; a vehicle that crosses the picture in half a second; one
    // whose plate is 90 pixels wide at the line and that waits there; a known row of a board that is
    // uncovered by what fills the lane, just after another row.
    for seed in [173, 589, 997, 8_498_667_485_981_101_341] {
        if let Err(error) = check(seed, 2) {
            panic!("seed {seed}: {error}");
        }
    }
    // Three rows of a board, found in turn while a vehicle covers them; a plate that comes by a sign.
    for seed in [14, 131, 314] {
        if let Err(error) = check(seed, 3) {
            panic!("seed {seed}, three rows: {error}");
        }
    }
}
