//! Findings (问题文本): problem texts from templates of each field of work, never two alike.

use super::dice::Dice;
use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Templates of one field of work; the file says what each part is.
#[derive(Debug, Deserialize)]
pub struct Template {
    pub field: String,
    pub weight: i64,
    pub scene: String,
    pub accepts: String,
    pub leads: String,
    pub operator: String,
    #[serde(default)]
    pub kind: String,
    pub spots: Vec<Spot>,
    pub also: Vec<String>,
    pub goals: Vec<String>,
    pub standard: String,
    pub measures: Vec<(String, String)>,
    pub mechanism: Vec<String>,
    pub similar: Vec<String>,
}

/// Places of one sort and what can be seen there: a short title and the sentence.
#[derive(Debug, Deserialize)]
pub struct Spot {
    pub places: Vec<String>,
    pub seen: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct File {
    finding: Vec<Template>,
}

/// The templates that ship with the program.
pub fn templates() -> Result<Vec<Template>> {
    let file: File = toml::from_str(include_str!("../../../../demo/findings.toml"))
        .context("demo/findings.toml cannot be read")?;
    Ok(file.finding)
}

/// Names that fill a template.
#[derive(Debug, Clone)]
pub struct Names<'a> {
    pub town: &'a str,
    pub villages: &'a [String],
    pub rivers: &'a [String],
    pub reservoirs: &'a [String],
}

/// Fills `{…}`: names, whole numbers `{20-300}`, numbers with one decimal `{0.2-3.5}`.
pub fn fill(text: &str, names: &Names<'_>, dice: &mut Dice) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (slot, tail) = after.split_once('}').with_context(|| format!("an open brace in “{text}”"))?;
        match slot {
            "town" => filled.push_str(names.town),
            "village" => filled.push_str(dice.pick::<String>(names.villages)),
            "river" => filled.push_str(dice.pick::<String>(names.rivers)),
            "reservoir" => filled.push_str(dice.pick::<String>(names.reservoirs)),
            range => filled.push_str(&number(range, dice)?),
        }
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn number(range: &str, dice: &mut Dice) -> Result<String> {
    let Some((from, to)) = range.split_once('-') else {
        bail!("“{{{range}}}” is neither a name nor a range")
    };
    let tenths = |text: &str| -> Result<i64> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        Ok(whole.parse::<i64>()? * 10 + tenth.parse::<i64>()?)
    };
    let (low, high) = (tenths(from)?, tenths(to)?);
    if range.contains('.') {
        let drawn = dice.between(low, high);
        Ok(format!("{}.{}", drawn / 10, drawn % 10))
    } else {
        Ok(dice.between(low / 10, high / 10).to_string())
    }
}

/// A finding in full: what the document says and what will be done about it.
#[derive(Debug, Clone)]
pub struct Finding {
    pub title: String,
    pub text: String,
    pub place: String,
    pub goal: String,
    pub measures: Vec<(String, String)>,
    pub standard: String,
    pub mechanism: String,
    pub similar: String,
}

/// Draws a finding.
pub fn draw(template: &Template, names: &Names<'_>, dice: &mut Dice) -> Result<Finding> {
    let spot = dice.pick_weighted(&template.spots, |spot| i64::try_from(spot.seen.len()).unwrap_or(1));
    let place = fill(dice.pick::<String>(&spot.places), names, dice)?.replace("街道场镇", "街道城区");
    let (short, seen) = dice.pick(&spot.seen);
    let mut text = format!("{place}:{}", fill(seen, names, dice)?);
    if dice.percent(75) {
        let also = dice.pick::<String>(&template.also);
        text.push_str(&fill(also, names, dice)?);
    }
    let wanted = dice.between(2, 4);
    let mut measures = Vec::new();
    for (measure, result) in &template.measures {
        let left = wanted - i64::try_from(measures.len()).unwrap_or(wanted);
        if left > 0 && (measures.is_empty() || dice.percent(70)) {
            measures.push((fill(measure, names, dice)?, fill(result, names, dice)?));
        }
    }
    Ok(Finding {
        title: format!("{place}{short}"),
        text,
        goal: fill(dice.pick::<String>(&template.goals), names, dice)?,
        measures,
        standard: template.standard.clone(),
        mechanism: fill(dice.pick::<String>(&template.mechanism), names, dice)?,
        similar: fill(dice.pick::<String>(&template.similar), names, dice)?,
        place,
    })
}
