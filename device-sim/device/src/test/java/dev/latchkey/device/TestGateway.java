package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Handler;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.ReadingHead;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Voucher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A gateway and the chain behind it in one object: real ledger, real DTLS, everything in memory, faults on demand. */
final class TestGateway implements AutoCloseable {
    static final EcVerifier VERIFIER = StrictEcVerifier.bouncy();
    static final String NAME = "gateway-1";

    final SecureRandom random = new SecureRandom();
    final Identity gateway = Identity.generate(random);
    final KeyPair voucherKey = KeyPair.generate(random);
    final Bytes enrolmentSecret = Bytes.wrap(new byte[32]);
    final TestChain chain = new TestChain("seattle", gateway);

    // All guarded by this.
    final Map<Digest, VerifiedOpener> sessions = new HashMap<>();
    final Map<Bytes, Bytes> taken = new HashMap<>();
    final Map<String, List<InboxEntry>> inboxes = new HashMap<>();
    final List<Bytes> messages = new ArrayList<>();
    final List<String> requests = new ArrayList<>();
    final Map<String, Deque<Function<CoapRequest, Optional<CompletionStage<CoapResponse>>>>> faults = new HashMap<>();
    final Map<String, CoapResponse> lies = new HashMap<>();
    Optional<Bytes> forgedKeyAnswer = Optional.empty();
    private CoapsServer server;

    TestGateway() throws Exception {
        server = start(0, gateway.dtls());
    }

    private CoapsServer start(int port, KeyPair dtls) throws Exception {
        return CoapsServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .identity(dtls)
                .peers(new TestMembers(this))
                .threads(2)
                .route("/p", Method.GET, handler("p", this::time))
                .route("/g", Method.GET, handler("g", this::policies))
                .route("/h", Method.GET, handler("h", this::checkpoint))
                .route("/k/{name}", Method.GET, handler("k", this::key))
                .route("/b/{height}", Method.GET, handler("b", this::header))
                .route("/t", Method.POST, handler("t", this::transaction))
                .route("/m", Method.POST, handler("m", this::message))
                .route("/s", Method.POST, handler("s", request -> CoapResponse.changed()))
                .observable("/i", handler("i", this::inbox), LinkAttributes.HIDDEN)
                .route("/i", Method.DELETE, handler("d", this::acknowledge))
                .start();
    }

    /** Ends the server and starts it again on the same port, as a crash of the process would. */
    void restart(KeyPair dtls) throws Exception {
        int port = server.address().getPort();
        server.close();
        server = start(port, dtls);
    }

    /** The next request of a kind is answered so, instead of being handled. */
    synchronized void fault(String kind, CoapResponse answer) {
        fault(kind, request -> Optional.of(CompletableFuture.completedFuture(answer)));
    }

    /** The next request of a kind is handled, but its answer never leaves. */
    synchronized void loseAnswer(String kind) {
        fault(kind, request -> Optional.empty());
    }

    /** The next request of a kind is handled, but answered like this. */
    synchronized void lie(String kind, CoapResponse answer) {
        lies.put(kind, answer);
    }

    private void fault(String kind, Function<CoapRequest, Optional<CompletionStage<CoapResponse>>> fault) {
        faults.computeIfAbsent(kind, key -> new ArrayDeque<>()).add(fault);
    }

    synchronized long count(String kind) {
        return requests.stream().filter(kind::equals).count();
    }

    static CoapResponse problem(Code code, String text) {
        return CoapResponse.problem(code, new Problem(text, ""));
    }

    HandOver handOver(String pattern) {
        return handOver(pattern, gateway.dtls().publicKey(), Instant.now().plusSeconds(3_600));
    }

    HandOver handOver(String pattern, CoseKey gatewayKey, Instant notAfter) {
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        Voucher voucher = Voucher.issue(
                chain.id(), Bytes.wrap(id), pattern, 100, notAfter, voucherKey.publicKey(), chain.admin.sig());
        return new HandOver(
                "city",
                "seattle",
                chain.id(),
                NAME,
                server.address().getAddress().getHostAddress(),
                server.address().getPort(),
                gatewayKey,
                voucher,
                voucherKey,
                Enrolment.presharedKey(enrolmentSecret, voucher.id()));
    }

    private Handler handler(String kind, Function<CoapRequest, CoapResponse> work) {
        return request -> {
            synchronized (this) {
                requests.add(kind);
                Deque<Function<CoapRequest, Optional<CompletionStage<CoapResponse>>>> waiting = faults.get(kind);
                if (waiting != null && !waiting.isEmpty()) {
                    Optional<CompletionStage<CoapResponse>> instead =
                            waiting.remove().apply(request);
                    if (instead.isPresent()) {
                        return instead.get();
                    }
                    work.apply(request);
                    return new CompletableFuture<>();
                }
                CoapResponse answer = work.apply(request);
                CoapResponse lie = lies.remove(kind);
                return CompletableFuture.completedFuture(lie == null ? answer : lie);
            }
        };
    }

    private CoapResponse time(CoapRequest request) {
        return CoapResponse.content(
                ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.uint(System.currentTimeMillis()), Cbor.text("test"))));
    }

    private CoapResponse policies(CoapRequest request) {
        return CoapResponse.content(
                ContentFormat.CBOR_SEQUENCE, Cbor.encodeSequence(List.of(Cbor.bytes(chain.genesisTransaction))));
    }

    private CoapResponse checkpoint(CoapRequest request) {
        return CoapResponse.content(ContentFormat.COSE_SIGN, chain.signed().encode());
    }

    private CoapResponse key(CoapRequest request) {
        if (forgedKeyAnswer.isPresent()) {
            return CoapResponse.content(ContentFormat.CBOR, forgedKeyAnswer.get());
        }
        ChainState then = chain.states.get(Long.parseLong(request.parameter("h").orElseThrow()));
        return then == null
                ? problem(Code.NOT_FOUND, "stale-height")
                : CoapResponse.content(ContentFormat.CBOR, KeyProof.answer(then, request.variable("name")));
    }

    private CoapResponse header(CoapRequest request) {
        long height = Long.parseLong(request.variable("height"));
        long under = Long.parseLong(request.parameter("h").orElseThrow());
        Bytes header = chain.states.get(height).headerBytes();
        return CoapResponse.content(ContentFormat.CBOR, HeaderProof.answer(chain.history, height, header, under));
    }

    private CoapResponse transaction(CoapRequest request) {
        Outcome outcome = apply(request.payload());
        if (outcome instanceof Outcome.Refused) {
            return problem(Code.CONFLICT, ((Outcome.Refused) outcome).reason().code());
        }
        return CoapResponse.created("/t/1", ContentFormat.CBOR, chain.receipt(outcome));
    }

    synchronized Outcome apply(Bytes transaction) {
        return chain.apply(transaction);
    }

    private CoapResponse message(CoapRequest request) {
        String sender = (String) request.peer().handle();
        try {
            return request.contentFormat().orElse(0) == ContentFormat.COSE_SIGN1
                    ? opener(sender, request.payload())
                    : reading(sender, request.payload());
        } catch (Exception e) {
            return problem(Code.BAD_REQUEST, "malformed");
        }
    }

    private CoapResponse opener(String sender, Bytes message) throws Exception {
        OpenerHead head = OpenerHead.read(message);
        if (!chain.recipients().containsAll(head.recipients())) {
            return problem(Code.NOT_FOUND, "unknown-recipient");
        }
        ChainState then = chain.states.get(head.height());
        VerifiedOpener verified = OpenerVerifier.verify(
                message,
                new ChainContext(chain.id(), "seattle", head.height(), then.blockHash()),
                sender,
                chain.state.member(sender).orElseThrow().keys().sig(),
                VERIFIER);
        if (sessions.putIfAbsent(verified.sessionId(), verified) == null) {
            deliver(sender, verified, ContentFormat.COSE_SIGN1, message);
        }
        return CoapResponse.changed();
    }

    private CoapResponse reading(String sender, Bytes message) throws Exception {
        ReadingHead head = ReadingHead.read(message);
        Optional<VerifiedOpener> session = sessions.values().stream()
                .filter(opener -> opener.sessionTag().equals(head.sessionTag())
                        && opener.senderName().equals(sender))
                .findFirst();
        if (session.isEmpty()) {
            return problem(Code.NOT_FOUND, "unknown-session");
        }
        if (!isCurrent(sender, session.get())) {
            return problem(Code.CONFLICT, "session-ended");
        }
        Bytes place = Bytes.concat(session.get().sessionId().bytes(), Bytes.utf8("" + head.partialIv()));
        Bytes before = taken.putIfAbsent(place, message);
        if (before == null) {
            deliver(sender, session.get(), ContentFormat.COSE_ENCRYPT0, message);
        }
        return before == null || before.equals(message)
                ? CoapResponse.changed()
                : problem(Code.CONFLICT, "counter-reused");
    }

    /** A session ends when a member of it changes its keys or leaves. */
    private boolean isCurrent(String sender, VerifiedOpener session) {
        MemberRecord author = chain.state.member(sender).orElseThrow();
        return author.keys().sig().kid().equals(session.senderKid())
                && chain.recipients().containsAll(session.recipients());
    }

    private void deliver(String sender, VerifiedOpener session, int contentFormat, Bytes message) {
        messages.add(message);
        chain.state.forEachMember(member -> {
            if (session.recipients().contains(member.keys().kex().kid())) {
                put(member.name(), sender, session.sessionId(), contentFormat, message);
            }
        });
    }

    /** Puts a message into a member's inbox, whatever it is. */
    synchronized void put(String recipient, String sender, Digest session, int contentFormat, Bytes message) {
        List<InboxEntry> inbox = inboxes.computeIfAbsent(recipient, name -> new ArrayList<>());
        long u = inbox.isEmpty() ? next(recipient) : inbox.get(inbox.size() - 1).u() + 1;
        inbox.add(new InboxEntry(u, sender, session, System.currentTimeMillis(), contentFormat, message));
        last.put(recipient, u);
        server.changedFor("/i", recipient);
    }

    private final Map<String, Long> last = new HashMap<>();

    private long next(String recipient) {
        return last.getOrDefault(recipient, 0L) + 1;
    }

    private CoapResponse inbox(CoapRequest request) {
        long after = Long.parseLong(request.parameter("c").orElse("0"));
        List<Bytes> page = new ArrayList<>();
        int size = 0;
        for (InboxEntry entry : inboxes.getOrDefault((String) request.peer().handle(), List.of())) {
            Bytes encoded = entry.encode();
            if (entry.u() > after && (page.isEmpty() || size + encoded.size() <= 1_024)) {
                page.add(encoded);
                size += encoded.size();
            }
        }
        return CoapResponse.content(ContentFormat.CBOR_SEQUENCE, Bytes.concat(page.toArray(Bytes[]::new)));
    }

    private CoapResponse acknowledge(CoapRequest request) {
        long upTo = Long.parseLong(request.parameter("u").orElseThrow());
        inboxes.getOrDefault((String) request.peer().handle(), new ArrayList<>())
                .removeIf(entry -> entry.u() <= upTo);
        return CoapResponse.deleted();
    }

    synchronized int waiting(String member) {
        return inboxes.getOrDefault(member, List.of()).size();
    }

    synchronized Optional<MemberRecord> member(String name) {
        return chain.state.member(name);
    }

    @Override
    public void close() {
        server.close();
    }
}
