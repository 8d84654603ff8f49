//! Protocol buffers on the wire, as far as OpenStreetMap files use them: fields and packed numbers, borrowed from the bytes.

/// Why bytes are no OpenStreetMap data: what is wrong and what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage(pub(super) &'static str);

const CUT_OFF: Damage = Damage("a message ends in the middle of a field; expected the rest of it");
const TOO_LONG: Damage = Damage("a number has more than 64 bits; expected a shorter one");
const BAD_KEY: Damage = Damage("a message holds bytes that are no field; expected protocol buffers");
const NOT_BYTES: Damage = Damage("a field is a number; expected bytes");
const NOT_A_NUMBER: Damage = Damage("a field is bytes; expected a number");

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'b> {
    /// A whole number, as it stands on the wire.
    Number(u64),
    /// A text, a message or packed numbers.
    Bytes(&'b [u8]),
    /// A number of 4 or 8 bytes, which these files do not use.
    Fixed,
}

impl<'b> Value<'b> {
    pub(super) const fn bytes(self) -> Result<&'b [u8], Damage> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) | Self::Fixed => Err(NOT_BYTES),
        }
    }

    pub(super) const fn number(self) -> Result<u64, Damage> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) | Self::Fixed => Err(NOT_A_NUMBER),
        }
    }
}

/// The fields of a message with their numbers, in the order of the bytes; nothing comes after the first damage.
#[derive(Debug, Clone)]
pub(super) struct Fields<'b> {
    rest: &'b [u8],
}

impl<'b> Fields<'b> {
    pub(super) const fn of(message: &'b [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'b>), Damage> {
        let key = varint(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.rest)?),
            1 => {
                self.take(8)?;
                Value::Fixed
            }
            2 => {
                let length = varint(&mut self.rest)?;
                Value::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Value::Fixed
            }
            _ => return Err(BAD_KEY),
        };
        if key >> 3 == 0 {
            return Err(BAD_KEY);
        }
        Ok((key >> 3, value))
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], Damage> {
        let length = usize::try_from(length).map_err(|_too_long| CUT_OFF)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = Result<(u64, Value<'b>), Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Numbers that follow each other in one field.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed<'b> {
    rest: &'b [u8],
}

impl<'b> Packed<'b> {
    pub(super) const fn of(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The numbers as differences, each from the one before, added up.
    pub(super) fn sums(self) -> impl Iterator<Item = Result<i64, Damage>> + 'b {
        let mut sum = 0_i64;
        self.map(move |number| {
            sum = sum.checked_add(zigzag(number?)).ok_or(TOO_LONG)?;
            Ok(sum)
        })
    }
}

impl Iterator for Packed<'_> {
    type Item = Result<u64, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let number = varint(&mut self.rest);
        if number.is_err() {
            self.rest = &[];
        }
        Some(number)
    }
}

/// The signed number that alternates between the signs on the wire: 0, -1, 1, -2, …
pub(super) const fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// Takes a number of seven bits a byte, lowest first.
fn varint(rest: &mut &[u8]) -> Result<u64, Damage> {
    let mut number = 0_u64;
    for (position, byte) in rest.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        if position == 9 && bits > 1 {
            return Err(TOO_LONG);
        }
        number |= bits << (7 * position);
        if byte & 0x80 == 0 {
            *rest = rest.get(position + 1..).unwrap_or_default();
            return Ok(number);
        }
    }
    Err(if rest.len() < 10 { CUT_OFF } else { TOO_LONG })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_up_to_64_bits_and_not_beyond() {
        let read = |bytes: &[u8]| Packed::of(bytes).collect::<Result<Vec<u64>, Damage>>();
        assert_eq!(read(&[0, 1, 0x96, 0x01]), Ok(vec![0, 1, 150]));
        let largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read(&largest), Ok(vec![u64::MAX]));
        let mut above = largest;
        above[9] = 0x02;
        assert_eq!(read(&above), Err(TOO_LONG));
        assert_eq!(read(&[0x80]), Err(CUT_OFF));
        assert_eq!(read(&[0x80; 11]), Err(TOO_LONG));
    }

    #[test]
    fn signs_alternate_and_differences_add_up_without_overflow() {
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
        let sums = |bytes: &[u8]| Packed::of(bytes).sums().collect::<Result<Vec<i64>, Damage>>();
        assert_eq!(sums(&[10, 3, 3]), Ok(vec![5, 3, 1]));
        let mut largest = vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(sums(&largest), Ok(vec![i64::MAX]));
        largest.push(2);
        assert_eq!(sums(&largest), Err(TOO_LONG));
    }

    #[test]
    fn fields_end_at_the_first_damage() {
        let read = |bytes: &'static [u8]| Fields::of(bytes).collect::<Vec<_>>();
        let expected = vec![
            Ok((1, Value::Number(150))),
            Ok((2, Value::Bytes(b"ab"))),
            Ok((3, Value::Fixed)),
        ];
        assert_eq!(read(b"\x08\x96\x01\x12\x02ab\x1d1234"), expected);
        assert_eq!(read(b"\x12\x03ab"), vec![Err(CUT_OFF)]);
        assert_eq!(
            read(b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            vec![Err(CUT_OFF)]
        );
        assert_eq!(read(b"\x0b\x01"), vec![Err(BAD_KEY)]);
        assert_eq!(read(b"\x00\x01\x08\x01"), vec![Err(BAD_KEY)]);
    }
}
