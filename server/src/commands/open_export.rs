//! `sealtape open-export`: opens a sealed file with its key, on any machine, without a server.

use std::{
    fs::File,
    io::{self, BufRead as _, BufWriter, Read, Seek as _, SeekFrom, Write},
    path::Path,
};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use vault::{
    export::ExportKey,
    seal::{CHUNK_LEN, HEADER_LEN, Layout, Opener},
};

use crate::cli::OpenExportArgs;

/// Writes the lines of an export, once all of the file is known to be whole.
///
/// # Errors
/// When the key is none or another export's, or the file was changed or cut: then nothing was written. When the place to
/// write to fails.
pub(crate) fn open_export(args: &OpenExportArgs) -> anyhow::Result<()> {
    let key = key(args.key_file.as_deref())?;
    let mut file = File::open(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let mut header = [0; HEADER_LEN];
    file.read_exact(&mut header).context("the file is too short to be an export")?;
    let opener = key.opener(&header).context("this key does not open this file")?;
    let layout = Layout::of_sealed(file.metadata()?.len()).context("the file was cut")?;
    let mut sealed = Sealed { file, opener, layout, next: 0, opened: Vec::new(), at: 0 };
    // The last chunk is what says that nothing is missing: all of them are opened before the first is believed.
    io::copy(&mut sealed, &mut io::sink()).context("the file was changed or cut")?;
    let mut lines = GzDecoder::new(sealed.again()?);
    match &args.out {
        Some(path) => {
            let file = File::create_new(path).with_context(|| format!("cannot make {}", path.display()))?;
            write(&mut lines, BufWriter::new(file)).with_context(|| format!("cannot write {}", path.display()))
        }
        None => write(&mut lines, io::stdout().lock()).context("cannot print"),
    }
}

fn write(lines: &mut impl Read, mut to: impl Write) -> io::Result<()> {
    io::copy(lines, &mut to)?;
    to.flush()
}

/// From a file or from standard input, never from the command line, where other users of the machine could read it.
fn key(file: Option<&Path>) -> anyhow::Result<ExportKey> {
    let text = if let Some(path) = file {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
    } else {
        eprint!("Key (st_export_…): ");
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("cannot read the key")?;
        line
    };
    Ok(ExportKey::parse(&text)?)
}

/// The plaintext of a sealed file, chunk by chunk.
struct Sealed {
    file: File,
    opener: Opener,
    layout: Layout,
    next: u64,
    opened: Vec<u8>,
    at: usize,
}

impl Sealed {
    fn again(mut self) -> io::Result<Self> {
        self.file.seek(SeekFrom::Start(HEADER_LEN as u64))?;
        Ok(Self { next: 0, opened: Vec::new(), at: 0, ..self })
    }

    fn chunk(&mut self) -> io::Result<()> {
        let range = self.layout.chunk_range(self.next);
        let mut sealed = Vec::with_capacity(CHUNK_LEN);
        (&mut self.file).take(range.end - range.start).read_to_end(&mut sealed)?;
        self.opened = self
            .opener
            .open_chunk(&self.layout, self.next, &sealed)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.at = 0;
        self.next += 1;
        Ok(())
    }
}

impl Read for Sealed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.opened.len() && self.next < self.layout.chunks() {
            self.chunk()?;
        }
        let len = (self.opened.len() - self.at).min(buffer.len());
        buffer[..len].copy_from_slice(&self.opened[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}
