#include "models/base/json.h"
#include "models/base/text.h"

#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace fuzz {

using namespace countersign;

namespace {

BytesView bytesOf(const std::uint8_t *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), size};
}

int depthOf(const json::Value &value)
{
    int deepest = 0;
    if (const json::Array *array = value.array())
        for (const json::Value &element : *array)
            deepest = std::max(deepest, depthOf(element));
    if (const json::Object *object = value.object())
        for (const json::Member &member : object->members())
            deepest = std::max(deepest, depthOf(member.second));
    return deepest + (value.array() || value.object() ? 1 : 0);
}

bool isAllUtf8(const json::Value &value)
{
    if (const std::string *text = value.string())
        return text::isUtf8(*text);
    if (const json::Array *array = value.array())
        return std::ranges::all_of(*array, isAllUtf8);
    if (const json::Object *object = value.object())
        return std::ranges::all_of(object->members(), [](const json::Member &member) {
            return text::isUtf8(member.first) && isAllUtf8(member.second);
        });
    return true;
}

} // namespace

void strictJson(const std::uint8_t *data, std::size_t size)
{
    const json::Limits limits{.depth = 20, .bytes = 8192, .members = 500};
    const auto read = json::parse(bytesOf(data, size), limits);
    if (!read)
        return;
    PROMISE(size <= limits.bytes && depthOf(*read) <= limits.depth && isAllUtf8(*read));
    const auto written = json::canonical(*read);
    if (!written) // a number beyond binary64
        return;
    const auto again = json::parse(*written);
    PROMISE(again.ok());
    PROMISE(*json::canonical(*again) == *written);
}

void canonicalForm(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes = bytesOf(data, size);
    const auto read = json::readRestricted(bytes, 8192);
    if (read) { // one statement, one spelling
        PROMISE(depthOf(*read) <= 16 && isAllUtf8(*read));
        PROMISE(*json::writeRestricted(*read) == bytes);
        PROMISE(*json::canonical(*read) == bytes);
    }
    if (const auto loose = json::parse(bytes)) {
        const auto written = json::writeRestricted(*loose);
        PROMISE(!written || json::readRestricted(*written, 1U << 20).ok());
        PROMISE(!read || written.ok());
    }
    if (text::isUtf8(bytes)) { // any text becomes clean, and comes back
        const std::string clean = text::escape(bytes);
        PROMISE(text::isClean(clean));
        PROMISE(*text::unescape(clean) == bytes);
    }
    if (const auto raw = text::unescape(bytes); raw && text::isClean(bytes))
        PROMISE(text::escape(*raw) == bytes);
}

} // namespace fuzz
