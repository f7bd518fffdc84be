// The other half of reviewinputs.h: what differs between two inputs, in words.

#include "models/base/text.h"
#include "models/store/queries/reviewinputs.h"

#include <algorithm>
#include <limits>
#include <map>

namespace countersign::store {

namespace {

using Named = std::map<std::string, const json::Value *>;

std::string plain(const json::Value *value)
{
    if (!value || value->isNull())
        return "not provided";
    if (const auto *number = value->number())
        return number->lexeme;
    if (!value->string() || value->string()->empty())
        return "not provided";
    const auto text = text::unescape(*value->string());
    std::string shown = text::visible(text ? *text : *value->string());
    if (shown.size() > 60) {
        std::size_t end = 57;
        while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80)
            --end;
        shown = shown.substr(0, end) + "…";
    }
    return "“" + shown + "”";
}

void compareFacts(const char *what, const json::Value *before, const json::Value *after, std::vector<std::string> &changes)
{
    static const std::map<std::string, std::string> names{{"artifactUri", "artifact"}, {"createdAt", "creation time"}, {"createdBy", "creator"}, {"sourceId", "source id"},
                                                          {"sourceStatus", "status"}, {"useCase", "use case"}};
    const json::Object empty;
    const json::Object &old = before && before->object() ? *before->object() : empty;
    const json::Object &now = after && after->object() ? *after->object() : empty;
    for (const auto &[key, value] : now.members()) {
        const json::Value *earlier = old.find(key);
        if (value.array() || (earlier && *earlier == value))
            continue;
        const auto name = names.find(key);
        changes.push_back(std::string("The ") + (name == names.end() ? key : name->second) + " of the " + what + " was " + plain(earlier) + " and is "
                          + plain(&value) + ".");
    }
}

void comparePairs(const std::string &what, const json::Value *before, const json::Value *after, std::vector<std::string> &changes)
{
    const auto pairs = [](const json::Value *value) {
        Named result;
        for (const auto &pair : value && value->array() ? *value->array() : json::Array())
            if (pair.array() && pair.array()->size() == 2 && pair.array()->front().string())
                result[*pair.array()->front().string()] = nullptr;
        return result;
    };
    const auto valueOf = [](const json::Value *value, const std::string &key) -> std::optional<json::Value> {
        for (const auto &pair : value && value->array() ? *value->array() : json::Array())
            if (pair.array() && pair.array()->size() == 2 && pair.array()->front() == json::Value(key))
                return pair.array()->back();
        return {};
    };
    Named keys = pairs(before);
    keys.merge(pairs(after));
    for (const auto &[key, unused] : keys) {
        const auto old = valueOf(before, key);
        const auto now = valueOf(after, key);
        if (old != now)
            changes.push_back("The " + what + " " + text::visible(key) + " was " + plain(old ? &*old : nullptr) + " and is " + plain(now ? &*now : nullptr) + ".");
    }
}

Named byKey(const json::Value *list, std::initializer_list<const char *> keys)
{
    Named result;
    for (const auto &item : list && list->array() ? *list->array() : json::Array()) {
        std::string name;
        for (const char *key : keys)
            name += item.textOr(key, {}) + '\n';
        result[name] = nullptr;
    }
    if (list && list->array())
        for (const auto &item : *list->array()) {
            std::string name;
            for (const char *key : keys)
                name += item.textOr(key, {}) + '\n';
            result[name] = &item;
        }
    return result;
}

std::string seriesName(const json::Value &series)
{
    const std::string metric = text::visible(series.textOr("metric", {}));
    const std::string slice = series.textOr("slice", {});
    return slice == "overall" ? metric : metric + " for " + text::visible(slice);
}

void compareSentences(const char *what, const Named &before, const Named &after, std::vector<std::string> &changes)
{
    for (const auto &[key, item] : after) {
        const auto old = before.find(key);
        if (old == before.end())
            changes.push_back(std::string("New ") + what + ": " + item->textOr("sentence", {}) + (item->textOr("sentence", {}).ends_with('.') ? "" : "."));
        else if (old->second->textOr("sentence", {}) != item->textOr("sentence", {}))
            changes.push_back(std::string("A ") + what + " read “" + old->second->textOr("sentence", {}) + "” and reads “" + item->textOr("sentence", {}) + "”.");
    }
    for (const auto &[key, item] : before)
        if (!after.contains(key))
            changes.push_back(std::string("A ") + what + " is gone: " + item->textOr("sentence", {}));
}

/// Changes of series of one kind: a few are told one by one. An import of a whole computed log touches hundreds, which nobody reads as a list.
class SeriesChanges
{
public:
    void add(const json::Value &series, std::int64_t values, std::string sentence)
    {
        m_sentences.push_back(std::move(sentence));
        m_values += values;
        const std::string metric = text::visible(series.textOr("metric", {}));
        if (std::ranges::find(m_metrics, metric) == m_metrics.end())
            m_metrics.push_back(metric);
    }

    /// `what` goes on after "332 series of 14 metrics". Of many metrics only the first `named`.
    void tell(const char *what, std::size_t named, std::vector<std::string> &changes) const
    {
        if (m_sentences.size() <= kMost) {
            changes.insert(changes.end(), m_sentences.begin(), m_sentences.end());
            return;
        }
        std::string names;
        for (std::size_t i = 0; i < std::min(m_metrics.size(), named); ++i)
            names += (i ? ", " : "") + m_metrics[i];
        changes.push_back(std::to_string(m_sentences.size()) + " series of " + std::to_string(m_metrics.size()) + (m_metrics.size() == 1 ? " metric " : " metrics ") + what + ", "
                          + std::to_string(m_values) + " values in all: " + names + (m_metrics.size() > named ? " and others." : "."));
    }

private:
    static constexpr std::size_t kMost = 12;
    std::vector<std::string> m_sentences;
    std::vector<std::string> m_metrics; ///< in the order of the series
    std::int64_t m_values = 0;
};

void compareSeries(const Named &before, const Named &after, std::vector<std::string> &changes)
{
    constexpr std::size_t few = 5;
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max(); // what was signed is no longer so: each metric counts
    SeriesChanges created;
    SeriesChanges grown;
    SeriesChanges restated;
    SeriesChanges gone;
    for (const auto &[key, item] : after) {
        const auto old = before.find(key);
        const auto count = item->integerOr("count", 0);
        if (old == before.end()) {
            created.add(*item, count, seriesName(*item) + " is new, with " + std::to_string(count) + (count == 1 ? " value." : " values."));
            continue;
        }
        if (old->second->textOr("digest", {}) == item->textOr("digest", {}))
            continue;
        const auto earlier = old->second->integerOr("count", 0);
        const json::Value *oldPoints = old->second->find("points");
        const json::Value *points = item->find("points");
        const bool grew = count > earlier && oldPoints && points && oldPoints->array() && points->array()
            && std::equal(oldPoints->array()->begin(), oldPoints->array()->end(), points->array()->begin(),
                          points->array()->begin() + static_cast<std::ptrdiff_t>(std::min(oldPoints->array()->size(), points->array()->size())));
        if (grew)
            grown.add(*item, count - earlier, seriesName(*item) + " has " + std::to_string(count - earlier) + (count - earlier == 1 ? " new value." : " new values."));
        else
            restated.add(*item, count, seriesName(*item) + " has restated values (" + std::to_string(earlier) + " before, " + std::to_string(count) + " now).");
    }
    for (const auto &[key, item] : before)
        if (!after.contains(key))
            gone.add(*item, item->integerOr("count", 0), seriesName(*item) + " is no longer there.");
    restated.tell("have restated values", all, changes);
    grown.tell("have new values", few, changes);
    created.tell("are new", few, changes);
    gone.tell("are no longer there", all, changes);
}

} // namespace

std::vector<std::string> describeChanges(const json::Value &before, const json::Value &after)
{
    std::vector<std::string> changes;
    compareFacts("model", before.find("model"), after.find("model"), changes);
    compareFacts("version", before.find("version"), after.find("version"), changes);
    compareFacts("run", before.find("run"), after.find("run"), changes);
    for (const auto &[what, member] : {std::pair("model", "tag of the model"), std::pair("version", "tag of the version"), std::pair("run", "tag of the run")}) {
        const json::Value *old = before.find(what);
        const json::Value *now = after.find(what);
        comparePairs(member, old ? old->find("tags") : nullptr, now ? now->find("tags") : nullptr, changes);
    }
    const json::Value *oldRun = before.find("run");
    const json::Value *run = after.find("run");
    comparePairs("parameter", oldRun ? oldRun->find("parameters") : nullptr, run ? run->find("parameters") : nullptr, changes);
    compareSentences("limit", byKey(before.find("limits"), {"rule"}), byKey(after.find("limits"), {"rule"}), changes);
    compareSentences("verdict", byKey(before.find("verdicts"), {"rule", "slice"}), byKey(after.find("verdicts"), {"rule", "slice"}), changes);
    compareSeries(byKey(before.find("series"), {"metric", "slice", "run"}), byKey(after.find("series"), {"metric", "slice", "run"}), changes);
    return changes;
}

} // namespace countersign::store
