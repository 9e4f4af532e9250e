//! Products of many vectors in eight bits with a few others, on the widest instructions that the
//! processor has: chosen at run time, since one program must be fast on every machine. Whole numbers
//! make every processor's sums the same.

mod short;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::borrow::Borrow;

pub(super) use short::Short;

use super::pages::Pages;

/// This many of the few vectors are multiplied at once.
const BLOCK: usize = 4;

/// This many of the many vectors are next to each other. All sums of a group with a block stay in the
/// registers of the widest processors, and no sum goes across a register.
const GROUP: usize = 32;

/// Vectors in whole numbers are this large at most: 3,072 products with numbers up to 127 then stay
/// below 2^31.
const LARGEST: f32 = 4_095.0;

/// 1.5 · 2^23: a float that is added to it is rounded to a whole number, ties to even, which stands
/// in the lower bits. A conversion would do one number at a time.
pub(super) const ROUNDING: f32 = 12_582_912.0;

/// Two numbers of each vector in a block: one in the lower half, the next in the upper.
type Pairs = [i32; BLOCK];

/// Two numbers of each vector in a group, as many as a line of the processor's cache holds.
pub(super) type Line = [i8; 2 * GROUP];

/// The sums of products of each vector in a block with each in a group.
type Tile = [[i32; GROUP]; BLOCK];

/// A few vectors in whole numbers, and of each what its numbers have in common. Whole blocks: what
/// is missing at the end is zero.
pub(super) struct Rows {
    pairs: Vec<Pairs>,
    scales: Vec<f32>,
}

impl Rows {
    /// From vectors one after the other, each of an even width.
    #[inline(always)]
    pub(super) fn of(values: &[f32], width: usize) -> Self {
        let count = values.len() / width;
        let mut pairs = vec![[0; BLOCK]; count.div_ceil(BLOCK) * width / 2];
        let mut scales = Vec::with_capacity(count);
        let mut numbers = vec![0_i16; width];
        for (at, values) in values.chunks_exact(width).enumerate() {
            let largest = largest(values);
            let factor = LARGEST / largest;
            for (value, number) in values.iter().zip(&mut numbers) {
                *number = (value * factor + ROUNDING).to_bits() as i16;
            }
            let block = &mut pairs[at / BLOCK * width / 2..][..width / 2];
            for (pairs, [low, high]) in block.iter_mut().zip(numbers.as_chunks().0) {
                pairs[at % BLOCK] = (i32::from(*high) << 16) | (i32::from(*low) & 0xFFFF);
            }
            scales.push(largest / LARGEST);
        }
        Self { pairs, scales }
    }
}

/// The largest of the numbers without their signs, above zero.
#[inline(always)]
fn largest(values: &[f32]) -> f32 {
    let mut largest = [f32::MIN_POSITIVE; 16];
    let (chunks, rest) = values.as_chunks::<16>();
    for chunk in chunks {
        for (largest, value) in largest.iter_mut().zip(chunk) {
            *largest = if value.abs() > *largest { value.abs() } else { *largest };
        }
    }
    largest.iter().chain(rest).fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()))
}

/// Many vectors in eight bits.
pub(super) struct Packed {
    /// Group after group, from the beginning of a page on, so that each is in a line of the cache.
    lines: Pages<Line>,
    /// Of each vector what its numbers have in common.
    scales: Vec<f32>,
    width: usize,
}

impl Packed {
    /// From vectors that are no longer than this even width.
    fn of<'a>(vectors: impl Iterator<Item = &'a Short> + Clone, width: usize) -> Self {
        let scales: Vec<f32> = vectors.clone().map(|vector| vector.scale).collect();
        let numbers = vectors.map(|vector| vector.numbers.as_slice());
        let count = lines_of(scales.len(), width);
        let lines = Pages::written(count, |lines| write(lines, numbers, width));
        Self { lines, scales, width }
    }

    /// Several that are read together, on the same pages: of each its vectors one after the other,
    /// their scales, and their even width.
    pub(super) fn beside<const PARTS: usize>(
        parts: [(&[i8], Vec<f32>, usize); PARTS],
    ) -> [Self; PARTS] {
        let lines = parts.each_ref().map(|(numbers, scales, width)| {
            let mut lines = vec![[0; 2 * GROUP]; lines_of(scales.len(), *width)];
            write(&mut lines, numbers.chunks_exact((*width).max(1)), *width);
            lines
        });
        let mut parts = parts.into_iter();
        Pages::beside(lines).map(|lines| {
            let (_, scales, width) = parts.next().unwrap_or_default(); // there are as many
            Self { lines, scales, width }
        })
    }

    /// The products of each of the few with each of the many, one of the few after the other. A
    /// large table comes from memory, and that takes longer than multiplying: it is read once.
    #[inline(always)]
    pub(super) fn products(&self, kernel: impl Kernel, rows: &Rows) -> Vec<f32> {
        let (count, pairs) = (self.scales.len(), self.width / 2);
        let mut out = vec![0.0; rows.scales.len() * count];
        let groups = self.lines.chunks_exact(pairs.max(1)).zip(self.scales.chunks(GROUP));
        for (group, (lines, scales)) in groups.enumerate() {
            let blocks = rows.pairs.chunks_exact(pairs.max(1)).zip(rows.scales.chunks(BLOCK));
            for (block, (pairs, row_scales)) in blocks.enumerate() {
                let tile = kernel.tile(lines, pairs);
                for (row, (sums, row_scale)) in tile.iter().zip(row_scales).enumerate() {
                    let place = (block * BLOCK + row) * count + group * GROUP;
                    let out = out[place..].iter_mut().zip(sums.iter().zip(scales));
                    for (out, (sum, scale)) in out {
                        *out = *sum as f32 * (scale * row_scale);
                    }
                }
            }
        }
        out
    }
}

/// How many lines so many vectors take.
fn lines_of(count: usize, width: usize) -> usize {
    count.div_ceil(GROUP) * width / 2
}

/// Writes vectors, group after group, to lines that are zero.
fn write<'a>(lines: &mut [Line], vectors: impl Iterator<Item = &'a [i8]>, width: usize) {
    for (at, numbers) in vectors.enumerate() {
        let group = &mut lines[at / GROUP * width / 2..][..width / 2];
        let (pairs, last) = numbers.as_chunks::<2>();
        for (line, pair) in group.iter_mut().zip(pairs) {
            line[at % GROUP * 2..][..2].copy_from_slice(pair);
        }
        if let [last] = last {
            group[pairs.len()][at % GROUP * 2] = *last;
        }
    }
}

/// Something that is computed with a kernel.
pub(super) trait Dispatch {
    /// What comes of it.
    type Output;

    /// Does it; always inlined, so that all of it is compiled for the processor of the kernel.
    fn with(self, kernel: impl Kernel) -> Self::Output;
}

/// Does it with the widest instructions of this processor.
pub(super) fn dispatch<W: Dispatch>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    let work = match x86::dispatch(work) {
        Ok(done) => return done,
        Err(work) => work,
    };
    work.with(Plain)
}

/// Multiplies a group with a block on one kind of processor.
pub(super) trait Kernel: Copy {
    /// The sums; both are of one width.
    fn tile(self, lines: &[Line], block: &[Pairs]) -> Tile;
}

/// For every processor.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Kernel for Plain {
    #[inline(always)]
    fn tile(self, lines: &[Line], block: &[Pairs]) -> Tile {
        let mut tile = [[0; GROUP]; BLOCK];
        for (line, pairs) in lines.iter().zip(block) {
            for (sums, pair) in tile.iter_mut().zip(pairs) {
                let (low, high) = (i32::from(*pair as i16), *pair >> 16);
                for (sum, [first, second]) in sums.iter_mut().zip(line.as_chunks().0) {
                    *sum += i32::from(*first) * low + i32::from(*second) * high;
                }
            }
        }
        tile
    }
}

/// Many vectors, to be compared with a few at once: in eight bits they are read from memory four
/// times as fast, and of vectors of length 1 a cosine is off by less than a thousandth.
pub(super) struct Table(Packed);

impl Table {
    /// These vectors, all of one length; an empty one is near to nothing.
    pub(super) fn of<'a>(vectors: impl IntoIterator<Item = &'a Vec<f32>>) -> Self {
        let vectors: Vec<Short> = vectors.into_iter().map(|vector| Short::of(vector)).collect();
        Self::short(&vectors)
    }

    /// The same of vectors that are in eight bits already.
    pub(super) fn short(vectors: &[impl Borrow<Short>]) -> Self {
        let vectors = vectors.iter().map(Borrow::borrow);
        let longest = vectors.clone().map(|vector| vector.numbers.len()).max().unwrap_or_default();
        Self(Packed::of(vectors, longest.next_multiple_of(2)))
    }

    /// For each of these vectors its product with each of the table: their cosine where all have
    /// length 1.
    pub(super) fn products(&self, vectors: &[&[f32]]) -> Vec<Vec<f32>> {
        let (count, width) = (self.0.scales.len(), self.0.width);
        if count == 0 || width == 0 {
            return vec![vec![0.0; count]; vectors.len()]; // nothing in it is near to anything
        }
        let mut padded = Vec::with_capacity(vectors.len() * width);
        for (at, vector) in vectors.iter().enumerate() {
            padded.extend_from_slice(vector);
            padded.resize((at + 1) * width, 0.0);
        }
        let products = dispatch(Compare { table: &self.0, vectors: &padded });
        products.chunks_exact(count).map(<[f32]>::to_vec).collect()
    }
}

/// Vectors against a table.
struct Compare<'a> {
    table: &'a Packed,
    vectors: &'a [f32],
}

impl Dispatch for Compare<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with(self, kernel: impl Kernel) -> Vec<f32> {
        self.table.products(kernel, &Rows::of(self.vectors, self.table.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::encoder::{dot, normalised};

    #[test]
    fn a_table_compares_as_floats_do_on_every_processor() {
        let vector = |seed: u16| {
            let coordinate = |at: u16| f32::from((at * 37 + seed * 101 + at * seed) % 211) - 105.0;
            normalised((0..151).map(coordinate).collect())
        };
        let vectors: Vec<Vec<f32>> = (0..40).map(vector).collect();
        let (table, asked) = (Table::of(&vectors), vector(77));
        let mut padded = asked.clone();
        padded.resize(table.0.width, 0.0);
        let [cosines] = &table.products(&[&asked])[..] else { panic!("one vector") };
        let compare = || Compare { table: &table.0, vectors: &padded };
        assert_eq!(*cosines, compare().with(Plain));
        #[cfg(target_arch = "x86_64")]
        for other in x86::each(compare) {
            assert_eq!(*cosines, other);
        }
        // Several at once come to the same as each by itself.
        let several: Vec<&[f32]> = vectors.iter().take(6).map(Vec::as_slice).collect();
        for (together, vector) in table.products(&several).into_iter().zip(&several) {
            assert_eq!([together][..], table.products(&[vector])[..]);
        }
        assert_eq!(cosines.len(), 40);
        for (found, other) in cosines.iter().zip(&vectors) {
            assert!((found - dot(&asked, other)).abs() < 2e-3);
        }
        assert_eq!(Table::of(&[]).products(&[&asked]), [[0.0; 0]]);
        assert_eq!(Table::of(&[vec![], vec![]]).products(&[&[]]), [[0.0, 0.0]]);
        let gap = Table::of([&vectors[0], &vec![], &vectors[1], &vec![]]).products(&[&asked]);
        assert_eq!(gap, [[cosines[0], 0.0, cosines[1], 0.0]]);
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_and_halves_to_even() {
        let rows = Rows::of(&[LARGEST, 0.5, 1.5, -0.5, -1.5, -2.5, -0.49, -LARGEST], 8);
        let numbers =
            rows.pairs.iter().flat_map(|pairs| [pairs[0] as i16, (pairs[0] >> 16) as i16]);
        assert_eq!(numbers.collect::<Vec<_>>(), [4_095, 0, 2, 0, -2, -2, 0, -4_095]);
        assert_eq!(rows.scales, [1.0]);
    }
}
