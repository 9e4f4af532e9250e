//! The instructions of processors by Intel and AMD. A token of archmage says that the processor has
//! them; without one no function here can be called.

use archmage::{SimdToken, X64V3Token, X64V4xToken, arcane};

use super::{BLOCK, Dispatch, GROUP, Kernel, Line, Pairs, Tile};

/// Does it with the widest instructions there are; gives it back when the processor has none of
/// them.
pub(super) fn dispatch<W: Dispatch>(work: W) -> Result<W::Output, W> {
    if let Some(token) = X64V4xToken::summon() {
        return Ok(with_v4x(token, work));
    }
    match X64V3Token::summon() {
        Some(token) => Ok(with_v3(token, work)),
        None => Err(work),
    }
}

/// Does it with each kind of instructions that the processor has.
#[cfg(test)]
pub(super) fn each<W: Dispatch>(work: impl Fn() -> W) -> Vec<W::Output> {
    let v4x = X64V4xToken::summon().map(|token| with_v4x(token, work()));
    let v3 = X64V3Token::summon().map(|token| with_v3(token, work()));
    v4x.into_iter().chain(v3).collect()
}

#[arcane]
fn with_v3<W: Dispatch>(token: X64V3Token, work: W) -> W::Output {
    work.with(token)
}

#[arcane]
fn with_v4x<W: Dispatch>(token: X64V4xToken, work: W) -> W::Output {
    work.with(token)
}

/// Processors with AVX2, since 2013.
impl Kernel for X64V3Token {
    #[inline(always)]
    fn tile(self, lines: &[Line], block: &[Pairs]) -> Tile {
        tile_v3(self, lines, block)
    }
}

/// Processors that multiply and add up whole numbers at once (AVX-512 VNNI), since 2019.
impl Kernel for X64V4xToken {
    #[inline(always)]
    fn tile(self, lines: &[Line], block: &[Pairs]) -> Tile {
        tile_v4x(self, lines, block)
    }
}

#[arcane(import_intrinsics)]
fn tile_v3(_token: X64V3Token, lines: &[Line], block: &[Pairs]) -> Tile {
    let mut tile = [[0; GROUP]; BLOCK];
    // Sixteen registers hold the sums of half a group.
    for half in 0..2 {
        let mut sums = [[_mm256_setzero_si256(); 2]; BLOCK];
        for (line, pairs) in lines.iter().zip(block) {
            let numbers = &line.as_chunks::<32>().0[half].as_chunks::<16>().0;
            let first = _mm256_cvtepi8_epi16(_mm_loadu_si128(&numbers[0]));
            let second = _mm256_cvtepi8_epi16(_mm_loadu_si128(&numbers[1]));
            for (sums, pair) in sums.iter_mut().zip(pairs) {
                let pair = _mm256_set1_epi32(*pair);
                sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(first, pair));
                sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(second, pair));
            }
        }
        for (tile, sums) in tile.iter_mut().zip(sums) {
            let (tile, _) = tile.as_chunks_mut::<16>().0[half].as_chunks_mut::<8>();
            for (tile, sum) in tile.iter_mut().zip(sums) {
                _mm256_storeu_si256(tile, sum);
            }
        }
    }
    tile
}

#[arcane(import_intrinsics)]
fn tile_v4x(_token: X64V4xToken, lines: &[Line], block: &[Pairs]) -> Tile {
    let mut sums = [[_mm512_setzero_si512(); 2]; BLOCK];
    for (line, pairs) in lines.iter().zip(block) {
        let numbers = line.as_chunks::<32>().0;
        let first = _mm512_cvtepi8_epi16(_mm256_loadu_si256(&numbers[0]));
        let second = _mm512_cvtepi8_epi16(_mm256_loadu_si256(&numbers[1]));
        for (sums, pair) in sums.iter_mut().zip(pairs) {
            let pair = _mm512_set1_epi32(*pair);
            sums[0] = _mm512_dpwssd_epi32(sums[0], first, pair);
            sums[1] = _mm512_dpwssd_epi32(sums[1], second, pair);
        }
    }
    let mut tile = [[0; GROUP]; BLOCK];
    for (tile, sums) in tile.iter_mut().zip(sums) {
        for (tile, sum) in tile.as_chunks_mut::<16>().0.iter_mut().zip(sums) {
            _mm512_storeu_si512(tile, sum);
        }
    }
    tile
}
