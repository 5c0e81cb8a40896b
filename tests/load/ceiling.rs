//! The pipeline alone: what the same bodies cost without HTTP, database, blobs and scheduling.

use domain::{Entropy as _, SessionId, SystemEntropy, TenantId};
use policy::privacy::CaptureRules;
use recording::{
    Bounds, TabState,
    decode::{Encoding, decode},
};
use vault::{
    Key32,
    seal::{Codec, ObjectContext, seal},
};

use crate::{process::cpu_seconds, streams::Stream};

/// As in the server's ingest.
const ZSTD_LEVEL: i32 = 3;

/// CPU seconds of gunzip, scan with redaction, zstd and seal for all bodies, one after another on one thread.
pub(crate) fn measure(streams: &[Stream]) -> f64 {
    std::thread::scope(|scope| {
        let alone = scope.spawn(|| {
            let before = cpu_seconds("thread-self");
            streams.iter().for_each(one);
            cpu_seconds("thread-self") - before
        });
        alone.join().expect("does not panic")
    })
}

fn one(stream: &Stream) {
    let (mut key, mut ids) = ([0; 32], [0; 16]);
    SystemEntropy.fill(&mut key);
    SystemEntropy.fill(&mut ids);
    let key = Key32::from_bytes(key);
    let id = uuid::Uuid::from_bytes(ids);
    let (tenant, session) = (TenantId::from_uuid(id), SessionId::from_uuid(id));
    let (rules, bounds) = (CaptureRules::standard(), Bounds::default());
    let mut state = TabState::default();
    for (n, body) in (0..).zip(stream.iter()) {
        let decoded = decode(&body.gzip, Encoding::Gzip, &bounds).expect("decodes");
        let rewritten = recording::rewrite(&decoded, i64::MAX, &mut state, &rules, &bounds).expect("is a recording");
        let packed = zstd::bulk::compress(&rewritten.ndjson, ZSTD_LEVEL).expect("compresses");
        let context = ObjectContext::segment(tenant, session, 0, n, 1);
        std::hint::black_box(seal(&key, &context, Codec::Zstd, &packed, &SystemEntropy));
    }
}
