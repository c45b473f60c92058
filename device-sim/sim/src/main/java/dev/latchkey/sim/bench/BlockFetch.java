package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches whole blocks from a gateway. For one thread. */
final class BlockFetch implements AutoCloseable {
    private static final long LONGEST_SECONDS = 60;

    private final ClientThreads threads = new ClientThreads(2);
    private final CoapsClient client;

    /**
     * @param own the DTLS key of one to whom the gateway gives them
     * @param gatewayKey the gateway's
     * @throws IOException if no socket could be opened
     */
    BlockFetch(InetSocketAddress gateway, KeyPair own, CoseKey gatewayKey) throws IOException {
        client = CoapsClient.connect(
                gateway, new ClientIdentity.RawKey(own), gatewayKey::equals, ClientOptions.DEFAULT, threads);
    }

    /** The block of a height, as it came. */
    Bytes block(long height) throws IOException, InterruptedException {
        try {
            CoapResponse answer = client.send(ClientRequest.get("/b/" + height)).get(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (!answer.code().equals(Code.CONTENT)) {
                throw new IOException("the gateway does not hand out a block");
            }
            return answer.payload();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a block was not answered", e);
        }
    }

    /** Verifies blocks from the first one on; what is measured is that they are the chain's. */
    static ChainState verified(ChainId chain, List<Bytes> blocks) throws BlockFaultException {
        BlockVerifier verifier = new BlockVerifier(EcProviders.verifier(), Runnable::run);
        ChainState state = verifier.verifyGenesis(chain, blocks.get(0)).after();
        for (Bytes block : blocks.subList(1, blocks.size())) {
            state = verifier.verify(state, block).after();
        }
        return state;
    }

    @Override
    public void close() {
        client.close();
        threads.close();
    }
}
