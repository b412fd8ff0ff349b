//! Pictures (照片): simple scenes drawn from numbers, recognisable before, during and after the work.
//!
//! No picture shows a real place. The colours follow the month, the layout follows the place, so that the pictures of
//! one place belong together; the strip at the bottom carries the instant as bars, as cameras burn it in.

use super::dice::Dice;
use anyhow::{Context, Result};
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use jiff::civil::DateTime;

/// Width, in pixels.
const WIDTH: i64 = 480;
/// Height, in pixels.
const HEIGHT: i64 = 360;
/// Height of the strip, in pixels.
const STRIP: i64 = 22;

/// What is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A river between its banks.
    River,
    /// A pipe that ends at a ditch.
    Pipe,
    /// A heap of waste.
    Heap,
    /// A kiln with its chimney.
    Kiln,
    /// A treatment station or store.
    Station,
    /// A row of toilets.
    Toilet,
    /// A field.
    Field,
}

impl Kind {
    /// The kind by the word of the templates.
    pub fn named(name: &str) -> Kind {
        match name {
            "river" => Kind::River,
            "pipe" => Kind::Pipe,
            "heap" => Kind::Heap,
            "kiln" => Kind::Kiln,
            "toilet" => Kind::Toilet,
            "field" => Kind::Field,
            _ => Kind::Station,
        }
    }
}

/// How the place looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// As it was found.
    Before,
    /// While it is being worked on.
    During,
    /// As it is afterwards.
    After,
}

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    pub kind: Kind,
    pub condition: Condition,
    pub place: u64,
    pub month: u8,
    pub shot: u32,
    pub stamp: DateTime,
}

type Colour = [u8; 3];

struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    /// The bytes of a part of a row; the empty part when nothing of it lies on the canvas.
    fn run(&mut self, y: i64, from: i64, to: i64) -> &mut [u8] {
        let (from, to) = (from.clamp(0, WIDTH), to.clamp(0, WIDTH));
        if from >= to || !(0..HEIGHT).contains(&y) {
            return &mut [];
        }
        let at = |x: i64| usize::try_from((y * WIDTH + x) * 3).expect("inside the canvas");
        &mut self.pixels[at(from)..at(to)]
    }

    fn box_at(&mut self, x: i64, y: i64, width: i64, height: i64, colour: Colour) {
        for row in y..y + height {
            for pixel in self.run(row, x, x + width).chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// A row with a grain, so that ground and water do not look painted.
    fn grain(&mut self, y: i64, from: i64, to: i64, grains: &[Colour; 13]) {
        let mut n = usize::try_from(y * 17 % 13).unwrap_or(0);
        for pixel in self.run(y, from, to).chunks_exact_mut(3) {
            n += 5;
            if n > 12 {
                n -= 13;
            }
            pixel.copy_from_slice(&grains[(n * n + n) % 13]);
        }
    }

    fn disc(&mut self, x: i64, y: i64, radius: i64, colour: Colour) {
        for dy in -radius..=radius {
            let mut half = radius;
            while half * half + dy * dy > radius * radius {
                half -= 1;
            }
            self.box_at(x - half, y + dy, half * 2 + 1, 1, colour);
        }
    }

    /// A band of water or road from the far middle to the near edge.
    fn band(&mut self, top: i64, far: (i64, i64), near: (i64, i64), colour: Colour) {
        let depth = (HEIGHT - top).max(1);
        let grains = grains(colour);
        for y in top..HEIGHT {
            let t = y - top;
            let left = far.0 + (near.0 - far.0) * t / depth;
            let right = far.1 + (near.1 - far.1) * t / depth;
            self.grain(y, left, right, &grains);
        }
    }
}

/// Thirteen shades of a colour.
fn grains(colour: Colour) -> [Colour; 13] {
    let mut by = -7;
    [(); 13].map(|()| {
        by += 1;
        shade(colour, by)
    })
}

fn shade(colour: Colour, by: i64) -> Colour {
    colour.map(|part| u8::try_from((i64::from(part) + by).clamp(0, 255)).expect("clamped"))
}

fn green(month: u8) -> Colour {
    match month {
        3..=5 => [118, 164, 84],
        6..=8 => [66, 128, 62],
        9..=11 => [164, 140, 72],
        _ => [138, 132, 104],
    }
}

/// The picture as a JPEG file.
///
/// # Errors
/// When the encoder refuses, which it does not for pictures of this size.
pub fn jpeg(scene: &Scene) -> Result<Vec<u8>> {
    let mut layout = Dice::new(scene.place, "layout");
    let mut shot = Dice::new(scene.place ^ u64::from(scene.shot), "shot");
    let length = usize::try_from(WIDTH * HEIGHT * 3).context("a small picture")?;
    let mut canvas = Canvas { pixels: vec![0; length] };
    let shift = shot.between(-14, 14);
    let horizon = layout.between(105, 150);
    backdrop(&mut canvas, scene, horizon, shift, &mut layout);
    let x = layout.between(150, 290) + shift;
    match scene.kind {
        Kind::River | Kind::Pipe => water(&mut canvas, scene, horizon, x, &mut shot),
        Kind::Heap => heap(&mut canvas, scene, x, &mut shot),
        Kind::Kiln => kiln(&mut canvas, scene, horizon, x, &mut shot),
        Kind::Station | Kind::Toilet => house(&mut canvas, scene, horizon, x, &mut shot),
        Kind::Field => field(&mut canvas, scene, horizon, x, &mut shot),
    }
    if scene.condition == Condition::During {
        for n in 0..9 {
            canvas.box_at(
                n * 54 + shift,
                268,
                40,
                7,
                if n % 2 == 0 { [232, 92, 34] } else { [240, 240, 236] },
            );
        }
        canvas.box_at(x + 96, 214, 54, 30, [236, 178, 40]);
        canvas.disc(x + 106, 248, 9, [30, 30, 30]);
        canvas.disc(x + 140, 248, 9, [30, 30, 30]);
    }
    strip(&mut canvas, scene);
    encode(&canvas, 72)
}

/// The picture as somebody hands it in again: its mirror image, pressed harder.
///
/// # Errors
/// As [`jpeg`].
pub fn again(scene: &Scene) -> Result<Vec<u8>> {
    let whole = image::load_from_memory(&jpeg(scene)?)?.fliph().to_rgb8();
    encode(&Canvas { pixels: whole.into_raw() }, 55)
}

fn encode(canvas: &Canvas, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(24_000);
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    let (width, height) = (u32::try_from(WIDTH)?, u32::try_from(HEIGHT)?);
    encoder.write_image(&canvas.pixels, width, height, ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

fn backdrop(canvas: &mut Canvas, scene: &Scene, horizon: i64, shift: i64, layout: &mut Dice) {
    let hazy = scene.condition == Condition::Before;
    let sky: Colour = if hazy { [176, 182, 184] } else { [142, 190, 232] };
    for y in 0..horizon {
        canvas.box_at(0, y, WIDTH, 1, shade(sky, y / 4));
    }
    let ground = green(scene.month);
    for hill in 0..4 {
        let (x, radius) = (layout.between(0, WIDTH), layout.between(50, 120));
        let far = shade(ground, 28 - hill * 8);
        for dx in -radius..radius {
            let height = (radius * radius - dx * dx) / (radius * 3);
            canvas.box_at(x + dx + shift / 2, horizon - height + 1, 1, height, far);
        }
    }
    let grains = grains(ground);
    for y in horizon..HEIGHT {
        canvas.grain(y, 0, WIDTH, &grains);
    }
    for tree in 0..6 {
        let x = layout.between(0, WIDTH) + shift;
        canvas.box_at(x - 2, horizon, 4, 14, [92, 70, 48]);
        canvas.disc(x, horizon - 6, 9 + tree, shade(ground, -26));
    }
}

fn water(canvas: &mut Canvas, scene: &Scene, horizon: i64, x: i64, shot: &mut Dice) {
    let dirty = scene.condition != Condition::After;
    let colour: Colour = if dirty { [84, 84, 62] } else { [82, 146, 172] };
    let wide = if scene.kind == Kind::River { 3 } else { 1 };
    canvas.band(horizon, (x, x + 24 * wide), (x - 60 * wide, x + 74 * wide), [150, 144, 130]);
    canvas.band(horizon + 4, (x + 4, x + 20 * wide), (x - 48 * wide, x + 60 * wide), colour);
    if scene.kind == Kind::Pipe {
        canvas.box_at(0, 226, x - 20, 34, [140, 140, 140]);
        canvas.disc(x - 22, 243, 19, [112, 112, 112]);
        let mouth: Colour = if dirty { [34, 32, 26] } else { [168, 168, 164] };
        canvas.disc(x - 22, 243, 13, mouth);
        if dirty {
            canvas.band(248, (x - 32, x - 10), (x - 46, x + 12), [52, 50, 40]);
        }
    }
    if dirty {
        for _ in 0..60 {
            let y = shot.between(horizon + 40, HEIGHT - 40);
            let half = 10 * wide + (y - horizon) * 44 * wide / (HEIGHT - horizon);
            let dx = 12 * wide - 6 + shot.between(-half, half);
            let colours: [Colour; 4] = [[214, 212, 200], [60, 92, 160], [190, 60, 50], [210, 180, 60]];
            let colour = *shot.pick(&colours);
            canvas.disc(x + dx, y, shot.between(2, 4), colour);
        }
    } else {
        for n in 0..10 {
            canvas.box_at(
                x + 8 * wide - n * (3 * wide - 2),
                horizon + 30 + n * 17,
                8 + n * 2 * wide,
                2,
                [186, 214, 226],
            );
        }
    }
}

fn heap(canvas: &mut Canvas, scene: &Scene, x: i64, shot: &mut Dice) {
    let rows = match scene.condition {
        Condition::Before => 420,
        Condition::During => 120,
        Condition::After => 0,
    };
    canvas.box_at(x - 120, 262, 260, 46, [156, 146, 126]);
    for _ in 0..rows {
        let dx = shot.between(-105, 110);
        let tall = (110 - dx.abs()) * 3 / 4;
        let y = 290 - shot.between(0, tall.max(4));
        let colours: [Colour; 6] =
            [[232, 232, 226], [52, 52, 58], [196, 62, 48], [62, 96, 170], [124, 92, 60], [220, 190, 70]];
        let colour = *shot.pick(&colours);
        canvas.box_at(x + dx, y, shot.between(4, 13), shot.between(3, 8), colour);
    }
    if scene.condition == Condition::After {
        for n in 0..4 {
            canvas.box_at(x - 100 + n * 56, 236, 34, 44, [40, 120, 70]);
            canvas.box_at(x - 102 + n * 56, 230, 38, 8, [28, 90, 52]);
        }
    }
}

fn kiln(canvas: &mut Canvas, scene: &Scene, horizon: i64, x: i64, shot: &mut Dice) {
    canvas.box_at(x - 110, horizon + 30, 190, 96, [166, 92, 66]);
    for n in 0..5 {
        canvas.disc(x - 90 + n * 38, horizon + 112, 13, [70, 40, 32]);
    }
    canvas.box_at(x + 96, horizon - 70, 26, 196, [178, 110, 84]);
    let puffs = if scene.condition == Condition::Before { 46 } else { 4 };
    for n in 0..puffs {
        let grey = if scene.condition == Condition::Before { [96, 92, 90] } else { [236, 238, 240] };
        let (dx, dy) = (shot.between(-9, 9) + n, shot.between(-5, 5) - n);
        canvas.disc(x + 109 + dx, horizon - 74 + dy, 7 + n / 5, shade(grey, n / 2));
    }
    if scene.condition == Condition::After {
        canvas.box_at(x + 134, horizon + 46, 22, 80, [190, 200, 206]);
    }
}

fn house(canvas: &mut Canvas, scene: &Scene, horizon: i64, x: i64, shot: &mut Dice) {
    let clean = scene.condition == Condition::After;
    let wall: Colour = if clean { [238, 236, 226] } else { [176, 166, 148] };
    canvas.box_at(x - 96, horizon + 26, 200, 98, wall);
    canvas.box_at(x - 108, horizon + 14, 224, 15, if clean { [40, 92, 130] } else { [104, 88, 78] });
    let doors = if scene.kind == Kind::Toilet { 4 } else { 2 };
    for n in 0..doors {
        let colour: Colour = if clean { [60, 132, 110] } else { [88, 70, 56] };
        canvas.box_at(x - 82 + n * 180 / doors, horizon + 60, 26, 64, colour);
    }
    if scene.kind == Kind::Station {
        canvas.disc(x + 150, horizon + 120, 30, [150, 154, 156]);
        canvas.disc(x + 150, horizon + 120, 24, if clean { [88, 150, 166] } else { [70, 66, 46] });
    }
    if !clean {
        for _ in 0..90 {
            let (dx, y) = (shot.between(-95, 100), shot.between(horizon + 30, horizon + 140));
            canvas.disc(x + dx, y, shot.between(1, 4), shade([86, 76, 58], shot.between(-20, 20)));
        }
    }
}

fn field(canvas: &mut Canvas, scene: &Scene, horizon: i64, x: i64, shot: &mut Dice) {
    for row in 0..14 {
        let y = horizon + 12 + row * row;
        canvas.box_at(0, y, WIDTH, 2 + row / 3, shade(green(scene.month), -24));
    }
    if scene.condition == Condition::Before {
        canvas.box_at(x - 70, 236, 160, 34, [42, 36, 32]);
        for _ in 0..40 {
            canvas.disc(
                x + shot.between(-64, 84),
                shot.between(226, 264),
                shot.between(3, 8),
                [226, 116, 38],
            );
        }
        for n in 0..40 {
            canvas.disc(x + n * 2 + shot.between(-12, 12), 226 - n * 3, 8 + n / 4, [150, 148, 146]);
        }
    } else {
        for n in 0..5 {
            canvas.disc(x - 90 + n * 52, 250, 18, [202, 172, 96]);
        }
    }
}

/// The strip with the instant and the place as bars, so that no two pictures are the same file.
fn strip(canvas: &mut Canvas, scene: &Scene) {
    canvas.box_at(0, HEIGHT - STRIP, WIDTH, STRIP, [24, 26, 30]);
    let instant = u64::try_from(
        i64::from(scene.stamp.year()) * 100_000_000
            + i64::from(scene.stamp.month()) * 1_000_000
            + i64::from(scene.stamp.day()) * 10_000
            + i64::from(scene.stamp.hour()) * 100
            + i64::from(scene.stamp.minute()),
    )
    .unwrap_or(0);
    let row = |canvas: &mut Canvas, y: i64, bits: u64| {
        for n in 0..64 {
            let height = if bits >> n & 1 == 1 { 7 } else { 2 };
            canvas.box_at(12 + n * 7, y, 5, height, [236, 196, 70]);
        }
    };
    row(canvas, HEIGHT - STRIP + 3, instant);
    row(canvas, HEIGHT - STRIP + 12, scene.place ^ u64::from(scene.shot).rotate_left(20));
}
