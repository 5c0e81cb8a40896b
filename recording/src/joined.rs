//! The order in which the nodes that one mutation adds stand on the page.
//!
//! rrweb lists added nodes one by one, often last sibling first; an address that is spread over three of them can only
//! be seen in page order.

use std::collections::HashMap;

use crate::node::Context;

/// What an added node is to a run of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A text node: its token and context.
    Text(usize, Context),
    /// An element that does not interrupt text.
    Inline,
    /// Anything else.
    Block,
}

/// One added node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Added {
    pub(crate) id: u32,
    pub(crate) parent: u32,
    /// The sibling behind it, or 0.
    pub(crate) next: u32,
    pub(crate) part: Part,
}

/// A step of the walk in page order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Text that continues the run.
    Text(usize, Context),
    /// The run ends here.
    Break,
}

const NONE: usize = usize::MAX;

/// The text of `added` in page order.
pub(crate) fn order(added: &[Added]) -> Vec<Step> {
    let index: HashMap<u32, usize> = added.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
    let (mut next, mut previous) = (vec![NONE; added.len()], vec![NONE; added.len()]);
    // Parent → first and last of its added children.
    let mut ends: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut roots = Vec::new();
    for (at, node) in added.iter().enumerate() {
        if index.get(&node.id) != Some(&at) {
            continue;
        }
        let (first, last) = ends.entry(node.parent).or_insert_with(|| {
            if !index.contains_key(&node.parent) {
                roots.push(node.parent);
            }
            (NONE, NONE)
        });
        let behind = index.get(&node.next).copied().filter(|b| *b < at && added[*b].parent == node.parent);
        if let Some(behind) = behind {
            let before = std::mem::replace(&mut previous[behind], at);
            next[at] = behind;
            previous[at] = before;
            if before == NONE { *first = at } else { next[before] = at }
        } else {
            previous[at] = *last;
            if *last == NONE {
                *first = at;
            } else {
                next[*last] = at;
            }
            *last = at;
        }
    }
    let mut steps = Vec::new();
    let mut open: Vec<(usize, bool)> = Vec::new();
    for parent in roots {
        open.push((ends.get(&parent).map_or(NONE, |ends| ends.0), true));
        while let Some((at, block)) = open.pop() {
            if at == NONE {
                if block {
                    steps.push(Step::Break);
                }
                continue;
            }
            open.push((next[at], block));
            match added[at].part {
                Part::Text(token, context) => steps.push(Step::Text(token, context)),
                part => {
                    let block = part == Part::Block;
                    if block {
                        steps.push(Step::Break);
                    }
                    open.push((ends.get(&added[at].id).map_or(NONE, |ends| ends.0), block));
                }
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_sibling_first_becomes_page_order() {
        let text = |token| Part::Text(token, Context::default());
        let node = |id, parent, next, part| Added { id, parent, next, part };
        let added = [
            node(2, 1, 0, text(20)),
            node(3, 1, 2, Part::Inline),
            node(5, 3, 0, text(50)),
            node(4, 1, 3, text(40)),
            node(6, 1, 4, Part::Block),
            node(7, 6, 0, text(70)),
        ];
        let tokens: Vec<usize> =
            order(&added).into_iter().map(|s| if let Step::Text(token, _) = s { token } else { 0 }).collect();
        assert_eq!(tokens, [0, 70, 0, 40, 50, 20, 0]);
    }
}
