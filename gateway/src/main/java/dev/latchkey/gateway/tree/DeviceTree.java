package dev.latchkey.gateway.tree;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketDesk;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.TransactionForwarder;
import dev.latchkey.gateway.witness.WitnessDesk;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.ChainId;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** All that devices can ask of a gateway, as routes of a CoAP server. */
public final class DeviceTree {
    /** Of the checkpoint, for notifications. */
    public static final String CHECKPOINT = "/h";

    /** Of the inbox, for notifications. */
    public static final String INBOX = "/i";

    private final AskedChain asked;
    private final ChainResources chain;
    private final SiblingResources siblings;
    private final TransactionResource transactions;
    private final MessageResources messages;
    private final WitnessResource witness;
    private final Clock clock;
    private final String version;

    /**
     * Wires the resources.
     *
     * @param forwarders whom to hand transactions of a served chain to
     * @param siblingChains what is known of the chains that are not served
     * @param asking runs what waits for the cloud to tell of those; refuses what it has no room for
     */
    public DeviceTree(
            Replicas replicas,
            Intake intake,
            TicketDesk tickets,
            WitnessDesk witness,
            Inbox inbox,
            Store store,
            Function<ChainId, TransactionForwarder> forwarders,
            SiblingChains siblingChains,
            Executor asking,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            Duration longestTransaction,
            AcknowledgementListener acknowledged,
            MessageTally tally,
            String version) {
        this.asked = new AskedChain(replicas);
        this.chain = new ChainResources(workers);
        this.siblings = new SiblingResources(siblingChains, asking);
        this.transactions =
                new TransactionResource(asked, siblings, forwarders, verifier, workers, clock, longestTransaction);
        this.messages = new MessageResources(intake, tickets, inbox, store, workers, acknowledged, tally);
        this.witness = new WitnessResource(witness);
        this.clock = clock;
        this.version = version;
    }

    /** Adds the routes to a server. Holders of a voucher reach /g, /h, /t and /p; everything else is for members. */
    public CoapsServer.Builder addTo(CoapsServer.Builder server) {
        return server.route(
                        "/g",
                        Method.GET,
                        Access.anyone(asked.servedOrSibling(chain::policies, siblings::policies)),
                        LinkAttributes.type("latchkey.policy", ContentFormat.CBOR_SEQUENCE))
                .observable(
                        CHECKPOINT,
                        Access.anyone(Pace.checked(asked.servedOrSibling(chain::checkpoint, siblings::checkpoint))),
                        LinkAttributes.type("latchkey.checkpoint", ContentFormat.COSE_SIGN),
                        Pace::of)
                .route(
                        "/k/{name}",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::key, siblings::key)),
                        LinkAttributes.type("latchkey.key", ContentFormat.CBOR))
                .route(
                        "/k",
                        Method.FETCH,
                        Access.membersAndMoving(asked.served(chain::keys)),
                        LinkAttributes.type("latchkey.keys", ContentFormat.CBOR))
                .route(
                        "/c",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::consistency, siblings::consistency)),
                        LinkAttributes.type("latchkey.consistency", ContentFormat.CBOR))
                .route(
                        "/b/{height}",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::block, siblings::block)),
                        LinkAttributes.type("latchkey.block", ContentFormat.CBOR))
                .route(
                        "/t",
                        Method.POST,
                        Access.anyone(transactions::post),
                        LinkAttributes.type("latchkey.transaction", ContentFormat.COSE_SIGN))
                .route(
                        "/t/{id}",
                        Method.GET,
                        Access.anyone(asked.served(transactions::outcome)),
                        LinkAttributes.type("latchkey.receipt", ContentFormat.CBOR))
                .route(
                        "/m",
                        Method.POST,
                        Access.members(messages::message),
                        LinkAttributes.type("latchkey.message", ContentFormat.COSE_ENCRYPT0, ContentFormat.COSE_SIGN1))
                .route(
                        "/m/d",
                        Method.POST,
                        Access.members(messages::digest),
                        LinkAttributes.type("latchkey.digest", ContentFormat.COSE_SIGN1))
                .observable(
                        INBOX,
                        Access.members(messages::inbox),
                        LinkAttributes.type("latchkey.inbox", ContentFormat.CBOR_SEQUENCE))
                .route(INBOX, Method.DELETE, Access.members(messages::acknowledge))
                .route(
                        "/s",
                        Method.POST,
                        Access.members(messages::ticket),
                        LinkAttributes.type("latchkey.ticket", ContentFormat.COSE_SIGN1))
                .route(
                        "/w",
                        Method.POST,
                        Access.membersAndMoving(witness::cosign),
                        LinkAttributes.type("latchkey.witness", ContentFormat.CBOR, ContentFormat.COSE_SIGN))
                .route(
                        "/p",
                        Method.GET,
                        Access.anyone(request -> Access.answer(time())),
                        LinkAttributes.type("latchkey.time", ContentFormat.CBOR));
    }

    /** {@code [time in ms, version]}: shorter than the request, so that nobody gains by asking in another's name. */
    private CoapResponse time() {
        return CoapResponse.content(
                        ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.uint(clock.millis()), Cbor.text(version))))
                .withMaxAge(0);
    }
}
