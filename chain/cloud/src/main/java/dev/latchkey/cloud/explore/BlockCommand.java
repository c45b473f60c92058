package dev.latchkey.cloud.explore;

import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code latchkey explore URL block HEIGHT}. */
@Command(
        name = "block",
        mixinStandardHelpOptions = true,
        description = "One block and its transactions, by the Merkle root of a header of the signed history.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey explore https://127.0.0.1:9443 block 12 --dir net/operator",
            "  latchkey explore https://127.0.0.1:9443 block 12 --dir net/operator --json"
        })
final class BlockCommand implements Callable<Integer> {
    @ParentCommand
    private ExploreCommand explore;

    @Parameters(paramLabel = "HEIGHT", description = "Which block; 0 is genesis.")
    private long height;

    @Override
    public Integer call() throws IOException {
        if (height < 0) {
            throw new UsageFault("a height is 0 or more");
        }
        return explore.show(this::show);
    }

    private void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        ProvedBlock block = one(chain, height);
        if (explore.isJson()) {
            Shown.json(values(chain, block));
            return;
        }
        shown.table(hashes -> new Table()
                .row("height", left(Units.count(block.height())))
                .row("time", left(BlocksCommand.time(block).toString()))
                .row("hash", left(hashes.of(block.hash().toHex())))
                .row("previous", left(hashes.of(block.header().previous().toHex())))
                .row("merkle root", left(hashes.of(block.header().merkleRoot().toHex())))
                .row(
                        "directory root",
                        left(hashes.of(block.seal().directoryRoot().toHex())))
                .row("history before", left(hashes.of(block.seal().historyRoot().toHex())))
                .row("difficulty", left(block.header().difficulty() + " bits"))
                .row("size", left(Units.bytes(block.bytes()))));
        if (block.count() == 0) {
            shown.line("no transactions: a seal that says the chain goes on");
            return;
        }
        shown.line("");
        shown.table(hashes -> {
            Table table = new Table("index", "kind", "about", "signed by", "transaction id");
            int index = 0;
            for (SignedTransaction transaction : block.transactions()) {
                index++; // the seal is 0
                table.row(
                        index,
                        TransactionText.kind(transaction),
                        new Table.Left(TransactionText.subject(transaction)),
                        new Table.Left(signers(transaction)),
                        new Table.Left(hashes.of(transaction.id(chain.id()).toHex())));
            }
            return table;
        });
    }

    /** The first key of many. */
    private static String signers(SignedTransaction transaction) {
        int count = transaction.kids().size();
        return count == 0 ? "nobody" : transaction.kids().get(0) + (count > 1 ? " and " + (count - 1) + " more" : "");
    }

    /** A block of a height that the signed chain reaches. */
    static ProvedBlock one(ProvedChain chain, long height) throws IOException, FalseProofException {
        if (height > chain.height()) {
            throw new IOException("the signed chain ends at height " + chain.height());
        }
        List<ProvedBlock> found = new ArrayList<>();
        chain.blocks(height, height, found::add);
        return found.get(0);
    }

    private static Table.Left left(String text) {
        return new Table.Left(text);
    }

    private static Map<String, Object> values(ProvedChain chain, ProvedBlock block) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("proved", true);
        values.put("chain", chain.id().toHex());
        values.put("height", block.height());
        values.put("hash", block.hash().toHex());
        values.put("previous", block.header().previous().toHex());
        values.put("time", BlocksCommand.time(block));
        values.put("merkle_root", block.header().merkleRoot().toHex());
        values.put("directory_root", block.seal().directoryRoot().toHex());
        values.put("history_before", block.seal().historyRoot().toHex());
        values.put("difficulty", block.header().difficulty());
        values.put("bytes", block.bytes());
        List<Map<String, Object>> transactions = new ArrayList<>();
        for (SignedTransaction transaction : block.transactions()) {
            transactions.add(TransactionCommand.values(chain, transaction, transactions.size() + 1));
        }
        values.put("transactions", transactions);
        return values;
    }
}
