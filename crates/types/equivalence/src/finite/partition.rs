//! A partition that can be refined in time proportional to what is looked at (Valmari, Lehtinen 2008).

/// Blocks of elements; each block is a stretch of one list, its marked elements first.
pub(super) struct Partition {
    elements: Vec<u32>,
    place: Vec<u32>,
    block: Vec<u32>,
    /// Start, end and number of marked elements of each block.
    blocks: Vec<(u32, u32, u32)>,
    touched: Vec<u32>,
}

fn at(n: u32) -> usize {
    n as usize
}

#[expect(clippy::cast_possible_truncation, reason = "sizes are at most 2^26")]
const fn small(n: usize) -> u32 {
    n as u32
}

#[expect(
    clippy::indexing_slicing,
    reason = "elements and blocks are numbered here"
)]
impl Partition {
    /// All of `0..n` in one block.
    pub(super) fn one(n: usize) -> Self {
        let all: Vec<u32> = (0..small(n)).collect();
        Self {
            place: all.clone(),
            elements: all,
            block: vec![0; n],
            blocks: vec![(0, small(n), 0)],
            touched: Vec::new(),
        }
    }

    pub(super) fn size(&self, block: u32) -> u32 {
        let (start, end, _) = self.blocks[at(block)];
        end - start
    }

    pub(super) fn members(&self, block: u32) -> &[u32] {
        let (start, end, _) = self.blocks[at(block)];
        &self.elements[at(start)..at(end)]
    }

    /// Marks an element; marking it again changes nothing.
    pub(super) fn mark(&mut self, element: u32) {
        let block = self.block[at(element)];
        let (start, _, marked) = self.blocks[at(block)];
        let (here, border) = (self.place[at(element)], start + marked);
        if here < border {
            return;
        }
        if marked == 0 {
            self.touched.push(block);
        }
        let other = self.elements[at(border)];
        self.elements.swap(at(here), at(border));
        self.place[at(element)] = border;
        self.place[at(other)] = here;
        self.blocks[at(block)].2 += 1;
    }

    /// Makes the marked part of each block a block of its own, where a part is left; gives (block, new block).
    pub(super) fn split(&mut self) -> Vec<(u32, u32)> {
        let mut made = Vec::new();
        for block in std::mem::take(&mut self.touched) {
            let (start, end, marked) = self.blocks[at(block)];
            self.blocks[at(block)].2 = 0;
            let border = start + marked;
            if border == end {
                continue;
            }
            let new = small(self.blocks.len());
            self.blocks.push((start, border, 0));
            self.blocks[at(block)].0 = border;
            for element in &self.elements[at(start)..at(border)] {
                self.block[at(*element)] = new;
            }
            made.push((block, new));
        }
        made
    }

    /// The block of each element, numbered in the order of their first elements.
    pub(super) fn numbered(&self) -> Vec<u32> {
        let mut names = vec![u32::MAX; self.blocks.len()];
        let mut next = 0;
        let name = |block: &u32| {
            let name = &mut names[at(*block)];
            if *name == u32::MAX {
                *name = next;
                next += 1;
            }
            *name
        };
        self.block.iter().map(name).collect()
    }
}
