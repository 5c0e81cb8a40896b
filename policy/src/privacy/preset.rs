//! What holds where no layer says anything: the three presets, each with every setting.
//!
//! The default is no layer. A preset that leaves a setting out does not compile.

use super::{
    ElementAction, UrlQuery,
    document::{
        Bodies, Consent, Console, Content, DataAction, Detector, DetectorRule, ElementRule, FullAccess, FullAllowable,
        FullBudgets, FullCapture, FullOptOut, FullPolicy, FullRedaction, FullRetention, FullSampling, FullViewing,
        InputAction, LegalMinimum, Preset, Rates, Shed, Signal, Stream, TextAction,
    },
    gate::{Key, Selector, Word},
    orders::{Captured, Fewer, Lower, Required, Rules, Set, Union},
};

impl Preset {
    /// Every setting of this starting point.
    #[must_use]
    pub fn full(self) -> FullPolicy {
        let standard = standard();
        match self {
            Self::Standard => standard,
            Self::Strict => strict(standard),
            Self::Essential => essential(strict(standard)),
        }
    }
}

/// A key that is written here, in this file, and that the gate lets through.
pub(super) fn ours<K: Key>(text: &str) -> K {
    K::parse(text).expect("what is compiled in passes the gate: held by the tests of presets and floor")
}

fn standard() -> FullPolicy {
    FullPolicy {
        preset: Preset::Standard,
        capture: FullCapture {
            dom: Captured(true),
            input: Captured(true),
            actions: Captured(true),
            navigation: Captured(true),
            errors: Captured(true),
            console: Console::All,
            network_metadata: Captured(true),
            network_headers: Captured(false),
            network_bodies: Bodies::Off,
            body_urls: Fewer(Vec::new()),
            state: Content::Off,
            performance: Captured(true),
            canvas: Captured(false),
            cross_origin_frames: Captured(false),
            assets: Captured(false),
            start_urls: Fewer(vec![ours("/**")]),
            start_events: Union(Vec::new()),
            buffer_until_error_seconds: Lower(0),
            session_minutes: Lower(240),
            idle_minutes: Lower(30),
            propagate_to: Fewer(Vec::new()),
        },
        sampling: FullSampling { sessions: Rates::all(10_000), errors: Rates::all(0) },
        budgets: FullBudgets {
            cpu_ms_per_second: Set(Lower(50)),
            longest_block_ms: Set(Lower(50)),
            upload_kib_per_minute: Set(Lower(1024)),
            shed: Set(Shed(vec![
                Stream::Canvas,
                Stream::Performance,
                Stream::MouseMoves,
                Stream::Scroll,
                Stream::State,
                Stream::NetworkBodies,
                Stream::Console,
                Stream::Mutations,
            ])),
        },
        redaction: FullRedaction {
            text: TextAction::Keep,
            inputs: InputAction::Mask,
            url_query: UrlQuery::Names,
            elements: Rules(Vec::new()),
            fields: Rules(Vec::new()),
            detectors: Rules(vec![mask("email"), mask("iban")]),
            patterns: Rules(Vec::new()),
            urls: Rules(Vec::new()),
        },
        opt_out: FullOptOut {
            gpc: Signal::NoRecord,
            dnt: Signal::Ignore,
            consent: Consent::NotAsked,
            consent_in: Union(Vec::new()),
            own_switch: Required(false),
            do_not_record_list: Required(true),
        },
        retention: FullRetention {
            class: Set(ours::<Word>("standard")),
            archive_after_days: Lower(30),
            delete_after_days: Lower(30),
            minimum: Set(LegalMinimum { days: Lower(0), basis: ours("none") }),
        },
        viewing: FullViewing {
            tokens: Required(true),
            console: Required(true),
            bodies: Required(true),
            sensitive: Required(true),
            elements: Rules(Vec::new()),
            fields: Rules(Vec::new()),
        },
        access: FullAccess { labels: Rules(Vec::new()) },
        allowable: FullAllowable {
            elements: Fewer(Vec::new()),
            fields: Fewer(Vec::new()),
            detectors: Fewer(Vec::new()),
            settings: Fewer(Vec::new()),
        },
    }
}

/// All text is masked, and attributes that say it with it.
fn strict(mut full: FullPolicy) -> FullPolicy {
    full.preset = Preset::Strict;
    full.redaction.text = TextAction::Mask;
    full.redaction.url_query = UrlQuery::Remove;
    full.capture.console = Console::Warnings;
    full.opt_out.own_switch = Required(true);
    full.opt_out.dnt = Signal::NoRecord;
    full
}

/// Errors and navigation only.
fn essential(mut full: FullPolicy) -> FullPolicy {
    full.preset = Preset::Essential;
    full.capture = FullCapture {
        dom: Captured(false),
        input: Captured(false),
        actions: Captured(false),
        console: Console::Errors,
        network_metadata: Captured(false),
        performance: Captured(false),
        ..full.capture
    };
    full
}

fn mask(detector: &str) -> DetectorRule {
    DetectorRule { detector: ours::<Detector>(detector), action: DataAction::Mask }
}

/// A rule of the floor.
pub(super) fn masked(selector: &str) -> ElementRule {
    ElementRule { selector: ours::<Selector>(selector), action: ElementAction::Mask }
}
