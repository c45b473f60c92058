package dev.latchkey.cloud.explore;

import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code latchkey explore URL members}. */
@Command(
        name = "members",
        mixinStandardHelpOptions = true,
        description = {
            "Names and records. All names of the chain are found by reading all its blocks, so that none can be left"
                    + " out; the record of each that is shown is proved under the directory's signed root."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey explore https://127.0.0.1:9443 members --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 members --after d-0999 --count 50 \\",
            "      --dir net/operator --json"
        })
final class MembersCommand implements Callable<Integer> {
    private static final int MAX_COUNT = 100_000;

    /** More names than this are not held. */
    private static final int MAX_NAMES = 2_000_000;

    @ParentCommand
    private ExploreCommand explore;

    @Option(names = "--after", paramLabel = "NAME", defaultValue = "", description = "Begin behind this name.")
    private String after;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many to show, at most 100,000 (${DEFAULT-VALUE}).")
    private int count;

    @Override
    public Integer call() throws IOException {
        if (count < 1 || count > MAX_COUNT) {
            throw new UsageFault("--count is 1 to 100,000");
        }
        return explore.show(this::show);
    }

    private void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        NavigableSet<String> names = names(chain, shown);
        List<String> page = names.tailSet(after, false).stream().limit(count).toList();
        List<MemberRecord> records = new ArrayList<>();
        for (int from = 0; from < page.size(); from += KeysProof.MAX_NAMES) {
            List<String> some = page.subList(from, Math.min(page.size(), from + KeysProof.MAX_NAMES));
            for (KeyFinding found : chain.keys(some)) {
                if (!(found instanceof VerifiedKey key)) {
                    throw new FalseProofException(
                            "members: " + found.name() + " came in by a block, and the directory has no record");
                }
                records.add(key.record());
            }
        }
        if (explore.isJson()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", true);
            values.put("chain", chain.id().toHex());
            values.put("head", chain.height());
            values.put("names", names.size());
            values.put("members", records.stream().map(MembersCommand::values).toList());
            Shown.json(values);
            return;
        }
        shown.table(hashes -> table(records));
        shown.line("");
        shown.line(Units.count(records.size()) + " of " + Units.count(names.size()) + " names, at height "
                + Units.count(chain.height()));
        if (!page.isEmpty() && !page.get(page.size() - 1).equals(names.last())) {
            shown.line("the next ones: --after " + page.get(page.size() - 1));
        }
    }

    /** Every name that the chain ever took in. */
    private NavigableSet<String> names(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        NavigableSet<String> names = new TreeSet<>();
        if (explore.isJson() || !shown.screen().terminal()) {
            chain.blocks(0, chain.height(), block -> add(names, block));
            return names;
        }
        try (ProgressBar bar = shown.screen().progress("blocks", chain.height() + 1)) {
            chain.blocks(0, chain.height(), block -> {
                add(names, block);
                bar.step();
            });
        }
        return names;
    }

    private static void add(NavigableSet<String> names, ProvedBlock block) throws IOException, FalseProofException {
        for (var transaction : block.transactions()) {
            for (String name : TransactionText.newcomers(transaction.transaction())) {
                if (!Names.isValid(name)) {
                    throw new FalseProofException("members: block " + block.height() + " takes in what is no name");
                }
                names.add(name);
            }
        }
        if (names.size() > MAX_NAMES) {
            throw new IOException("the chain has more than " + Units.count(MAX_NAMES) + " names");
        }
    }

    private static Table table(List<MemberRecord> records) {
        Table table = new Table("name", "role", "state", "sequence", "since", "sig key", "member id");
        for (MemberRecord record : records) {
            table.row(
                    new Table.Left(record.name()),
                    role(record),
                    state(record),
                    record.sequence(),
                    record.height(),
                    new Table.Left(record.keys().sig().kid().toString()),
                    new Table.Left(record.id().toHex()));
        }
        return table;
    }

    static String role(MemberRecord record) {
        return record.role().name().toLowerCase(Locale.ROOT);
    }

    static String state(MemberRecord record) {
        return record.state().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    static Map<String, Object> values(MemberRecord record) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", record.name());
        values.put("id", record.id().toHex());
        values.put("role", role(record));
        values.put("state", state(record));
        values.put("sequence", record.sequence());
        values.put("height", record.height());
        values.put("sig", record.keys().sig().kid().toString());
        values.put("kex", record.keys().kex().kid().toString());
        values.put("dtls", record.keys().dtls().kid().toString());
        return values;
    }
}
