"""A file system in memory that can lose what was not synced, as a disk does when its power is cut.

usage: cut_disk.py DIRECTORY [BYTES]

Mounts on DIRECTORY, says READY and serves until it is unmounted. BYTES is its size. What is written to /.cut is a seed: everything
written to a file since its last fsync is then lost, kept, cut short or torn, and of the entries made, renamed or
removed in a directory since the directory's last fsync only the first few are kept, as the seed decides.
"""

import errno
import random
import stat
import sys
import time

from fusepy import FUSE, FuseOSError, Operations

CUT = "/.cut"


class Node:
    """A file: what programs see, what the platter has, and where they differ."""

    def __init__(self, mode):
        self.mode = mode
        self.data = bytearray()
        self.kept = bytearray()
        self.dirty = []
        self.time = time.time()

    def write(self, offset, data):
        if offset > len(self.data):
            self.data.extend(bytes(offset - len(self.data)))
        self.data[offset : offset + len(data)] = data
        if self.dirty and self.dirty[-1][0] == "write" and self.dirty[-1][1] + len(self.dirty[-1][2]) == offset:
            self.dirty[-1][2].extend(data)
        else:
            self.dirty.append(("write", offset, bytearray(data)))
        self.time = time.time()

    def truncate(self, length):
        cut(self.data, length)
        self.dirty.append(("truncate", length))
        self.time = time.time()

    def sync(self):
        self.keep(self.dirty)

    def keep(self, changes):
        for change in changes:
            if change[0] == "truncate":
                cut(self.kept, change[1])
            else:
                _, offset, data = change
                if offset > len(self.kept):
                    self.kept.extend(bytes(offset - len(self.kept)))
                self.kept[offset : offset + len(data)] = data
        self.dirty = []

    def lose(self, rng):
        changes = self.dirty
        fate = rng.randrange(4)
        if fate == 0:
            changes = []
        elif fate == 1 and changes:
            changes = changes[: rng.randrange(len(changes)) + 1]
            if changes[-1][0] == "write":
                _, offset, data = changes[-1]
                changes[-1] = ("write", offset, data[: rng.randrange(len(data) + 1)])
        elif fate == 2:
            # Pages reach the platter in any order: some are there, and before them are zeros.
            pages = []
            for change in changes:
                if change[0] == "write":
                    _, offset, data = change
                    for at in range(0, len(data), 4096):
                        if rng.random() < 0.5:
                            pages.append(("write", offset + at, data[at : at + 4096]))
            changes = pages
        self.keep(changes)
        self.data = bytearray(self.kept)


class Folder:
    def __init__(self, mode):
        self.mode = mode
        self.names = {}
        self.kept = {}
        self.dirty = []
        self.time = time.time()

    def change(self, changes):
        """Changes of names that happen together: name -> node, or None where it is removed."""
        apply(self.names, changes)
        self.dirty.append(changes)
        self.time = time.time()

    def sync(self):
        for changes in self.dirty:
            apply(self.kept, changes)
        self.dirty = []

    def lose(self, rng):
        for changes in self.dirty[: rng.randrange(len(self.dirty) + 1)]:
            apply(self.kept, changes)
        self.dirty = []
        self.names = dict(self.kept)
        for node in self.names.values():
            node.lose(rng)


def cut(data, length):
    if length < len(data):
        del data[length:]
    else:
        data.extend(bytes(length - len(data)))


def apply(names, changes):
    for name, node in changes.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class CutDisk(Operations):
    def __init__(self, size):
        self.root = Folder(0o700)
        self.size = size

    def find(self, path):
        node = self.root
        for part in path.strip("/").split("/"):
            if part:
                if not isinstance(node, Folder) or part not in node.names:
                    raise FuseOSError(errno.ENOENT)
                node = node.names[part]
        return node

    def parent(self, path):
        folder, _, name = path.rpartition("/")
        return self.find(folder), name

    def used(self, folder=None):
        total = 0
        for node in (folder or self.root).names.values():
            total += self.used(node) if isinstance(node, Folder) else len(node.data) + 4096
        return total

    def getattr(self, path, fh=None):
        if path == CUT:
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0}
        node = self.find(path)
        folder = isinstance(node, Folder)
        size = 0 if folder else len(node.data)
        return {
            "st_mode": (stat.S_IFDIR if folder else stat.S_IFREG) | node.mode,
            "st_nlink": 2 if folder else 1,
            "st_size": size,
            "st_blocks": (size + 511) // 512,
            "st_mtime": node.time,
            "st_ctime": node.time,
            "st_atime": node.time,
        }

    def readdir(self, path, fh):
        return [".", ".."] + list(self.find(path).names)

    def statfs(self, path):
        free = max(0, self.size - self.used()) // 4096
        return {
            "f_bsize": 4096,
            "f_frsize": 4096,
            "f_blocks": self.size // 4096,
            "f_bfree": free,
            "f_bavail": free,
            "f_namemax": 255,
        }

    def create(self, path, mode, fi=None):
        folder, name = self.parent(path)
        folder.change({name: Node(mode & 0o777)})
        return 0

    def mkdir(self, path, mode):
        folder, name = self.parent(path)
        folder.change({name: Folder(mode & 0o777)})

    def open(self, path, flags):
        if path != CUT:
            self.find(path)
        return 0

    def read(self, path, size, offset, fh):
        return bytes(self.find(path).data[offset : offset + size])

    def write(self, path, data, offset, fh):
        if path == CUT:
            self.root.lose(random.Random(int(data)))
            return len(data)
        node = self.find(path)
        if offset + len(data) > len(node.data) and self.used() + len(data) > self.size:
            raise FuseOSError(errno.ENOSPC)
        node.write(offset, data)
        return len(data)

    def truncate(self, path, length, fh=None):
        if path != CUT:
            self.find(path).truncate(length)

    def fsync(self, path, datasync, fh):
        self.find(path).sync()

    def fsyncdir(self, path, datasync, fh):
        self.find(path).sync()

    def rename(self, old, new):
        folder, name = self.parent(old)
        other, other_name = self.parent(new)
        node = self.find(old)
        if folder is other:
            folder.change({name: None, other_name: node})
        else:
            other.change({other_name: node})
            folder.change({name: None})

    def unlink(self, path):
        folder, name = self.parent(path)
        self.find(path)
        folder.change({name: None})

    def rmdir(self, path):
        self.unlink(path)

    def chmod(self, path, mode):
        self.find(path).mode = mode & 0o777

    def chown(self, path, uid, gid):
        self.find(path)

    def utimens(self, path, times=None):
        self.find(path).time = times[1] if times else time.time()

    def init(self, path):
        print("READY", flush=True)


if __name__ == "__main__":
    FUSE(
        CutDisk(int(sys.argv[2]) if len(sys.argv) > 2 else 1 << 30),
        sys.argv[1],
        foreground=True,
        nothreads=True,
        direct_io=True,
        attr_timeout=0,
        entry_timeout=0,
        big_writes=True,
    )
