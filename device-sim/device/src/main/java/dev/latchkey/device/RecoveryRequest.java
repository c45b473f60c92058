package dev.latchkey.device;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.RecoverByOperators;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a member that has lost all its keys asks its operators for: that new ones take their place. Stateless. The
 * operators add their signatures; 72 hours later the new keys are the member's, and {@link Device#adopt} takes it up.
 */
public final class RecoveryRequest {
    private RecoveryRequest() {}

    /**
     * Signs the request with the keys in a directory, made now if there are none.
     *
     * @param directory of the new device; one that is a member already is left alone
     * @param handOver says which chain
     * @param name the member's name
     * @param sequence one more than its record's, as an operator sees it
     * @throws IOException if the directory cannot be made, written or read
     * @throws DeviceException if the directory holds a member's state
     */
    public static PartTransaction sign(
            Path directory, HandOver handOver, String name, long sequence, SecureRandom random)
            throws IOException, DeviceException {
        DeviceFiles files = DeviceFiles.at(directory);
        Identity identity = files.keys().made(random);
        if (files.membership().isPresent()) {
            throw new DeviceException(
                    DeviceException.Kind.STORE, "the directory holds a member: new keys need a directory of their own");
        }
        KeyPair next = files.keys().next(random);
        RecoverByOperators recover =
                new RecoverByOperators(name, sequence, identity.keys(), KeyChange.commitment(Optional.of(next)));
        return PartTransaction.unsigned(handOver.network(), handOver.chainName(), handOver.chain(), recover)
                .signedBy(identity);
    }
}
