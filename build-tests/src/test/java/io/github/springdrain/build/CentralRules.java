// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/**
 * What Maven Central asks of every artifact: a complete POM, sources and Javadoc beside each jar, a signature for each
 * file, and two checksums.
 */
final class CentralRules {

    private static final List<String> REQUIRED_ELEMENTS = List.of(
            "modelVersion",
            "groupId",
            "artifactId",
            "version",
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/developerConnection",
            "scm/url");

    /** By the end of the file's name. */
    private static final Map<String, String> CHECKSUMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");

    private static final String SIGNATURE = ".asc";

    private final List<String> problems = new ArrayList<>();

    private CentralRules() {}

    /** Returns what is wrong with the artifacts in a repository; a repository without any is wrong too. */
    static List<String> problems(Path repository) throws IOException {
        CentralRules rules = new CentralRules();
        List<Path> poms = poms(repository);
        if (poms.isEmpty()) {
            rules.problems.add("no artifact in " + repository);
        }
        for (Path pom : poms) {
            rules.checkArtifact(pom);
        }
        return rules.problems;
    }

    static List<Path> poms(Path repository) throws IOException {
        if (!Files.isDirectory(repository)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(repository)) {
            return files.filter((file) -> file.toString().endsWith(".pom"))
                    .sorted()
                    .toList();
        }
    }

    private void checkArtifact(Path pom) throws IOException {
        Element project = Pom.read(pom);
        checkPom(pom, project);
        if (!Pom.text(project, "packaging").equals("pom")) {
            for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
                checkExists(sibling(pom, end));
            }
        }
        try (Stream<Path> files = Files.list(folder(pom))) {
            for (Path file : files.filter(CentralRules::isContent).sorted().toList()) {
                checkFile(file);
            }
        }
    }

    private void checkPom(Path pom, Element project) {
        for (String element : REQUIRED_ELEMENTS) {
            if (Pom.text(project, element).isBlank()) {
                this.problems.add(pom.getFileName() + ": no " + element);
            }
        }
        if (Pom.text(project, "version").endsWith("-SNAPSHOT")) {
            this.problems.add(pom.getFileName() + ": a snapshot");
        }
        if (Pom.child(project, "parent") != null) {
            this.problems.add(pom.getFileName() + ": a parent, which is not published");
        }
        if (project.getTextContent().contains("${")) {
            this.problems.add(pom.getFileName() + ": a placeholder that nothing resolves");
        }
    }

    private void checkFile(Path file) throws IOException {
        Path signature = file.resolveSibling(file.getFileName() + SIGNATURE);
        if (checkExists(signature) && !Files.readString(signature).startsWith("-----BEGIN PGP SIGNATURE-----")) {
            this.problems.add(signature.getFileName() + ": not a signature");
        }
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
            Path expected = file.resolveSibling(file.getFileName() + checksum.getKey());
            if (checkExists(expected)
                    && !Files.readString(expected).strip().equals(digest(file, checksum.getValue()))) {
                this.problems.add(expected.getFileName() + ": not the checksum of the file");
            }
        }
    }

    private boolean checkExists(Path file) {
        boolean exists = Files.exists(file);
        if (!exists) {
            this.problems.add(file.getFileName() + " is missing");
        }
        return exists;
    }

    /** Returns whether a file is one that users download, and not about another or about the folder. */
    private static boolean isContent(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith("maven-metadata")
                && !name.endsWith(SIGNATURE)
                && CHECKSUMS.keySet().stream().noneMatch(name::endsWith)
                && !name.endsWith(".sha256")
                && !name.endsWith(".sha512");
    }

    static Path sibling(Path pom, String end) {
        return pom.resolveSibling(pom.getFileName().toString().replaceFirst("\\.pom$", end));
    }

    private static Path folder(Path file) {
        return file.resolveSibling("");
    }

    static String digest(Path file, String algorithm) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Writes the two checksums of a file beside it. */
    static void writeChecksums(Path file) throws IOException {
        for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
            Files.writeString(
                    file.resolveSibling(file.getFileName() + checksum.getKey()),
                    digest(file, checksum.getValue()),
                    StandardCharsets.US_ASCII);
        }
    }
}
