package dev.latchkey.sim.bench.sealing;

import java.util.List;

/** All that is compared, ours first. Stateless. */
public final class Sealings {
    private Sealings() {}

    /** Each with fresh keys. */
    public static List<Sealing> all() {
        return List.of(
                OwnReading.early(),
                OwnReading.later(),
                OwnOpener.alone(1),
                OwnOpener.withPack(),
                OwnOpener.alone(2),
                OwnOpener.alone(8),
                OwnOpener.alone(16),
                CoseMessage.unsigned(),
                CoseMessage.signed(),
                new HpkeMessage(),
                JweMessage.ofCbor(),
                JweMessage.ofJson());
    }
}
