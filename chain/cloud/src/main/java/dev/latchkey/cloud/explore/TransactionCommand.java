package dev.latchkey.cloud.explore;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code latchkey explore URL transaction ID}. */
@Command(
        name = "transaction",
        mixinStandardHelpOptions = true,
        description = "One transaction and its receipt: the path to its block, and the block's in the signed history.",
        footerHeading = "%nExamples:%n",
        footer = "  latchkey explore https://127.0.0.1:9443 transaction ID --dir net/operator")
final class TransactionCommand implements Callable<Integer> {
    @ParentCommand
    private ExploreCommand explore;

    @Parameters(paramLabel = "ID", description = "The transaction's id, 64 hexadecimal digits.")
    private String id;

    @Override
    public Integer call() throws IOException {
        if (!id.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")) {
            throw new UsageFault("a transaction id has 64 hexadecimal digits: " + id);
        }
        return explore.show(this::show);
    }

    private void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        Digest wanted = Digest.of(Bytes.fromHex(id));
        Bytes receipt = chain.receipt(wanted);
        TransactionLocation said = location(receipt);
        if (said.height() > chain.height()) {
            throw new IOException("the block is newer than the head that was signed a moment ago; ask again");
        }
        ProvedBlock block = BlockCommand.one(chain, said.height());
        if (said.index() < 1 || said.index() > block.count()) {
            throw new FalseProofException("the receipt: no transaction stands where it says");
        }
        SignedTransaction transaction = block.transactions().get(said.index() - 1);
        if (!transaction.id(chain.id()).equals(wanted)) {
            throw new FalseProofException("the receipt: another transaction stands where it says");
        }
        VerifiedReceipt proved = chain.included(receipt, block.encodings().get(said.index() - 1));
        int index = proved.location().index();
        if (explore.isJson()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", true);
            values.put("chain", chain.id().toHex());
            values.put("height", block.height());
            values.put("time", BlocksCommand.time(block));
            values.put("under_height", proved.under().checkpoint().height());
            values.putAll(values(chain, transaction, index));
            Shown.json(values);
            return;
        }
        Instant time = BlocksCommand.time(block);
        shown.table(hashes -> new Table()
                .row("transaction id", new Table.Left(hashes.of(id)))
                .row("kind", TransactionText.kind(transaction))
                .row("about", new Table.Left(TransactionText.subject(transaction)))
                .row("signed by", new Table.Left(TransactionText.signers(transaction)))
                .row("size", new Table.Left(Units.bytes(transaction.encode().size())))
                .row("block", new Table.Left(Units.count(block.height()) + ", index " + index))
                .row("time", time.toString())
                .row("block hash", new Table.Left(hashes.of(block.hash().toHex())))
                .row(
                        "receipt",
                        new Table.Left("under the checkpoint of height "
                                + Units.count(proved.under().checkpoint().height()))));
    }

    /** Where the receipt says that the transaction stands; proved later. */
    private static TransactionLocation location(Bytes receipt) throws IOException, FalseProofException {
        return Asking.proved("the receipt", () -> {
            List<Item> parts = Cbor.decode(receipt, Receipt.MAX_BYTES).asArray(7);
            return new TransactionLocation(parts.get(3).asUint(), parts.get(0).asUint(Block.MAX_TRANSACTIONS));
        });
    }

    static Map<String, Object> values(ProvedChain chain, SignedTransaction transaction, int index) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("index", index);
        values.put("id", transaction.id(chain.id()).toHex());
        values.put("kind", TransactionText.kind(transaction));
        values.put("about", TransactionText.subject(transaction));
        values.put(
                "signed_by", transaction.kids().stream().map(Object::toString).toList());
        return values;
    }
}
