#include "models/yaml/node.h"

#include "models/base/text.h"

namespace countersign::yaml {

namespace {

constexpr std::size_t kShown = 60;

} // namespace

const Node *Node::find(std::string_view name) const
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].text == name)
            return &items[i];
    return nullptr;
}

std::string describe(const Node &node)
{
    switch (node.kind) {
    case Node::Kind::Null: return "nothing";
    case Node::Kind::Scalar: return "\"" + text::visible(text::shortened(node.text, kShown)) + "\"";
    case Node::Kind::Sequence: return "a list";
    case Node::Kind::Mapping: return "a mapping";
    }
    return {};
}

} // namespace countersign::yaml
