//! Random names and secrets.

/// Letters of a name that people may have to read aloud: none looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A name that nothing else has: a first letter and some more, 5 random bits each.
pub(super) fn letters(first: char, count: usize) -> String {
    let mut bytes = vec![0; count];
    fill(&mut bytes);
    let letters = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    core::iter::once(first).chain(letters).collect()
}

/// Fills bytes that nobody can foresee.
pub(super) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has random numbers");
}
