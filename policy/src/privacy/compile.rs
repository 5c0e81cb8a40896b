//! What holds, in the forms that obey it: [`CaptureConfig`] for the agent, [`CaptureRules`] for the server.

use serde::Serialize;

use super::{
    CaptureRules, Detectors, Effective, ElementAction, FieldAction, UrlQuery,
    document::{
        At, Bodies, Content, DataAction, FullBudgets, FullCapture, FullOptOut, FullSampling, InputAction, PathParts,
        PolicyDocument, Scope, TextAction,
    },
    floor_layer,
    gate::Key as _,
    orders::Rules,
    setting::Rule,
};

/// The first agent that obeys everything a [`CaptureConfig`] of this form can say.
pub const MIN_AGENT: &str = "0.1.0";

/// What an agent gets, before the caller adds tenant, project, times and endpoints and signs it.
///
/// It says what the agent must do and nothing else: who may watch, how long recordings are kept and what is masked when
/// they are watched are no business of a page. The floor is compiled into the agent and is not repeated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaptureConfig {
    /// The form of this document. An agent that does not know it records nothing.
    pub form: u8,
    /// Version of the project's policy.
    pub version: u32,
    /// [`Effective::hash`], as 64 hexadecimal digits.
    pub policy_hash: String,
    /// The oldest agent that obeys it.
    pub min_agent: &'static str,
    /// Streams, and when a recording begins and ends.
    pub capture: FullCapture,
    /// How many sessions are recorded; [`super::sample`] says which.
    pub sampling: FullSampling,
    /// What the agent may cost.
    pub budgets: FullBudgets,
    /// How people stay out.
    pub opt_out: FullOptOut,
    /// What is hidden.
    pub rules: AgentRules,
}

/// What the agent hides beyond the floor. On one node or value the strictest of all rules that match it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentRules {
    /// Text of the page.
    pub text: TextAction,
    /// What people type and choose.
    pub inputs: InputAction,
    /// Queries and fragments of every address.
    pub query: UrlQuery,
    /// Selector and action.
    pub elements: Vec<(String, ElementAction)>,
    /// Path and action; `tokenise` only where the server makes the token, and masked by the agent elsewhere.
    pub fields: Vec<(String, DataAction)>,
    /// Detector and action.
    pub detectors: Vec<(String, DataAction)>,
    /// Name, expression for `RegExp` with the flags `gu`, and action.
    pub patterns: Vec<(String, String, DataAction)>,
    /// What happens on pages and to addresses.
    pub urls: Vec<AgentUrl>,
}

/// A rule about addresses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentUrl {
    /// Which addresses.
    pub pattern: String,
    /// What is left of query and fragment.
    pub query: UrlQuery,
    /// What is left of the path.
    pub path: PathParts,
    /// Whether anything is recorded there.
    pub record: bool,
}

impl CaptureConfig {
    /// The form of document that this code writes.
    pub const FORM: u8 = 1;

    /// What the agent gets for what holds.
    #[must_use]
    pub fn of(effective: &Effective) -> Self {
        let policy = &effective.policy;
        let redaction = &policy.redaction;
        let floor = floor_layer::layer().redaction;
        let urls = redaction.urls.0.iter().map(|rule| AgentUrl {
            pattern: rule.pattern.to_string(),
            query: rule.query,
            path: rule.path,
            record: rule.record.0,
        });
        let patterns = redaction.patterns.0.iter().map(|rule| {
            (rule.name.0.to_string(), rule.pattern.portable().javascript, by_agent(rule.action, At::Agent))
        });
        Self {
            form: Self::FORM,
            version: effective.version,
            policy_hash: effective.hash().to_string(),
            min_agent: MIN_AGENT,
            capture: policy.capture.clone(),
            sampling: policy.sampling.clone(),
            budgets: policy.budgets.clone(),
            opt_out: policy.opt_out.clone(),
            rules: AgentRules {
                text: redaction.text,
                inputs: redaction.inputs,
                query: redaction.url_query,
                elements: beyond(&redaction.elements, floor.elements.as_ref())
                    .map(|rule| (rule.selector.to_string(), rule.action))
                    .collect(),
                fields: beyond(&redaction.fields, floor.fields.as_ref())
                    .map(|rule| (rule.path.to_string(), by_agent(rule.action, rule.at)))
                    .collect(),
                detectors: beyond(&redaction.detectors, floor.detectors.as_ref())
                    .map(|rule| (rule.detector.to_string(), by_agent(rule.action, At::Agent)))
                    .collect(),
                patterns: patterns.collect(),
                urls: urls.collect(),
            },
        }
    }
}

/// The agent has no key to make tokens with: it masks, unless the server is to make them.
fn by_agent(action: DataAction, at: At) -> DataAction {
    if action == DataAction::Tokenise && at == At::Agent { DataAction::Mask } else { action }
}

/// Rules that say more than the floor, which the agent has compiled in.
fn beyond<'r, T: Rule>(rules: &'r Rules<T>, floor: Option<&Rules<T>>) -> impl Iterator<Item = &'r T> {
    let known: Vec<T> = floor.map(|floor| floor.0.clone()).unwrap_or_default();
    rules.0.iter().filter(move |rule| !known.contains(rule))
}

impl CaptureRules {
    /// The rules by which the server's second pass goes.
    ///
    /// Where the second pass cannot yet tell what a policy tells apart, it takes the stricter side: bodies and state of
    /// which only the shape may be kept are masked, as are bodies that are kept for some addresses only. What it does not
    /// look at at all is named by [`CaptureRules::not_obeyed`].
    #[must_use]
    pub fn of(effective: &Effective) -> Self {
        let policy = &effective.policy;
        let (capture, redaction) = (&policy.capture, &policy.redaction);
        let detects = |name: &str| {
            let action =
                redaction.detectors.0.iter().filter(|rule| rule.detector.text() == name).map(|rule| rule.action);
            action.max().is_some_and(|action| action > DataAction::Keep)
        };
        let content = match (capture.state, capture.network_headers.0) {
            (Content::Off, _) | (_, false) => FieldAction::Drop,
            (Content::Shape, true) => FieldAction::Mask,
            (Content::Full, true) => FieldAction::Keep,
        };
        Self {
            version: effective.version,
            hash: effective.hash(),
            inputs: match redaction.inputs {
                InputAction::Keep => FieldAction::Keep,
                InputAction::Mask => FieldAction::Mask,
                InputAction::Drop => FieldAction::Drop,
            },
            text: match redaction.text {
                TextAction::Keep => FieldAction::Keep,
                TextAction::Mask => FieldAction::Mask,
            },
            url_query: redaction.urls.0.iter().map(|rule| rule.query).fold(redaction.url_query, Ord::max),
            network_bodies: if capture.network_bodies == Bodies::Off { FieldAction::Drop } else { FieldAction::Mask },
            state: content,
            canvas: capture.canvas.0,
            cross_origin_frames: capture.cross_origin_frames.0,
            detectors: Detectors { email: detects("email"), iban: detects("iban") },
        }
    }

    /// The rules of the default policy, version 1 of every project.
    #[must_use]
    pub fn standard() -> Self {
        Self::of(&Effective::standard())
    }

    /// What of a policy only the agent obeys, because the second pass does not look at it yet: places in the document,
    /// sorted. Empty for the default policy.
    #[must_use]
    pub fn not_obeyed(effective: &Effective) -> Vec<String> {
        let policy = &effective.policy;
        let (capture, redaction, default) = (&policy.capture, &policy.redaction, super::Preset::Standard.full());
        let floor = floor_layer::layer().redaction;
        let mut found = Vec::new();
        let mut say = |differs: bool, place: &str| found.extend(differs.then(|| place.to_owned()));
        for (place, on) in [
            ("/capture/dom", capture.dom),
            ("/capture/input", capture.input),
            ("/capture/actions", capture.actions),
            ("/capture/navigation", capture.navigation),
            ("/capture/errors", capture.errors),
            ("/capture/networkMetadata", capture.network_metadata),
            ("/capture/performance", capture.performance),
        ] {
            say(!on.0, place);
        }
        say(capture.console != default.capture.console, "/capture/console");
        say(beyond(&redaction.elements, floor.elements.as_ref()).next().is_some(), "/redaction/elements");
        say(beyond(&redaction.fields, floor.fields.as_ref()).next().is_some(), "/redaction/fields");
        say(!redaction.patterns.0.is_empty(), "/redaction/patterns");
        let tokens =
            redaction.detectors.0.iter().any(|rule| matches!(rule.action, DataAction::Tokenise | DataAction::Drop));
        say(tokens, "/redaction/detectors");
        let paths = redaction.urls.0.iter().any(|rule| rule.path > PathParts::Keep || !rule.record.0);
        say(paths, "/redaction/urls");
        found.sort_unstable();
        found
    }
}

/// Whether anything of the policy leaves the page in clear so that the server can make tokens of it.
#[must_use]
pub fn sends_clear_values(effective: &Effective) -> bool {
    let rules = &effective.policy.redaction.fields.0;
    rules
        .iter()
        .any(|rule| rule.action == DataAction::Tokenise && (rule.at == At::Server || rule.scope == Scope::Tenant))
}

impl PolicyDocument {
    /// What holds of this policy alone, above the floor and over the default.
    #[must_use]
    pub fn alone(&self) -> Effective {
        super::merge(&[(super::Layer::Policy, self)]).effective
    }
}
