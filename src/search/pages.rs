//! Numbers that every question reads, on huge pages where the system has them: a virtual machine
//! may take a tenth of a millisecond to touch a page again that was left alone for a second, and
//! twenty megabytes of vectors are ten huge pages instead of five thousand.

use std::ops::{Deref, Range};
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::{MmapMut, MmapOptions};

/// The size of a huge page on most processors, in bytes.
const HUGE: usize = 2 << 20;

/// What is smaller than this stays on common pages: a huge one would be mostly empty.
const LEAST: usize = HUGE / 8;

/// Numbers that stay as they are.
pub(super) struct Pages<T> {
    memory: Arc<Memory<T>>,
    place: Range<usize>,
}

enum Memory<T> {
    /// The numbers stand between these bytes.
    Mapped(MmapMut, Range<usize>),
    /// Where the system gives no pages.
    Kept(Vec<T>),
}

impl<T: Pod> Pages<T> {
    /// So many numbers, which are written where they stay, from the beginning of a page on. All are
    /// zero before.
    pub fn written(count: usize, write: impl FnOnce(&mut [T])) -> Self {
        Self { memory: Arc::new(Memory::written(count, write)), place: 0..count }
    }

    /// Puts parts that are read together beside each other, so that all are on the same pages.
    pub fn beside<const PARTS: usize>(parts: [Vec<T>; PARTS]) -> [Self; PARTS] {
        let all = parts.concat();
        let memory = Arc::new(Memory::written(all.len(), |memory| memory.copy_from_slice(&all)));
        let mut end = 0;
        parts.map(|part| {
            let begin = end;
            end += part.len();
            Self { memory: Arc::clone(&memory), place: begin..end }
        })
    }
}

impl<T: Pod> Memory<T> {
    fn written(count: usize, write: impl FnOnce(&mut [T])) -> Self {
        let bytes = count * size_of::<T>();
        let huge = bytes >= LEAST;
        let length = if huge { bytes.next_multiple_of(HUGE) } else { bytes.max(1) };
        // A huge page begins at a multiple of its size. What is left over is never touched, and so
        // takes no memory.
        let room = if huge { length + HUGE } else { length };
        let Ok(mut memory) = MmapOptions::new().len(room).map_anon() else {
            let mut numbers = vec![T::zeroed(); count];
            write(&mut numbers);
            return Self::Kept(numbers);
        };
        let begin = if huge { memory.as_ptr().align_offset(HUGE) } else { 0 };
        #[cfg(target_os = "linux")]
        if huge {
            // A system without huge pages says no, and goes on with common ones.
            let _ = memory.advise_range(memmap2::Advice::HugePage, begin, length);
        }
        let place = begin..begin + bytes;
        write(bytemuck::cast_slice_mut(&mut memory[place.clone()]));
        Self::Mapped(memory, place)
    }
}

impl<T: Pod> Deref for Pages<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let all = match &*self.memory {
            Memory::Mapped(memory, place) => bytemuck::cast_slice(&memory[place.clone()]),
            Memory::Kept(numbers) => numbers,
        };
        &all[self.place.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        for count in [0, 1, 5_000, LEAST / 4 - 1, LEAST / 4, HUGE / 4 + 1] {
            let numbers: Vec<i32> = (0..count).map(|at| i32::try_from(at).unwrap()).collect();
            let pages = Pages::written(count, |pages| pages.copy_from_slice(&numbers));
            assert!(*pages == numbers[..], "{count}");
            assert_eq!(pages.as_ptr().align_offset(4_096), 0);
        }
    }

    #[test]
    fn parts_stand_beside_each_other() {
        let parts = [vec![1, 2, 3], vec![], vec![4; LEAST]];
        let [first, second, third] = Pages::beside(parts.clone());
        assert_eq!([&*first, &*second, &*third], parts.each_ref().map(|part| &part[..]));
        assert_eq!(first.as_ptr_range().end, third.as_ptr());
    }
}
