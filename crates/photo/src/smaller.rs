//! A picture for a page, where the whole one would be too much.

use frame::Picture;

/// `picture`, at most `width` pixels wide, each of them the mean of those that it stands for. One that
/// is narrow enough is handed back as it is.
#[must_use]
pub fn smaller(picture: &Picture, width: u32) -> Picture {
    let width = width.max(1);
    if picture.width() <= width {
        return picture.clone();
    }
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
    let height = u32::try_from(height).unwrap_or(1).max(1);
    let (rgb, whole) = (picture.rgb(), (picture.width(), picture.height()));
    let small = image::ImageBuffer::<image::Rgb<u8>, _>::from_raw(whole.0, whole.1, rgb)
        .map(|view| image::imageops::thumbnail(&view, width, height).into_raw());
    let small = small.and_then(|small| Picture::new(width, height, small).ok());
    small.unwrap_or_else(|| picture.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_picture_becomes_narrow_and_keeps_its_shape_and_a_narrow_one_stays() {
        let left_black = (0..1920 * 1080).flat_map(|n| [if n % 1920 < 960 { 0 } else { 200 }; 3]);
        let picture = Picture::new(1920, 1080, left_black.collect()).expect("1920x1080");
        let small = smaller(&picture, 960);
        assert_eq!((small.width(), small.height()), (960, 540));
        assert_eq!(small.pixel(479, 539), Some([0; 3]));
        assert_eq!(small.pixel(480, 0), Some([200; 3]));
        let odd = smaller(&picture, 701);
        assert_eq!((odd.width(), odd.height()), (701, 394));
        assert_eq!(smaller(&small, 960), small);
    }
}
