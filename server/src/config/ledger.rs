//! Who signs the audit log, and where that is kept: reading and checking the section `[ledger]`.

use std::{path::PathBuf, time::Duration};

use app::{
    ledger::{NoWitness, OutsideWitness},
    settings,
};
use domain::Secret;
use serde::Deserialize;
use url::Url;
use vault::anchors::{Bucket, Place};

use super::validate::Finding;

/// The audit log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Whether this process places leaves, signs heads and asks witnesses.
    pub sign: bool,
    /// Who is asked to sign the deployment's own log besides us, with commas between them.
    pub witnesses: String,
    /// Where checkpoints of that log are put so that nobody takes them back: `s3://bucket/prefix` or `file:///folder`; may be
    /// empty.
    pub anchors: String,
    /// Seconds between two of them.
    pub anchors_seconds: u64,
    /// Where the bucket is asked for; may be empty.
    pub anchors_endpoint: String,
    /// Its region.
    pub anchors_region: String,
    /// Id and secret of its access key, with a colon between them.
    pub anchors_key: Option<Secret<String>>,
}

/// More often is no gain: who is outside looks every half a minute, and every anchor is kept.
const SHORTEST: u64 = 60;
/// What is newer than the newest anchor can be taken back.
const LONGEST: u64 = 86_400;

impl Ledger {
    pub(super) fn check(&self) -> Result<(), Finding> {
        let witnesses = self.witnesses().map_err(|error| ("ledger.witnesses", error.to_string()))?;
        let name = |at: usize| witnesses[at].key.name();
        // Two lines of one name could not be told apart.
        if let Some(at) = (1..witnesses.len()).find(|&at| (0..at).any(|before| name(before) == name(at))) {
            return Err(("ledger.witnesses", format!("names {} twice", name(at))));
        }
        self.anchors().map(drop)
    }

    /// Where anchors are put.
    ///
    /// # Errors
    /// The key to change, and why. No reason quotes the access key.
    pub fn anchors(&self) -> Result<Option<settings::Anchors>, Finding> {
        if !(SHORTEST..=LONGEST).contains(&self.anchors_seconds) {
            return Err(("ledger.anchors_seconds", format!("must be between {SHORTEST} and {LONGEST}")));
        }
        let place = match self.anchors.trim() {
            "" => return Ok(None),
            place => Url::parse(place).ok(),
        };
        let place = match place {
            Some(place) if place.scheme() == "s3" => self.bucket(&place)?.map(Place::Bucket),
            Some(place) if place.scheme() == "file" => folder(&place).map(Place::Folder),
            _ => None,
        };
        let place = place.ok_or_else(|| {
            ("ledger.anchors", "must be s3://BUCKET, s3://BUCKET/PREFIX or file:///FOLDER".to_owned())
        })?;
        Ok(Some(settings::Anchors { place, every: Duration::from_secs(self.anchors_seconds) }))
    }

    fn bucket(&self, place: &Url) -> Result<Option<Bucket>, Finding> {
        let key = self.anchors_key.as_ref().and_then(|key| key.expose().split_once(':'));
        let Some((key_id, key)) = key.filter(|(id, key)| !id.is_empty() && !key.is_empty()) else {
            let reason = "must be set with a bucket: the access key's id, a colon and the secret access key";
            return Err(("ledger.anchors_key", reason.to_owned()));
        };
        let endpoint = match self.anchors_endpoint.trim() {
            "" => None,
            endpoint => Some(Url::parse(endpoint).ok().filter(is_endpoint).ok_or_else(|| {
                ("ledger.anchors_endpoint", "must be an http(s) address without a query or a name in it".to_owned())
            })?),
        };
        if self.anchors_region.trim().is_empty() {
            return Err(("ledger.anchors_region", "must be named; storage that has none takes any".to_owned()));
        }
        let prefix = place.path().trim_matches('/');
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        // A bucket's name is written as it is called: a host of a URL is not taken apart further.
        let Some(name) = place.host_str().filter(|name| plain(name) && only_host(place)) else { return Ok(None) };
        if !prefix.is_empty() && !prefix.split('/').all(|part| plain(part) && !part.starts_with('.')) {
            return Ok(None);
        }
        Ok(Some(Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            endpoint,
            region: self.anchors_region.trim().to_owned(),
            key_id: key_id.to_owned(),
            key: Secret::new(key.to_owned()),
        }))
    }

    /// Who is asked.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn witnesses(&self) -> Result<Vec<OutsideWitness>, NoWitness> {
        self.witnesses.split(',').map(str::trim).filter(|witness| !witness.is_empty()).map(str::parse).collect()
    }
}

/// The folder, when the address names one of this machine.
fn folder(place: &Url) -> Option<PathBuf> {
    place.to_file_path().ok().filter(|folder| folder.parent().is_some() && nothing_behind(place))
}

fn only_host(place: &Url) -> bool {
    place.username().is_empty() && place.password().is_none() && place.port().is_none() && nothing_behind(place)
}

fn is_endpoint(place: &Url) -> bool {
    matches!(place.scheme(), "http" | "https")
        && place.has_host()
        && place.username().is_empty()
        && place.password().is_none()
        && nothing_behind(place)
}

fn nothing_behind(place: &Url) -> bool {
    place.query().is_none() && place.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use ledger::note::Witness;

    use super::*;

    fn of(witnesses: &str) -> Ledger {
        Ledger {
            sign: true,
            witnesses: witnesses.to_owned(),
            anchors: String::new(),
            anchors_seconds: 600,
            anchors_endpoint: String::new(),
            anchors_region: "us-east-1".to_owned(),
            anchors_key: None,
        }
    }

    fn put_to(anchors: &str, endpoint: &str, key: &str) -> Ledger {
        Ledger {
            anchors: anchors.to_owned(),
            anchors_endpoint: endpoint.to_owned(),
            anchors_key: Some(Secret::new(key.to_owned())),
            ..of("")
        }
    }

    #[test]
    fn anchors_go_to_a_bucket_or_a_folder() {
        assert!(of("").anchors().expect("none").is_none());
        let place = |ledger: Ledger| ledger.anchors().map(|anchors| anchors.expect("a place").place);
        let Ok(Place::Folder(folder)) = place(put_to("file:///mnt/worm/sealtape", "", "")) else { panic!("a folder") };
        assert_eq!(folder, PathBuf::from("/mnt/worm/sealtape"));
        let bucket = put_to("s3://audit.example/a/b/", "http://10.1.2.3:9000", "id:se:cret");
        let Ok(Place::Bucket(bucket)) = place(bucket) else { panic!("a bucket") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("audit.example", "a/b"));
        assert_eq!((bucket.key_id.as_str(), bucket.key.expose().as_str()), ("id", "se:cret"));
        assert_eq!(bucket.endpoint.expect("is set").as_str(), "http://10.1.2.3:9000/");
        let bare = place(put_to("s3://bucket", "", "id:secret"));
        assert!(matches!(bare, Ok(Place::Bucket(Bucket { prefix, endpoint: None, .. })) if prefix.is_empty()));
        for (anchors, endpoint, key, wrong) in [
            ("bucket", "", "id:secret", "ledger.anchors"),
            ("s3://", "", "id:secret", "ledger.anchors"),
            ("s3://user@bucket", "", "id:secret", "ledger.anchors"),
            ("s3://bucket:9000", "", "id:secret", "ledger.anchors"),
            ("s3://bucket/a//b", "", "id:secret", "ledger.anchors"),
            ("s3://bucket/../b?c", "", "id:secret", "ledger.anchors"),
            ("https://bucket", "", "id:secret", "ledger.anchors"),
            ("file:///", "", "", "ledger.anchors"),
            ("file://elsewhere/mnt", "", "", "ledger.anchors"),
            ("s3://bucket", "", "secret", "ledger.anchors_key"),
            ("s3://bucket", "", "id:", "ledger.anchors_key"),
            ("s3://bucket", "ftp://host", "id:secret", "ledger.anchors_endpoint"),
            ("s3://bucket", "https://a:b@host", "id:secret", "ledger.anchors_endpoint"),
        ] {
            assert_eq!(put_to(anchors, endpoint, key).check().expect_err(anchors).0, wrong);
        }
        for seconds in [0, 59, 86_401] {
            let often = Ledger { anchors_seconds: seconds, ..of("") };
            assert_eq!(often.check().expect_err("too often or too seldom").0, "ledger.anchors_seconds");
        }
    }

    #[test]
    fn witnesses_are_a_key_and_an_address() {
        let key = |name: &str| Witness::new(name.parse().expect("a name"), [7; 32]).to_string();
        let (one, two) = (key("one.example/w"), key("two.example/w"));
        assert!(of("").witnesses().expect("none").is_empty());
        let both = of(&format!("{one} https://one.example/submit , {two} http://10.1.2.3:8080"));
        assert_eq!(both.witnesses().expect("two").len(), 2);
        both.check().expect("are two");
        let own = ledger::note::Verifier::new("one.example/w".parse().expect("a name"), [7; 32]);
        for bad in [
            one.clone(),
            format!("{one}https://one.example"),
            format!("{one} ftp://one.example"),
            format!("{one} https://user@one.example"),
            format!("{one} https://one.example/?a"),
            // A log's key and not a witness's: it signs something else.
            format!("{own} https://one.example"),
        ] {
            assert_eq!(of(&bad).check().expect_err(&bad).0, "ledger.witnesses");
        }
        let twice = of(&format!("{one} https://one.example, {one} https://two.example"));
        assert_eq!(twice.check().expect_err("one name").1, "names one.example/w twice");
    }
}
