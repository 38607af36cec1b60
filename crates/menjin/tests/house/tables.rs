//! Tables that people open in Excel.

use crate::sources;

/// What a spreadsheet would run as a formula is marked where a CSV is written, so it is written in one
/// place.
#[test]
fn a_csv_is_written_in_one_place_only() {
    let writers: Vec<String> = sources::all()
        .into_iter()
        .filter(|source| {
            ["csv::Writer", "WriterBuilder", "text/csv"]
                .iter()
                .any(|sign| source.text.contains(sign))
        })
        .map(|source| source.path)
        .collect();
    assert_eq!(writers, ["records/src/table/write.rs"]);
}
