package dev.latchkey.cloud;

import dev.latchkey.console.Settings;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many Raft groups order chains and keep mailboxes. Immutable. Fixed at the first start, the same on all members: a
 * group's name says of how many it is one, and is the name of its store's directory too.
 *
 * @param chains groups that order chains
 * @param mailboxes groups that keep mailboxes
 */
public record GroupSettings(int chains, int mailboxes) {
    /** What one process still serves: a group has its own log, store and threads. */
    static final int MOST = 16;

    /** One of each. */
    public static final GroupSettings USUAL = new GroupSettings(1, 1);

    private static final String CHAINS = "chains";
    private static final String MAILBOXES = "mailboxes";
    private static final Pattern SEVERAL = Pattern.compile("-[0-9]{1,2}of([0-9]{1,2})");

    static GroupSettings of(Settings section) {
        return new GroupSettings(section.integer(CHAINS, 1, MOST), section.integer(MAILBOXES, 1, MOST));
    }

    /** Names of the groups that order chains; the first one keeps the map from chains to groups. */
    public List<String> chainGroups() {
        return names(CHAINS, chains);
    }

    /** Names of the groups that keep mailboxes. */
    public List<String> mailboxGroups() {
        return names(MAILBOXES, mailboxes);
    }

    /** Directories of a node's data that hold the chains, however many groups it has. */
    public static List<Path> chainDirectories(Path data) throws IOException {
        return directories(data, CHAINS);
    }

    /** {@code chains} if it is the only one, else {@code chains-1of4} and so on. */
    private static List<String> names(String kind, int count) {
        return count == 1
                ? List.of(kind)
                : IntStream.rangeClosed(1, count)
                        .mapToObj(i -> kind + "-" + i + "of" + count)
                        .toList();
    }

    /**
     * Refuses other numbers than those of the first start.
     *
     * @throws UsageFault if the directory was made with another number of groups
     */
    void check(Path data) throws IOException {
        check(data, CHAINS, chains);
        check(data, MAILBOXES, mailboxes);
    }

    private static void check(Path data, String kind, int wanted) throws IOException {
        for (Path directory : directories(data, kind)) {
            int there = count(kind, directory.getFileName().toString());
            if (there != wanted) {
                throw new UsageFault("groups." + kind + ": is " + wanted + ", and was fixed at " + there
                        + " by the first start on " + data);
            }
        }
    }

    /** Refuses what another member has, if that is not the same. */
    void check(String member, List<String> groups) {
        List<String> own = Stream.concat(chainGroups().stream(), mailboxGroups().stream())
                .sorted()
                .toList();
        if (!groups.isEmpty() && !groups.stream().sorted().toList().equals(own)) {
            throw new UsageFault("groups: this node's settings give " + String.join(", ", own) + ", and " + member
                    + " has " + String.join(", ", groups));
        }
    }

    private static List<Path> directories(Path data, String kind) throws IOException {
        if (!Files.isDirectory(data)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(data)) {
            return all.filter(path -> count(kind, path.getFileName().toString()) > 0)
                    .sorted()
                    .toList();
        }
    }

    /** Of how many groups a directory's name is one, 0 if it is none of this kind. */
    private static int count(String kind, String name) {
        if (!name.startsWith(kind)) {
            return 0;
        }
        String rest = name.substring(kind.length());
        Matcher several = SEVERAL.matcher(rest);
        return rest.isEmpty() ? 1 : several.matches() ? Integer.parseInt(several.group(1)) : 0;
    }
}
