//! What several roles come to together, kept once for all who hold the same.
//!
//! **Design.** A bundle has no names in it: neither who holds it nor which roles they are. So it is the same for the support
//! staff of every tenant, and for roles of tenants' own that say the same. What a decision reads of it lies close together and
//! is read again for the next member.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use strum::{EnumCount as _, IntoEnumIterator as _};

use super::{Action, Terms, scope::Arms};

/// The place of no terms.
const NONE: u32 = u32::MAX;
/// So many bundles are kept before anybody asks which of them are held no more.
const FEW: usize = 1_024;

/// Terms that are held together, with what is asked of them compiled.
#[derive(Debug)]
pub(super) struct Bundle {
    terms: Arc<[Terms]>,
    /// For each action, the place of the terms that give it first; [`NONE`] when none give it anywhere, or some forbid it
    /// everywhere.
    givers: [u32; Action::COUNT],
    /// Which sessions may be watched: asked for the most, so compiled once.
    view: OnceLock<Arms>,
}

impl PartialEq for Bundle {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Eq for Bundle {}

impl Default for Bundle {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl Bundle {
    pub(super) fn new(terms: Arc<[Terms]>) -> Self {
        let mut givers = [NONE; Action::COUNT];
        for action in Action::iter() {
            if !terms.iter().any(|terms| terms.forbids(action)) {
                let first = (0..).zip(&*terms).find(|(_, terms)| terms.gives(action));
                givers[action as usize] = first.map_or(NONE, |(place, _)| place);
            }
        }
        Self { terms, givers, view: OnceLock::new() }
    }

    /// The terms, in the order in which their roles are held.
    pub(super) fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// The place of the terms that give `action` first, unless it is forbidden everywhere.
    pub(super) fn giver(&self, action: Action) -> Option<usize> {
        let place = self.givers[action as usize];
        (place != NONE).then_some(place as usize)
    }

    /// The sessions for which `action` is allowed.
    pub(super) fn arms(&self, action: Action) -> Cow<'_, Arms> {
        let compile = || Arms::of(&self.terms, action);
        if action == Action::SessionView {
            Cow::Borrowed(self.view.get_or_init(compile))
        } else {
            Cow::Owned(compile())
        }
    }
}

/// The bundles that somebody holds, each once.
#[derive(Debug)]
pub(super) struct Bundles(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    by_terms: HashMap<Arc<[Terms]>, Arc<Bundle>>,
    /// When there are so many, those that nobody holds go.
    most: usize,
}

impl Default for Bundles {
    fn default() -> Self {
        Self(Mutex::new(Kept { by_terms: HashMap::new(), most: FEW }))
    }
}

impl Bundles {
    /// The bundle of these terms; made, when nobody holds it yet.
    pub(super) fn share(&self, terms: Vec<Terms>) -> Arc<Bundle> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bundle) = kept.by_terms.get(terms.as_slice()) {
            return Arc::clone(bundle);
        }
        // Conditions can name the time, so there is always another bundle to come.
        if kept.by_terms.len() >= kept.most {
            kept.by_terms.retain(|_, bundle| Arc::strong_count(bundle) > 1);
            kept.most = FEW.max(kept.by_terms.len() * 2);
        }
        let terms: Arc<[Terms]> = terms.into();
        let bundle = Arc::new(Bundle::new(Arc::clone(&terms)));
        kept.by_terms.insert(terms, Arc::clone(&bundle));
        bundle
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;
    use crate::access::{Answers, Panes, Predicate, Test};

    fn terms(actions: &[Action]) -> Terms {
        let allow = actions.iter().fold(0, |bits, action| bits | action.bit());
        Terms::everywhere(Answers { allow, deny: 0 }, false)
    }

    fn from(start: usize) -> Terms {
        let start = Timestamp::from_millis(i64::try_from(start).expect("a time"));
        terms(&[Action::SessionView]).only(Predicate::Test(Test::StartedFrom(start)), Panes::ALL)
    }

    fn kept(bundles: &Bundles) -> usize {
        bundles.0.lock().expect("nobody failed").by_terms.len()
    }

    #[test]
    fn the_same_terms_are_one_bundle_and_others_another() {
        let bundles = Bundles::default();
        let (view, list) = (terms(&[Action::SessionView]), terms(&[Action::SessionList]));
        let both = bundles.share(vec![view.clone(), list.clone()]);
        assert!(Arc::ptr_eq(&both, &bundles.share(vec![view.clone(), list.clone()])));
        let masked = Terms { masked: true, ..view.clone() };
        for other in [vec![], vec![list.clone(), view.clone()], vec![view], vec![masked, list], vec![from(1), from(2)]]
        {
            let shared = bundles.share(other.clone());
            assert!(!Arc::ptr_eq(&both, &shared));
            assert_eq!(shared.terms(), other);
        }
    }

    #[test]
    fn what_nobody_holds_any_more_is_not_kept() {
        let bundles = Bundles::default();
        let held: Vec<_> = (0..10).map(|start| bundles.share(vec![from(start)])).collect();
        for start in 10..FEW * 10 {
            bundles.share(vec![from(start)]);
            assert!(kept(&bundles) <= FEW);
        }
        for (start, bundle) in held.iter().enumerate() {
            assert!(Arc::ptr_eq(bundle, &bundles.share(vec![from(start)])), "what is held stays the same");
        }
    }

    #[test]
    fn what_many_hold_is_kept_however_much_it_is() {
        let bundles = Bundles::default();
        let held: Vec<_> = (0..FEW * 4).map(|start| bundles.share(vec![from(start)])).collect();
        assert_eq!(kept(&bundles), held.len());
    }
}
