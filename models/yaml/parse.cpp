#include "models/yaml/parse.h"

#include "models/base/text.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <exception>
#include <set>
#include <sstream>

namespace countersign::yaml {

namespace {

/// The only way to stop yaml-cpp from inside; caught below in this file.
struct Refused : std::exception {
    explicit Refused(Fault f) : fault(std::move(f)) {}
    Fault fault;
};

[[noreturn]] void refuse(int line, int column, std::string sentence) { throw Refused(Fault{line, column, std::move(sentence)}); }
[[noreturn]] void refuse(const YAML::Mark &mark, std::string sentence) { refuse(mark.line + 1, mark.column + 1, std::move(sentence)); }

/// Whether a plain scalar is something other than text to a reader of YAML 1.1 or 1.2: such a name would be read differently elsewhere.
bool isNoText(std::string_view plain)
{
    static constexpr std::array kWords{"true", "false", "yes", "no", "on", "off", "null", "~"};
    std::string folded(plain);
    std::ranges::transform(folded, folded.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (std::ranges::find(kWords, folded) != kWords.end())
        return true;
    const std::string_view digits = folded.starts_with('-') || folded.starts_with('+') || folded.starts_with('.') ? std::string_view(folded).substr(1) : folded;
    return !digits.empty() && digits.front() >= '0' && digits.front() <= '9' && digits.find_first_not_of("0123456789abcdefox_.:+-") == std::string_view::npos;
}

/// Builds the tree from the parser's events; of an event that is not allowed nothing is built.
class Builder final : public YAML::EventHandler
{
public:
    Builder(std::string_view text, const Limits &limits) : m_limits(limits)
    {
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            m_lines.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
    }

    bool hasRoot() const { return m_hasRoot; }
    Node takeRoot() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark &mark) override
    {
        if (m_hasRoot || m_documents++ > 0)
            refuse(mark, "A second document begins here; a file holds one.");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override { place(node(mark, anchor, Node::Kind::Null)); }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override { refuse(mark, "Aliases (\"*name\") are not read; write the value out."); }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const std::string &value) override
    {
        Node scalar = node(mark, anchor, Node::Kind::Scalar);
        refuseTag(mark, tag);
        scalar.isPlain = tag == "?";
        checkQuotes(mark);
        checkCharacters(mark, value);
        scalar.text = value;
        place(std::move(scalar));
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Node::Kind::Sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Node::Kind::Mapping);
    }
    void OnMapEnd() override { close(); }

private:
    /// A list or mapping that has not ended yet.
    struct Frame {
        Node node;
        bool isInBrackets = false;
        std::optional<Node> key = {};
        std::set<std::string, std::less<>> names = {};
    };

    Node node(const YAML::Mark &mark, YAML::anchor_t anchor, Node::Kind kind)
    {
        if (anchor != 0)
            refuse(mark, "Anchors (\"&name\") are not read; write the value out where it is needed.");
        if (++m_nodes > m_limits.nodes)
            refuse(mark, "The file has more than " + std::to_string(m_limits.nodes) + " values.");
        Node made;
        made.kind = kind;
        made.line = mark.line + 1;
        made.column = mark.column + 1;
        return made;
    }

    /// The line from the place on where a value begins.
    std::string_view written(const YAML::Mark &mark) const
    {
        const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
        const auto column = static_cast<std::size_t>(std::max(mark.column, 0));
        return line < m_lines.size() && column < m_lines[line].size() ? m_lines[line].substr(column) : std::string_view();
    }

    /// "?" is a plain value and "!" a quoted one, or one behind a "!" of its own.
    void refuseTag(const YAML::Mark &mark, const std::string &tag) const
    {
        if ((tag == "!" && written(mark).starts_with('!')) || !(tag.empty() || tag == "?" || tag == "!"))
            refuse(mark, "Tags (\"!type\") are not read; a value is text, a list or a mapping.");
    }

    /// yaml-cpp takes a less indented line for the end of a quoted text, with or without a quotation mark.
    void checkQuotes(const YAML::Mark &mark) const
    {
        const std::string_view text = written(mark);
        if (!text.starts_with('"') && !text.starts_with('\''))
            return;
        const char quote = text.front();
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (quote == '"' && text[i] == '\\')
                ++i;
            else if (quote == '\'' && text.substr(i).starts_with("''"))
                ++i;
            else if (text[i] == quote)
                return;
        }
        refuse(mark, "A quotation mark opens here that is not closed on the same line; for longer texts fold lines (\">\").");
    }

    static void checkCharacters(const YAML::Mark &mark, const std::string &value)
    {
        std::string lines = value;
        std::erase(lines, '\n');
        if (!text::isUtf8(lines))
            refuse(mark, "An escape in this text is no character.");
        if (text::visible(lines) != lines)
            refuse(mark, "This text has a control, bidirectional or invisible character: \"" + text::shortened(text::visible(lines), 60) + "\".");
    }

    void open(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, Node::Kind kind)
    {
        refuseTag(mark, tag);
        Node made = node(mark, anchor, kind);
        if (static_cast<int>(m_frames.size()) >= m_limits.depth)
            refuse(mark, "Values are nested more than " + std::to_string(m_limits.depth) + " deep.");
        // yaml-cpp also takes what stands last in brackets that nobody closes for such a name.
        if (kind == Node::Kind::Mapping && !m_frames.empty() && m_frames.back().isInBrackets && !written(mark).starts_with('{'))
            refuse(mark, "A name and a value stand in brackets without braces, or the brackets are not closed.");
        if (!m_frames.empty() && m_frames.back().node.kind == Node::Kind::Mapping && !m_frames.back().key)
            refuse(mark, "The name of a member is to be text, it is " + describe(made) + ".");
        m_frames.push_back({std::move(made), kind == Node::Kind::Sequence && written(mark).starts_with('[')});
    }

    void close()
    {
        Node ended = std::move(m_frames.back().node);
        m_frames.pop_back();
        place(std::move(ended));
    }

    void place(Node &&value)
    {
        if (m_frames.empty()) {
            m_root = std::move(value);
            m_hasRoot = true;
            return;
        }
        Frame &frame = m_frames.back();
        if (frame.node.kind == Node::Kind::Sequence) {
            frame.node.items.push_back(std::move(value));
        } else if (!frame.key) {
            checkName(frame, value);
            frame.key = std::move(value);
        } else {
            if (value.kind == Node::Kind::Null) { // stands nowhere; the parser names the place behind it
                value.line = frame.key->line;
                value.column = frame.key->column;
            }
            frame.node.names.push_back(std::move(*frame.key));
            frame.node.items.push_back(std::move(value));
            frame.key.reset();
        }
    }

    static void checkName(Frame &frame, const Node &name)
    {
        if (name.kind != Node::Kind::Scalar || name.text.empty() || name.text.find('\n') != std::string::npos || (name.isPlain && isNoText(name.text)))
            refuse(name.line, name.column, "The name of a member is to be text, it is " + describe(name) + ".");
        if (name.isPlain && name.text == "<<")
            refuse(name.line, name.column, "Merge keys (\"<<\") are not read; write the members out.");
        if (!frame.names.insert(name.text).second) {
            const auto first = std::ranges::find(frame.node.names, name.text, &Node::text);
            refuse(name.line, name.column, "`" + text::shortened(name.text, 60) + "` stands here a second time; the first is in line " + std::to_string(first->line) + ".");
        }
    }

    std::vector<std::string_view> m_lines;
    const Limits &m_limits;
    std::vector<Frame> m_frames;
    std::size_t m_nodes = 0;
    int m_documents = 0;
    Node m_root;
    bool m_hasRoot = false;
};

/// What is refused before anything is parsed: bytes that are no text, and characters that make a file look like another.
void checkBytes(std::string_view bytes, const Limits &limits)
{
    if (bytes.size() > limits.bytes)
        refuse(0, 0, "The file has " + std::to_string(bytes.size()) + " bytes; at most " + std::to_string(limits.bytes) + " are read.");
    int line = 0;
    bool isHead = true; // nothing but comments so far
    for (std::size_t begin = 0; begin < bytes.size();) {
        ++line;
        const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
        std::string_view row = bytes.substr(begin, end - begin);
        if (row.ends_with('\r') && end < bytes.size())
            row.remove_suffix(1);
        begin = end + 1;
        if (const std::size_t tab = row.find('\t'); tab != std::string_view::npos)
            refuse(line, static_cast<int>(tab) + 1, "A tab stands here; indent and separate with spaces.");
        if (!text::isUtf8(row))
            refuse(line, 0, "This line is not UTF-8.");
        const std::string visible = text::visible(row);
        if (visible != row) {
            const auto at = std::ranges::mismatch(visible, row).in2 - row.begin();
            refuse(line, static_cast<int>(at) + 1, "A control, bidirectional or invisible character stands here: \"" + text::shortened(visible.substr(static_cast<std::size_t>(at)), 12) + "\".");
        }
        if (isHead && row.starts_with('%'))
            refuse(line, 1, "Directives (\"%…\") are not read.");
        const std::size_t first = row.find_first_not_of(' ');
        isHead = isHead && (first == std::string_view::npos || row[first] == '#');
    }
}

Node build(std::string_view bytes, const Limits &limits)
{
    checkBytes(bytes, limits);
    std::istringstream stream{std::string(bytes)};
    YAML::Parser parser(stream);
    Builder builder(bytes, limits);
    while (parser.HandleNextDocument(builder)) {
    }
    if (!builder.hasRoot())
        refuse(0, 0, "The file is empty.");
    return builder.takeRoot();
}

std::string asSentence(std::string message)
{
    if (!message.empty() && message.front() >= 'a' && message.front() <= 'z')
        message.front() = static_cast<char>(message.front() - 'a' + 'A');
    return "This is no YAML. " + message + (message.ends_with('.') ? "" : ".");
}

} // namespace

Parsed parse(std::string_view text, const Limits &limits)
{
    try {
        return {build(text, limits), {}};
    } catch (const Refused &refused) {
        return {{}, refused.fault};
    } catch (const YAML::Exception &trouble) {
        const bool isPlaced = !trouble.mark.is_null();
        return {{}, {isPlaced ? trouble.mark.line + 1 : 0, isPlaced ? trouble.mark.column + 1 : 0, asSentence(trouble.msg)}};
    } catch (const std::exception &trouble) {
        return {{}, {0, 0, asSentence(trouble.what())}};
    }
}

} // namespace countersign::yaml
