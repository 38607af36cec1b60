//! A picture file: whatever its bytes are, it is a picture of bounded size or a short reason.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match camera::fuzzing::picture(bytes) {
        Ok(picture) => {
            let (width, height) = (picture.width(), picture.height());
            assert!((1..=8192).contains(&width) && (1..=8192).contains(&height));
            assert_eq!(picture.rgb().len(), 3 * width as usize * height as usize);
        }
        Err(reason) => {
            assert!((1..500).contains(&reason.chars().count()), "{reason}");
        }
    }
});
