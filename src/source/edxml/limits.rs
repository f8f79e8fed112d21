//! What is too much in a message.

/// Bounds of a message. What lies beyond them is no document an office exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The whole message, bytes. A file of 50 MB, the most that senders allow, is 67 MB in base64 and 69 MB
    /// with line ends.
    pub message: u64,
    /// All of it but the contents of files, bytes.
    pub metadata: u64,
    /// One tag, text, comment or such, bytes.
    pub node: u64,
    /// All texts together, bytes: they are kept while reading, and judging them costs most of the time. A
    /// message to all of the country's 3,321 communes has some 800,000.
    pub texts: usize,
    /// Elements within each other.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Elements altogether; a message to a thousand receivers has some ten thousand.
    pub elements: usize,
    /// Files.
    pub files: usize,
    /// Contents of files that stand before what must be judged first, bytes; they wait in memory.
    pub early: usize,
    /// A message that cannot be used is kept up to this size without the contents of files, bytes.
    pub held: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 72 << 20,
            metadata: 32 << 20,
            node: 8 << 20,
            texts: 1 << 20,
            depth: 64,
            attributes: 256,
            elements: 100_000,
            files: 100,
            early: 4 << 20,
            held: 2 << 20,
        }
    }
}
