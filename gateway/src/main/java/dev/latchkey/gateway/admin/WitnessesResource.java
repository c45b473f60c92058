package dev.latchkey.gateway.admin;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.Signer;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.KeptFault;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.gateway.witness.EvidenceShelf;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@code /a/w}: this gateway as a witness, the witnesses that the policies list, and the evidence that is kept here. */
public final class WitnessesResource implements AdminResource {
    /** Heads in which a witness's cosignature is looked for, newest first. */
    private static final int HEADS = 64;

    private final Signer sig;
    private final Supplier<List<AdminChain>> chains;
    private final EvidenceShelf shelf;
    private final Executor workers;

    /**
     * Makes the resource.
     *
     * @param sig signs with the gateway's own sig key
     * @param workers runs what reads the disk
     */
    public WitnessesResource(Signer sig, Supplier<List<AdminChain>> chains, EvidenceShelf shelf, Executor workers) {
        this.sig = sig;
        this.chains = chains;
        this.shelf = shelf;
        this.workers = workers;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                AdminTree.WITNESSES,
                Method.GET,
                (request, admin) -> CompletableFuture.supplyAsync(() -> all(request), workers)
                        .exceptionally(Problems::ofFailure),
                LinkAttributes.type("latchkey.witnesses", ContentFormat.CBOR, ContentFormat.JSON));
    }

    private CoapResponse all(CoapRequest request) {
        List<AdminChain> served = chains.get();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("key", sig.publicKey().encode());
        values.put("directory", shelf.directory().toAbsolutePath().toString());
        values.put("chains", served.stream().map(this::chain).toList());
        values.put("evidence", evidence(served));
        return Values.answer(request, values);
    }

    private Map<String, Object> chain(AdminChain chain) {
        Map<String, Object> values = new LinkedHashMap<>();
        OptionalLong cosigned = chain.watch().cosignedHeight();
        values.put("chain", chain.name());
        values.put("listed", chain.watch().isListed());
        values.put("cosigned", cosigned.isPresent() ? cosigned.getAsLong() : null);
        Optional<Policy.Witnesses> listed =
                chain.replica().state().map(state -> state.policy().witnesses());
        values.put("wanted", listed.map(witnesses -> (long) witnesses.q()).orElse(0L));
        List<SignedCheckpoint> heads =
                chain.replica().heads().newest(HEADS).stream().map(Head::signed).toList();
        values.put(
                "witnesses",
                listed.map(Policy.Witnesses::gateways).orElse(List.of()).stream()
                        .map(witness -> witness(witness, heads))
                        .toList());
        return values;
    }

    private static Map<String, Object> witness(Policy.Witness witness, List<SignedCheckpoint> heads) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", witness.name());
        values.put("kid", witness.sig().kid().value());
        values.put("cosigned", null);
        values.put("cosigned-since-ms", null);
        for (SignedCheckpoint head : heads) {
            Optional<SignedCheckpoint.Part> part = head.parts().stream()
                    .filter(one -> one.kid().equals(witness.sig().kid()))
                    .findFirst();
            if (part.isPresent()) {
                values.put("cosigned", head.checkpoint().height());
                values.put("cosigned-since-ms", part.get().seconds() * 1_000);
                break;
            }
        }
        return values;
    }

    private List<Map<String, Object>> evidence(List<AdminChain> served) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (EvidenceShelf.Entry file : shelf.entries()) {
            Optional<AdminChain> about =
                    served.stream().filter(chain -> file.isAbout(chain.id())).findFirst();
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("kind", "two-histories");
            values.put("chain", about.map(AdminChain::name).orElse(null));
            values.put("file", file.name());
            values.put("kept-since-ms", file.keptMillis());
            values.put("bytes", file.bytes());
            all.add(values);
        }
        for (AdminChain chain : served) {
            for (KeptFault fault : KeptFault.of(chain.rows())) {
                Map<String, Object> values = new LinkedHashMap<>();
                values.put("kind", "not-verified");
                values.put("chain", chain.name());
                values.put("height", fault.height());
                values.put("digest", fault.digest());
                values.put("bytes", fault.bytes());
                all.add(values);
            }
        }
        return all;
    }
}
