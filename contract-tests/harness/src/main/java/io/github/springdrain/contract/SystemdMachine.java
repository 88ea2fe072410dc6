// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A systemd that runs the units of one folder and none of this machine's, in namespaces of its own: processes, mounts,
 * network. {@code /opt/shop} and {@code /etc/shop} have what the units of {@code deploy/systemd} expect, and a user
 * {@code shop} is there. Killed when closed and when this JVM ends. Needs root. For one thread.
 */
public final class SystemdMachine implements AutoCloseable {

    private static final String SYSTEMD = "/lib/systemd/systemd";

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /** Becomes the first process there. Takes the folder, and a name for the control groups. */
    private static final String SCRIPT = """
            set -e
            folder=$1 group=$2
            if [ "$3" = inside ]; then
                mount --make-rprivate /
                mount -t proc proc /proc
                mount -t tmpfs tmpfs /run
                for it in etc opt; do
                    mkdir -p /run/over/$it/upper /run/over/$it/work
                    mount -t overlay overlay \\
                        -o lowerdir=/$it,upperdir=/run/over/$it/upper,workdir=/run/over/$it/work /$it
                done
                mkdir -p /opt/shop /etc/shop
                for it in blue green; do
                    ln "$folder/shop.jar" /opt/shop/shop-$it.jar 2>/dev/null || cp "$folder/shop.jar" /opt/shop/shop-$it.jar
                    cp "$folder/$it.env" /etc/shop/
                done
                echo 'shop:x:64321:64321::/:/bin/false' >> /etc/passwd
                echo 'shop:x:64321:' >> /etc/group
                v2=$([ -e /sys/fs/cgroup/cgroup.controllers ] && echo yes || echo no)
                umount -R /sys/fs/cgroup
                if [ $v2 = yes ]; then
                    mount -t cgroup2 cgroup2 /sys/fs/cgroup
                else
                    mount -t tmpfs tmpfs /sys/fs/cgroup
                    mkdir /sys/fs/cgroup/systemd
                    mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
                fi
                ip link set lo up
                export container=test SYSTEMD_UNIT_PATH="$folder/units"
                exec /lib/systemd/systemd --system --unit=default.target --show-status=0
            fi
            for it in /sys/fs/cgroup /sys/fs/cgroup/*; do
                if [ -e $it/cgroup.procs ] && mkdir $it/$group 2>/dev/null; then
                    echo $$ 2>/dev/null > $it/$group/cgroup.procs || rmdir $it/$group
                fi
            done
            exec unshare --pid --mount --uts --ipc --net --cgroup --fork \\
                sh -c "$0" "$0" "$folder" "$group" inside
            """;

    private static final List<String> JOURNAL =
            List.of("systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket");

    private final String group = "drain-systemd-" + ProcessHandle.current().pid();

    private final ChildProcess outside;

    private final long pid;

    private final Thread hook = new Thread(this::kill, "systemd-end");

    private SystemdMachine(Path folder) {
        Runtime.getRuntime().addShutdownHook(this.hook);
        this.outside =
                ChildProcess.start("systemd", List.of("/bin/sh", "-c", SCRIPT, SCRIPT, folder.toString(), this.group));
        this.pid = awaitFirstProcess();
    }

    /** Why there can be none on this machine; empty when there can. */
    public static Optional<String> missing() {
        if (!Files.isExecutable(Path.of(SYSTEMD))) {
            return Optional.of(SYSTEMD + " is not installed");
        }
        if (Command.run("unshare", "--pid", "--mount", "--net", "--cgroup", "--fork", "true")
                        .code()
                != 0) {
            return Optional.of("'unshare' fails: root is needed");
        }
        return Optional.empty();
    }

    /**
     * Starts it.
     *
     * @param folder is made use of while it runs
     * @param units a folder of units
     * @param jar what they start
     * @param environments the lines of {@code /etc/shop/blue.env} and {@code green.env}
     */
    public static SystemdMachine boot(Path folder, Path units, Path jar, Map<String, List<String>> environments)
            throws IOException {
        Path own = Files.createDirectories(folder.resolve("units"));
        try (Stream<Path> files = Files.list(units)) {
            for (Path unit : files.toList()) {
                Files.copy(unit, own.resolve(unit.getFileName()));
            }
        }
        for (String unit : JOURNAL) {
            Files.copy(Path.of("/lib/systemd/system").resolve(unit), own.resolve(unit));
        }
        for (String target : List.of("sysinit", "basic", "shutdown", "sockets", "multi-user", "network-online")) {
            Files.writeString(own.resolve(target + ".target"), "[Unit]\nDefaultDependencies=no\n");
        }
        Files.writeString(
                own.resolve("default.target"),
                "[Unit]\nDefaultDependencies=no\nWants=systemd-journald.socket systemd-journald.service\n");
        Files.copy(jar, folder.resolve("shop.jar"));
        for (Map.Entry<String, List<String>> environment : environments.entrySet()) {
            Files.write(folder.resolve(environment.getKey() + ".env"), environment.getValue());
        }
        return new SystemdMachine(folder);
    }

    private long awaitFirstProcess() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < LIMIT.toNanos()) {
            Optional<ProcessHandle> first = ProcessHandle.of(this.outside.pid())
                    .flatMap((outer) -> outer.children().findFirst());
            if (first.isPresent()
                    && Command.run(inside(first.get().pid(), "systemctl", "is-active", "default.target"), LIMIT)
                                    .code()
                            == 0) {
                return first.get().pid();
            }
            if (!this.outside.isAlive()) {
                break;
            }
            Moment.await(System.nanoTime(), POLL_INTERVAL);
        }
        String tail = this.outside.output().tail();
        close();
        throw new AssertionError("systemd has not started: " + tail);
    }

    /** What goes before the command of a process that shall live in its network, and on this machine otherwise. */
    public List<String> onItsNetwork() {
        return List.of("nsenter", "-t", Long.toString(this.pid), "--net");
    }

    /** Runs a command on it, for at most four minutes. */
    public Command.Result run(String... command) {
        return Command.run(inside(this.pid, command), LIMIT);
    }

    private static List<String> inside(long pid, String... command) {
        List<String> all = new ArrayList<>(List.of(
                "nsenter", "-t", Long.toString(pid), "--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup"));
        all.addAll(List.of(command));
        return all;
    }

    /** What a unit has logged. */
    public String journal(String unit) {
        return run("journalctl", "--no-pager", "--sync").code() == 0
                ? run("journalctl", "--no-pager", "-o", "cat", "-u", unit).output()
                : "";
    }

    private void kill() {
        // Everything there ends with its first process.
        ProcessHandle.of(this.outside.pid())
                .ifPresent((outer) -> outer.children().forEach(ProcessHandle::destroyForcibly));
    }

    @Override
    public void close() {
        kill();
        this.outside.close();
        removeGroups();
        Runtime.getRuntime().removeShutdownHook(this.hook);
    }

    private void removeGroups() {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            Stream.concat(Stream.of(CGROUPS), hierarchies)
                    .map((hierarchy) -> hierarchy.resolve(this.group).toString())
                    .filter((path) -> Files.isDirectory(Path.of(path)))
                    .forEach(SystemdMachine::removeGroup);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** A group can be removed when the kernel is done with the last process in it, which takes a moment. */
    private static void removeGroup(String path) {
        long start = System.nanoTime();
        while (Files.isDirectory(Path.of(path)) && System.nanoTime() - start < LIMIT.toNanos()) {
            Command.run("find", path, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
            Moment.await(System.nanoTime(), POLL_INTERVAL);
        }
    }
}
