//! How many people it takes to change what a receiver of the audit log hears.

/// What a receiver hears, as far as it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hearing<'a> {
    /// Where it is.
    pub address: &'a str,
    /// Acts whose entries it gets, each once; all when there is no list.
    pub acts: Option<&'a [String]>,
    /// Whether nothing is sent.
    pub is_paused: bool,
    /// Whether it gets what lies beside entries: what is told of persons.
    pub detail: bool,
}

impl Hearing<'_> {
    /// Whether making this `next` is nobody's alone: somebody would hear less of what is done here, or more about persons.
    /// Nobody hears less when `is_deaf`: nothing ever arrived, and the last try has failed.
    #[must_use]
    pub fn takes_two(&self, next: &Hearing<'_>, is_deaf: bool) -> bool {
        let moves = next.address != self.address;
        let silenced = next.is_paused && !self.is_paused;
        let less = !is_deaf && (moves || silenced || !covers(next.acts, self.acts));
        let told_more = next.detail && (moves || !self.detail || !covers(self.acts, next.acts));
        less || told_more
    }
}

/// Whether whoever gets the acts of `list` gets all that are in `wanted`.
fn covers(list: Option<&[String]>, wanted: Option<&[String]>) -> bool {
    match (list, wanted) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(list), Some(wanted)) => wanted.iter().all(|act| list.contains(act)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Owned = (u8, Option<Vec<String>>, bool, bool);

    fn owned() -> impl Strategy<Value = Owned> {
        let act = prop::sample::select(vec!["session.view", "session.export", "login.create"]);
        let acts = prop::collection::btree_set(act.prop_map(str::to_owned), 1..3);
        let acts = acts.prop_map(|acts| acts.into_iter().collect());
        (0_u8..2, prop::option::of(acts), any::<bool>(), any::<bool>())
    }

    fn hearing((address, acts, is_paused, detail): &Owned) -> Hearing<'_> {
        let address = if *address == 0 { "https://one.test/" } else { "https://two.test/" };
        Hearing { address, acts: acts.as_deref(), is_paused: *is_paused, detail: *detail }
    }

    /// Whether this receiver is told of an act, and of the persons in it.
    fn told(hearing: &Hearing<'_>, address: &str, act: &str) -> (bool, bool) {
        let acts = hearing.acts.is_none_or(|acts| acts.iter().any(|each| each == act));
        let entries = hearing.address == address && acts && !hearing.is_paused;
        // Going on after a pause is nothing new: the pause hides for a while what was agreed on.
        (entries, hearing.address == address && acts && hearing.detail)
    }

    proptest! {
        /// Said by what arrives: one person alone takes nothing from anybody who hears, and gives nobody more about persons.
        #[test]
        fn one_person_takes_no_entry_away_and_tells_no_more_of_persons(before in owned(), after in owned()) {
            let (before, after) = (hearing(&before), hearing(&after));
            let mut both = false;
            for address in ["https://one.test/", "https://two.test/"] {
                for act in ["session.view", "session.export", "login.create", "another.act"] {
                    let (then, now) = (told(&before, address, act), told(&after, address, act));
                    both |= (then.0 && !now.0) || (now.1 && !then.1);
                }
            }
            // A paused one that goes elsewhere, or is narrowed, will not get what waits for it.
            if !before.is_paused {
                prop_assert_eq!(before.takes_two(&after, false), both);
            } else if both {
                prop_assert!(before.takes_two(&after, false));
            }
        }

        #[test]
        fn nothing_takes_nobody_and_what_nobody_hears_takes_one(before in owned(), after in owned()) {
            let (before, after) = (hearing(&before), hearing(&after));
            prop_assert!(!before.takes_two(&before, false));
            if !after.detail {
                prop_assert!(!before.takes_two(&after, true));
            }
        }
    }

    #[test]
    fn each_way_to_hear_less_takes_two() {
        let some = ["session.view".to_owned(), "session.export".to_owned()];
        let present = Hearing { address: "https://one.test/", acts: Some(&some), is_paused: false, detail: false };
        for (next, two) in [
            (Hearing { address: "https://one.test/else", ..present }, true),
            (Hearing { acts: Some(&some[..1]), ..present }, true),
            (Hearing { is_paused: true, ..present }, true),
            (Hearing { acts: None, ..present }, false),
            (Hearing { detail: true, ..present }, true),
        ] {
            assert_eq!(present.takes_two(&next, false), two, "{next:?}");
        }
        let detailed = Hearing { detail: true, ..present };
        for (next, two) in [
            (present, false),
            (Hearing { acts: None, ..detailed }, true),
            (Hearing { address: "https://two.test/", ..detailed }, true),
        ] {
            assert_eq!(detailed.takes_two(&next, true), two, "of persons, {next:?}");
        }
        let paused = Hearing { is_paused: true, ..present };
        assert!(!paused.takes_two(&present, false), "going on");
        assert!(
            paused.takes_two(&Hearing { acts: Some(&some[1..]), ..paused }, false),
            "what waits is not thinned out"
        );
    }
}
