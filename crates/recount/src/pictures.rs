//! Small pictures, to know a truck again by.

use frame::{Picture, Rect};
use lane::KeyFrame;

/// Width of a vehicle's picture, in pixels; with its plate in it that is enough.
const WIDTH_PX: u32 = 320;
/// Width of its plate's.
const PLATE_WIDTH_PX: u32 = 160;
const JPEG_QUALITY: u8 = 80;

/// The vehicle and its plate, as small JPEG files.
pub(crate) fn of_vehicle(head: &KeyFrame) -> (Vec<u8>, Vec<u8>) {
    let whole = &head.frame.picture;
    let plate = head.quad.and_then(|quad| {
        let (bounds, center) = (quad.bounds(), quad.center());
        let (half_width, half_height) = (bounds.width() * 0.6, bounds.height() * 0.75);
        whole.crop(Rect::new(
            center.x - half_width,
            center.y - half_height,
            center.x + half_width,
            center.y + half_height,
        ))
    });
    let plate = plate.map_or_else(Vec::new, |plate| jpeg(&plate, PLATE_WIDTH_PX));
    (jpeg(whole, WIDTH_PX), plate)
}

fn jpeg(picture: &Picture, width: u32) -> Vec<u8> {
    let small = photo::smaller(picture, width);
    photo::encode_jpeg(&small, JPEG_QUALITY).unwrap_or_default()
}

/// A photo of the ledger made small; none where it is no picture.
pub(crate) fn of_photo(photo: &[u8]) -> Option<Vec<u8>> {
    photo::decode_jpeg(photo).map(|picture| jpeg(&picture, WIDTH_PX))
}
