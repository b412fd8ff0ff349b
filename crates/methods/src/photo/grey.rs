//! Pictures as brightness (灰度): what is left of a photo once it has been decoded.

/// A grey picture, row by row, 0 black to 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Brightness from which a pixel is paper, of 255.
const PAPER: u8 = 200;
/// Share of paper, in percent, from which a picture is a form or a scan.
const PAPER_PERCENT: usize = 70;

/// A part of a picture, in shares of its width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Part {
    /// Everything.
    pub(super) const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
}

impl Grey {
    /// A picture of so many pixels; `None` when the number of pixels is another, or 0.
    #[must_use]
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let fits = width > 0 && height > 0 && width.checked_mul(height) == Some(pixels.len());
        fits.then_some(Self { width, height, pixels })
    }

    /// The mirror image.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.pixels.chunks_exact(self.width);
        Self { pixels: rows.flat_map(|row| row.iter().rev().copied()).collect(), ..*self }
    }

    /// Whether the picture is a form or a scan (表单、扫描件): seven tenths of it are as bright as paper. Forms look like each
    /// other by nature, so nobody is asked about them.
    #[must_use]
    pub fn is_paper(&self) -> bool {
        let bright = self.pixels.iter().filter(|pixel| **pixel >= PAPER).count();
        bright * 100 >= self.pixels.len() * PAPER_PERCENT
    }

    /// The picture with at most so many pixels on a side, each the mean of what it covers.
    #[must_use]
    pub fn reduced(&self, side: usize) -> Self {
        let longest = self.width.max(self.height);
        if longest <= side || side == 0 {
            return self.clone();
        }
        let (width, height) = ((self.width * side / longest).max(1), (self.height * side / longest).max(1));
        let means = self.sums().means(Part::WHOLE, width, height);
        Self {
            width,
            height,
            pixels: means.iter().map(|mean| mean.round().clamp(0.0, 255.0) as u8).collect(),
        }
    }

    /// The sums by which any part is averaged at once.
    pub(super) fn sums(&self) -> Sums {
        let across = self.width + 1;
        let mut sums = vec![0.0; across * (self.height + 1)];
        for y in 0..self.height {
            let mut row = 0.0;
            for x in 0..self.width {
                row += f64::from(self.pixels[y * self.width + x]);
                sums[(y + 1) * across + x + 1] = sums[y * across + x + 1] + row;
            }
        }
        Sums { width: self.width, height: self.height, sums }
    }
}

/// Summed areas (Crow 1984): the sum of all pixels above and left of every corner.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    width: usize,
    height: usize,
    sums: Vec<f64>,
}

impl Sums {
    /// The sum above and left of a point that may lie within a pixel, which then counts by its share.
    fn until(&self, x: f64, y: f64) -> f64 {
        let split = |at: f64, most: usize| {
            let whole = (at.max(0.0) as usize).min(most - 1);
            (whole, (at - whole as f64).clamp(0.0, 1.0))
        };
        let ((column, right), (row, down)) = (split(x, self.width), split(y, self.height));
        let at = |row: usize, column: usize| self.sums[row * (self.width + 1) + column];
        let upper = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
        let lower = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
        upper * (1.0 - down) + lower * down
    }

    /// A part as a table of mean brightness, each cell the exact mean of the area it covers.
    pub(super) fn means(&self, part: Part, columns: usize, rows: usize) -> Vec<f64> {
        let (wide, high) = (self.width as f64, self.height as f64);
        let (step_x, step_y) =
            ((part.right - part.left) * wide / columns as f64, (part.bottom - part.top) * high / rows as f64);
        let edge = |column: usize, row: usize| {
            self.until(part.left * wide + column as f64 * step_x, part.top * high + row as f64 * step_y)
        };
        let edges: Vec<f64> = (0..=rows)
            .flat_map(|row| (0..=columns).map(|column| edge(column, row)).collect::<Vec<_>>())
            .collect();
        let at = |row: usize, column: usize| edges[row * (columns + 1) + column];
        let mean = |row: usize, column: usize| {
            let sum = at(row + 1, column + 1) - at(row, column + 1) - at(row + 1, column) + at(row, column);
            sum / (step_x * step_y)
        };
        (0..rows).flat_map(|row| (0..columns).map(|column| mean(row, column)).collect::<Vec<_>>()).collect()
    }
}
