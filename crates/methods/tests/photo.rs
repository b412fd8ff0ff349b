//! Re-used photos: 2,000 pictures and their transforms, found again; unrelated ones left alone.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::{
    photo::{Asked, Fingerprint, Grey, Index},
    random::Stream,
};
use image::{GrayImage, ImageBuffer, codecs::jpeg::JpegEncoder, imageops};

const PICTURES: usize = 2_000;
const WIDTH: u32 = 160;
const HEIGHT: u32 = 120;

/// A scene like those of a patrol: sky over ground of uneven light, buildings, a ditch, heaps, grain.
fn scene(number: usize) -> GrayImage {
    let mut random = Stream::new("scene", &number.to_string());
    let horizon = 20.0 + random.share() * 60.0;
    let (sky, ground) = (150.0 + random.share() * 90.0, 50.0 + random.share() * 90.0);
    let lights: Vec<[f64; 4]> = (0..6)
        .map(|_| {
            let (x, y) = (random.share() * 160.0, random.share() * 120.0);
            [x, y, 15.0 + random.share() * 45.0, random.share() * 120.0 - 60.0]
        })
        .collect();
    let blocks: Vec<[f64; 5]> = (0..4 + random.below(8))
        .map(|_| {
            let (x, y) = (random.share() * 150.0, random.share() * 110.0);
            let (wide, high) = (6.0 + random.share() * 50.0, 5.0 + random.share() * 40.0);
            [x, y, x + wide, y + high, random.share() * 255.0]
        })
        .collect();
    let ditch = (random.share() * 160.0, random.share() * 2.0 - 1.0, 3.0 + random.share() * 10.0);
    let mut grain = Stream::new("grain", &number.to_string());
    ImageBuffer::from_fn(WIDTH, HEIGHT, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let mut value = if y < horizon { sky - y * 0.4 } else { ground };
        for [at_x, at_y, size, light] in &lights {
            value += light * (-((x - at_x).powi(2) + (y - at_y).powi(2)) / (2.0 * size * size)).exp();
        }
        for [left, top, right, bottom, tone] in &blocks {
            if (*left..*right).contains(&x) && (*top..*bottom).contains(&y) {
                value = *tone;
            }
        }
        if y > horizon && (x - ditch.0 - ditch.1 * (y - horizon)).abs() < ditch.2 {
            value = 35.0;
        }
        image::Luma([(value + grain.share() * 10.0).clamp(0.0, 255.0) as u8])
    })
}

fn grey(picture: &GrayImage) -> Grey {
    Grey::new(picture.width() as usize, picture.height() as usize, picture.as_raw().clone()).unwrap()
}

fn recompressed(picture: &GrayImage, quality: u8) -> GrayImage {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    image::load_from_memory(&bytes).unwrap().to_luma8()
}

type Transform = fn(&GrayImage, usize) -> GrayImage;

/// What is done to a picture before it is handed in again.
const TRANSFORMS: [(&str, Transform); 8] = [
    ("recompressed", |picture, _| recompressed(picture, 60)),
    ("smaller", |picture, _| imageops::resize(picture, 97, 73, imageops::FilterType::Triangle)),
    ("larger", |picture, _| imageops::resize(picture, 320, 240, imageops::FilterType::CatmullRom)),
    ("cropped by 10 %", |picture, number| {
        let mut random = Stream::new("crop", &number.to_string());
        let (left, top) = (random.below(17) as u32, random.below(13) as u32);
        imageops::crop_imm(picture, left, top, 144, 108).to_image()
    }),
    ("with a watermark band", |picture, number| {
        let mut random = Stream::new("band", &number.to_string());
        let mut marked = picture.clone();
        for y in HEIGHT - 20..HEIGHT {
            for x in 0..WIDTH {
                let letter = random.below(3) == 0;
                marked.put_pixel(x, y, image::Luma([if letter { 250 } else { 20 }]));
            }
        }
        marked
    }),
    ("brighter", |picture, _| imageops::brighten(picture, 25)),
    ("darker", |picture, _| imageops::brighten(picture, -25)),
    ("mirrored", |picture, _| imageops::flip_horizontal(picture)),
];

#[test]
fn of_2_000_pictures_95_in_100_are_found_again_after_each_transform_with_at_most_1_false_alarm_in_10_000_pairs()
 {
    let scenes: Vec<GrayImage> = (0..PICTURES).map(scene).collect();
    let kept: Vec<Fingerprint> = scenes.iter().map(|scene| Fingerprint::of(&grey(scene))).collect();
    let mut index = Index::default();
    kept.iter().for_each(|fingerprint| {
        index.keep(*fingerprint);
    });
    let telling = kept.iter().filter(|fingerprint| fingerprint.is_telling()).count();
    assert!(telling * 100 >= PICTURES * 98, "{telling} pictures tell anything");
    let (mut alarms, mut pairs) = (0_u64, 0_u64);
    for (name, transform) in TRANSFORMS {
        let mut found = 0;
        for (number, scene) in scenes.iter().enumerate() {
            let asked = Asked::of(&grey(&transform(scene, number)));
            let hits = index.look_up(&asked);
            let is_found = hits.iter().any(|hit| hit.number as usize == number);
            found += usize::from(is_found);
            alarms += hits.len() as u64 - u64::from(is_found);
            pairs += PICTURES as u64 - 1;
        }
        eprintln!("{name}: {found} of {PICTURES}");
        assert!(found * 100 >= PICTURES * 95, "{name}: {found} of {PICTURES}");
    }
    eprintln!("{alarms} false alarms in {pairs} pairs");
    assert!(alarms * 10_000 <= pairs, "{alarms} false alarms in {pairs} pairs");
}

#[test]
fn the_index_finds_what_comparing_with_every_picture_finds() {
    let kept: Vec<Fingerprint> = (0..300).map(|number| Fingerprint::of(&grey(&scene(number)))).collect();
    let mut index = Index::default();
    kept.iter().for_each(|fingerprint| {
        index.keep(*fingerprint);
    });
    assert_eq!(index.len(), 300);
    for (number, (_, transform)) in (0..300).zip(TRANSFORMS.iter().cycle()) {
        let asked = Asked::of(&grey(&transform(&scene(number), number)));
        let mut by_index: Vec<u32> = index.look_up(&asked).iter().map(|hit| hit.number).collect();
        by_index.sort_unstable();
        let all: Vec<u32> =
            (0..300).filter(|number| asked.likeness(&kept[*number as usize]).is_some()).collect();
        assert_eq!(by_index, all);
    }
}

#[test]
fn recompression_changes_at_most_two_bits_of_nearly_every_picture() {
    let changed = (0..200).filter(|number| {
        let scene = scene(*number);
        let (one, other) =
            (Fingerprint::of(&grey(&scene)), Fingerprint::of(&grey(&recompressed(&scene, 60))));
        (one.whole.dhash ^ other.whole.dhash).count_ones() > 2
    });
    assert!(changed.count() <= 10);
}
