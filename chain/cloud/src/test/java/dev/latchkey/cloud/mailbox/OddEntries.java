package dev.latchkey.cloud.mailbox;

import static dev.latchkey.cloud.mailbox.Letters.GATEWAY;
import static dev.latchkey.cloud.mailbox.Letters.OTHER;
import static dev.latchkey.cloud.mailbox.Letters.OWNER;
import static dev.latchkey.cloud.mailbox.Letters.ROGUE;
import static dev.latchkey.cloud.mailbox.Letters.SENDER;
import static dev.latchkey.cloud.mailbox.Letters.delivery;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Cut;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Expire;
import dev.latchkey.cloud.mailbox.MailboxCommand.KeptTicket;
import dev.latchkey.cloud.odd.Choices;
import dev.latchkey.cloud.odd.OddBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Entries that are almost entries of a mailboxes' log: each is no command by name, or is carried out, and then what it left
 * can be read. For one thread.
 */
final class OddEntries implements AutoCloseable {
    private final Letters letters;
    private final List<Bytes> samples;
    private int taken;

    OddEntries(Path directory) throws IOException {
        letters = Letters.open(directory);
        Deliver two = letters.command(
                GATEWAY,
                Letters.EPOCH,
                1_700_000_000_000L,
                List.of(delivery(1, 0, "a", OWNER, OTHER), delivery(2, 1, "b", OWNER)));
        Deliver shown = new Deliver(
                two.gatewayId(),
                two.gateway(),
                two.epoch(),
                two.clockMillis(),
                new Quota(50, 5_000),
                two.networks(),
                two.deliveries(),
                List.of(new KeptTicket(SENDER, Bytes.of((byte) 1))));
        samples = List.of(
                two.encode(),
                shown.encode(),
                letters.command(ROGUE, ROGUE.slice(0, 8), 1_700_000_000_000L, List.of(delivery(3, 0, "c", OWNER)))
                        .encode(),
                new Acknowledge(OWNER, 3).encode(),
                new Expire(1_700_000_000_000L, List.of(new Cut(OWNER, 2), new Cut(OTHER, 1))).encode(),
                new MailboxCommand.Compare(1, OWNER, 20).encode(),
                new MailboxCommand.Found(1, "n1", Bytes.EMPTY).encode());
    }

    void next(Choices choices) throws Exception {
        play(OddBytes.of(choices, choices.of(samples)));
    }

    /** Whether the bytes were a command, which is then carried out. */
    boolean play(Bytes entry) throws Exception {
        MailboxCommand command;
        try {
            command = MailboxCommand.decode(entry);
        } catch (IllegalStateException e) {
            if (String.valueOf(e.getMessage()).startsWith("the log holds")) {
                return false;
            }
            throw e;
        }
        if (!command.encode().equals(entry)) {
            throw new AssertionError("takes " + entry.toHex() + " for " + command);
        }
        letters.apply(command);
        taken++;
        for (Bytes owner : List.of(OWNER, OTHER)) {
            letters.all(owner);
            letters.mailboxes.state(owner);
        }
        return true;
    }

    /** How many were commands. */
    int taken() {
        return taken;
    }

    @Override
    public void close() {
        letters.close();
    }
}
