package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.chain.SigningGuard.Signed;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningGuardTest {
    private static final ChainId CHAIN = new ChainId(root(99));

    @TempDir
    Path directory;

    private static Digest root(int seed) {
        return Digest.sha256(Bytes.of((byte) seed));
    }

    @Test
    void remembersWhatWasSignedLast() throws IOException {
        try (SigningGuard guard = SigningGuard.create(directory, CHAIN, root(0))) {
            guard.advance(new Signed(0, root(0)), new Signed(3, root(3)));
            guard.advance(new Signed(3, root(3)), new Signed(4, root(4)));
        }
        try (SigningGuard guard = SigningGuard.open(directory, CHAIN).orElseThrow()) {
            assertThat(guard.last()).isEqualTo(new Signed(4, root(4)));
        }
    }

    @Test
    void forbidsASecondRootOfOneHeightAndAnyEarlierHeight() throws IOException {
        try (SigningGuard guard = SigningGuard.create(directory, CHAIN, root(0))) {
            Signed three = new Signed(3, root(3));
            guard.advance(new Signed(0, root(0)), three);
            assertThatThrownBy(() -> guard.advance(three, new Signed(3, root(4))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> guard.advance(three, new Signed(2, root(2))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> guard.advance(new Signed(0, root(0)), new Signed(4, root(4))))
                    .isInstanceOf(IllegalStateException.class);
            guard.advance(three, three);
            assertThat(guard.last()).isEqualTo(three);
        }
    }

    @Test
    void aTornWriteLeavesTheOneBefore() throws IOException {
        try (SigningGuard guard = SigningGuard.create(directory, CHAIN, root(0))) {
            guard.advance(new Signed(0, root(0)), new Signed(1, root(1)));
        }
        Path file = directory.resolve(CHAIN.toHex() + ".guard");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(512 + 20); // in the slot of write number 2
            raw.write(0xff);
        }
        try (SigningGuard guard = SigningGuard.open(directory, CHAIN).orElseThrow()) {
            assertThat(guard.last()).isEqualTo(new Signed(0, root(0)));
        }
    }

    @Test
    void aGuardOfAnotherChainOrOfNothingIsNone() throws IOException {
        assertThat(SigningGuard.open(directory, CHAIN)).isEmpty();
        SigningGuard.create(directory, CHAIN, root(0)).close();
        ChainId other = new ChainId(root(7));
        Files.copy(directory.resolve(CHAIN.toHex() + ".guard"), directory.resolve(other.toHex() + ".guard"));
        assertThat(SigningGuard.open(directory, other)).isEmpty();
        Files.writeString(directory.resolve(CHAIN.toHex() + ".guard"), "something else");
        assertThat(SigningGuard.open(directory, CHAIN)).isEmpty();
    }
}
