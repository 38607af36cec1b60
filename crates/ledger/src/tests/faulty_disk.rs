//! A disk that fails at a chosen step, and forgets what was not synced when the power goes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::evidence::disk::{CutPoint, Disk, RealDisk};

/// What happens at the chosen step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The process stops; what it wrote stays in the file system.
    Stop,
    /// The power goes; what was not synced is gone or half there.
    PowerCut,
    /// This step fails once for want of space.
    NoSpace,
    /// This step fails once as the disk has gone read-only.
    ReadOnly,
}

impl Fault {
    pub(super) const ALL: [Self; 4] = [Self::Stop, Self::PowerCut, Self::NoSpace, Self::ReadOnly];

    pub(super) fn ends_the_process(self) -> bool {
        matches!(self, Self::Stop | Self::PowerCut)
    }
}

#[derive(Debug, Default)]
struct State {
    /// The fault, and how many steps go well before it.
    armed: Option<(Fault, usize)>,
    stopped: bool,
    unsynced: Vec<PathBuf>,
    /// Names that are not on the medium yet, with the folder whose sync would put them there.
    names: Vec<(PathBuf, Undo)>,
}

#[derive(Debug)]
enum Undo {
    Rename { from: PathBuf, to: PathBuf },
    Dir(PathBuf),
}

/// Clones share one state.
#[derive(Debug, Clone, Default)]
pub(super) struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    /// After `steps` more steps the next one meets `fault`.
    pub(super) fn arm(&self, fault: Fault, steps: usize) {
        self.0.lock().unwrap().armed = Some((fault, steps));
    }

    /// Whether the fault has happened.
    pub(super) fn is_spent(&self) -> bool {
        self.0.lock().unwrap().armed.is_none()
    }

    /// Loses what a power cut would lose.
    pub(super) fn cut_power(&self) {
        let mut state = self.0.lock().unwrap();
        for path in std::mem::take(&mut state.unsynced) {
            if let Ok(file) = File::options().write(true).open(&path) {
                let half = file.metadata().unwrap().len() / 2;
                file.set_len(half).unwrap();
            }
        }
        for (_, undo) in std::mem::take(&mut state.names).into_iter().rev() {
            match undo {
                Undo::Rename { from, to } => fs::rename(to, from).unwrap(),
                Undo::Dir(path) => fs::remove_dir_all(path).unwrap(),
            }
        }
    }

    fn step(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if state.stopped {
            return Err(io::Error::other("the process has ended"));
        }
        match state.armed {
            Some((fault, 0)) => {
                state.armed = None;
                state.stopped = fault.ends_the_process();
                Err(match fault {
                    Fault::NoSpace => io::ErrorKind::StorageFull.into(),
                    Fault::ReadOnly => io::ErrorKind::ReadOnlyFilesystem.into(),
                    Fault::Stop | Fault::PowerCut => io::Error::other("the process has ended"),
                })
            }
            Some((fault, left)) => {
                state.armed = Some((fault, left - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Disk for FaultyDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let is_new = !path.exists();
        RealDisk.create_dir(path)?;
        if is_new {
            let parent = path.parent().unwrap().to_owned();
            self.0
                .lock()
                .unwrap()
                .names
                .push((parent, Undo::Dir(path.to_owned())));
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        let step = self.step();
        let half = if step.is_ok() {
            bytes
        } else {
            &bytes[..bytes.len() / 2]
        };
        let file = RealDisk.write(path, half)?;
        self.0.lock().unwrap().unsynced.push(path.to_owned());
        step.map(|()| file)
    }

    fn sync_file(&self, _file: &File, path: &Path) -> io::Result<()> {
        self.step()?;
        self.0
            .lock()
            .unwrap()
            .unsynced
            .retain(|other| other != path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename(from, to)?;
        let mut state = self.0.lock().unwrap();
        for path in &mut state.unsynced {
            if path == from {
                *path = to.to_owned();
            }
        }
        let undo = Undo::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        state.names.push((to.parent().unwrap().to_owned(), undo));
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        self.0.lock().unwrap().names.retain(|(dir, _)| dir != path);
        Ok(())
    }

    fn pass(&self, _point: CutPoint) -> io::Result<()> {
        self.step()
    }
}
