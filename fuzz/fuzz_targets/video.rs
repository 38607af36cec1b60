//! A file of video that a loss of power or a person has left. What is whole of it stays within the file, and is the
//! same when what is behind it is cut off.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use recorder::walk;

fuzz_target!(|bytes: &[u8]| {
    let walked = walk(&mut Cursor::new(bytes)).expect("memory is readable");
    assert!(walked.whole_bytes <= walked.file_bytes);
    let mut end = walked.header_bytes;
    for place in &walked.fragments {
        assert_eq!(place.offset, end, "one behind the other");
        assert!(place.data_offset > place.offset);
        end = place.offset + place.bytes;
    }
    assert_eq!(end, walked.whole_bytes);
    // Neither may panic, whatever the times are.
    let _ = (walked.duration_ms(), walked.pictures());
    let cut = &bytes[..walked.whole_bytes as usize];
    let again = walk(&mut Cursor::new(cut)).expect("memory is readable");
    assert_eq!(again.fragments, walked.fragments);
    assert_eq!(again.is_whole(), !walked.fragments.is_empty());
});
