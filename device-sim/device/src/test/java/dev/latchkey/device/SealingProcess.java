package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.SendingSession;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A process that seals one and the same pack without end, until it is killed: a line for each message. */
final class SealingProcess {
    private SealingProcess() {}

    public static void main(String[] args) throws Exception {
        DeviceFiles files = DeviceFiles.at(Path.of(args[0]));
        files.lock();
        Optional<Bytes> kept = files.sending("bob");
        SendingSession session = kept.isPresent()
                ? SendingSession.resume(kept.get(), state -> files.keepSending("bob", state))
                : opened(files);
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            while (true) {
                if (!session.isUsable()) {
                    session = opened(files);
                }
                Bytes message = session.seal(Pair.PACK).message();
                out.write((message.toHex() + ".\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static SendingSession opened(DeviceFiles files) {
        return new Pair().open(state -> files.keepSending("bob", state)).session();
    }
}
