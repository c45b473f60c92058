package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps entries in memory, over restarts of the log in this process, and in a file for other members. */
final class FileMachine implements GroupMachine {
    final List<String> entries = new CopyOnWriteArrayList<>();
    int replaced;
    private volatile LogPosition position = LogPosition.START;

    @Override
    public LogPosition applied() {
        return position;
    }

    @Override
    public Bytes apply(LogPosition at, Bytes entry) {
        if (at.index() > position.index()) {
            entries.add(entry.toUtf8());
            position = at;
        }
        return Bytes.utf8("reply to " + entry.toUtf8());
    }

    @Override
    public void sync(LogPosition at) {
        position = at;
    }

    @Override
    public void copyTo(Path copy) {
        try {
            Files.createDirectory(copy);
            Files.write(copy.resolve("entries"), entries);
            Files.writeString(copy.resolve("position"), position.term() + " " + position.index());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void replaceBy(Path copy) {
        try {
            String[] at = Files.readString(copy.resolve("position")).split(" ");
            entries.clear();
            entries.addAll(Files.readAllLines(copy.resolve("entries")));
            position = new LogPosition(Long.parseLong(at[0]), Long.parseLong(at[1]));
            replaced++;
            Files.move(copy, copy.resolveSibling("taken"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
