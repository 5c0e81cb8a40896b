//! What a pattern costs an engine that backtracks, in steps.
//!
//! JavaScript's engine tries one way after the other. The matcher here does the same over the pattern's tree and counts;
//! the texts are made from the pattern itself: what it can read, over and over, with an end that makes it fail.

use super::Tree;
use crate::privacy::gate::Refusal;

/// Characters of an adversarial text.
const LONG: usize = 2048;
/// Characters of its beginning that it is compared with.
const SHORT: usize = 512;
/// Steps that a pattern may take for one character, on average over a text.
const MOST_STEPS_A_CHAR: usize = 256;
/// How much a character of the whole text may cost of what one of its beginning costs, in per cent. A quadratic pattern costs 400.
const MOST_GROWTH: usize = 150;
/// Instructions that a pattern may be expanded to.
const MOST_CODE: usize = 20_000;
/// Different characters that texts are made of.
const MOST_LETTERS: usize = 12;

/// One instruction of the backtracking matcher.
enum Step {
    Class(Vec<(char, char)>),
    Start,
    End,
    WordBoundary,
    /// Try the first, and later the second.
    Split(usize, usize),
    Jump(usize),
    Match,
}

struct Code(Vec<Step>);

impl Code {
    fn of(tree: &Tree) -> Result<Self, Refusal> {
        let mut code = Self(Vec::new());
        code.add(tree)?;
        code.0.push(Step::Match);
        Ok(code)
    }

    fn push(&mut self, step: Step) -> Result<usize, Refusal> {
        if self.0.len() >= MOST_CODE {
            return Err(Refusal::new("the pattern is too large when repeats are written out", "repeat less"));
        }
        self.0.push(step);
        Ok(self.0.len() - 1)
    }

    fn split(&mut self, at: usize, first: usize, second: usize, greedy: bool) {
        self.0[at] = if greedy { Step::Split(first, second) } else { Step::Split(second, first) };
    }

    fn add(&mut self, tree: &Tree) -> Result<(), Refusal> {
        match tree {
            Tree::Class(ranges) => self.push(Step::Class(ranges.clone())).map(drop),
            Tree::Start => self.push(Step::Start).map(drop),
            Tree::End => self.push(Step::End).map(drop),
            Tree::WordBoundary => self.push(Step::WordBoundary).map(drop),
            Tree::Concat(all) => all.iter().try_for_each(|one| self.add(one)),
            Tree::Alternation(all) => {
                let mut ends = Vec::new();
                for (i, one) in all.iter().enumerate() {
                    let last = i + 1 == all.len();
                    let split = if last { None } else { Some(self.push(Step::Split(0, 0))?) };
                    self.add(one)?;
                    if let Some(split) = split {
                        ends.push(self.push(Step::Jump(0))?);
                        let next = self.0.len();
                        self.split(split, split + 1, next, true);
                    }
                }
                let end = self.0.len();
                for at in ends {
                    self.0[at] = Step::Jump(end);
                }
                Ok(())
            }
            Tree::Repeat { min, max, greedy, of } => {
                for _ in 0..*min {
                    self.add(of)?;
                }
                match max {
                    None => {
                        let split = self.push(Step::Split(0, 0))?;
                        self.add(of)?;
                        self.push(Step::Jump(split))?;
                        let end = self.0.len();
                        self.split(split, split + 1, end, *greedy);
                    }
                    Some(max) => {
                        let mut splits = Vec::new();
                        for _ in *min..*max {
                            splits.push(self.push(Step::Split(0, 0))?);
                            self.add(of)?;
                        }
                        let end = self.0.len();
                        for split in splits {
                            self.split(split, split + 1, end, *greedy);
                        }
                    }
                }
                Ok(())
            }
        }
    }
}

fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
}

/// Steps to find every match in `text`, or nothing when there are more than `most`.
fn count(code: &Code, text: &[char], most: usize) -> Option<usize> {
    let (mut steps, mut start) = (0, 0);
    let mut ways: Vec<(usize, usize)> = Vec::new();
    while start <= text.len() {
        ways.clear();
        ways.push((0, start));
        let mut end = None;
        'search: while let Some((mut pc, mut at)) = ways.pop() {
            loop {
                steps += 1;
                if steps > most {
                    return None;
                }
                let goes_on = match &code.0[pc] {
                    Step::Class(ranges) => {
                        let hit =
                            text.get(at).is_some_and(|c| ranges.iter().any(|(low, high)| (low..=high).contains(&c)));
                        at += usize::from(hit);
                        hit
                    }
                    Step::Start => at == 0,
                    Step::End => at == text.len(),
                    Step::WordBoundary => {
                        let before = at.checked_sub(1).and_then(|at| text.get(at));
                        is_word(before) != is_word(text.get(at))
                    }
                    Step::Split(first, second) => {
                        ways.push((*second, at));
                        pc = *first;
                        continue;
                    }
                    Step::Jump(to) => {
                        pc = *to;
                        continue;
                    }
                    Step::Match => {
                        end = Some(at);
                        break 'search;
                    }
                };
                if !goes_on {
                    break;
                }
                pc += 1;
            }
        }
        // What passes the gate never matches the empty text; `max` keeps the search going on in any case.
        start = end.map_or(start + 1, |end| end.max(start + 1));
    }
    Some(steps)
}

/// Steps that a backtracking engine takes to find every match of `tree` in `text`; nothing if they are more than `most`.
#[must_use]
pub fn steps(tree: &Tree, text: &str, most: usize) -> Option<usize> {
    let text: Vec<char> = text.chars().collect();
    Code::of(tree).ok().and_then(|code| count(&code, &text, most))
}

/// One character of each kind that the pattern tells apart, and one that it does not know.
fn letters(tree: &Tree) -> Vec<char> {
    fn bounds(tree: &Tree, out: &mut Vec<char>) {
        match tree {
            Tree::Class(ranges) => {
                // Of a class with many ranges, the first few stand for all.
                for (low, high) in ranges.iter().take(3) {
                    out.extend([*low, *high]);
                }
            }
            Tree::Concat(all) | Tree::Alternation(all) => all.iter().for_each(|one| bounds(one, out)),
            Tree::Repeat { of, .. } => bounds(of, out),
            Tree::Start | Tree::End | Tree::WordBoundary => {}
        }
    }
    let mut found = Vec::new();
    bounds(tree, &mut found);
    let mut seen = std::collections::HashSet::new();
    found.retain(|c| seen.insert(*c) && !c.is_control());
    found.truncate(MOST_LETTERS);
    found.extend(['!', ' ', 'a', '0'].into_iter().filter(|c| seen.insert(*c)));
    found
}

/// A short text that `tree` matches, each repeat as often as it must, but at most `often`.
fn sample(tree: &Tree, often: u32, out: &mut String) {
    match tree {
        Tree::Class(ranges) => out.extend(
            ranges.iter().map(|range| range.0).find(|c| !c.is_control()).or(ranges.first().map(|range| range.1)),
        ),
        Tree::Concat(all) => all.iter().for_each(|one| sample(one, often, out)),
        Tree::Alternation(all) => all.iter().take(1).for_each(|one| sample(one, often, out)),
        Tree::Repeat { min, max, of, .. } => {
            let times = (*min).max(often.min(max.unwrap_or(often)));
            (0..times.min(64)).for_each(|_| sample(of, often, out));
        }
        Tree::Start | Tree::End | Tree::WordBoundary => {}
    }
}

/// For each repeat, what must be read to come to it and what it then reads.
fn pumps(tree: &Tree, before: &str, out: &mut Vec<(String, String)>) {
    match tree {
        Tree::Repeat { of, .. } => {
            let mut body = String::new();
            sample(of, 1, &mut body);
            out.push((before.to_owned(), body));
            pumps(of, before, out);
        }
        Tree::Concat(all) => {
            let mut before = before.to_owned();
            for one in all {
                pumps(one, &before, out);
                sample(one, 0, &mut before);
            }
        }
        Tree::Alternation(all) => all.iter().for_each(|one| pumps(one, before, out)),
        _ => {}
    }
}

/// `unit` over and over, `length` characters of it.
fn filled(before: &str, unit: &str, length: usize) -> String {
    before.chars().chain(unit.chars().cycle()).take(length).collect()
}

/// Texts of `length` characters that are made to cost this pattern the most.
#[must_use]
pub fn adversarial_texts(tree: &Tree, length: usize) -> Vec<String> {
    let letters = letters(tree);
    let mut units: Vec<(String, String)> = letters.iter().map(|c| (String::new(), c.to_string())).collect();
    for often in [0, 1, 3] {
        let mut whole = String::new();
        sample(tree, often, &mut whole);
        let mut almost: String = whole.chars().rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
        units.push((String::new(), almost.clone()));
        almost.push('!');
        units.extend([(String::new(), whole), (String::new(), almost)]);
    }
    let mut found = Vec::new();
    pumps(tree, "", &mut found);
    for (before, body) in found {
        units.push((String::new(), format!("{before}{body}")));
        units.push((before, body));
    }
    // Mixed texts, the same for the same pattern: a multiplicative generator is enough here.
    let mut state = 0x2545_F491_u32;
    let mut mixed = String::with_capacity(length);
    for _ in 0..length {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        mixed.push(letters[(state >> 16) as usize % letters.len()]);
    }
    let mut texts = vec![mixed];
    for (before, unit) in units.iter().filter(|(_, unit)| !unit.is_empty()) {
        let mut text = filled(before, unit, length);
        texts.push(text.clone());
        // And with an end that fits nothing of it, so that what was read was read in vain.
        let last = text.pop();
        let other = ['!', ' ', 'a', '0'].into_iter().find(|c| !unit.contains(*c) && Some(*c) != last);
        text.extend(other);
        texts.push(text);
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Refuses a pattern whose cost grows faster than the text, or which costs too much for each character.
pub(super) fn gate(tree: &Tree) -> Result<(), Refusal> {
    let code = Code::of(tree)?;
    let mend = "give its repeats upper bounds, like `{1,64}`, or begin it with `\\b` or a character of its own";
    let dear = || Refusal::new("the pattern takes more than 256 steps for a character of some text", mend);
    let cost = |text: &[char]| count(&code, text, MOST_STEPS_A_CHAR * text.len()).ok_or_else(dear);
    for long in adversarial_texts(tree, LONG) {
        let long: Vec<char> = long.chars().collect();
        let long_cost = cost(&long)?;
        // Without an unbounded repeat, the length of a match is bounded, and with it the cost of a character.
        if tree.unbounded() {
            // The same text, shorter, with the same end.
            let short = [&long[..SHORT - 1], &long[long.len() - 1..]].concat();
            // Hundredths of a step for each character.
            let (short, long) = (cost(&short)? * 100 / short.len(), long_cost * 100 / long.len());
            if long > short * MOST_GROWTH / 100 {
                return Err(Refusal::new("the pattern takes more than linear time on some text", mend));
            }
        }
    }
    Ok(())
}
