//! Topic (领域): a suggestion of the field of work, from words that name it; a person confirms it.

use super::draft::Draft;

/// Words that name a field of work of [`bihuan_rules::problem::FIELDS`], the more particular fields first.
const WORDS: &[(&str, &[&str])] = &[
    ("medical_waste", &["医疗废物", "医疗垃圾", "医疗废水", "卫生院", "诊所"]),
    ("straw", &["秸秆", "露天焚烧", "焚烧火点"]),
    ("toilet", &["厕所", "户厕", "公厕", "粪污治理", "改厕"]),
    ("fishing", &["捕捞", "禁渔", "电鱼", "渔网", "禁捕"]),
    ("livestock", &["养殖", "畜禽", "生猪", "粪污", "猪场", "鸡场"]),
    ("garbage", &["垃圾", "渗滤液", "填埋场", "转运站", "中转站"]),
    ("sewage", &["污水", "管网", "雨污", "直排", "排污口", "黑臭"]),
    ("noise", &["噪声", "噪音", "广场舞", "振动"]),
    ("air", &["扬尘", "油烟", "废气", "大气", "异味", "臭气", "粉尘", "VOCs", "PM2.5", "喷漆"]),
    ("soil", &["土壤", "矿山", "采石", "固体废物", "固废", "尾矿", "生态破坏", "弃渣", "砂石"]),
    ("water", &["水质", "断面", "河道", "水源", "河流", "水库", "溪", "流域", "水环境"]),
    ("enterprise", &["企业", "公司", "厂", "排污许可", "环评", "危险废物", "危废"]),
];

/// The field of work whose words stand most often in the kind, title and description; `None` when none does.
/// The kind as the document states it weighs most.
#[must_use]
pub fn suggest(draft: &Draft) -> Option<&'static str> {
    let texts = [(&draft.kind, 5), (&draft.title, 2), (&draft.description, 1)];
    let score = |words: &[&str]| -> usize {
        let in_text = |text: &str| words.iter().map(|word| text.matches(word).count()).sum::<usize>();
        texts.iter().map(|(text, weight)| text.as_deref().map_or(0, in_text) * weight).sum()
    };
    let mut best: Option<(&'static str, usize)> = None;
    for (field, words) in WORDS {
        let found = score(words);
        if found > best.map_or(0, |(_, most)| most) {
            best = Some((field, found));
        }
    }
    best.map(|(field, _)| field)
}

/// The field of work whose words stand most often in a text; `None` when none does.
#[must_use]
pub fn named(text: &str) -> Option<&'static str> {
    suggest(&Draft { description: Some(text.to_owned()), ..Draft::default() })
}

/// Whether the goal or the measures speak of building something (工程类).
#[must_use]
pub fn speaks_of_works(draft: &Draft) -> bool {
    const WORKS: &[&str] = &["建设", "新建", "改造", "修建", "施工", "工程", "铺设"];
    let goal = draft.goal.as_deref().into_iter();
    goal.chain(draft.measures.iter().map(String::as_str))
        .any(|text| WORKS.iter().any(|word| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stated_kind_outweighs_the_words_of_the_text() {
        let draft = |kind: &str, text: &str| Draft {
            kind: Some(kind.to_owned()),
            description: Some(text.to_owned()),
            ..Draft::default()
        };
        assert_eq!(suggest(&draft("噪音", "某公司厂区机器夜间作业")), Some("noise"));
        assert_eq!(suggest(&draft("", "某镇生活污水直排,管网破损")), Some("sewage"));
        assert_eq!(suggest(&draft("", "台账记录不全")), None);
        let mut works = draft("", "");
        assert!(!speaks_of_works(&works));
        works.measures = vec!["新建管网3公里".to_owned()];
        assert!(speaks_of_works(&works));
    }
}
