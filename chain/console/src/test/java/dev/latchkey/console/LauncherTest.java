package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a checkout of empty modules, with a java and a mvn that only write down how they were called. */
final class LauncherTest {
    private static final List<String> ROLES = List.of("chain/cloud", "gateway", "device-sim/sim");
    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path dir;

    private Path root;
    private Path built;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void checkout() throws IOException {
        root = dir.resolve("a checkout");
        built = dir.resolve("built");
        for (String role : ROLES) {
            Files.createDirectories(root.resolve(role).resolve("src/main/java"));
            Files.createDirectories(root.resolve(role).resolve("target"));
        }
        Files.writeString(root.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>\n");
        Files.copy(Path.of(System.getProperty("latchkey.root"), "latchkey"), root.resolve("latchkey"));
        script("jdk-17/bin/java", "for a in \"$@\"; do echo \"[$a]\"; done");
        Files.writeString(dir.resolve("jdk-17/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\n");
        script(
                "bin/mvn",
                "echo built >>'" + built + "'",
                "for r in " + String.join(" ", ROLES) + "; do",
                "  echo lib.jar >$r/target/runtime.classpath",
                "done");
    }

    @ParameterizedTest
    @CsvSource({
        "cloud,    chain/cloud/target/latchkey-cloud.jar,   dev.latchkey.cloud.CloudMain",
        "operator, chain/cloud/target/latchkey-cloud.jar,   dev.latchkey.cloud.CloudMain",
        "export,   chain/cloud/target/latchkey-cloud.jar,   dev.latchkey.cloud.CloudMain",
        "audit,    chain/cloud/target/latchkey-cloud.jar,   dev.latchkey.cloud.CloudMain",
        "gateway,  gateway/target/latchkey-gateway.jar,     dev.latchkey.gateway.GatewayMain",
        "admin,    gateway/target/latchkey-gateway.jar,     dev.latchkey.gateway.GatewayMain",
        "device,   device-sim/sim/target/latchkey-sim.jar,  dev.latchkey.sim.SimMain",
        "sim,      device-sim/sim/target/latchkey-sim.jar,  dev.latchkey.sim.SimMain",
        "demo,     device-sim/sim/target/latchkey-sim.jar,  dev.latchkey.sim.SimMain"
    })
    void runsTheMainOfACommand(String command, String jar, String main) throws Exception {
        freshlyBuilt();
        Result result = run(Map.of("LATCHKEY_OPTS", "-Xmx2g -Dx=y"), command, "--name", "two words");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("[-cp]\n[" + root + "/" + jar + ":lib.jar]\n[" + main + "]\n[" + command
                        + "]\n[--name]\n[two words]\n")
                .contains("[-Xmx2g]\n[-Dx=y]\n")
                .contains("[-Dlatchkey.launcher=" + root + "/latchkey]")
                .doesNotContain("native-access")
                .doesNotContain("latchkey.terminal");
        assertThat(built).doesNotExist();
    }

    @Test
    void allowsNativeLibrariesWhereJavaAsks() throws Exception {
        freshlyBuilt();
        Files.writeString(dir.resolve("jdk-17/release"), "JAVA_VERSION=\"25.0.3\"\n");

        assertThat(run(Map.of(), "cloud").out())
                .contains("[--enable-native-access=ALL-UNNAMED]\n[--sun-misc-unsafe-memory-access=allow]\n");
    }

    @Test
    void asksAJavaWithoutAReleaseFileForItsVersion() throws Exception {
        freshlyBuilt();
        Files.delete(dir.resolve("jdk-17/release"));
        script("jdk-17/bin/java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");

        Result result = run(Map.of(), "cloud");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("is Java 11.0.2; Latchkey needs 17 or newer");
    }

    @Test
    void saysWhenThereIsNoJava() throws Exception {
        freshlyBuilt();
        assertThat(run(Map.of("LATCHKEY_JAVA", "/nowhere"), "cloud"))
                .satisfies(result -> assertThat(result.code()).isEqualTo(2))
                .satisfies(result -> assertThat(result.err()).contains("LATCHKEY_JAVA is /nowhere"));
        assertThat(run(Map.of("LATCHKEY_JAVA", "", "JAVA_HOME", "/none"), "cloud")
                        .err())
                .contains("JAVA_HOME is /none");
    }

    @Test
    void takesLatchkeyJavaAsAHomeToo() throws Exception {
        freshlyBuilt();
        assertThat(run(Map.of("LATCHKEY_JAVA", dir.resolve("jdk-17").toString()), "cloud")
                        .code())
                .isZero();
    }

    @Test
    void buildsWhatIsNotBuiltOnce() throws Exception {
        assertThat(run(Map.of(), "cloud").err()).contains("building, log in").contains("built in");
        assertThat(run(Map.of(), "demo").err()).isEmpty();
        assertThat(Files.readAllLines(built)).hasSize(1);
        assertThat(root.resolve("target/build.lock")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "chain/cloud/src/main/java/New.java, true",
        "gateway/src/main/resources/x.conf, true",
        "gateway/pom.xml, true",
        "gateway/src/test/java/NewTest.java, false",
        "README.md, false"
    })
    void buildsWhenWhatGoesIntoTheJarsIsNewer(String changed, boolean builds) throws Exception {
        freshlyBuilt();
        Path file = root.resolve(changed);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

        run(Map.of(), "demo");
        assertThat(Files.exists(built)).isEqualTo(builds);
    }

    @Test
    void aRemovedSourceIsAChange() throws Exception {
        Path source = root.resolve("gateway/src/main/java/Gone.java");
        Files.writeString(source, "x");
        freshlyBuilt();
        Files.delete(source);
        Files.setLastModifiedTime(
                source.getParent(), FileTime.from(Instant.now().plusSeconds(5)));

        run(Map.of(), "demo");
        assertThat(built).exists();
    }

    @Test
    void whatOthersStartNeverBuilds() throws Exception {
        assertThat(run(Map.of("LATCHKEY_NO_BUILD", "1"), "cloud"))
                .satisfies(result -> assertThat(result.code()).isEqualTo(1))
                .satisfies(result -> assertThat(result.err()).contains("not built yet"));
        script("jdk-17/bin/java", "echo no-build=$LATCHKEY_NO_BUILD java=$LATCHKEY_JAVA");
        assertThat(run(Map.of(), "cloud").out()).contains("no-build=1 java=" + dir.resolve("jdk-17/bin/java"));
    }

    @Test
    void twoStartsBuildOnce() throws Exception {
        Path go = dir.resolve("go");
        Path began = dir.resolve("began");
        script(
                "bin/mvn",
                "echo built >>'" + built + "'",
                "touch '" + began + "'",
                "while [ ! -e '" + go + "' ]; do sleep 0.05; done",
                "for r in " + String.join(" ", ROLES) + "; do",
                "  echo lib.jar >$r/target/runtime.classpath",
                "done");
        Process first = start(Map.of(), "cloud");
        await().until(() -> Files.exists(began));
        Process second = start(Map.of(), "gateway");
        await().until(() -> Files.readString(dir.resolve("gateway.err")).contains("waiting for a build"));
        Files.createFile(go);

        assertThat(result(first, "cloud").code()).isZero();
        assertThat(result(second, "gateway").code()).isZero();
        assertThat(Files.readAllLines(built)).hasSize(1);
    }

    @Test
    void aLockWhoseOwnerIsGoneDoesNotHold() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(root.resolve("target/build.lock"));
        Files.writeString(root.resolve("target/build.lock/pid"), Long.toString(gone.pid()));

        assertThat(run(Map.of(), "cloud").code()).isZero();
    }

    @Test
    void aFailedBuildShowsWhatMavenSaid() throws Exception {
        script(
                "bin/mvn",
                "echo '[INFO] fine'",
                "echo '[ERROR] X.java:[1,1] wrong'",
                "echo '[ERROR] -> [Help 1]'",
                "echo '[ERROR] advice'",
                "exit 1");

        Result result = run(Map.of(), "cloud");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("the build failed", "target/build.log", "X.java:[1,1] wrong")
                .doesNotContain("advice", "fine");
        assertThat(root.resolve("target/build.lock")).doesNotExist();
    }

    @Test
    void helpsAndRefuses() throws Exception {
        assertThat(run(Map.of())).satisfies(help -> {
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("latchkey operator init", "examples:");
        });
        assertThat(run(Map.of(), "--version").out()).isEqualTo("latchkey 1.2.3\n");
        assertThat(run(Map.of(), "clowd")).satisfies(unknown -> {
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.err()).contains("no command clowd");
        });
        assertThat(run(Map.of(), "--devices").code()).isEqualTo(2);
    }

    @Test
    void isFoundBehindLinks() throws Exception {
        freshlyBuilt();
        Path link = Files.createSymbolicLink(dir.resolve("bin/latchkey"), Path.of("..", "a checkout", "latchkey"));

        Process process = command(Map.of(), List.of(link.toString(), "cloud"), "link");
        assertThat(result(process, "link").out())
                .contains("[" + root + "/chain/cloud/target/latchkey-cloud.jar:lib.jar]");
    }

    /** Built a moment after everything else was written. */
    private void freshlyBuilt() throws IOException {
        for (String role : ROLES) {
            Files.writeString(root.resolve(role).resolve("target/runtime.classpath"), "lib.jar\n");
            Files.setLastModifiedTime(root.resolve(role).resolve("src/main/java"), FileTime.from(PAST));
            Files.setLastModifiedTime(root.resolve(role).resolve("src/main"), FileTime.from(PAST));
        }
        Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(PAST));
    }

    private void script(String name, String... lines) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        return result(start(environment, arguments), arguments.length == 0 ? "none" : arguments[0]);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", root.resolve("latchkey").toString()));
        command.addAll(List.of(arguments));
        return command(environment, command, arguments.length == 0 ? "none" : arguments[0]);
    }

    private Process command(Map<String, String> environment, List<String> command, String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(dir.resolve(name + ".out").toFile())
                .redirectError(dir.resolve(name + ".err").toFile());
        Map<String, String> all = builder.environment();
        all.keySet().removeIf(key -> key.startsWith("LATCHKEY_") || key.equals("JAVA_HOME"));
        all.put("PATH", dir.resolve("bin") + ":" + all.get("PATH"));
        all.put("LATCHKEY_JAVA", dir.resolve("jdk-17/bin/java").toString());
        all.putAll(environment);
        return builder.start();
    }

    private Result result(Process process, String name) throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(dir.resolve(name + ".out"), StandardCharsets.UTF_8),
                Files.readString(dir.resolve(name + ".err"), StandardCharsets.UTF_8));
    }
}
