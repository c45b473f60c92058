package dev.latchkey.device;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A member under its keys and names, those of today and former ones, to whom something may be sealed. Stateless. */
final class Receivers {
    private Receivers() {}

    static List<Receiver> of(Membership self, Identity identity, KeyFiles files) throws IOException {
        List<Receiver> receivers = new ArrayList<>();
        List<String> names = new ArrayList<>();
        names.add(self.name());
        self.former().forEach(former -> names.add(former.name()));
        List<KeyPair> keys = new ArrayList<>(List.of(identity.kex()));
        keys.addAll(files.formerKex());
        for (KeyPair key : keys) {
            names.stream().distinct().forEach(name -> receivers.add(new Receiver(name, key)));
        }
        return receivers;
    }
}
