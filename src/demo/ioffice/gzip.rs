//! A gzip bomb, made by hand: zeros behind back-references of the greatest length.

/// Bits of one DEFLATE back-reference of length 258 and distance 1 in fixed Huffman codes
/// (RFC 1951 §3.2.6): code 285 is `11000101`, distance code 0 is `00000`.
const REPEAT: [u8; 13] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0];

/// Length of one back-reference in bytes.
const RUN: usize = 258;

/// A gzip stream (RFC 1952) that unpacks to at least `inflated` bytes of `0`. Its trailer is wrong: who
/// reads that far has already read too much.
pub(super) fn bomb(inflated: usize) -> Vec<u8> {
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    // Last block, fixed codes (least significant bit first: 1, then 01), then a literal `0` (0x30),
    // whose code is 0x30 + 0x30 = 0110_0000.
    let mut bits = vec![1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    for _ in 0..inflated.div_ceil(RUN) {
        bits.extend_from_slice(&REPEAT);
    }
    // End of block is seven zeros.
    bits.extend_from_slice(&[0; 7]);
    let packed = bits.chunks(8).map(byte);
    header.into_iter().chain(packed).chain([0; 8]).collect()
}

/// Eight bits, the first of them the least significant.
fn byte(bits: &[u8]) -> u8 {
    bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit)
}
