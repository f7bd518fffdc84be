#include "app/cli/commands/governance/pipelinereport.h"

#include "models/base/json.h"
#include "models/services/workspace/journal.h"

#include <QString>
#include <QXmlStreamWriter>

#include <algorithm>

namespace countersign::cli {

namespace {

/// XML 1.0 has no control characters, not even escaped ones: they become what a reader can see.
QString xmlText(const std::string &text)
{
    QString shown = QString::fromStdString(text);
    for (QChar &c : shown)
        if ((c < QLatin1Char(' ') && c != QLatin1Char('\t') && c != QLatin1Char('\n')) || c.unicode() >= 0xFFFE)
            c = QChar(QChar::ReplacementCharacter);
    return shown;
}

} // namespace

std::string junitOf(const PipelineReport &report)
{
    QString text;
    QXmlStreamWriter xml(&text);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    const auto failed = std::ranges::count(report.checks, false, &PipelineCheck::isMet);
    xml.writeStartElement(QStringLiteral("testsuite"));
    xml.writeAttribute(QStringLiteral("name"), xmlText(report.name));
    xml.writeAttribute(QStringLiteral("tests"), QString::number(report.checks.size()));
    xml.writeAttribute(QStringLiteral("failures"), QString::number(failed));
    for (const PipelineCheck &check : report.checks) {
        xml.writeStartElement(QStringLiteral("testcase"));
        xml.writeAttribute(QStringLiteral("classname"), QStringLiteral("countersign.gate"));
        xml.writeAttribute(QStringLiteral("name"), xmlText(check.id));
        if (!check.isMet) {
            xml.writeStartElement(QStringLiteral("failure"));
            xml.writeAttribute(QStringLiteral("type"), xmlText(check.state));
            xml.writeAttribute(QStringLiteral("message"), xmlText(check.sentence));
            xml.writeEndElement();
        } else {
            xml.writeTextElement(QStringLiteral("system-out"), xmlText(check.sentence));
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndDocument();
    return text.toStdString();
}

std::string sarifOf(const PipelineReport &report)
{
    json::Array results;
    json::Array rules;
    for (const PipelineCheck &check : report.checks) {
        if (check.isMet)
            continue;
        rules.emplace_back(json::Object{{"id", check.id}});
        results.emplace_back(json::Object{{"level", check.state == "notMet" ? "error" : "warning"}, {"message", json::Object{{"text", report.name + ": " + check.sentence}}}, {"ruleId", check.id}});
    }
    const json::Object driver{{"name", "Countersign"}, {"rules", json::Value(std::move(rules))},
                              {"version", services::applicationVersion()}};
    const json::Value document(json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                            {"runs", json::Array{json::Value(json::Object{{"results", json::Value(std::move(results))}, {"tool", json::Object{{"driver", driver}}}})}},
                                            {"version", "2.1.0"}});
    const auto bytes = json::canonical(document);
    return bytes ? *bytes + "\n" : std::string();
}

} // namespace countersign::cli
