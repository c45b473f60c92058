package dev.latchkey.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The real disk, for tests that make some of its steps others. */
class ForwardingDisk implements Disk {
    @Override
    public FileChannel create(Path file, AtomicFile.Mode mode) throws IOException {
        return REAL.create(file, mode);
    }

    @Override
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        REAL.write(channel, bytes);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        REAL.force(channel);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        REAL.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        REAL.forceDirectory(directory);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        REAL.makeDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
        REAL.delete(file);
    }

    @Override
    public Optional<String> stamp(Path file) throws IOException {
        return REAL.stamp(file);
    }
}
