#include "models/computed/record/logjson.h"

#include "models/computed/record/computednames.h"

namespace countersign::computed {

using json::Array;
using json::Object;

namespace {

/// JSON text has to be UTF-8; a path may be anything.
std::string anyText(const std::string &bytes) { return text::isUtf8(bytes) ? bytes : predictions::shownSample(bytes); }

void dialect(const Node &node, predictions::Dialect &dialect)
{
    Members members(node);
    const auto character = [&](std::string_view name, char &to) {
        members.required(name, [&](const Node &own) {
            if (own.text().size() != 1)
                return own.complain("One character is expected here.");
            to = own.text().front();
        });
    };
    members.required("kind", [&](const Node &own) { dialect.format = own.word(kFormats); });
    character("delimiter", dialect.delimiter);
    character("decimal", dialect.decimal);
    character("line_end", dialect.lineEnd);
    members.flag("header", dialect.hasHeader);
}

void rejects(Members &members, predictions::Rejects &rejects)
{
    using predictions::RowProblem;
    static const auto problems = wordsOf<RowProblem>(0, static_cast<int>(predictions::kRowProblems) - 1, [](RowProblem problem) { return problemKey(problem); });
    members.count("rejected", rejects.total);
    members.required("problems", [&](const Node &list) {
        list.each([&](const Node &node) {
            auto &count = rejects.counts.emplace_back();
            Members own(node);
            own.text("column", count.column);
            own.required("problem", [&](const Node &word) { count.problem = wordIn(problems, word); });
            own.count("rows", count.rows);
        });
    });
    members.required("rejected_rows", [&](const Node &list) {
        list.each([&](const Node &node) {
            auto &row = rejects.first.emplace_back();
            Members own(node);
            own.count("row", row.row);
            own.count("line", row.line);
            own.text("column", row.column);
            own.required("problem", [&](const Node &word) { row.problem = wordIn(problems, word); });
            own.text("sample", row.sample);
        });
    });
}

} // namespace

Object logObject(const predictions::LogFacts &log)
{
    Array problems;
    for (const auto &count : log.rejects.counts)
        problems.emplace_back(Object{{"column", count.column}, {"problem", std::string(problemKey(count.problem))}, {"rows", count.rows}});
    Array first;
    for (const auto &row : log.rejects.first)
        first.emplace_back(Object{{"row", row.row}, {"line", row.line}, {"column", row.column},
                                  {"problem", std::string(problemKey(row.problem))}, {"sample", row.sample}});
    Object object{{"path", anyText(log.name)},
                  {"digest", log.digest.text()},
                  {"bytes", log.bytes},
                  {"rows", log.rows},
                  {"rejected", log.rejects.total},
                  {"problems", std::move(problems)},
                  {"rejected_rows", std::move(first)},
                  {"encoding", std::string(encodingName(log.encoding))},
                  {"compression", std::string(compressionName(log.compression))},
                  {"dialect", log.dialect.text()},
                  {"format", Object{{"kind", wordFor(kFormats, log.dialect.format)}, {"delimiter", std::string(1, log.dialect.delimiter)},
                                    {"decimal", std::string(1, log.dialect.decimal)}, {"line_end", std::string(1, log.dialect.lineEnd)},
                                    {"header", log.dialect.hasHeader}}}};
    if (!log.query.empty())
        object.set("query", anyText(log.query));
    if (log.hasTimes) {
        object.set("first_time", formatUtc(log.firstTime));
        object.set("last_time", formatUtc(log.lastTime));
    }
    return object;
}

void readLog(const Node &node, predictions::LogFacts &log)
{
    using predictions::Compression;
    using predictions::Encoding;
    static const auto encodings = wordsOf<Encoding>(0, 15, [](Encoding encoding) { return encodingName(encoding); });
    static const auto compressions = wordsOf<Compression>(0, 15, [](Compression compression) { return compressionName(compression); });
    Members members(node);
    members.text("path", log.name);
    members.required("digest", [&](const Node &own) {
        const auto digest = Digest::parse(own.text());
        if (!digest)
            return own.complain("A digest is expected here.");
        log.digest = *digest;
    });
    members.optional("query", [&](const Node &own) { log.query = own.text(); });
    members.count("bytes", log.bytes);
    members.count("rows", log.rows);
    members.required("encoding", [&](const Node &own) { log.encoding = wordIn(encodings, own); });
    members.required("compression", [&](const Node &own) { log.compression = wordIn(compressions, own); });
    members.required("format", [&](const Node &own) { dialect(own, log.dialect); });
    members.required("dialect", [&](const Node &own) {
        if (own.text() != log.dialect.text())
            own.complain("This is not what the format says.");
    });
    log.hasTimes = members.optional("first_time", [&](const Node &own) { log.firstTime = own.time(); });
    if (log.hasTimes)
        members.required("last_time", [&](const Node &own) { log.lastTime = own.time(); });
    rejects(members, log.rejects);
}

} // namespace countersign::computed
