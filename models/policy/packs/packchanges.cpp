#include "models/policy/packs/packchanges.h"

#include "models/policy/packs/packtext.h"

#include <algorithm>
#include <map>

namespace countersign::policy {

namespace {

using Lines = std::vector<std::string>;

/// Lines that belong to the one before carry it, so that each says by itself what it is about.
Lines completed(const Lines &lines)
{
    Lines complete;
    std::string parent;
    for (const std::string &line : lines) {
        const std::size_t text = line.find_first_not_of(' ');
        if (text == 0)
            parent = line;
        complete.push_back(text == 0 || text == std::string::npos ? line : parent + " — " + line.substr(text));
    }
    return complete;
}

/// Those of the first list that the second has not, each as often as it is missing there.
Lines without(const Lines &lines, const Lines &others)
{
    std::map<std::string, int> there;
    for (const std::string &line : others)
        ++there[line];
    Lines left;
    for (const std::string &line : lines)
        if (there[line]-- <= 0)
            left.push_back(line);
    return left;
}

Lines linesOf(const std::vector<PackPart> &parts, const std::string &title)
{
    const auto part = std::ranges::find(parts, title, &PackPart::title);
    return part == parts.end() ? Lines() : completed(part->lines);
}

} // namespace

std::vector<PackChange> packChanges(const Pack &before, const Pack &after)
{
    const auto was = packParts(before);
    const auto is = packParts(after);
    std::vector<std::string> titles;
    for (const auto *parts : {&was, &is})
        for (const PackPart &part : *parts)
            if (std::ranges::find(titles, part.title) == titles.end())
                titles.push_back(part.title);
    std::vector<PackChange> changes;
    for (const std::string &title : titles) {
        PackChange change{title.empty() ? "Head" : title, without(linesOf(was, title), linesOf(is, title)), without(linesOf(is, title), linesOf(was, title))};
        if (!change.removed.empty() || !change.added.empty())
            changes.push_back(std::move(change));
    }
    return changes;
}

} // namespace countersign::policy
