// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads elements of a POM by their paths. */
final class Pom {

    private Pom() {}

    static Element read(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException ex) {
            throw new IOException(file.toString(), ex);
        }
    }

    /** Returns the text at a path such as {@code scm/url}, and nothing where there is none. */
    static String text(Element element, String path) {
        Element current = element;
        for (String name : path.split("/", -1)) {
            Element next = child(current, name);
            if (next == null) {
                return "";
            }
            current = next;
        }
        return current.getTextContent().strip();
    }

    static @Nullable Element child(Element element, String name) {
        List<Element> children = children(element, name);
        return children.isEmpty() ? null : children.get(0);
    }

    static List<Element> children(Element element, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(name)) {
                children.add(child);
            }
        }
        return children;
    }
}
