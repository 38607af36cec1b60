use super::*;

fn spot(ms: u64, x: f32, width: f32) -> Spot {
    Spot {
        at: MonoTime::from_ms(ms),
        center: Point::new(x, 500.0),
        width,
        height: 0.32 * width,
    }
}

#[test]
fn jitter_of_a_sign_is_no_move_and_neither_is_one_swing_of_the_camera() {
    let mut path = Path::new(spot(0, 500.0, 90.0));
    for i in 1..600_u64 {
        let jitter = [0.0, 3.0, -3.0, 1.0][i as usize % 4];
        let swing = if i == 300 { 60.0 } else { 0.0 };
        path.add(spot(i * 100, 500.0 + jitter + swing, 90.0 + jitter));
    }
    assert!(!path.moved());
    assert!(path.stood_for() > Duration::from_secs(20));
}

#[test]
fn a_sign_that_a_truck_covers_from_one_side_has_not_moved() {
    let mut path = Path::new(spot(0, 1_180.0, 130.0));
    for i in 1..30_u64 {
        path.add(spot(i * 100, 1_180.0, 130.0));
    }
    for i in 0..12_u64 {
        let covered = 5.0 * i as f32;
        path.add(Spot {
            height: 42.0,
            ..spot(3_000 + i * 100, 1_180.0 + covered / 2.0, 130.0 - covered)
        });
    }
    assert!(!path.moved());
}

#[test]
fn a_sign_that_a_truck_uncovers_from_one_side_has_not_moved() {
    let mut path = Path::new(Spot {
        height: 38.0,
        ..spot(0, 1_176.0, 48.0)
    });
    for i in 1..30_u64 {
        let hidden = 8.0 * 10_u64.saturating_sub(i) as f32;
        path.add(Spot {
            height: 38.0,
            ..spot(i * 100, 1_140.0 + hidden / 2.0, 120.0 - hidden)
        });
    }
    assert!(!path.moved());
}

#[test]
fn two_rows_of_a_board_that_are_found_in_turn_have_not_moved() {
    let (upper, lower) = (400.0, 440.0);
    // One after the other, as when something covers the upper one, or now this and now that one.
    let covered = [
        upper, upper, upper, lower, lower, lower, lower, lower, lower,
    ];
    let in_turn = [
        upper, lower, lower, upper, lower, lower, lower, lower, upper,
    ];
    let first_once = [
        upper, lower, lower, lower, lower, lower, lower, lower, lower,
    ];
    for rows in [covered, in_turn, first_once] {
        let row = |i: usize| {
            let mut there = spot(i as u64 * 100, 500.0, 90.0);
            there.center.y = rows[i % rows.len()];
            there
        };
        let mut path = Path::new(row(0));
        for i in 1..rows.len() {
            path.add(row(i));
        }
        assert!(!path.moved(), "{rows:?}");
    }
}

#[test]
fn a_plate_seen_only_at_a_few_places_on_its_way_has_moved() {
    let mut path = Path::new(spot(0, 500.0, 90.0));
    for i in 1..8_u64 {
        path.add(spot(
            i * 330,
            500.0 + 60.0 * i as f32,
            90.0 + 8.0 * i as f32,
        ));
    }
    assert!(path.moved());
}

#[test]
fn a_plate_that_comes_nearer_with_one_edge_at_rest_has_moved() {
    for side in [-0.5, 0.0, 0.5] {
        let mut path = Path::new(spot(0, 960.0, 60.0));
        for i in 1..20_u64 {
            let width = 60.0 * 1.03_f32.powi(i as i32);
            path.add(spot(i * 100, 960.0 + side * (width - 60.0), width));
        }
        assert!(path.moved(), "{side}");
    }
}

#[test]
fn a_plate_that_goes_away_along_the_axis_of_the_camera_has_moved() {
    let mut path = Path::new(spot(0, 960.0, 160.0));
    for i in 1..20_u64 {
        path.add(spot(i * 100, 960.0, 160.0 * 0.97_f32.powi(i as i32)));
    }
    assert!(path.moved());
}

#[test]
fn a_plate_that_drives_away_below_the_camera_has_moved() {
    let mut path = Path::new(spot(0, 500.0, 100.0));
    for i in 1..20_u64 {
        let share = 0.97_f32.powi(i as i32);
        let mut there = spot(i * 100, 500.0, 100.0 * share);
        there.center.y = 150.0 + 350.0 * share;
        path.add(there);
    }
    assert!(path.moved());
}

#[test]
fn an_approach_that_goes_back_is_told_from_one_that_goes_on() {
    let mut path = Path::new(spot(0, 500.0, 60.0));
    for i in 1..20_u64 {
        path.add(spot(i * 100, 500.0, 60.0 * 1.05_f32.powi(i as i32)));
    }
    let (forth, back) = path.forth_and_back(true);
    assert!(path.moved() && forth > 0.6 && back < 0.1);
    for i in 20..40_u64 {
        path.add(spot(i * 100, 500.0, 60.0 * 1.05_f32.powi(40 - i as i32)));
    }
    let (forth, back) = path.forth_and_back(true);
    assert!(forth > 0.6 && back > 0.6);
}

#[test]
fn what_comes_from_where_a_plate_went_back_to_comes_anew() {
    let mut path = Path::new(spot(0, 500.0, 40.0));
    let forth = (41..100_u64).map(|width| width as f32);
    let back = (38..100_u64).rev().map(|width| width as f32);
    for (i, width) in forth.enumerate() {
        path.add(spot(100 + 100 * i as u64, 500.0, width));
        assert!(!path.left_before(&spot(0, 500.0, width + 1.0), true));
    }
    for (i, width) in back.enumerate() {
        path.add(spot(6_000 + 100 * i as u64, 500.0, width));
        assert!(!path.left_before(&spot(0, 500.0, width - 1.0), true));
    }
    assert!(
        !path.left_before(&spot(20_000, 500.0, 41.0), true),
        "jitter"
    );
    assert!(path.left_before(&spot(20_000, 500.0, 46.0), true));
}
