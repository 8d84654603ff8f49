//! Random names and secrets.

/// Letters of a name that people may have to read aloud: none looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A name that nothing else has: a first letter and some more, 5 random bits each.
pub(super) fn letters(first: char, count: usize) -> String {
    let mut bytes = vec![0; count];
    fill(&mut bytes);
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    core::iter::once(first)
        .chain(letters.copied().map(char::from))
        .collect()
}

/// Fills bytes that nobody can foresee.
pub(super) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has random numbers");
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(digit.into(), 16));
        }
    }
    digits
}
