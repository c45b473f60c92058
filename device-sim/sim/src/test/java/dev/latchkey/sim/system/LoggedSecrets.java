package dev.latchkey.sim.system;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks in the logs of a network for what must not stand there: private keys, shared secrets, what was sealed. Stateless. */
final class LoggedSecrets {
    /** The name of what most tests send. No role sees it. */
    private static final String SEALED = "temperature";

    private LoggedSecrets() {}

    /**
     * Fails if a log in a directory holds a secret that lies in or below it, in any spelling that a program may choose.
     *
     * @param directory with logs beside the directories of roles and vouchers
     */
    static void requireNone(Path directory) throws IOException {
        Map<String, String> secrets = secrets(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                // byte for byte, so that raw ones are found too
                String text = Files.readString(log, StandardCharsets.ISO_8859_1);
                secrets.forEach((spelled, what) -> {
                    if (text.contains(spelled)) {
                        throw new AssertionError(log.getFileName() + " holds " + what);
                    }
                });
            }
        }
    }

    private static Map<String, String> secrets(Path directory) throws IOException {
        Map<String, String> secrets = new TreeMap<>();
        secrets.put(SEALED, "what was sealed");
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".pem")) {
                put(secrets, KeyFile.read(file).scalar(), name);
            } else if (name.equals("enrolment.secret")) {
                put(secrets, Bytes.fromHex(Files.readString(file).strip()), name);
            } else if (name.startsWith("voucher")) {
                HandOver voucher = HandOverFile.read(file);
                put(secrets, voucher.voucherKey().scalar(), name);
                put(secrets, voucher.presharedKey(), name);
            }
        }
        return secrets;
    }

    private static void put(Map<String, String> secrets, Bytes secret, String name) {
        for (String spelled : spellings(secret)) {
            secrets.put(spelled, "the secret of " + name);
        }
    }

    private static List<String> spellings(Bytes secret) {
        byte[] bytes = secret.toArray();
        List<String> all = new ArrayList<>();
        all.add(secret.toHex());
        all.add(secret.toHex().toUpperCase(Locale.ROOT));
        all.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        all.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        all.add(Arrays.toString(bytes));
        all.add(new BigInteger(1, bytes).toString());
        all.add(new String(bytes, StandardCharsets.ISO_8859_1));
        return all;
    }
}
