package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody is about to sign, for people: read from the transaction itself, not from what was asked for. */
final class Wording {
    private static final int LABEL = 12;

    private final String head;
    private final List<String> lines = new ArrayList<>();

    private Wording(String head) {
        this.head = head;
    }

    /** Words for a transaction. */
    static Wording of(PartTransaction part) {
        return of(part, Optional.empty());
    }

    /** Words for a transaction: of a policy only what it changes, where the one before is known. */
    static Wording of(PartTransaction part, Optional<Policy> before) {
        Transaction transaction = part.transaction();
        Wording words = new Wording(
                head(transaction) + " in sub-network " + part.chainName() + " of network " + part.network());
        words.line("chain", part.chain().toHex());
        if (transaction instanceof PolicyChange change) {
            change.cut()
                    .ifPresent(cut -> words.line("gives up", "all that came after height " + cut.height())
                            .line("", "block " + cut.blockHash().toHex()));
        }
        if (before.isPresent() && transaction instanceof PolicyChange change) {
            return words.all("change", PolicyText.difference(before.get(), change.policy()));
        }
        words.add(transaction);
        return words;
    }

    /** Words that begin with that line. */
    static Wording headed(String head) {
        return new Wording(head);
    }

    Wording line(String label, String text) {
        lines.add(label + " ".repeat(Math.max(1, LABEL - label.length())) + text);
        return this;
    }

    /** Lines below a line. */
    Wording all(String label, List<String> texts) {
        String first = label;
        for (String text : texts) {
            line(first, text);
            first = "";
        }
        return this;
    }

    void print(PrintStream out) {
        out.println(head);
        lines.forEach(line -> out.println("  " + line));
    }

    private static String head(Transaction transaction) {
        if (transaction instanceof Genesis) {
            return "begin the chain";
        }
        if (transaction instanceof Join join) {
            return "take in " + join.role().name().toLowerCase(Locale.ROOT) + " " + join.name();
        }
        if (transaction instanceof Standing standing) {
            return standing.act().name().toLowerCase(Locale.ROOT) + " " + standing.name();
        }
        if (transaction instanceof RecoverByOperators recover) {
            return "give new keys to " + recover.name();
        }
        if (transaction instanceof PolicyChange change) {
            return change.cut().isPresent()
                    ? "accept a loss"
                    : "put policy " + change.policy().number() + " in force";
        }
        return "a transaction that operators do not sign ("
                + transaction.getClass().getSimpleName() + ")";
    }

    private void add(Transaction transaction) {
        if (transaction instanceof Genesis genesis) {
            line("time", Instant.ofEpochMilli(genesis.timeMillis()).toString());
            genesis.members()
                    .forEach(member -> line(
                            member.role().name().toLowerCase(Locale.ROOT),
                            member.name() + ", keys " + kids(member.keys())));
            all("policy", PolicyText.lines(genesis.policy()));
        } else if (transaction instanceof Join join) {
            line("sequence", Long.toString(join.sequence()));
            keys(join.keys(), join.nextKey());
        } else if (transaction instanceof Standing standing) {
            line("sequence", Long.toString(standing.sequence()));
            line("effect", effect(standing.act()));
        } else if (transaction instanceof RecoverByOperators recover) {
            line("sequence", Long.toString(recover.sequence()));
            keys(recover.keys(), recover.nextKey());
            line("effect", "72 h of header time after its block, unless the member objects until then");
        } else if (transaction instanceof PolicyChange change) {
            all("policy", PolicyText.lines(change.policy()));
        }
    }

    private void keys(MemberKeys keys, Optional<Digest> nextKey) {
        line("keys", kids(keys));
        nextKey.ifPresent(digest -> line("next key", "committed to by " + digest.toHex()));
    }

    private static String kids(MemberKeys keys) {
        return "sig " + keys.sig().kid() + ", kex " + keys.kex().kid() + ", dtls "
                + keys.dtls().kid();
    }

    private static String effect(Standing.Act act) {
        return switch (act) {
            case SUSPEND -> "its keys do not count until it is resumed";
            case RESUME -> "its keys count again";
            case REVOKE -> "its keys never count again, and the name stays taken";
        };
    }

    /** A key for people. */
    static String key(CoseKey key) {
        return "key " + key.kid();
    }
}
