package dev.latchkey.sim.plot;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A drawing as a reader's program sees it. */
public final class Drawing {
    private static final Pattern POINT = Pattern.compile("[ML](-?[0-9.]+) (-?[0-9.]+)");

    public record Point(double x, double y) {}

    private final Document document;

    public Drawing(String markup) {
        try {
            document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(markup)));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new AssertionError("not well-formed", e);
        }
    }

    public List<Element> elements(String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Elements of a class, which may have others too. */
    public List<Element> of(String name, String kind) {
        return elements(name).stream()
                .filter(element ->
                        List.of(element.getAttribute("class").split(" ")).contains(kind))
                .toList();
    }

    public List<String> texts(String kind) {
        return of("text", kind).stream().map(Element::getTextContent).toList();
    }

    static List<Point> points(Element path) {
        return POINT.matcher(path.getAttribute("d"))
                .results()
                .map(Drawing::point)
                .toList();
    }

    private static Point point(MatchResult found) {
        return new Point(Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2)));
    }
}
