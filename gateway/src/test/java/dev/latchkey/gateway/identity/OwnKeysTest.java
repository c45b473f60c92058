package dev.latchkey.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.host.Disk;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberKeys;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnKeysTest {
    /** More than any change takes. */
    private static final int STEPS = 12;

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path temp;

    @Test
    void whatIsPreparedIsThereAfterAStartAndForItsOwnerAlone() throws Exception {
        Path directory = temp.resolve("keys");
        Identity before = IdentityDirectory.create(directory, random);
        Identity next = OwnKeys.open(directory).prepare(false, random);

        OwnKeys opened = OwnKeys.open(directory);

        assertThat(opened.current().keys()).isEqualTo(before.keys());
        assertThat(opened.next().orElseThrow().keys()).isEqualTo(next.keys());
        assertThat(next.sig().publicKey()).isEqualTo(before.sig().publicKey());
        assertThat(opened.dtls())
                .containsExactly(before.dtls().publicKey(), next.dtls().publicKey());
        try (Stream<Path> files = Files.walk(directory.resolve("next"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
    }

    /** As if the process were killed before each step on the disk. */
    @Test
    void aDecisionThatIsCutShortIsFinishedOrNotTaken() throws Exception {
        boolean done = false;
        for (int steps = 0; steps < STEPS && !done; steps++) {
            Path directory = temp.resolve("decided-" + steps);
            Identity before = IdentityDirectory.create(directory, random);
            OwnKeys keys = OwnKeys.open(directory, dyingAfter(steps));
            MemberKeys next = keys.prepare(true, random).keys();
            try {
                keys.decide();
                done = true;
            } catch (IOException e) {
                assertThat(e).hasMessage("dead");
            }
            OwnKeys opened = OwnKeys.open(directory);
            if (opened.next().isPresent()) {
                assertThat(steps).isZero();
                assertThat(opened.current().keys()).isEqualTo(before.keys());
                assertThat(opened.next().get().keys()).isEqualTo(next);
            } else {
                assertThat(opened.current().keys()).isEqualTo(next);
                assertThat(names(directory)).containsExactlyInAnyOrder("sig.pem", "kex.pem", "dtls.pem");
            }
        }
        assertThat(done).isTrue();
    }

    @Test
    void keysThatAreDroppedAreGoneWhollyOrNotAtAll() throws Exception {
        boolean done = false;
        for (int steps = 0; steps < STEPS && !done; steps++) {
            Path directory = temp.resolve("dropped-" + steps);
            Identity before = IdentityDirectory.create(directory, random);
            OwnKeys keys = OwnKeys.open(directory, dyingAfter(steps));
            MemberKeys next = keys.prepare(true, random).keys();
            try {
                keys.drop();
                done = true;
            } catch (IOException e) {
                assertThat(e).hasMessage("dead");
            }
            OwnKeys opened = OwnKeys.open(directory);
            assertThat(opened.current().keys()).isEqualTo(before.keys());
            if (opened.next().isPresent()) {
                assertThat(opened.next().get().keys()).isEqualTo(next);
            } else {
                assertThat(names(directory)).containsExactlyInAnyOrder("sig.pem", "kex.pem", "dtls.pem");
            }
        }
        assertThat(done).isTrue();
    }

    private static Stream<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private static Disk dyingAfter(int steps) {
        AtomicInteger left = new AtomicInteger(steps);
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    if (left.getAndDecrement() <= 0) {
                        throw new IOException("dead");
                    }
                    try {
                        return method.invoke(Disk.REAL, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
