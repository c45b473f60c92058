package dev.latchkey.cloud.explore;

import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code latchkey explore URL key NAME}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "The records of a name, newest first: the newest proved under the directory's signed root, each older one"
                    + " by the hash in the one after it; or the proof that nobody ever had that name."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey explore https://127.0.0.1:9443 key d-one --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 key d-one --key app --chain ID"
        })
final class KeyCommand implements Callable<Integer> {
    private static final int MAX_COUNT = 256;

    @ParentCommand
    private ExploreCommand explore;

    @Parameters(paramLabel = "NAME", description = "A member, or who was one.")
    private String name;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many records to show, at most 256 (${DEFAULT-VALUE}).")
    private int count;

    @Override
    public Integer call() throws IOException {
        if (!Names.isValid(name)) {
            throw new UsageFault("not a name: " + name);
        }
        if (count < 1 || count > MAX_COUNT) {
            throw new UsageFault("--count is 1 to 256");
        }
        return explore.show(this::show);
    }

    private void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        Optional<VerifiedHistory> history = chain.history(name);
        if (history.isEmpty()) {
            absent(chain, shown);
            return;
        }
        List<MemberRecord> all = history.get().records();
        List<MemberRecord> records = all.subList(0, Math.min(count, all.size()));
        List<Instant> times = new ArrayList<>();
        for (MemberRecord record : records) {
            times.add(
                    Instant.ofEpochMilli(chain.header(record.height()).header().timeMillis()));
        }
        if (explore.isJson()) {
            Shown.json(values(chain, all.size(), records, times));
            return;
        }
        MemberRecord newest = records.get(0);
        shown.table(hashes -> new Table()
                .row("name", new Table.Left(newest.name()))
                .row("member id", new Table.Left(newest.id().toHex()))
                .row("role", MembersCommand.role(newest))
                .row("state", MembersCommand.state(newest))
                .row(
                        "next key",
                        new Table.Left(newest.nextKey()
                                .map(next -> "committed to by " + hashes.of(next.toHex()))
                                .orElse("not committed to"))));
        shown.line("");
        shown.table(hashes -> {
            Table table = new Table("sequence", "height", "time", "state", "sig", "kex", "dtls");
            for (int i = 0; i < records.size(); i++) {
                MemberRecord record = records.get(i);
                table.row(
                        record.sequence(),
                        record.height(),
                        times.get(i),
                        MembersCommand.state(record),
                        new Table.Left(record.keys().sig().kid().toString()),
                        new Table.Left(record.keys().kex().kid().toString()),
                        new Table.Left(record.keys().dtls().kid().toString()));
            }
            return table;
        });
        if (records.size() < all.size() || history.get().before().isPresent()) {
            shown.line("");
            shown.line(Units.count(records.size()) + " records; there are older ones, here or in the chain that it came"
                    + " from");
        }
    }

    private void absent(ProvedChain chain, Shown shown) {
        if (explore.isJson()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", true);
            values.put("chain", chain.id().toHex());
            values.put("head", chain.height());
            values.put("name", name);
            values.put("records", List.of());
            Shown.json(values);
        } else {
            shown.line("nobody of the name " + name + " was ever a member, up to height " + Units.count(chain.height())
                    + ": proved");
        }
    }

    private Map<String, Object> values(ProvedChain chain, int all, List<MemberRecord> records, List<Instant> times) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("proved", true);
        values.put("chain", chain.id().toHex());
        values.put("head", chain.height());
        values.put("name", name);
        values.put("known_records", all);
        List<Map<String, Object>> list = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Map<String, Object> record = new LinkedHashMap<>(MembersCommand.values(records.get(i)));
            record.put("time", times.get(i));
            list.add(record);
        }
        values.put("records", list);
        return values;
    }
}
