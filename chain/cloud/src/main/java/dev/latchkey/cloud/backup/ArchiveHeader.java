package dev.latchkey.cloud.backup;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first item of an archive: {@code ["latchkey-backup", 1, made ms, [+ group of chains], [+ group of mailboxes]]}.
 *
 * @param madeMillis the node's clock when it began, milliseconds since 1970
 * @param chains names of the groups that order chains
 * @param mailboxes names of the groups that keep mailboxes
 */
record ArchiveHeader(long madeMillis, List<String> chains, List<String> mailboxes) {
    private static final String FORMAT = "latchkey-backup";
    private static final long VERSION = 1;
    private static final int MAX_GROUPS = 16;
    private static final int MAX_NAME = 64;

    Item item() {
        return Cbor.array(
                Cbor.text(FORMAT), Cbor.uint(VERSION), Cbor.uint(madeMillis), names(chains), names(mailboxes));
    }

    private static Item names(List<String> groups) {
        return Cbor.array(groups.stream().map(Cbor::text).toList());
    }

    static ArchiveHeader of(Item item) throws DamagedArchiveException {
        try {
            List<Item> parts = item.asArray();
            if (parts.size() < 2 || !parts.get(0).asText(FORMAT.length()).equals(FORMAT)) {
                throw new DamagedArchiveException("this is no backup of a cloud node");
            }
            if (parts.get(1).asUint() != VERSION) {
                throw new DamagedArchiveException("the backup is of version "
                        + parts.get(1).asUint() + ", this program reads version " + VERSION);
            }
            parts = item.asArray(5);
            return new ArchiveHeader(parts.get(2).asUint(), names(parts.get(3)), names(parts.get(4)));
        } catch (MalformedCborException e) {
            throw new DamagedArchiveException("this is no backup of a cloud node", e);
        }
    }

    private static List<String> names(Item item) throws MalformedCborException {
        List<String> names = new ArrayList<>();
        for (Item each : item.asArray(1, MAX_GROUPS)) {
            names.add(each.asText(MAX_NAME));
        }
        return names;
    }
}
