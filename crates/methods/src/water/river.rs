//! A river, a basin or a district (河流、流域评价): from the classes of its sections, or from their means.

use super::{
    class::{Class, Evaluation, evaluate},
    mean::Mean,
    standard::Standard,
    tally::{Body, Sample},
};

/// From so many sections on, shares of classes decide.
pub const RIVER_SECTIONS_MIN: usize = 5;

/// Water of a river in words.
pub type RiverQuality = super::class::Quality;

/// What several sections say together.
#[derive(Debug, Clone, PartialEq)]
pub struct River {
    /// Sections that were measured.
    pub sections: u32,
    /// How many are of class Ⅰ, Ⅱ, Ⅲ, Ⅳ, Ⅴ, worse.
    pub by_class: [u32; 6],
    /// In words; `None` when nothing was measured.
    pub quality: Option<RiverQuality>,
    /// Whether shares decided; else the mean of the sections did.
    pub by_share: bool,
    /// The evaluation of the mean of all sections.
    pub mean: Evaluation,
    /// Items over class Ⅲ with the number of sections where they are, the most frequent first: at most three are the main pollutants.
    pub over: Vec<(usize, u32)>,
}

/// The mean of several sections: concentrations are averaged first, everything else is made from that.
///
/// Each section counts once, however often it was measured. Lakes and rivers do not belong into one mean; the first decides.
#[must_use]
pub fn combined(standard: &Standard, samples: &[&Sample]) -> Sample {
    let body = samples.first().map_or(Body::River, |sample| sample.body);
    let mean = |at: usize| {
        let is_ph = standard.items[at].is_ph();
        let mut mean = Mean::default();
        for found in samples.iter().filter_map(|sample| sample.mean(at)) {
            mean.add(found.amount(is_ph), false, is_ph);
        }
        mean
    };
    Sample { body, means: (0..standard.items.len()).map(mean).collect() }
}

/// Quality by the shares of classes: so many sections, so many of them good (Ⅰ–Ⅲ), so many worse than Ⅴ.
///
/// Ⅰ–Ⅲ ≥ 90 % excellent; ≥ 75 % good; below, worse than Ⅴ < 20 % light, < 40 % moderate, else heavy.
/// Source: 环办〔2011〕22号.
#[must_use]
pub fn shares_quality(sections: u32, good: u32, worse: u32) -> RiverQuality {
    let reaches = |part: u32, percent: u64| u64::from(part) * 100 >= u64::from(sections) * percent;
    if reaches(good, 90) {
        RiverQuality::Excellent
    } else if reaches(good, 75) {
        RiverQuality::Good
    } else if reaches(worse, 40) {
        RiverQuality::Heavy
    } else if reaches(worse, 20) {
        RiverQuality::Moderate
    } else {
        RiverQuality::Light
    }
}

/// Evaluates several sections together: with five or more by the shares of their classes, with fewer by their mean.
#[must_use]
pub fn river(standard: &Standard, sections: &[(&Sample, &Evaluation)]) -> River {
    let measured: Vec<&(&Sample, &Evaluation)> =
        sections.iter().filter(|(_, evaluation)| evaluation.class.is_some()).collect();
    let mut by_class = [0; 6];
    let mut over: Vec<(usize, u32)> = Vec::new();
    for (_, evaluation) in &measured {
        if let Some(class) = evaluation.class {
            by_class[class as usize] += 1;
        }
        for item in evaluation.over.iter().filter_map(|place| evaluation.items.get(*place)) {
            match over.iter_mut().find(|(known, _)| *known == item.item) {
                Some((_, times)) => *times += 1,
                None => over.push((item.item, 1)),
            }
        }
    }
    over.sort_by_key(|(item, times)| (std::cmp::Reverse(*times), *item));
    let samples: Vec<&Sample> = measured.iter().map(|(sample, _)| *sample).collect();
    let mean = evaluate(standard, &combined(standard, &samples));
    let by_share = measured.len() >= RIVER_SECTIONS_MIN;
    let count = u32::try_from(measured.len()).unwrap_or(u32::MAX);
    let quality = if by_share {
        Some(shares_quality(count, by_class[..3].iter().sum(), by_class[5]))
    } else {
        mean.class.map(Class::quality)
    };
    River { sections: count, by_class, quality, by_share, mean, over }
}
