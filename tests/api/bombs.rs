//! Bodies that are small on the wire and large behind it, and senders that nobody knows (threat 37).

use sealtape_tests::acceptance::{Answer, Form, Segment, TestApp, events, gzip};

use crate::stories;

/// So many MiB of zeros in a thousandth of them, made without keeping them.
pub(crate) fn bomb(mebibytes: usize) -> Vec<u8> {
    use flate2::{Compress, Compression, Crc, FlushCompress};
    let zeros = vec![0_u8; 1 << 20];
    let mut block = Vec::with_capacity(8 << 10);
    let mut deflate = Compress::new(Compression::best(), false);
    // A full flush ends on a byte and forgets what came before: the block can be repeated.
    deflate.compress_vec(&zeros, &mut block, FlushCompress::Full).unwrap();
    let mut crc = Crc::new();
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for _ in 0..mebibytes {
        crc.update(&zeros);
        out.extend_from_slice(&block);
    }
    out.extend_from_slice(&[3, 0]); // an empty last block
    out.extend_from_slice(&crc.sum().to_le_bytes());
    out.extend_from_slice(&crc.amount().to_le_bytes());
    out
}

/// Peak of this process's memory, in MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() >> 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_37_bombs_cost_no_memory() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(&app)).await;
    let zeros = vec![0_u8; 15 << 20];
    let nested = gzip(&gzip(&zeros));
    let window = {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(27).unwrap();
        std::io::Write::write_all(&mut encoder, b"[1]").unwrap();
        encoder.finish().unwrap()
    };
    let gib = {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        for _ in 0..64 {
            std::io::Write::write_all(&mut encoder, &vec![b' '; 16 << 20]).unwrap();
        }
        encoder.finish().unwrap()
    };
    let one_string = format!(r#"[{{"type":3,"timestamp":1,"data":{{"x":"{}"}}}}]"#, "a".repeat(5 << 20));
    let bombs = [
        ("1 GiB from 1 MiB of gzip", "gzip", bomb(1_024)),
        ("1 GiB of zstd", "zstd", gib),
        ("15 MiB of zeros", "gzip", gzip(&zeros)),
        ("gzip in gzip", "gzip", nested),
        ("a window of 128 MiB", "zstd", window),
        ("opening brackets only", "identity", vec![b'['; 4 << 20]),
        ("opening braces only", "gzip", gzip(r#"{"a":"#.repeat(200_000).as_bytes())),
        ("one long string", "gzip", gzip(one_string.as_bytes())),
        ("a number without end", "identity", vec![b'7'; 1 << 20]),
    ];
    let before = (peak_mib(), app.trace().await);
    for (name, encoding, body) in bombs {
        for form in Form::BOTH {
            let answer = recording.send(form, &Segment::raw(0, 1, encoding, body.clone())).await;
            assert!(matches!(answer.status, 400 | 413 | 422), "{name} by {form:?}: {}", answer.text());
            answer.problem();
        }
    }
    assert_eq!(app.trace().await, before.1);
    let grown = peak_mib().saturating_sub(before.0);
    assert!(grown < 160, "{grown} MiB for bodies of at most 4 MiB");
    recording.record(0, 1, &[events::moved(app.now_ms(), 1)]).await;
}

/// Before a caller is known, little is read: 64 KiB of a sign-in, 4 KiB of an upload's head line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_37_strangers_send_little() {
    use futures::StreamExt as _;
    let app = TestApp::new().await;
    let cases = [("/v1/auth/login", "application/json", 65_536, 413), ("/v1/agent/upload", "text/plain", 4_096, 400)];
    for (path, kind, most, status) in cases {
        // One byte too many, and then nothing: whoever wanted to read on would wait for ever.
        let sent = futures::stream::iter([Ok::<_, std::io::Error>(vec![b' '; most + 1])]);
        let body = reqwest::Body::wrap_stream(sent.chain(futures::stream::pending()));
        let request = app.anonymous().request(reqwest::Method::POST, path).header("content-type", kind).body(body);
        let answer = tokio::time::timeout(std::time::Duration::from_secs(30), Answer::of(request)).await;
        answer.expect("is answered before more is read").is(status).problem();
    }
}
