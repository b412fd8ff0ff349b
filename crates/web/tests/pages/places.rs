//! Places: no page asks a map service for anything unless the district has its key, and a coordinate that falls on the known
//! object under another datum is asked about.

use crate::{
    inspection::{ARRIVE, give, once, plan, send, step, wide_house},
    record::House,
};
use axum::http::StatusCode;

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A house with a finding at 105.6236, 30.3816 (WGS-84).
async fn found() -> House {
    let house = wide_house();
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    let round = plan(&clerk, "special", "no").await;
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    assert_eq!(give(&clerk, &round, "云溪镇", "").await.status, StatusCode::SEE_OTHER);
    step(&one, "/missions/X-2021-001/arrive", &ARRIVE).await;
    let seen = [
        ("facts", "污水直排。"),
        ("field", "sewage"),
        ("severity", "serious"),
        ("spot", "污水处理站"),
        ("unit", "u-town-2"),
        ("longitude", "105.6236"),
        ("latitude", "30.3816"),
        ("datum", "wgs84"),
    ];
    step(&one, "/missions/X-2021-001/find", &seen).await;
    house
}

#[tokio::test]
async fn without_a_key_no_page_names_the_map_service_and_no_policy_lets_it_in() {
    let house = found().await;
    let clerk = house.enter("clerk").await;
    for address in ["/findings/map", "/findings/map?layer=vec", "/findings/map?layer=img", "/findings"] {
        let page = clerk.get(address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().contains("tianditu"), "{address}");
        assert!(
            !page.policy.contains("http") && page.policy.contains("img-src 'self'"),
            "{address}: {}",
            page.policy
        );
    }
}

#[tokio::test]
async fn with_a_key_the_chosen_layer_lies_under_the_marks_by_the_grid_of_the_service_and_only_there() {
    let house = found().await.with_map_key(KEY);
    let clerk = house.enter("clerk").await;
    for address in ["/findings/map", "/findings/map?layer=sketch", "/findings/map?layer=else", "/findings"] {
        let page = clerk.get(address).await;
        assert!(!page.text().contains("tianditu.gov.cn"), "{address} asks for nothing");
        assert!(!page.policy.contains("tianditu"), "{address}: {}", page.policy);
    }
    for (layer, names) in [("vec", ["vec", "cva"]), ("img", ["img", "cia"])] {
        let page = clerk.get(&format!("/findings/map?layer={layer}")).await;
        for host in 0..4 {
            assert!(page.policy.contains(&format!("https://t{host}.tianditu.gov.cn")), "{}", page.policy);
        }
        assert!(page.policy.contains("connect-src 'self'") && page.policy.contains("default-src 'none'"));
        let text = page.text().replace("&#38;", "&").replace("&amp;", "&");
        let tiles: Vec<&str> =
            text.split("href=\"https://t").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!tiles.is_empty() && tiles.len() <= 60, "{} tiles", tiles.len());
        let number = |tile: &str, name: &str| -> u32 {
            let rest =
                tile.split(&format!("{name}=")).nth(1).unwrap_or_else(|| panic!("no {name} in {tile}"));
            rest.split('&').next().unwrap().parse().unwrap()
        };
        let mut covered = [false, false];
        for tile in &tiles {
            assert!(tile.contains(&format!("&tk={KEY}")) && tile.contains("TILEMATRIXSET=c"), "{tile}");
            let size = 360.0 / f64::from(1_u32 << number(tile, "TILEMATRIX"));
            let west = f64::from(number(tile, "TILECOL")) * size - 180.0;
            let north = 90.0 - f64::from(number(tile, "TILEROW")) * size;
            let holds = (west..west + size).contains(&105.6236) && (north - size..north).contains(&30.3816);
            for (n, name) in names.iter().enumerate() {
                covered[n] |= holds && tile.contains(&format!("/{name}_c/wmts?"));
            }
        }
        assert_eq!(covered, [true, true], "ground and names of {layer} lie under the mark");
    }
}

#[tokio::test]
async fn a_place_that_falls_on_the_known_object_under_another_datum_is_asked_about_and_taken_when_it_is_sure()
{
    let house = wide_house();
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    // The task's point is known: 105.6236, 30.3816 in WGS-84.
    let point = [("name", "排口"), ("longitude", "105.6236"), ("latitude", "30.3816"), ("datum", "wgs84")];
    let town = house.enter("town-1").await;
    let task = crate::record::TASK;
    let path = format!("/tasks/{task}/set-point");
    let told = send(&clerk, &path, &point).await;
    let told = if told.status == StatusCode::SEE_OTHER { told } else { send(&town, &path, &point).await };
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text());
    let round = plan(&clerk, "special", "no").await;
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    let given = give(&clerk, &round, "白鹿镇", task).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());

    // The same place in GCJ-02, some 450 metres off when it is called WGS-84.
    let (lat, lon) = bihuan_methods::coordinates::convert(
        (30.3816, 105.6236),
        bihuan_methods::coordinates::Datum::Wgs84,
        bihuan_methods::coordinates::Datum::Gcj02,
    );
    let (lat, lon) = (format!("{lat:.6}"), format!("{lon:.6}"));
    let path = "/missions/X-2021-001/arrive";
    let arrive = |datum: &'static str, sure: bool| {
        let mut fields = ARRIVE.to_vec();
        fields.extend([("longitude", lon.as_str()), ("latitude", lat.as_str()), ("datum", datum)]);
        if sure {
            fields.push(("datum_sure", "yes"));
        }
        fields
    };
    let asked = send(&one, path, &arrive("wgs84", false)).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = asked.text();
    assert!(page.contains("GCJ-02") && page.contains("name=\"datum_sure\""), "{page}");
    assert!(page.contains(&format!("value=\"{lat}\"")), "what was typed stays: {page}");
    assert!(!one.get("/missions/X-2021-001").await.text().contains("<dt>到场</dt>"), "nothing was recorded");
    let key = once(&one.get(path).await.text());
    let mut sure = arrive("wgs84", true);
    sure.push(("once", &key));
    assert_eq!(one.post(path, &sure).await.status, StatusCode::SEE_OTHER, "whoever is sure is believed");

    // Said with its right datum there is nothing to ask; here at a finding of the same stop.
    let seen = [
        ("facts", "渗漏。"),
        ("field", "sewage"),
        ("severity", "minor"),
        ("spot", "排口"),
        ("unit", "u-town-1"),
        ("longitude", lon.as_str()),
        ("latitude", lat.as_str()),
        ("datum", "gcj02"),
    ];
    step(&one, "/missions/X-2021-001/find", &seen).await;
}
