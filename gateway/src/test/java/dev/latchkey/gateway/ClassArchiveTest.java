package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void deletesAnArchiveThatTheJvmDidNotTake(@TempDir Path directory) throws Exception {
        Path archive = Files.createFile(directory.resolve("gateway-1.jsa")).toRealPath();
        Path maps = directory.resolve("maps");
        String other = "7f00-7f01 r--p 00000000 00:00 0 \n7f01-7f02 r--p 00000000 fe:00 7 " + archive + "x\n";

        ClassArchive.forgetUnlessUsed(archive, maps);
        assertThat(archive).as("nothing is known").exists();
        Files.writeString(maps, other + "7f02-7f03 rw-p 00001000 fe:00 8                  " + archive + "\n");
        ClassArchive.forgetUnlessUsed(archive, maps);
        assertThat(archive).as("mapped").exists();
        Files.writeString(maps, other);
        ClassArchive.forgetUnlessUsed(archive, maps);
        assertThat(archive).as("not mapped").doesNotExist();
    }
}
