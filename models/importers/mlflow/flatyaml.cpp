#include "models/importers/mlflow/flatyaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <stdexcept>

namespace countersign::importers {

namespace {

constexpr std::size_t kMostBytes = 1U << 20;
constexpr int kMostDepth = 16;

/// The only way to stop yaml-cpp from inside; caught below in this file.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Takes parser events, so no tree is ever built and nothing can be expanded.
class TopLevel final : public YAML::EventHandler
{
public:
    std::map<std::string, std::string> values;
    bool isMapping = false;

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &, YAML::anchor_t anchor) override { take({}, anchor); }
    void OnAlias(const YAML::Mark &, YAML::anchor_t) override { throw Refused("It has an alias."); }
    void OnScalar(const YAML::Mark &, const std::string &, YAML::anchor_t anchor, const std::string &value) override { take(value, anchor); }
    void OnSequenceStart(const YAML::Mark &, const std::string &, YAML::anchor_t anchor, YAML::EmitterStyle::value) override { open(anchor); }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &, const std::string &, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        isMapping = isMapping || m_depth == 0;
        open(anchor);
    }
    void OnMapEnd() override { close(); }

private:
    void open(YAML::anchor_t anchor)
    {
        refuse(anchor);
        if (++m_depth > kMostDepth)
            throw Refused("It is nested too deeply.");
    }
    void close()
    {
        if (--m_depth == 1)
            m_hasKey = false; // a nested value ended
    }
    void take(const std::string &value, YAML::anchor_t anchor)
    {
        refuse(anchor);
        if (m_depth != 1 || !isMapping)
            return;
        if (m_hasKey)
            values[m_key] = value;
        else
            m_key = value;
        m_hasKey = !m_hasKey;
    }
    static void refuse(YAML::anchor_t anchor)
    {
        if (anchor != 0)
            throw Refused("It has an anchor.");
    }

    int m_depth = 0;
    bool m_hasKey = false;
    std::string m_key;
};

} // namespace

Result<std::map<std::string, std::string>> parseFlatYaml(const std::string &bytes)
{
    if (bytes.size() > kMostBytes)
        return Error{ErrorKind::Invalid, "The YAML file is larger than 1 MiB.", {}};
    try {
        std::istringstream stream(bytes);
        YAML::Parser parser(stream);
        TopLevel top;
        parser.HandleNextDocument(top);
        if (!top.isMapping)
            return Error{ErrorKind::Invalid, "The YAML file is not a mapping of names to values.", {}};
        return std::move(top.values);
    } catch (const YAML::Exception &trouble) {
        return Error{ErrorKind::Invalid, "The YAML file can't be read: " + trouble.msg + ".", "line " + std::to_string(trouble.mark.line + 1)};
    } catch (const Refused &trouble) {
        return Error{ErrorKind::Invalid, std::string("The YAML file is not one that MLflow writes. ") + trouble.what(), {}};
    }
}

} // namespace countersign::importers
