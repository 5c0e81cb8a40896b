//! Sealed objects: the one form of everything we store encrypted. The layout is frozen.
//!
//! ```text
//! 0   8   magic "SLTAPE" 00 01
//! 8   2   suite, 0x0001 = HKDF-Expand-SHA-512 + AES-256-GCM, 16 KiB chunks
//! 10  1   kind          11  1  codec
//! 12  16  tenant        28  16 object
//! 44  8   number        52  4  key generation
//! 56  24  salt, new at every seal
//! 80  32  commitment
//! 112 …   chunks: 16 384 bytes of plaintext and a tag; the last is always shorter and may be empty
//! ```
//!
//! The context is in the derived key, so no AAD is needed; a fresh salt gives a fresh key, so nonces count from a derived
//! base and never repeat, also when the same segment is sealed again after a crash.

use std::ops::Range;

use domain::{Entropy, SessionId, TenantId};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Key32, expand::expand};

pub use crate::OpenError;

/// Bytes before the first chunk.
pub const HEADER_LEN: usize = 112;
/// Plaintext bytes of a full chunk.
pub const CHUNK_LEN: usize = 16_384;
/// Bytes a tag adds to each chunk.
pub const TAG_LEN: usize = 16;
const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;
const CONTEXT_LEN: usize = 80;
const SALT: Range<usize> = 56..80;
const MAGIC: &[u8; 8] = b"SLTAPE\x00\x01";
const SUITE: u16 = 1;
const INFO: &[u8] = b"sealtape/seal/v1\0AEAD_AES_256_GCM\0";

/// What a sealed object is. Numbers are part of the format and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Recorded events of one tab.
    Segment = 1,
    /// The list of a closed session's segments.
    Manifest = 2,
    /// A sealed column (summary, e-mail address…).
    Metadata = 3,
    /// Re-packed segments of a closed session.
    ColdPack = 4,
    /// An original set aside, readable by no view.
    QuarantinedOriginal = 5,
    /// The server's node map of one tab between two segments.
    RedactorState = 6,
    /// An image or font shared by sessions.
    Asset = 7,
    /// A person's note on a session.
    Annotation = 8,
    /// What was taken out: a session as its viewer may see it, or a package made for a data request.
    Export = 9,
}

/// How the plaintext is packed. Packing is the caller's; sealing only records and protects it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Codec {
    /// As it is.
    Raw = 0,
    /// One zstd frame.
    Zstd = 1,
}

impl Codec {
    const fn from_byte(byte: u8) -> Result<Self, OpenError> {
        match byte {
            0 => Ok(Self::Raw),
            1 => Ok(Self::Zstd),
            other => Err(OpenError::UnknownCodec(other)),
        }
    }
}

/// Which object this is; taken from the authorised row when opening, never from the blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectContext {
    /// What it is.
    pub kind: Kind,
    /// The owner.
    pub tenant: TenantId,
    /// The session; the asset for [`Kind::Asset`], the export for [`Kind::Export`].
    pub object: Uuid,
    /// Segment: [`segment_number`]; manifest: its revision; metadata: the column's number.
    pub number: u64,
    /// Generation of the key it is sealed under.
    pub generation: u32,
}

impl ObjectContext {
    /// Segment `n` of `tab`.
    #[must_use]
    pub const fn segment(tenant: TenantId, session: SessionId, tab: u16, n: u32, generation: u32) -> Self {
        let number = segment_number(tab, n);
        Self { kind: Kind::Segment, tenant, object: session.uuid(), number, generation }
    }
    /// Revision `rev` of a session's manifest.
    #[must_use]
    pub const fn manifest(tenant: TenantId, session: SessionId, rev: u32, generation: u32) -> Self {
        Self { kind: Kind::Manifest, tenant, object: session.uuid(), number: rev as u64, generation }
    }

    fn header(&self, codec: Codec, salt: &[u8]) -> [u8; CONTEXT_LEN] {
        let mut header = [0; CONTEXT_LEN];
        header[..8].copy_from_slice(MAGIC);
        header[8..10].copy_from_slice(&SUITE.to_be_bytes());
        header[10] = self.kind as u8;
        header[11] = codec as u8;
        header[12..28].copy_from_slice(&self.tenant.bytes());
        header[28..44].copy_from_slice(self.object.as_bytes());
        header[44..52].copy_from_slice(&self.number.to_be_bytes());
        header[52..56].copy_from_slice(&self.generation.to_be_bytes());
        header[SALT].copy_from_slice(salt);
        header
    }
}

/// The number of a segment: tab · 2⁴⁸ + n.
#[must_use]
pub const fn segment_number(tab: u16, n: u32) -> u64 {
    ((tab as u64) << 48) + n as u64
}

/// Bytes that `plaintext_len` bytes take when sealed.
#[must_use]
pub const fn sealed_len(plaintext_len: u64) -> u64 {
    let tags = plaintext_len / CHUNK_LEN as u64 + 1;
    HEADER_LEN as u64 + plaintext_len + tags * TAG_LEN as u64
}

/// An opened object.
#[derive(PartialEq, Eq)]
pub struct Opened {
    /// How `plaintext` is packed.
    pub codec: Codec,
    /// The bytes that were sealed.
    pub plaintext: Vec<u8>,
}

/// What one (key, header) pair derives: AEAD key, first nonce, commitment.
struct Schedule {
    aead: LessSafeKey,
    base_nonce: [u8; 12],
    commitment: [u8; 32],
}

impl Schedule {
    fn derive(key: &Key32, header: &[u8; CONTEXT_LEN]) -> Self {
        let mut derived = Zeroizing::new([0_u8; 76]);
        expand(key, &[INFO, header], derived.as_mut_slice());
        let (mut base_nonce, mut commitment) = ([0; 12], [0; 32]);
        base_nonce.copy_from_slice(&derived[32..44]);
        commitment.copy_from_slice(&derived[44..]);
        let unbound = UnboundKey::new(&AES_256_GCM, &derived[..32]).expect("32 bytes are an AES-256 key");
        Self { aead: LessSafeKey::new(unbound), base_nonce, commitment }
    }

    /// The base nonce XOR the chunk's index as a 96-bit number.
    fn nonce(&self, index: u64) -> Nonce {
        let mut nonce = self.base_nonce;
        for (byte, counter) in nonce[4..].iter_mut().zip(index.to_be_bytes()) {
            *byte ^= counter;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals `plaintext` as the object `context`. Two calls never give the same bytes.
#[must_use]
pub fn seal(key: &Key32, context: &ObjectContext, codec: Codec, plaintext: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
    let tags = plaintext.len() / CHUNK_LEN + 1;
    let mut object = Vec::with_capacity(HEADER_LEN + plaintext.len() + tags * TAG_LEN);
    let mut sealer = Sealer::new(key, context, codec, entropy, &mut object);
    sealer.push(plaintext, &mut object);
    sealer.finish(&mut object);
    object
}

/// Seals one object while its plaintext comes. Whoever drops it without [`Sealer::finish`] leaves bytes that do not open.
pub struct Sealer {
    schedule: Schedule,
    /// Less than a chunk.
    begun: Zeroizing<Vec<u8>>,
    index: u64,
}

impl Sealer {
    /// Begins an object: its header goes to `sealed`.
    #[must_use]
    pub fn new(
        key: &Key32,
        context: &ObjectContext,
        codec: Codec,
        entropy: &dyn Entropy,
        sealed: &mut Vec<u8>,
    ) -> Self {
        let mut salt = [0; 24];
        entropy.fill(&mut salt);
        let header = context.header(codec, &salt);
        let schedule = Schedule::derive(key, &header);
        sealed.extend_from_slice(&header);
        sealed.extend_from_slice(&schedule.commitment);
        Self { schedule, begun: Zeroizing::new(Vec::new()), index: 0 }
    }

    /// More plaintext: every chunk that it fills goes to `sealed`.
    pub fn push(&mut self, mut plaintext: &[u8], sealed: &mut Vec<u8>) {
        if !self.begun.is_empty() {
            let missing = CHUNK_LEN - self.begun.len();
            let (now, later) = plaintext.split_at(missing.min(plaintext.len()));
            self.begun.extend_from_slice(now);
            plaintext = later;
            if self.begun.len() < CHUNK_LEN {
                return;
            }
            let full = std::mem::take(&mut self.begun);
            self.chunk(&full, sealed);
        }
        let full = plaintext.chunks_exact(CHUNK_LEN);
        self.begun.extend_from_slice(full.remainder());
        for chunk in full {
            self.chunk(chunk, sealed);
        }
    }

    /// The end: the rest goes to `sealed`. It may be empty and still gets a chunk, because its tag is what says that nothing
    /// was cut off.
    pub fn finish(mut self, sealed: &mut Vec<u8>) {
        let last = std::mem::take(&mut self.begun);
        self.chunk(&last, sealed);
    }

    fn chunk(&mut self, plaintext: &[u8], sealed: &mut Vec<u8>) {
        let start = sealed.len();
        sealed.extend_from_slice(plaintext);
        let tag = self
            .schedule
            .aead
            .seal_in_place_separate_tag(self.schedule.nonce(self.index), Aad::empty(), &mut sealed[start..])
            .expect("a chunk is below the cipher's length limit");
        sealed.extend_from_slice(tag.as_ref());
        self.index += 1;
    }
}

/// Opens a whole object that the authorised row names as `expected`.
///
/// # Errors
/// Any contradiction between key, row and bytes; then not one byte of plaintext is given.
pub fn open(key: &Key32, expected: &ObjectContext, sealed: &[u8]) -> Result<Opened, OpenError> {
    let header = sealed.first_chunk::<HEADER_LEN>().ok_or(OpenError::Truncated)?;
    let layout = Layout::of_sealed(sealed.len() as u64)?;
    let opener = Opener::new(key, expected, header)?;
    let mut plaintext = Vec::with_capacity(sealed.len() - HEADER_LEN);
    for (index, chunk) in (0_u64..).zip(sealed[HEADER_LEN..].chunks(SEALED_CHUNK_LEN)) {
        opener.append_chunk(&layout, index, chunk, &mut plaintext)?;
    }
    Ok(Opened { codec: opener.codec, plaintext })
}

/// Where the chunks of a sealed object lie, from its length alone. Take the length from the authorised row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    sealed_len: u64,
    chunks: u64,
}

impl Layout {
    /// The layout of an object of `sealed_len` bytes.
    ///
    /// # Errors
    /// [`OpenError::Truncated`] for a length that sealing never produces, such as exactly 112 + k · 16 400.
    pub const fn of_sealed(sealed_len: u64) -> Result<Self, OpenError> {
        let Some(body) = sealed_len.checked_sub(HEADER_LEN as u64) else { return Err(OpenError::Truncated) };
        if body % (SEALED_CHUNK_LEN as u64) < TAG_LEN as u64 {
            return Err(OpenError::Truncated);
        }
        Ok(Self { sealed_len, chunks: body / SEALED_CHUNK_LEN as u64 + 1 })
    }
    /// How many chunks there are; at least one.
    #[must_use]
    pub const fn chunks(&self) -> u64 {
        self.chunks
    }
    /// Bytes of plaintext (as packed by the codec).
    #[must_use]
    pub const fn plaintext_len(&self) -> u64 {
        self.sealed_len - HEADER_LEN as u64 - self.chunks * TAG_LEN as u64
    }
    /// Where chunk `index` lies in the sealed object; empty when there is no such chunk.
    #[must_use]
    pub fn chunk_range(&self, index: u64) -> Range<u64> {
        let start = index.saturating_mul(SEALED_CHUNK_LEN as u64).saturating_add(HEADER_LEN as u64);
        start.min(self.sealed_len)..start.saturating_add(SEALED_CHUNK_LEN as u64).min(self.sealed_len)
    }
    /// The chunk that holds byte `offset` of the plaintext, and where in it.
    #[must_use]
    pub const fn locate(&self, offset: u64) -> (u64, u64) {
        (offset / CHUNK_LEN as u64, offset % CHUNK_LEN as u64)
    }
}

/// Opens single chunks of one object, for range reads.
pub struct Opener {
    schedule: Schedule,
    codec: Codec,
}

impl Opener {
    /// Checks the first [`HEADER_LEN`] bytes against key and row.
    ///
    /// # Errors
    /// As [`open`], except for the chunks.
    pub fn new(key: &Key32, expected: &ObjectContext, header: &[u8; HEADER_LEN]) -> Result<Self, OpenError> {
        if header[..8] != *MAGIC {
            return Err(OpenError::NotSealed);
        }
        let suite = u16::from_be_bytes([header[8], header[9]]);
        if suite != SUITE {
            return Err(OpenError::UnknownSuite(suite));
        }
        let codec = Codec::from_byte(header[11])?;
        // All expected fields are laid out and compared at once: which of them differs shows neither in time nor in the error.
        let wanted = expected.header(codec, &header[SALT]);
        if !bool::from(wanted.ct_eq(&header[..CONTEXT_LEN])) {
            return Err(OpenError::Context);
        }
        let schedule = Schedule::derive(key, &wanted);
        if !bool::from(schedule.commitment.ct_eq(&header[CONTEXT_LEN..])) {
            return Err(OpenError::Commitment);
        }
        Ok(Self { schedule, codec })
    }

    /// How the plaintext is packed.
    #[must_use]
    pub const fn codec(&self) -> Codec {
        self.codec
    }

    /// Opens chunk `index` of an object with this layout; `bytes` is exactly [`Layout::chunk_range`].
    ///
    /// # Errors
    /// [`OpenError::Chunk`] for other bytes than were sealed at this place.
    pub fn open_chunk(&self, layout: &Layout, index: u64, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut plaintext = Vec::with_capacity(bytes.len());
        self.append_chunk(layout, index, bytes, &mut plaintext)?;
        Ok(plaintext)
    }

    fn append_chunk(&self, layout: &Layout, index: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), OpenError> {
        let range = layout.chunk_range(index);
        if range.is_empty() || range.end - range.start != bytes.len() as u64 {
            return Err(OpenError::Chunk { index });
        }
        let start = out.len();
        out.extend_from_slice(bytes);
        let opened = self.schedule.aead.open_in_place(self.schedule.nonce(index), Aad::empty(), &mut out[start..]);
        // On a wrong tag the caller drops `out` unseen, so no byte leaves before its tag verified.
        let len = opened.map_err(|_| OpenError::Chunk { index })?.len();
        out.truncate(start + len);
        Ok(())
    }
}
