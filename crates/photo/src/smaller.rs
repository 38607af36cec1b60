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
    let (from, rgb) = (picture.width() as usize, picture.rgb());
    // Where the pixel `n` of `of` begins among `whole`.
    let begin =
        |n: u32, of: u32, whole: u32| (u64::from(n) * u64::from(whole) / u64::from(of)) as usize;
    let columns: Vec<_> = (0..=width)
        .map(|x| begin(x, width, picture.width()))
        .collect();
    let mut small = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        let rows = begin(y, height, picture.height())..begin(y + 1, height, picture.height());
        for pair in columns.windows(2) {
            let (mut sum, count) = ([0_u32; 3], (rows.len() * (pair[1] - pair[0])) as u32);
            for row in rows.clone() {
                let line = &rgb[(row * from + pair[0]) * 3..(row * from + pair[1]) * 3];
                for pixel in line.chunks_exact(3) {
                    sum = std::array::from_fn(|c| sum[c] + u32::from(pixel[c]));
                }
            }
            small.extend(sum.map(|sum| (sum / count.max(1)) as u8));
        }
    }
    Picture::new(width, height, small).unwrap_or_else(|_| picture.clone())
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
