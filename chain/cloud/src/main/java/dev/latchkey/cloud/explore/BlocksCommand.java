package dev.latchkey.cloud.explore;

import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code latchkey explore URL blocks}. */
@Command(
        name = "blocks",
        mixinStandardHelpOptions = true,
        description = "Blocks, newest last, each tied to the next by hash and the last one to the signed history.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey explore https://127.0.0.1:9443 blocks --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 blocks --from 0 --count 5 \\",
            "      --key net/gateway/keys --chain ID"
        })
final class BlocksCommand implements Callable<Integer> {
    private static final int MAX_COUNT = 10_000;

    @ParentCommand
    private ExploreCommand explore;

    @Option(names = "--from", paramLabel = "HEIGHT", description = "The first block; else the newest ones.")
    private Long from;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many, at most 10,000 (${DEFAULT-VALUE}).")
    private int count;

    @Override
    public Integer call() throws IOException {
        if (count < 1 || count > MAX_COUNT || from != null && from < 0) {
            throw new UsageFault("--count is 1 to 10,000, --from 0 or more");
        }
        return explore.show(this::show);
    }

    private void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        long first = from == null ? Math.max(0, chain.height() - count + 1) : from;
        if (first > chain.height()) {
            throw new IOException("the signed chain ends at height " + chain.height());
        }
        long last = Math.min(chain.height(), first + count - 1);
        List<ProvedBlock> blocks = new ArrayList<>();
        chain.blocks(first, last, block -> blocks.add(withoutContents(block)));
        if (explore.isJson()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", true);
            values.put("chain", chain.id().toHex());
            values.put("head", chain.height());
            values.put("blocks", blocks.stream().map(BlocksCommand::values).toList());
            Shown.json(values);
            return;
        }
        shown.table(hashes -> {
            Table table = new Table("height", "time", "transactions", "bytes", "bits", "hash");
            blocks.forEach(block -> table.row(
                    block.height(),
                    time(block),
                    block.count(),
                    block.bytes(),
                    block.header().difficulty(),
                    new Table.Left(hashes.of(block.hash().toHex()))));
            return table;
        });
    }

    /** Many blocks are counted, not held. */
    private static ProvedBlock withoutContents(ProvedBlock block) {
        return new ProvedBlock(
                block.height(),
                block.hash(),
                block.header(),
                block.seal(),
                block.count(),
                List.of(),
                List.of(),
                block.bytes());
    }

    static Instant time(ProvedBlock block) {
        return Instant.ofEpochMilli(block.header().timeMillis());
    }

    private static Map<String, Object> values(ProvedBlock block) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("height", block.height());
        values.put("hash", block.hash().toHex());
        values.put("time", time(block));
        values.put("transactions", block.count());
        values.put("bytes", block.bytes());
        values.put("difficulty", block.header().difficulty());
        return values;
    }
}
