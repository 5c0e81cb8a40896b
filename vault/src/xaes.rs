//! XAES-256-GCM (C2SP `XAES-256-GCM.md`): AES-256-GCM under a key derived from the first half of a 192-bit nonce, so that
//! random nonces never run out under one wrapping key.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
    aes::{Aes256, cipher::BlockCipherEncrypt as _},
};
use zeroize::Zeroizing;

use crate::Key32;

/// Bytes of a nonce.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes of a tag.
pub(crate) const TAG_LEN: usize = 16;

type Block = [u8; 16];

fn encrypt_block(cipher: &Aes256, block: Block) -> Block {
    let mut block = block.into();
    cipher.encrypt_block(&mut block);
    block.into()
}

/// CMAC's first sub-key (NIST SP 800-38B): doubling in GF(2^128).
fn double(block: Block) -> Block {
    let wide = u128::from_be_bytes(block);
    // A mask instead of a branch: the top bit depends on the key.
    let reduce = 0_u128.wrapping_sub(wide >> 127) & 0x87;
    ((wide << 1) ^ reduce).to_be_bytes()
}

/// The one-message cipher for (`key`, first 12 bytes of `nonce`).
fn cipher(key: &Key32, nonce: &[u8; NONCE_LEN]) -> Aes256Gcm {
    let aes = Aes256::new(key.expose().into());
    let k1 = double(encrypt_block(&aes, [0; 16]));
    let mut derived = Zeroizing::new([0_u8; 32]);
    for (counter, half) in (1_u8..).zip(derived.chunks_exact_mut(16)) {
        let mut message: Block = [0, counter, b'X', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        message[4..].copy_from_slice(&nonce[..12]);
        for (byte, mask) in message.iter_mut().zip(k1) {
            *byte ^= mask;
        }
        half.copy_from_slice(&encrypt_block(&aes, message));
    }
    Aes256Gcm::new((&*derived).into())
}

fn gcm_nonce(nonce: &[u8; NONCE_LEN]) -> [u8; 12] {
    let mut last = [0; 12];
    last.copy_from_slice(&nonce[12..]);
    last
}

/// Ciphertext and tag.
pub(crate) fn encrypt(key: &Key32, nonce: &[u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    cipher(key, nonce)
        .encrypt(&gcm_nonce(nonce).into(), Payload { msg: plaintext, aad })
        .expect("what we wrap is far below GCM's length limit")
}

/// The plaintext; `None` when the tag is wrong.
pub(crate) fn decrypt(
    key: &Key32,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    cipher(key, nonce).decrypt(&gcm_nonce(nonce).into(), Payload { msg: ciphertext, aad }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha3::{
        Shake128,
        digest::{ExtendableOutput as _, Update as _, XofReader as _},
    };

    const NONCE: &[u8; NONCE_LEN] = b"ABCDEFGHIJKLMNOPQRSTUVWX";

    #[test]
    fn c2sp_published_vectors() {
        for (byte, aad, sealed) in [
            (1, &b""[..], "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
            (3, b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
        ] {
            let key = Key32::from_bytes([byte; 32]);
            let ciphertext = encrypt(&key, NONCE, aad, b"XAES-256-GCM");
            assert_eq!(hex::encode(&ciphertext), sealed);
            let opened = decrypt(&key, NONCE, aad, &ciphertext);
            assert_eq!(opened.as_deref().map(Vec::as_slice), Some(&b"XAES-256-GCM"[..]));
        }
    }

    /// The published digest over 10 000 random messages, which covers lengths, nonces and both values of the top bit.
    #[test]
    fn c2sp_accumulated_vectors() {
        let mut source = Shake128::default().finalize_xof();
        let mut digest = Shake128::default();
        for _ in 0..10_000 {
            let mut key = [0; 32];
            source.read(&mut key);
            let mut nonce = [0; NONCE_LEN];
            source.read(&mut nonce);
            let mut next = || {
                let mut length = [0];
                source.read(&mut length);
                let mut bytes = vec![0; usize::from(length[0])];
                source.read(&mut bytes);
                bytes
            };
            let (plaintext, aad) = (next(), next());
            digest.update(&encrypt(&Key32::from_bytes(key), &nonce, &aad, &plaintext));
        }
        let mut sum = [0; 32];
        digest.finalize_xof().read(&mut sum);
        assert_eq!(hex::encode(sum), "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939");
    }
}
