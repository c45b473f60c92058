package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassArchiveTest {
    @Test
    void leavesOutWhatTheJvmCannotArchive() {
        List<String> written = List.of(
                "java/lang/Object id: 0",
                "@lambda-proxy dev/latchkey/gateway/GatewayNode run ()V ()V REF_static a b ()V ()V",
                "@lambda-proxy ch/qos/logback/classic/PatternLayout get ()V ()V REF_static a b ()V ()V",
                "@lambda-form-invoker [LF_RESOLVE] x y z",
                "org/bouncycastle/asn1/DERNull id: 7",
                "@lambda-proxy java/util/stre");

        assertThat(ClassArchive.sure(written))
                .containsExactly(written.get(0), written.get(1), written.get(3), written.get(4));
        assertThat(ClassArchive.sure(List.of())).isEmpty();
    }
}
