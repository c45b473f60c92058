package dev.latchkey.device;

import dev.latchkey.coap.PeerDirectory;
import dev.latchkey.coap.PskGrant;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.protocol.Enrolment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Members by their dtls key, as the chain of a test gateway says now; the handle is the name. */
final class TestMembers implements PeerDirectory {
    private final TestGateway gateway;

    TestMembers(TestGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Optional<Object> byKey(CoseKey dtlsKey) {
        synchronized (gateway) {
            List<Object> active = new ArrayList<>();
            List<Object> moving = new ArrayList<>();
            gateway.chains.forEach(chain -> chain.state.forEachMember(member -> {
                if (member.keys().dtls().equals(dtlsKey)) {
                    TestMember found = new TestMember(chain, member.name());
                    if (member.isActive()) {
                        active.add(found);
                    } else if (TestChain.isMoving(member)) {
                        moving.add(found);
                    }
                }
            }));
            active.addAll(moving);
            return active.stream().findFirst();
        }
    }

    @Override
    public Optional<PskGrant> byIdentity(String identity) {
        return Enrolment.voucherId(identity)
                .map(id -> new PskGrant(Enrolment.presharedKey(gateway.enrolmentSecret, id), "voucher"));
    }
}
