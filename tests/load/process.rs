//! What the system says of a process: CPU time and memory.

use std::{fs, process::Command, sync::OnceLock};

/// CPU time of a process, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cpu {
    /// In its own code.
    pub(crate) user: f64,
    /// In the kernel, on its behalf.
    pub(crate) kernel: f64,
}

impl Cpu {
    /// Both.
    pub(crate) fn all(self) -> f64 {
        self.user + self.kernel
    }
}

impl std::ops::Sub for Cpu {
    type Output = Self;
    fn sub(self, before: Self) -> Self {
        Self { user: self.user - before.user, kernel: self.kernel - before.kernel }
    }
}

impl std::ops::AddAssign for Cpu {
    fn add_assign(&mut self, more: Self) {
        *self = Self { user: self.user + more.user, kernel: self.kernel + more.kernel };
    }
}

/// CPU seconds that `process` has used, in user code and in the kernel: a process id, or `thread-self`.
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    cpu(process).all()
}

/// The same, apart.
pub(crate) fn cpu(process: &str) -> Cpu {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the process is there");
    // The second field is the program's name in parentheses and may hold anything.
    let (_, fields) = stat.rsplit_once(')').expect("is proc(5)'s form");
    // Fields 14 and 15 of proc(5); the first behind the name is the third.
    let mut ticks = fields.split_whitespace().skip(11).map(|field| field.parse::<u32>().expect("a number"));
    let mut seconds = || f64::from(ticks.next().expect("is proc(5)'s form")) / ticks_per_second();
    Cpu { user: seconds(), kernel: seconds() }
}

fn ticks_per_second() -> f64 {
    static TICKS: OnceLock<f64> = OnceLock::new();
    *TICKS.get_or_init(|| {
        let asked = Command::new("getconf").arg("CLK_TCK").output().expect("runs getconf");
        String::from_utf8_lossy(&asked.stdout).trim().parse().expect("a number")
    })
}

/// Resident memory now, in MiB.
pub(crate) fn resident_mib(pid: u32) -> f64 {
    status_mib(pid, "VmRSS:")
}

/// Most resident memory since the start or since [`forget_peak`], in MiB.
pub(crate) fn peak_mib(pid: u32) -> f64 {
    status_mib(pid, "VmHWM:")
}

/// Starts measuring the peak anew.
pub(crate) fn forget_peak(pid: u32) {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("our own child");
}

fn status_mib(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("is proc(5)'s form");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib / 1_024.0
}
