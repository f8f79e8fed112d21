//! A gzip bomb, made by hand: zeros behind back-references of the greatest length.

/// Bits of one DEFLATE back-reference of length 258 and distance 1 in fixed Huffman codes
/// (RFC 1951 §3.2.6): code 285 is `11000101`, distance code 0 is `00000`.
const REPEAT: [u8; 13] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0];

/// Length of one back-reference in bytes.
const RUN: usize = 258;

/// A gzip stream (RFC 1952) that unpacks to at least `inflated` zeros, the digit.
pub(super) fn bomb(inflated: usize) -> Vec<u8> {
    let runs = inflated.div_ceil(RUN);
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    // Last block, fixed codes (least significant bit first: 1, then 01), then a literal `0` (0x30),
    // whose code is 0x30 + 0x30 = 0110_0000.
    let mut bits = vec![1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    for _ in 0..runs {
        bits.extend_from_slice(&REPEAT);
    }
    // End of block is seven zeros.
    bits.extend_from_slice(&[0; 7]);
    let length = runs * RUN + 1;
    let packed = bits.chunks(8).map(byte);
    // The trailer holds both numbers modulo 2^32.
    let trailer = [crc_of_zeros(length), (length & 0xffff_ffff) as u32].map(u32::to_le_bytes);
    header.into_iter().chain(packed).chain(trailer.into_iter().flatten()).collect()
}

/// Eight bits, the first of them the least significant.
fn byte(bits: &[u8]) -> u8 {
    bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit)
}

/// CRC-32 (ISO 3309, as gzip uses it) of `length` times the digit `0`, a byte at a time.
fn crc_of_zeros(length: usize) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let table: [u32; 256] = std::array::from_fn(|byte| (0..8).fold(byte as u32, bit));
    let mut crc = u32::MAX;
    for _ in 0..length {
        let index = (crc ^ u32::from(b'0')) & 0xff;
        crc = crc >> 8 ^ table.get(index as usize).copied().unwrap_or_default();
    }
    !crc
}
