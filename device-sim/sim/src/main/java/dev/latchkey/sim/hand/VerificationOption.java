package dev.latchkey.sim.hand;

import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Verification;
import picocli.CommandLine.Option;

/** Whose word counts for other members' keys, where a command looks some up. */
final class VerificationOption {
    @Option(
            names = "--self-verified",
            description = "prove each key here, from the chain id on (this is what happens without either)")
    private boolean selfVerified;

    @Option(
            names = "--delegated",
            description =
                    "take the gateway's word for keys: the fewest bytes, and the gateway can lie about whose they are")
    private boolean delegated;

    Verification mode() {
        if (selfVerified && delegated) {
            throw new UsageFault("--self-verified and --delegated exclude each other");
        }
        return delegated ? Verification.DELEGATED : Verification.SELF_VERIFIED;
    }
}
