//! Bounded, incremental decoding of upload bodies.
//!
//! Every cap is checked while bytes come out, so that a bomb costs at most one step beyond the cap. Truncated bodies,
//! bytes behind the end and second members are refused: a body has one reading.

use std::io::{ErrorKind, Read};

use zstd::zstd_safe::DParameter;

use crate::{Bounds, Rejection, StatusClass};

/// How a body is encoded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952, one member.
    Gzip,
    /// RFC 8878, one frame.
    Zstd,
}

impl Encoding {
    /// Reads a `Content-Encoding` or the `encoding` of a head line; `None` for what we do not take.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "" | "identity" => Some(Self::Identity),
            "gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// Decodes a whole body within `bounds`.
///
/// # Errors
/// `body.too-large`, `body.decoded-too-large`, `body.ratio`, `body.truncated`, `body.trailing`, `body.corrupt`.
pub fn decode(body: &[u8], encoding: Encoding, bounds: &Bounds) -> Result<Vec<u8>, Rejection> {
    if body.len() > bounds.compressed_bytes {
        return Err(Rejection::new("body.too-large", StatusClass::TooLarge, "the body is larger than allowed"));
    }
    match encoding {
        Encoding::Identity if body.len() > bounds.decoded_bytes => Err(decoded_too_large()),
        Encoding::Identity => Ok(body.to_vec()),
        Encoding::Gzip => {
            let mut decoder = flate2::bufread::GzDecoder::new(body);
            let out = drain(&mut decoder, body.len(), bounds)?;
            end(decoder.into_inner(), out)
        }
        Encoding::Zstd => {
            let mut decoder = zstd::stream::raw::Decoder::new().map_err(|_| corrupt())?;
            decoder.set_parameter(DParameter::WindowLogMax(bounds.zstd_window_log)).map_err(|_| corrupt())?;
            let mut decoder = zstd::stream::zio::Reader::new(body, decoder);
            decoder.set_single_frame();
            let out = drain(&mut decoder, body.len(), bounds)?;
            end(decoder.into_inner(), out)
        }
    }
}

/// Takes all that `decoder` gives, stopping at the first cap.
fn drain(decoder: &mut impl Read, wire: usize, bounds: &Bounds) -> Result<Vec<u8>, Rejection> {
    let ratio_cap = wire.saturating_mul(bounds.ratio).max(bounds.ratio_allowance_bytes);
    let mut out = Vec::with_capacity(wire.saturating_mul(4).min(bounds.decoded_bytes));
    let mut step = vec![0_u8; 64 << 10];
    loop {
        match decoder.read(&mut step) {
            Ok(0) => return Ok(out),
            Ok(read) => {
                out.extend_from_slice(&step[..read]);
                if out.len() > bounds.decoded_bytes {
                    return Err(decoded_too_large());
                }
                if out.len() > ratio_cap {
                    return Err(Rejection::new(
                        "body.ratio",
                        StatusClass::TooLarge,
                        "the body grows too much when decoded",
                    ));
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(Rejection::new(
                    "body.truncated",
                    StatusClass::BadRequest,
                    "the encoded body ends too early",
                ));
            }
            Err(_) => return Err(corrupt()),
        }
    }
}

/// Nothing may stand behind the end of the encoded body.
fn end(rest: &[u8], out: Vec<u8>) -> Result<Vec<u8>, Rejection> {
    if rest.is_empty() {
        return Ok(out);
    }
    Err(Rejection::new("body.trailing", StatusClass::BadRequest, "bytes stand behind the end of the encoded body"))
}

fn corrupt() -> Rejection {
    Rejection::new("body.corrupt", StatusClass::BadRequest, "the body cannot be decoded")
}

fn decoded_too_large() -> Rejection {
    Rejection::new("body.decoded-too-large", StatusClass::TooLarge, "the decoded body is larger than allowed")
}
