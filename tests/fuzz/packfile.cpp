#include "models/base/json.h"
#include "models/base/text.h"
#include "models/policy/packs/packdocument.h"
#include "models/policy/packs/packreader.h"
#include "models/policy/packs/packtext.h"
#include "models/yaml/parse.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace fuzz {

using namespace countersign;

namespace {

/// How many values there are, and that none is deeper or says more than it may.
std::size_t countWithin(const yaml::Node &node, int depth)
{
    PROMISE(depth <= 17); // sixteen lists or mappings, and what stands in the last
    PROMISE(node.line >= 1 && node.column >= 1);
    std::string lines = node.text;
    std::erase(lines, '\n');
    PROMISE(text::isUtf8(lines) && text::visible(lines) == lines);
    std::size_t count = 1;
    for (const yaml::Node &item : node.items)
        count += countWithin(item, depth + 1);
    PROMISE(node.kind != yaml::Node::Kind::Mapping || node.names.size() == node.items.size());
    for (const yaml::Node &name : node.names) {
        PROMISE(!name.text.empty() && std::ranges::count(node.names, name.text, &yaml::Node::text) == 1);
        ++count;
    }
    return count;
}

} // namespace

void packFile(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const yaml::Parsed parsed = yaml::parse(bytes);
    PROMISE(parsed.root.has_value() == parsed.fault.sentence.empty());
    PROMISE(!parsed.root || countWithin(*parsed.root, 1) <= 20'000);

    const policy::PackReading reading = policy::readPackFile(bytes);
    PROMISE(reading.pack.has_value() == reading.faults.empty());
    for (const yaml::Fault &fault : reading.faults)
        PROMISE(!fault.sentence.empty() && text::isUtf8(fault.text()));
    if (!reading.pack)
        return;
    const json::Object document = policy::packDocument(*reading.pack);
    PROMISE(json::writeRestricted(json::Value(document)));
    const auto again = policy::parsePackDocument(document);
    PROMISE(again && *again == *reading.pack);
    PROMISE(!policy::packParts(*reading.pack).empty());
}

} // namespace fuzz
