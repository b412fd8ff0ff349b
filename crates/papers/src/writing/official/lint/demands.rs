//! What a paper demands of whom: commands to bodies that its issuer may not command, and forbidden demands.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Flag, Issuer, Place, blocks, excerpt, flag, rules::RULES};
use crate::writing::official::{Form, OfficialPaper};

/// Words that only a superior may use.
static COMMAND: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("责令|严令|现命令|特命令|特令|令你|令各|现指令|指令你|限令|勒令").ok());
/// Words that demand without leaving a choice.
static DEMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("责令|严令|命令|指令|特令|令你|令各|限令|必须|务必|一律|不得|限期|严格执行|不折不扣|违者|逾期")
        .ok()
});
/// A lower Party committee as the one who is to do something.
static PARTY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(各|你)?(乡镇|镇|乡|街道|区|县)?(党委|党工委)(、[^，。；]{0,16})?(主要负责同志|书记)?(必须|务必|应立即|要立即|须立即|限期|一律|不得|严格执行)").ok()
});

/// Notes what a paper may not demand.
pub(super) fn look(paper: &OfficialPaper, issuer: Issuer, flags: &mut Vec<Flag>) {
    commands(paper, issuer, flags);
    for (block, text) in blocks(paper) {
        for phrase in &RULES.phrases {
            for words in &phrase.words {
                let found = words.find_iter(&text).find(|found| is_meant(&text, found.range()));
                let Some(found) = found else { continue };
                let words = excerpt(&text, found.range());
                let (zh, en) = (
                    format!("“{}”不宜作为要求写入公文：{words}", found.as_str()),
                    format!("\"{}\" may not be demanded: {words}", found.as_str()),
                );
                flag(flags, &phrase.rule, Place::Body { block, words }, zh, en);
                break;
            }
        }
    }
}

/// Whether a phrase is a demand of the paper itself: not quoted, and not after a word that turns it into its opposite.
fn is_meant(text: &str, at: Range<usize>) -> bool {
    let before = &text[..at.start];
    let open = before.matches(['“', '《', '「']).count();
    let closed = before.matches(['”', '》', '」']).count();
    let clause_start = before.rfind(['。', '；', '！', '\n']).map_or(0, |at| at + 1);
    let clause =
        before.get(clause_start..).unwrap_or(before.trim_start_matches(|sign: char| !sign.is_alphanumeric()));
    let near: String = clause.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let is_turned = RULES.unless.iter().any(|word| near.contains(&**word));
    // A quoted phrase that is turned or merely named is left alone; one that is quoted for stress still demands.
    let is_named = open > closed && !text[at.end..].starts_with('”');
    !is_turned && !is_named
}

/// Commands to lower Party committees and governments.
fn commands(paper: &OfficialPaper, issuer: Issuer, flags: &mut Vec<Flag>) {
    if issuer == Issuer::Party {
        return;
    }
    let may_command_governments = issuer == Issuer::Government;
    let rule = if may_command_governments { "government_commands_party" } else { "issuer_commands_below" };
    let to_party = paper.addressees.iter().any(|name| name.contains("党委") || name.contains("党工委"));
    let to_government = paper.addressees.iter().any(|name| name.contains("政府") || name.contains("街道办"));
    if paper.form == Form::Order && (to_party || to_government && !may_command_governments) {
        let (zh, en) = (
            "发文机关不能以命令（令）向下级党委、政府行文。请改为函、通知、提醒等".to_owned(),
            "The issuer may not send an order to these bodies; use a letter or a reminder".to_owned(),
        );
        flag(flags, rule, Place::Head, zh, en);
    }
    for (block, text) in blocks(paper) {
        let mut patterns: Vec<&LazyLock<Option<Regex>>> = vec![&PARTY];
        if to_party {
            patterns.push(&DEMAND);
        }
        if to_government && !may_command_governments {
            patterns.push(&COMMAND);
        }
        let found = patterns.iter().filter_map(|pattern| pattern.as_ref()).find_map(|pattern| {
            let found = pattern.find_iter(&text).find(|found| {
                let before = &text[..found.start()];
                // What another body has ordered may be reported.
                before.matches(['“', '《']).count() == before.matches(['”', '》']).count()
                    && !is_report(before)
            })?;
            Some(found.range())
        });
        let Some(at) = found else { continue };
        let words = excerpt(&text, at.clone());
        let (zh, en) = (
            format!(
                "发文机关不能向下级党委、政府提出指令性要求：“{}”。请改为商请、提醒或建议",
                &text[at.clone()]
            ),
            format!(
                "The issuer may not command these bodies: \"{}\"; ask, remind or propose instead",
                &text[at]
            ),
        );
        flag(flags, rule, Place::Body { block, words }, zh, en);
    }
}

/// Whether the words before tell what somebody else demands, or what was done to an enterprise.
fn is_report(before: &str) -> bool {
    let clause = before.rsplit(['。', '；']).next().unwrap_or_default();
    ["已", "依法", "被", "企业", "公司", "指出", "省委", "市委", "区委", "中央", "条例", "规定，"]
        .iter()
        .any(|word| clause.contains(word))
}
