#pragma once

#include "models/base/json.h"

#include <QRegularExpression>
#include <QStringList>

#include <map>
#include <string>
#include <vector>

namespace countersign::test {

/// The rules of CycloneDX 1.6 for the parts that we write, read from its public JSON schema and said in our own way: which members an object may have, of
/// what kind they are, and which it needs. An object may have no others.
class BomRules
{
public:
    /// The path of each value that breaks a rule, and which.
    QStringList faults(const json::Value &document)
    {
        object(document, "bom", "$");
        return m_faults;
    }

private:
    struct Member {
        std::string kind; ///< "text", "integer", "[text]", the name of an object, "[name]", or a pattern between slashes
        bool isRequired = false;
    };
    using Shape = std::map<std::string, Member>;

    static const std::map<std::string, Shape> &shapes()
    {
        static const std::map<std::string, Shape> all{
            {"bom",
             {{"$schema", {"text"}},
              {"bomFormat", {"/^CycloneDX$/", true}},
              {"specVersion", {"/^1\\.6$/", true}},
              {"serialNumber", {"/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/"}},
              {"version", {"integer"}},
              {"metadata", {"metadata"}},
              {"components", {"[component]"}}}},
            {"metadata", {{"timestamp", {"/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$/"}}, {"tools", {"tools"}}, {"component", {"component"}}}},
            {"tools", {{"components", {"[component]"}}}},
            {"component",
             {{"type",
               {"/^(application|framework|library|container|platform|operating-system|device|device-driver|firmware|file|machine-learning-model|data|cryptographic-asset)$/", true}},
              {"bom-ref", {"/^(?!urn:cdx:).+$/"}},
              {"name", {"text", true}},
              {"version", {"/^.{0,1024}$/"}},
              {"description", {"text"}},
              {"authors", {"[contact]"}},
              {"licenses", {"[licenseChoice]"}},
              {"hashes", {"[hash]"}},
              {"externalReferences", {"[reference]"}},
              {"components", {"[component]"}},
              {"modelCard", {"modelCard"}},
              {"properties", {"[property]"}},
              {"tags", {"[text]"}}}},
            {"contact", {{"name", {"text"}}, {"email", {"text"}}, {"phone", {"text"}}}},
            {"licenseChoice", {{"license", {"license", true}}}},
            {"license", {{"name", {"text", true}}}},
            {"hash", {{"alg", {"/^SHA-256$/", true}}, {"content", {"/^[a-fA-F0-9]{64}$/", true}}}},
            {"reference", {{"url", {"/^[^\\s<>\"{}|\\\\^`]+$/", true}}, {"type", {"/^(distribution|evidence|documentation)$/", true}}, {"hashes", {"[hash]"}}, {"comment", {"text"}}}},
            {"property", {{"name", {"text", true}}, {"value", {"text"}}}},
            {"modelCard", {{"modelParameters", {"parameters"}}, {"quantitativeAnalysis", {"analysis"}}, {"considerations", {"considerations"}}, {"properties", {"[property]"}}}},
            {"parameters",
             {{"task", {"text"}}, {"architectureFamily", {"text"}}, {"modelArchitecture", {"text"}}, {"datasets", {"[dataset]"}}, {"inputs", {"[format]"}}, {"outputs", {"[format]"}}}},
            {"dataset", {{"type", {"/^(source-code|configuration|dataset|definition|other)$/", true}}, {"name", {"text"}}, {"description", {"text"}}}},
            {"format", {{"format", {"text"}}}},
            {"analysis", {{"performanceMetrics", {"[metric]"}}}},
            {"metric", {{"type", {"text"}}, {"value", {"text"}}, {"slice", {"text"}}, {"confidenceInterval", {"interval"}}}},
            {"interval", {{"lowerBound", {"text"}}, {"upperBound", {"text"}}}},
            {"considerations",
             {{"users", {"[text]"}},
              {"useCases", {"[text]"}},
              {"technicalLimitations", {"[text]"}},
              {"performanceTradeoffs", {"[text]"}},
              {"ethicalConsiderations", {"[risk]"}},
              {"fairnessAssessments", {"[assessment]"}}}},
            {"risk", {{"name", {"text"}}, {"mitigationStrategy", {"text"}}}},
            {"assessment", {{"groupAtRisk", {"text"}}, {"benefits", {"text"}}, {"harms", {"text"}}, {"mitigationStrategy", {"text"}}}},
        };
        return all;
    }

    void fail(const std::string &path, const std::string &what) { m_faults << QString::fromStdString(path + " " + what); }

    void object(const json::Value &value, const std::string &name, const std::string &path)
    {
        if (!value.object())
            return fail(path, "is no object");
        const Shape &shape = shapes().at(name);
        for (const auto &[key, member] : value.object()->members()) {
            const auto rule = shape.find(key);
            if (rule == shape.end())
                fail(path + "." + key, "is not a member of " + name);
            else
                check(member, rule->second.kind, path + "." + key);
        }
        for (const auto &[key, rule] : shape)
            if (rule.isRequired && !value.find(key))
                fail(path, "lacks " + key);
        if (name == "component" && value.find("bom-ref") && !m_references.insert({value.textOr("bom-ref", {}), 1}).second)
            fail(path, "has the bom-ref of another");
    }

    void check(const json::Value &value, const std::string &kind, const std::string &path)
    {
        if (kind.front() == '[') {
            if (!value.array())
                return fail(path, "is no list");
            for (std::size_t i = 0; i < value.array()->size(); ++i)
                check(value.array()->at(i), kind.substr(1, kind.size() - 2), path + "[" + std::to_string(i) + "]");
        } else if (kind == "integer") {
            const auto number = value.integer();
            if (!number || *number < 1)
                fail(path, "is no whole number from 1 on");
        } else if (kind == "text" || kind.front() == '/') {
            const QRegularExpression pattern(kind == "text" ? QString() : QString::fromStdString(kind.substr(1, kind.size() - 2)));
            if (!value.string() || !pattern.match(QString::fromStdString(*value.string())).hasMatch())
                fail(path, "is not as " + kind + " has it");
        } else {
            object(value, kind, path);
        }
    }

    QStringList m_faults;
    std::map<std::string, int> m_references;
};

inline QStringList bomFaults(const json::Value &document) { return BomRules().faults(document); }

} // namespace countersign::test
