package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cloud.audit.Forgery.ExportBytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same export, wrong in one place each time. */
final class Corruptions {
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final MixedChain chain;
    private final ExportBytes good;

    /** What an auditor must say, and of which height. */
    record Corrupted(Bytes file, long height, String reason) {}

    Corruptions(MixedChain chain, ExportBytes good) {
        this.chain = chain;
        this.good = good;
    }

    Map<String, Corrupted> all() throws Exception {
        long last = good.blocks().size() - 1;
        long end = last + 1; // the height of a forged block
        Map<String, Corrupted> all = new LinkedHashMap<>();
        all.put(
                "a flipped byte in a transaction",
                new Corrupted(flipped(last / 2).encode(), last / 2, "merkle-root"));
        all.put("a dropped block", new Corrupted(dropped(last / 2).encode(), last / 2, "parent"));
        all.put("swapped blocks", new Corrupted(swapped(last / 2).encode(), last / 2, "parent"));
        all.put("a forged join", new Corrupted(forgedJoin(false), end, "signature"));
        all.put("the high-S twin of a signature", new Corrupted(forgedJoin(true), end, "signature"));
        all.put("a wrong directory root", new Corrupted(wrongDirectory(), end, "directory-root"));
        all.put("a wrong history root", new Corrupted(wrongHistory(), end, "history-root"));
        all.put("a wrong Merkle root", new Corrupted(wrongMerkle(), end, "merkle-root"));
        all.put("time that goes back", new Corrupted(timeGoesBack(), end, "time"));
        all.put(
                "a voucher used too often",
                new Corrupted(voucherUsedTooOften(), end + 1, "transaction: voucher-used-up"));
        all.put("an arrival that no sibling vouches for", new Corrupted(forgedArrival(), end, "signature"));
        all.put(
                "a checkpoint by a stranger",
                new Corrupted(checkpointBy(chain.replicas.get(0), stranger()), last, "checkpoint: too-few-signatures"));
        all.put("a checkpoint of another history", new Corrupted(otherHistory(), last, "checkpoint: it is of another"));
        Bytes whole = good.encode();
        all.put("a truncated file", new Corrupted(whole.slice(0, whole.size() - 40), last, "source: it ends"));
        return all;
    }

    private ExportBytes flipped(long height) throws Exception {
        List<Bytes> blocks = new ArrayList<>(good.blocks());
        Block block = Block.decode(blocks.get((int) height));
        List<Bytes> transactions = new ArrayList<>(block.transactions());
        int at = transactions.size() - 1;
        transactions.set(at, flip(transactions.get(at), transactions.get(at).size() - 1));
        blocks.set((int) height, new Block(block.header(), transactions).encode());
        return good.with(blocks);
    }

    private ExportBytes dropped(long height) {
        List<Bytes> blocks = new ArrayList<>(good.blocks());
        blocks.remove((int) height);
        return good.with(blocks);
    }

    private ExportBytes swapped(long height) {
        List<Bytes> blocks = new ArrayList<>(good.blocks());
        blocks.set((int) height, good.blocks().get((int) height + 1));
        blocks.set((int) height + 1, good.blocks().get((int) height));
        return good.with(blocks);
    }

    private static Bytes flip(Bytes bytes, int at) {
        byte[] copy = bytes.toArray();
        copy[at] ^= 1;
        return Bytes.wrap(copy);
    }

    /** A join that an admin endorses. */
    private SignedTransaction join(String name) {
        Identity identity = Identity.generate(chain.keys);
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty());
        return TransactionSigning.joinEndorsed(join, chain.chain, identity, List.of(chain.admin.sig()));
    }

    /** A block of it as the ledger makes it, which looks at everything but the signatures. */
    private Forgery extended(Bytes transaction) throws Exception {
        Step step = applied(chain.state, transaction);
        return new Forgery(
                chain, good.blocks(), List.of(transaction), step.state().directoryRoot());
    }

    private Step applied(ChainState state, Bytes transaction) {
        return Ledger.apply(
                state,
                new Entry(chain.chain, 0, Bytes.fromHex("0000000000000000"), Optional.empty(), List.of(transaction)));
    }

    private Bytes forgedJoin(boolean twin) throws Exception {
        Bytes genuine = join("forged").encode();
        byte[] bytes = genuine.toArray();
        if (twin) {
            int at = bytes.length - 32; // the last signature's s
            BigInteger s = new BigInteger(1, genuine.slice(at, bytes.length).toArray());
            byte[] other = N.subtract(s).toByteArray();
            for (int i = 0; i < 32; i++) {
                int from = other.length - 32 + i;
                bytes[at + i] = from < 0 ? 0 : other[from];
            }
        } else {
            bytes[bytes.length - 40] ^= 1;
        }
        return extended(Bytes.wrap(bytes)).export(good.header()).encode();
    }

    /** Somebody arrives from the neighbour, whose replicas did not sign what is carried. */
    private Bytes forgedArrival() throws Exception {
        Identity identity = Identity.generate(chain.keys);
        long now = chain.state.header().timeMillis();
        MemberState moving = new MemberState.Moving(chain.chain, "arrived", now + 60_000);
        chain.neighbour.put(new MemberRecord(
                "left",
                Bytes.fromHex("00".repeat(MemberRecord.ID_BYTES)),
                1,
                moving,
                Role.MEMBER,
                identity.keys(),
                0,
                Optional.empty(),
                Optional.empty()));
        Carried genuine = chain.neighbour.carried("left", now, now);
        Carried forged = new Carried(
                genuine.answer(),
                flip(genuine.checkpoint(), genuine.checkpoint().size() - 40));
        RelocateIn in = new RelocateIn("arrived", 2, chain.neighbour.chain, forged);
        TransactionSigning signing =
                TransactionSigning.of(in, chain.chain).by(identity.sig()).possessedBy(identity.dtls());
        if (!chain.state.policy().siblings().get(0).movesIn()) {
            signing.by(chain.admin.sig());
        }
        return extended(signing.finish().encode()).export(good.header()).encode();
    }

    private Bytes wrongDirectory() throws Exception {
        Forgery forgery = extended(join("one-more").encode());
        forgery.directoryRoot = chain.state.directoryRoot();
        return forgery.export(good.header()).encode();
    }

    private Bytes wrongHistory() throws Exception {
        Forgery forgery = extended(join("one-more").encode());
        forgery.historyRoot = Digest.sha256(Bytes.EMPTY);
        return forgery.export(good.header()).encode();
    }

    private Bytes wrongMerkle() throws Exception {
        Forgery forgery = extended(join("one-more").encode());
        forgery.merkleRoot = Digest.sha256(Bytes.EMPTY);
        return forgery.export(good.header()).encode();
    }

    private Bytes timeGoesBack() throws Exception {
        Forgery forgery = extended(join("one-more").encode());
        forgery.timeMillis = chain.state.header().timeMillis() - 1;
        return forgery.export(good.header()).encode();
    }

    private Bytes voucherUsedTooOften() throws Exception {
        KeyPair key = KeyPair.generate(chain.keys);
        Voucher voucher = Voucher.issue(
                chain.chain,
                Bytes.fromHex("0102030405060708"),
                "*",
                1,
                Instant.ofEpochMilli(chain.state.header().timeMillis()).plusSeconds(60),
                key.publicKey(),
                chain.admin.sig());
        SignedTransaction first = byVoucher("first", voucher, key);
        Identity second = Identity.generate(chain.keys);
        Join join = new Join("second", 1, Role.MEMBER, second.keys(), Optional.empty(), Optional.of(voucher));
        SignedTransaction again = TransactionSigning.joinByVoucher(join, chain.chain, second, key);
        Step step = applied(chain.state, first.encode());
        List<Bytes> blocks = new ArrayList<>(good.blocks());
        blocks.add(step.block().orElseThrow().encoded());
        MemberRecord record = new MemberRecord(
                "second",
                MemberRecord.firstId(again.id(chain.chain), "second"),
                1,
                MemberState.ACTIVE,
                Role.MEMBER,
                second.keys(),
                blocks.size(),
                Optional.empty(),
                Optional.empty());
        Digest directory = step.state()
                .directory()
                .put(DirectoryPath.of(chain.chain.digest(), "second"), record.encode())
                .put(
                        DirectoryPath.of(chain.chain.digest(), voucher.directoryName()),
                        Cbor.encode(Cbor.array(Cbor.uint(2))))
                .root();
        return new Forgery(chain, blocks, List.of(again.encode()), directory)
                .export(good.header())
                .encode();
    }

    private SignedTransaction byVoucher(String name, Voucher voucher, KeyPair key) {
        Identity identity = Identity.generate(chain.keys);
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
        return TransactionSigning.joinByVoucher(join, chain.chain, identity, key);
    }

    private KeyPair stranger() {
        return KeyPair.generate(chain.keys);
    }

    private Bytes checkpointBy(KeyPair one, KeyPair other) {
        Bytes signed = MixedChain.signed(chain.state.checkpoint(), one, other);
        return new ExportBytes(good.header(), good.blocks(), signed).encode();
    }

    private Bytes otherHistory() {
        Checkpoint head = chain.state.checkpoint();
        Checkpoint other = new Checkpoint(
                head.chain(),
                head.height(),
                head.blockHash(),
                Digest.ZERO,
                head.directoryRoot(),
                head.policyNumber(),
                head.timeMillis());
        return new ExportBytes(good.header(), good.blocks(), chain.signed(other)).encode();
    }
}
