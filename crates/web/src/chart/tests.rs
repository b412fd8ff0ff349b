use super::*;

fn chart(shape: Shape, labels: &[&str], series: &[(&str, Tone, &[Option<u64>])]) -> Chart {
    let point = |value: &Option<u64>| Point { value: *value, href: String::new() };
    Chart {
        name: "some",
        title: "本月销号 <3> 件".to_owned(),
        note: "a & b".to_owned(),
        head: "月份".to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        series: series
            .iter()
            .map(|(name, tone, values)| Series {
                name: (*name).to_owned(),
                tone: *tone,
                points: values.iter().map(point).collect(),
            })
            .collect(),
        unit: "",
        shape,
    }
}

/// Every whole number that follows ` name="`.
fn numbers(svg: &str, name: &str) -> Vec<i64> {
    let mark = format!(" {name}=\"");
    let parts = svg.split(mark.as_str()).skip(1);
    parts.filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

#[test]
fn a_drawing_says_its_title_and_what_it_counts_and_escapes_both() {
    for shape in [Shape::Bars, Shape::Lines, Shape::Stacks, Shape::Strip] {
        let svg = chart(shape, &["a<b"], &[("x", Tone::Blue, &[Some(1)])]).svg();
        assert!(
            svg.contains("role=\"img\"")
                && svg.contains("<title id=\"svg-some\">本月销号 &lt;3&gt; 件</title>")
        );
        assert!(svg.contains(">a &amp; b</desc>") && !svg.contains("a<b"), "{svg}");
        assert!(!svg.contains("style=") && !svg.contains("script"), "the policy of the site allows neither");
    }
}

#[test]
fn the_highest_bar_stays_inside_and_a_missing_value_has_none() {
    let series: [(&str, Tone, &[Option<u64>]); 2] = [
        ("came", Tone::Grey, &[Some(0), Some(12), None]),
        ("closed", Tone::Green, &[Some(3), Some(97), Some(7)]),
    ];
    let svg = chart(Shape::Bars, &["4", "5", "6"], &series).svg();
    assert_eq!(svg.matches("<rect").count(), 5, "zero is a bar of no height, nothing is none");
    assert!(svg.contains(">97</text>"));
    let (tops, heights) = (numbers(&svg, "y"), numbers(&svg, "height"));
    assert!(
        tops.iter().all(|y| (0..=220).contains(y)) && heights.iter().all(|height| (0..=165).contains(height))
    );
}

#[test]
fn a_line_is_broken_where_there_is_no_value() {
    let series: [(&str, Tone, &[Option<u64>]); 2] = [
        ("open", Tone::Blue, &[Some(1), None, Some(5), Some(4)]),
        ("late", Tone::Red, &[Some(1), Some(2), Some(2), Some(0)]),
    ];
    let svg = chart(Shape::Lines, &["1", "2", "3", "4"], &series).svg();
    assert_eq!(svg.matches("<polyline").count(), 3);
    assert!(svg.contains("stroke-dasharray=\"7 4\""), "the second line is told by more than its tone");
}

#[test]
fn nothing_is_drawn_as_nothing() {
    for shape in [Shape::Bars, Shape::Lines, Shape::Stacks, Shape::Strip] {
        let none = chart(shape, &[], &[]);
        assert!(none.is_empty() && none.svg().starts_with("<svg"));
        let zero = chart(shape, &["a"], &[("x", Tone::Red, &[Some(0)])]);
        assert!(zero.is_empty() && zero.svg().ends_with("</svg>"));
    }
    assert!(spark("x", &[]).starts_with("<svg"));
}

#[test]
fn the_parts_of_a_strip_fill_it() {
    let series: [(&str, Tone, &[Option<u64>]); 3] =
        [("a", Tone::Grey, &[Some(1)]), ("b", Tone::Blue, &[Some(0)]), ("c", Tone::Red, &[Some(3)])];
    let svg = chart(Shape::Strip, &["all"], &series).svg();
    assert_eq!(svg.matches("<rect").count(), 2);
    assert_eq!(numbers(&svg, "x").first(), Some(&0));
    let wide: i64 = numbers(&svg, "width").iter().sum();
    assert!((630..=640).contains(&wide), "{wide}");
}

#[test]
fn the_longest_row_fits_and_says_its_sum() {
    let series: [(&str, Tone, &[Option<u64>]); 2] =
        [("late", Tone::Red, &[Some(6), Some(0)]), ("open", Tone::Blue, &[Some(14), Some(2)])];
    let svg = chart(Shape::Stacks, &["汇龙镇", "白鹿镇"], &series).svg();
    assert!(svg.contains(">20</text>") && svg.contains("汇龙镇"));
    assert!(numbers(&svg, "x").iter().all(|x| (0..=630).contains(x)), "{svg}");
}

#[test]
fn a_scale_has_few_round_steps_and_reaches_the_most() {
    for most in [0, 1, 4, 5, 6, 11, 49, 51, 99, 100, 101, 999, 12_345] {
        let (top, step) = pen::scale(most);
        assert!(top >= most.max(1) && top / step <= 5 && top % step == 0, "{most}: {top} by {step}");
        let first = step.to_string();
        assert!(["1", "2", "5"].iter().any(|digit| first.trim_end_matches('0') == *digit), "{step}");
    }
}

#[test]
fn a_file_holds_what_the_table_holds_and_no_formula() {
    let series: [(&str, Tone, &[Option<u64>]); 2] =
        [("逾期", Tone::Red, &[Some(6), None]), ("未销号", Tone::Blue, &[Some(14), Some(2)])];
    let csv = chart(Shape::Stacks, &["=1+1", "a,\"b\""], &series).csv();
    assert_eq!(csv, "\u{feff}月份,逾期,未销号\r\n'=1+1,6,14\r\n\"a,\"\"b\"\"\",,2\r\n");
}

/// Relative luminance after WCAG 2.2.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let c = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

#[test]
fn every_tone_stands_out_from_its_ground_on_paper_and_on_the_wall() {
    let css = include_str!("../../../../assets/styles/charts.css");
    let grounds = ["ffffff", "0b1f3a"];
    for (ground, part) in grounds.iter().zip(css.split("/* on the wall */")) {
        for tone in Tone::ALL {
            let name = format!("--{}: #", tone.class());
            let hex = &part.split(&name).nth(1).unwrap_or_else(|| panic!("{name} on {ground}"))[..6];
            let (a, b) = (luminance(hex), luminance(ground));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 3.0, "{} on {ground}: {contrast}", tone.class());
        }
    }
}
