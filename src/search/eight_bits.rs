//! Products of vectors in eight bits with others, on the widest instructions that the processor has:
//! chosen at run time, since one program must be fast on every machine. Whole numbers make every
//! processor's sums the same.

/// So many vectors are multiplied with a row of weights while it is in the registers.
pub(super) const BLOCK: usize = 4;

/// Vectors in whole numbers are this large at most: 1,536 products with weights up to 127 then stay
/// below 2^31.
const LARGEST: f32 = 8_191.0;

/// Vectors in whole numbers, and of each what its numbers have in common. Whole blocks: what is
/// missing at the end is zero.
pub(super) struct Rows {
    pub numbers: Vec<i16>,
    pub scales: Vec<f32>,
    pub width: usize,
}

impl Rows {
    /// From vectors one after the other.
    #[inline(always)]
    pub(super) fn of(values: &[f32], width: usize) -> Self {
        let count = values.len() / width;
        let mut numbers = vec![0; count.next_multiple_of(BLOCK) * width];
        let mut scales = Vec::with_capacity(count);
        for (values, numbers) in values.chunks_exact(width).zip(numbers.chunks_exact_mut(width)) {
            let largest = values.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
            let factor = LARGEST / largest;
            for (value, number) in values.iter().zip(numbers) {
                *number = (value * factor).round_ties_even() as i16;
            }
            scales.push(largest / LARGEST);
        }
        Self { numbers, scales, width }
    }
}

/// One row of weights times a block of vectors.
pub(super) trait Kernel: Copy {
    /// The sums of products; the vectors stand one after the other, each as long as the weights.
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK];

    /// The sum of products of two vectors of one length.
    fn product(self, a: &[i8], b: &[i16]) -> i32;
}

/// For every processor.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Kernel for Plain {
    #[inline(always)]
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK] {
        let mut sums = [0; BLOCK];
        for (sum, vector) in sums.iter_mut().zip(block.chunks_exact(weights.len())) {
            let pairs = weights.iter().zip(vector);
            *sum = pairs.map(|(weight, number)| i32::from(*weight) * i32::from(*number)).sum();
        }
        sums
    }

    #[inline(always)]
    fn product(self, a: &[i8], b: &[i16]) -> i32 {
        a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
    }
}

#[cfg(target_arch = "x86_64")]
impl Kernel for pulp::x86::V3 {
    #[inline(always)]
    fn products(self, weights: &[i8], block: &[i16]) -> [i32; BLOCK] {
        let (weights, rest) = weights.as_chunks::<16>();
        debug_assert!(rest.is_empty(), "every layer is a multiple of sixteen wide");
        let (block, _) = block.as_chunks::<16>();
        let width = weights.len();
        let (first, others) = block.split_at(width);
        let (second, others) = others.split_at(width);
        let (third, fourth) = others.split_at(width);
        let (zero, avx) = (self.avx._mm256_setzero_si256(), self.avx2);
        let mut sums = [zero; BLOCK];
        let vectors = first.iter().zip(second).zip(third.iter().zip(fourth));
        for (weights, ((first, second), (third, fourth))) in weights.iter().zip(vectors) {
            let weights = avx._mm256_cvtepi8_epi16(pulp::cast(*weights));
            for (sum, numbers) in sums.iter_mut().zip([first, second, third, fourth]) {
                let products = avx._mm256_madd_epi16(weights, pulp::cast(*numbers));
                *sum = avx._mm256_add_epi32(*sum, products);
            }
        }
        // Neighbours added twice over: the halves of all four sums stand beside each other.
        let [first, second, third, fourth] = sums;
        let pairs = [avx._mm256_hadd_epi32(first, second), avx._mm256_hadd_epi32(third, fourth)];
        let halves: [[i32; BLOCK]; 2] = pulp::cast(avx._mm256_hadd_epi32(pairs[0], pairs[1]));
        let mut totals = halves[0];
        for (total, half) in totals.iter_mut().zip(halves[1]) {
            *total += half;
        }
        totals
    }
    #[inline(always)]
    fn product(self, a: &[i8], b: &[i16]) -> i32 {
        let ((a, rest), (b, _)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
        debug_assert!(rest.is_empty(), "vectors are padded to a multiple of sixteen");
        let mut sum = self.avx._mm256_setzero_si256();
        for (a, b) in a.iter().zip(b) {
            let a = self.avx2._mm256_cvtepi8_epi16(pulp::cast(*a));
            let products = self.avx2._mm256_madd_epi16(a, pulp::cast(*b));
            sum = self.avx2._mm256_add_epi32(sum, products);
        }
        let sum: [i32; 8] = pulp::cast(sum);
        sum.iter().sum()
    }
}

/// Many vectors of length 1, to be compared with one at once: in eight bits they are read from
/// memory four times as fast, and off by less than a thousandth.
pub(super) struct Table {
    /// Coordinates of a vector here: a multiple of sixteen, the last ones zero.
    width: usize,
    numbers: Vec<i8>,
    scales: Vec<f32>,
}

impl Table {
    /// These vectors, all of one length; an empty one is near to nothing.
    pub(super) fn of<'a>(vectors: impl IntoIterator<Item = &'a Vec<f32>>) -> Self {
        let vectors: Vec<&Vec<f32>> = vectors.into_iter().collect();
        let longest = vectors.iter().map(|vector| vector.len()).max().unwrap_or_default();
        let width = longest.next_multiple_of(16);
        let mut table = Self { width, numbers: Vec::new(), scales: Vec::new() };
        for vector in vectors {
            let largest = vector.iter().fold(f32::MIN_POSITIVE, |max, value| max.max(value.abs()));
            let factor = f32::from(i8::MAX) / largest;
            table.numbers.extend(vector.iter().map(|v| (v * factor).round_ties_even() as i8));
            table.scales.push(largest / f32::from(i8::MAX));
            table.numbers.resize(table.scales.len() * table.width, 0);
        }
        table
    }

    /// For each of these vectors the cosine of each of the table to it. All of them are compared
    /// in one pass: a large table comes from memory, and that takes longer than comparing.
    pub(super) fn cosines(&self, vectors: &[&[f32]]) -> Vec<Vec<f32>> {
        let mut padded = Vec::with_capacity(vectors.len() * self.width);
        for (at, vector) in vectors.iter().enumerate() {
            padded.extend_from_slice(vector);
            padded.resize((at + 1) * self.width, 0.0);
        }
        match pulp::Arch::new() {
            #[cfg(target_arch = "x86_64")]
            pulp::Arch::V3(v3) => {
                pulp::Simd::vectorize(v3, Compare { table: self, vectors: &padded, kernel: v3 })
            }
            arch => arch.dispatch(Compare { table: self, vectors: &padded, kernel: Plain }),
        }
        .into_iter()
        .chain(std::iter::repeat_with(|| vec![0.0; self.scales.len()]))
        .take(vectors.len())
        .collect()
    }
}

/// Vectors against a table on one kind of processor.
struct Compare<'a, K> {
    table: &'a Table,
    vectors: &'a [f32],
    kernel: K,
}

impl<K: Kernel> pulp::NullaryFnOnce for Compare<'_, K> {
    type Output = Vec<Vec<f32>>;

    #[inline(always)]
    fn call(self) -> Vec<Vec<f32>> {
        let Self { table, vectors, kernel } = self;
        if table.width == 0 {
            return Vec::new(); // nothing in it is near to anything
        }
        let rows = Rows::of(vectors, table.width);
        let mut cosines = vec![vec![0.0; table.scales.len()]; rows.scales.len()];
        let all = table.numbers.chunks_exact(table.width).zip(&table.scales);
        // Loops, not `map`: its closure would be compiled for every processor, and each
        // instruction in it become a call.
        for (at, (other, other_scale)) in all.enumerate() {
            if let [scale] = rows.scales[..] {
                let sum = kernel.product(other, &rows.numbers[..table.width]);
                cosines[0][at] = sum as f32 * (scale * other_scale);
                continue;
            }
            let blocks = rows.numbers.chunks_exact(BLOCK * table.width);
            let blocks = blocks.zip(rows.scales.chunks(BLOCK)).zip(cosines.chunks_mut(BLOCK));
            for ((block, scales), cosines) in blocks {
                let sums = kernel.products(other, block);
                for ((sum, scale), cosines) in sums.iter().zip(scales).zip(cosines) {
                    cosines[at] = *sum as f32 * (scale * other_scale);
                }
            }
        }
        cosines
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
            normalised((0..150).map(coordinate).collect())
        };
        let vectors: Vec<Vec<f32>> = (0..40).map(vector).collect();
        let (table, asked) = (Table::of(&vectors), vector(77));
        let mut padded = asked.clone();
        padded.resize(table.width, 0.0);
        let plain = Compare { table: &table, vectors: &padded, kernel: Plain };
        let [cosines] = &table.cosines(&[&asked])[..] else { panic!("one vector") };
        assert_eq!([cosines.clone()][..], pulp::NullaryFnOnce::call(plain));
        // Several at once come to the same as each by itself.
        let several: Vec<&[f32]> = vectors.iter().take(6).map(Vec::as_slice).collect();
        for (together, vector) in table.cosines(&several).into_iter().zip(&several) {
            assert_eq!([together][..], table.cosines(&[vector])[..]);
        }
        assert_eq!(cosines.len(), 40);
        for (found, other) in cosines.iter().zip(&vectors) {
            assert!((found - dot(&asked, other)).abs() < 2e-3);
        }
        assert_eq!(Table::of(&[]).cosines(&[&asked]), [[0.0; 0]]);
        assert_eq!(Table::of(&[vec![], vec![]]).cosines(&[&[]]), [[0.0, 0.0]]);
        let gap = Table::of([&vectors[0], &vec![], &vectors[1], &vec![]]).cosines(&[&asked]);
        assert_eq!(gap, [[cosines[0], 0.0, cosines[1], 0.0]]);
    }
}
