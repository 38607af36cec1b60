//! How sure a share is that was counted.

/// Wilson's 95 % interval of `hits` out of `n`, as shares; (0, 1) for `n` = 0.
///
/// Source: E. B. Wilson, JASA 22 (1927), 209-212.
#[must_use]
pub fn wilson(hits: usize, n: usize) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if n == 0 {
        return (0.0, 1.0);
    }
    let n = n as f64;
    let p = hits as f64 / n;
    let spread = 1.0 + Z * Z / n;
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    (
        ((middle - half) / spread).max(0.0),
        ((middle + half) / spread).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_errors_in_947_passages_do_not_prove_one_hundred_percent() {
        let (low, high) = wilson(947, 947);
        assert!(
            (0.995..0.997).contains(&low) && high > 0.999,
            "{low} {high}"
        );
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }
}
